#include "net/message_parser.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::net {
namespace {

constexpr MessageLimits kLimits{1024, 4096};

/// What becomes of `bytes` when they come in pieces of `piece` bytes, each time in a new buffer.
std::string outcome(const std::string& bytes, std::size_t piece) {
  MessageParser parser(MessageParser::Kind::kRequest, kLimits);
  std::string pending;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::string buffer = pending + bytes.substr(at, piece);
    const Fed fed = parser.feed(buffer.data(), buffer.size());
    if (fed.status == Fed::Status::kError) {
      return std::to_string(fed.http_status) + " " + fed.reason;
    }
    parser.detach();
    pending = buffer.substr(fed.consumed);
    buffer.assign(buffer.size(), '#');  // Nothing may point into it any more.
    if (fed.status == Fed::Status::kComplete) {
      std::string text(parser.method());
      text.append(" ").append(parser.target()).append(parser.keep_alive() ? " keep" : " close");
      for (const HttpField& field : parser.fields()) {
        text.append(" ").append(field.name).append("=").append(field.value);
      }
      text.append(" [").append(parser.body()).append("]");
      return text + " rest=" +
             std::to_string(bytes.size() - at - std::min(piece, bytes.size() - at) +
                            pending.size());
    }
  }
  return "more";
}

TEST(MessageParserTest, ReadsRequestsHoweverTheyCome) {
  struct Case {
    std::string bytes;
    std::string expected;
  };

  const std::string host = "Host: a\r\n";
  const std::vector<Case> cases{
      {"GET / HTTP/1.1\r\n" + host + "\r\n", "GET / keep Host=a [] rest=0"},
      {"GET / HTTP/1.0\r\n\r\n", "GET / close [] rest=0"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
       "GET / keep Connection=keep-alive [] rest=0"},
      {"GET / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
       "GET / close Host=a Connection=close [] rest=0"},
      {"POST /x?y=z HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhelloGET ",
       "POST /x?y=z keep Host=a Content-Length=5 [hello] rest=4"},
      {"POST / HTTP/1.1\r\n" + host +
           "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n",
       "POST / keep Host=a Transfer-Encoding=chunked [hello world] rest=0"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n",
       "POST / keep Host=a Content-Length=0 [] rest=0"},
      {"GET / HTTP/1.1\r\n" + host, "more"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhell", "more"},
      {"nonsense\r\n\r\n", "400 This is no HTTP request: bad method."},
      {"GET /\r\n\r\n", "400 This is no HTTP request: bad target."},
      {"GET / HTTP/2.0\r\n\r\n", "505 Only HTTP/1.0 and HTTP/1.1 are spoken here."},
      {"GET / HTTP/1.1\r\n\r\n", "400 The request has no Host field, or several."},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n",
       "400 The request has no Host field, or several."},
      {"GET / HTTP/1.1\r\n" + host + " folded\x01\r\n\r\n",
       "400 This is no HTTP request: bad value."},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4097\r\n\r\n",
       "413 The body of the request is too large."},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1001\r\n",
       "413 The body of the request is too large."},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
       "400 This is no HTTP request: bad Content-Length."},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
       "400 This is no HTTP request: bad chunk."},
      {"GET /" + std::string(2000, 'x') + " HTTP/1.1\r\n" + host + "\r\n",
       "431 The header of the request is too large."},
  };
  for (const Case& c : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}}) {
      if (c.expected.starts_with("POST /x") && piece < 10'000) {
        continue;  // What is left over depends on the pieces.
      }
      EXPECT_EQ(outcome(c.bytes, piece), c.expected) << piece << ": " << c.bytes.substr(0, 100);
    }
  }
}

// The ways of RFC 9112, section 6.3 and 11.2, to make two servers see different requests.
TEST(MessageParserTest, RefusesAmbiguousLengths) {
  const std::string begin = "POST / HTTP/1.1\r\nHost: a\r\n";
  for (const char* fields :
       {"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5, 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: xchunked\r\n", "Content-Length: 5x\r\n", "Content-Length: +5\r\n",
        "Content-Length : 5\r\n", "Content-Length: 0x5\r\n",
        "Content-Length: 18446744073709551621\r\n"}) {
    const std::string got = outcome(begin + fields + "\r\nhello", 10'000);
    EXPECT_TRUE(got.starts_with("400 ") || got.starts_with("501 ")) << fields << got;
  }
}

TEST(MessageParserTest, BoundsTheHeaderHoweverItComes) {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 101; ++i) {
    many += "a:\r\n";
  }
  EXPECT_EQ(outcome(many + "\r\n", 5000), "431 The header of the request is too large.");
  std::string long_one = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 40; ++i) {
    long_one += "name: " + std::string(30, 'v') + "\r\n";
  }
  for (const std::size_t piece : {1U, 100U, 5000U}) {
    EXPECT_EQ(outcome(long_one + "\r\n", piece), "431 The header of the request is too large.")
        << piece;
  }
}

TEST(MessageParserTest, LeavesABodyWhereItIs) {
  MessageParser parser(MessageParser::Kind::kRequest, kLimits);
  const std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhelloworld";
  const Fed first = parser.feed(bytes.data(), bytes.size() - 5);
  EXPECT_EQ(first.status, Fed::Status::kMore);
  const Fed second = parser.feed(bytes.data() + first.consumed, bytes.size() - first.consumed);
  EXPECT_EQ(second.status, Fed::Status::kComplete);
  EXPECT_EQ(parser.body(), "helloworld");
  EXPECT_EQ(parser.body().data(), bytes.data() + bytes.size() - 10);
}

TEST(MessageParserTest, ReadsOneRequestAfterTheOther) {
  MessageParser parser(MessageParser::Kind::kRequest, kLimits);
  const std::string bytes = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n";
  std::size_t at = 0;
  for (const char* target : {"/1", "/2"}) {
    EXPECT_FALSE(parser.started());
    const Fed fed = parser.feed(bytes.data() + at, bytes.size() - at);
    ASSERT_EQ(fed.status, Fed::Status::kComplete);
    EXPECT_EQ(parser.target(), target);
    EXPECT_EQ(parser.fields().size(), 1U);
    at += fed.consumed;
    parser.reset();
  }
  EXPECT_EQ(at, bytes.size());
}

TEST(MessageParserTest, ReadsResponses) {
  MessageParser parser(MessageParser::Kind::kResponse, kLimits);
  const std::string until_end = "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nall";
  EXPECT_EQ(parser.feed(until_end.data(), until_end.size()).status, Fed::Status::kMore);
  EXPECT_EQ(parser.feed_end().status, Fed::Status::kComplete);
  EXPECT_EQ(parser.status(), 404);
  EXPECT_EQ(parser.body(), "all");
  EXPECT_FALSE(parser.keep_alive());
  parser.reset(true);
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
  EXPECT_EQ(parser.feed(head.data(), head.size()).status, Fed::Status::kComplete);
  parser.reset();
  EXPECT_EQ(parser.feed(head.data(), head.size()).status, Fed::Status::kMore);
  EXPECT_EQ(parser.feed_end().status, Fed::Status::kError);
}

}  // namespace
}  // namespace seaworthy::net
