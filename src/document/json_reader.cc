// The reader that is slow and complete: it accepts what Go's encoding/json accepts and says what is
// wrong and where. It reads what simdjson refuses, and author's files in JSON, whose places it
// knows. A state machine over one stack of open brackets: depth costs no stack of the machine.
#include "document/json_reader.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "document/json_number.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// How a byte is shown in a message.
std::string shown(std::string_view text, std::size_t at) {
  if (at >= text.size()) {
    return "the end";
  }
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7F) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    return std::string("the byte 0x") + kHex[byte >> 4] + kHex[byte & 15];
  }
  return "'" + std::string(text.substr(at, utf8_length(text, at))) + "'";
}

class Reader {
 public:
  Reader(std::string_view text, std::uint32_t depth_max, Arena& arena, JsonEvents& events)
      : text_(text), depth_max_(depth_max), arena_(arena), events_(events) {}

  std::optional<JsonFault> read(std::size_t* end);

 private:
  enum class Expect : std::uint8_t { kValue, kValueOrEnd, kKey, kKeyOrEnd, kCommaOrEnd };

  bool step();
  bool value();
  bool key();
  bool open(char bracket);
  bool close();
  bool number();
  bool word(std::string_view spelled, const Node& meaning);
  bool string(std::string_view& out);
  bool escape(std::string& out);
  bool hex4(std::size_t at, std::uint32_t& unit) const;
  bool scalar(const Node& node, std::size_t offset);
  bool refuse(std::size_t offset, std::string message, ErrorCode code = ErrorCode::kInvalid);
  bool refuse_found(std::string_view expected);
  void skip_space();

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  [[nodiscard]] bool in_map() const { return !open_.empty() && open_.back(); }

  std::string_view text_;
  std::uint32_t depth_max_;
  Arena& arena_;
  JsonEvents& events_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  std::vector<bool> open_;  // true: a map
  Expect expect_ = Expect::kValue;
  std::optional<JsonFault> fault_;
};

bool Reader::refuse(std::size_t offset, std::string message, ErrorCode code) {
  fault_ = JsonFault{code, offset, std::move(message)};
  return false;
}

bool Reader::refuse_found(std::string_view expected) {
  return refuse(at_, std::string(expected) + " expected, found " + shown(text_, at_));
}

void Reader::skip_space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

bool Reader::scalar(const Node& node, std::size_t offset) {
  if (++nodes_ > limits::kDocumentNodesMax) {
    return refuse(offset, "more than " + std::to_string(limits::kDocumentNodesMax) + " values",
                  ErrorCode::kOverLimit);
  }
  events_.on_scalar(node, offset);
  expect_ = Expect::kCommaOrEnd;
  return true;
}

bool Reader::open(char bracket) {
  if (open_.size() >= depth_max_) {
    return refuse(at_, "more than " + std::to_string(depth_max_) + " levels",
                  ErrorCode::kOverLimit);
  }
  if (++nodes_ > limits::kDocumentNodesMax) {
    return refuse(at_, "more than " + std::to_string(limits::kDocumentNodesMax) + " values",
                  ErrorCode::kOverLimit);
  }
  open_.push_back(bracket == '{');
  if (in_map()) {
    events_.on_map_start(at_);
  } else {
    events_.on_list_start(at_);
  }
  expect_ = in_map() ? Expect::kKeyOrEnd : Expect::kValueOrEnd;
  ++at_;
  return true;
}

bool Reader::close() {
  ++at_;
  if (in_map()) {
    events_.on_map_end();
  } else {
    events_.on_list_end();
  }
  open_.pop_back();
  expect_ = Expect::kCommaOrEnd;
  return true;
}

bool Reader::word(std::string_view spelled, const Node& meaning) {
  const std::size_t start = at_;
  for (const char letter : spelled) {
    if (peek() != letter || at_ >= text_.size()) {
      return refuse_found("'" + std::string(spelled) + "'");
    }
    ++at_;
  }
  return scalar(meaning, start);
}

bool Reader::number() {
  const std::size_t start = at_;
  if (peek() == '-') {
    ++at_;
  }
  auto digits = [&] {
    if (!is_digit(peek())) {
      return refuse_found("a digit");
    }
    while (is_digit(peek())) {
      ++at_;
    }
    return true;
  };
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek())) {
      return refuse(at_, "a number does not begin with 0");
    }
  } else if (!digits()) {
    return false;
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) {
      return false;
    }
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') {
      ++at_;
    }
    if (!digits()) {
      return false;
    }
  }
  const auto node = json_number(text_.substr(start, at_ - start));
  if (!node) {
    return refuse(start, "a number that no double holds");
  }
  return scalar(*node, start);
}

bool Reader::hex4(std::size_t at, std::uint32_t& unit) const {
  if (at + 4 > text_.size()) {
    return false;
  }
  const char* begin = text_.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  return error == std::errc() && end == begin + 4;
}

bool Reader::escape(std::string& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  ++at_;
  if (at_ >= text_.size()) {
    return refuse_found("a character after '\\'");
  }
  if (const auto found = kLetters.find(text_[at_]); found != std::string_view::npos) {
    out += kMeanings[found];
    ++at_;
    return true;
  }
  std::uint32_t unit = 0;
  if (text_[at_] != 'u') {
    return refuse(at_, "no escape begins with " + shown(text_, at_));
  }
  if (!hex4(at_ + 1, unit)) {
    return refuse(at_, "four hexadecimal digits expected after \\u");
  }
  at_ += 5;
  std::uint32_t low = 0;
  const bool leads = unit >= 0xD800 && unit < 0xDC00;
  if (leads && text_.substr(at_).starts_with("\\u") && hex4(at_ + 2, low) && low >= 0xDC00 &&
      low < 0xE000) {
    at_ += 6;
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(out, unit);  // A surrogate that is alone becomes U+FFFD there, as in Go.
  return true;
}

bool Reader::string(std::string_view& out) {
  const std::size_t start = ++at_;
  std::string unescaped;
  bool escaped = false;
  for (std::size_t run = start;;) {
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20) {
      ++at_;
    }
    if (at_ >= text_.size()) {
      return refuse(at_, "'\"' expected, found the end");
    }
    if (text_[at_] == '"') {
      const auto last = text_.substr(run, at_ - run);
      out = arena_.copy(escaped ? std::string_view(unescaped += last) : last);
      ++at_;
      return true;
    }
    if (text_[at_] != '\\') {
      return refuse(at_, shown(text_, at_) + " in a string is written as an escape");
    }
    escaped = true;
    unescaped += text_.substr(run, at_ - run);
    if (!escape(unescaped)) {
      return false;
    }
    run = at_;
  }
}

bool Reader::value() {
  switch (peek()) {
    case '{':
    case '[':
      return open(peek());
    case '"': {
      const std::size_t start = at_;
      std::string_view text;
      return string(text) && scalar(Node::string(text), start);
    }
    case 't':
      return word("true", Node::boolean(true));
    case 'f':
      return word("false", Node::boolean(false));
    case 'n':
      return word("null", Node::null());
    default:
      return peek() == '-' || is_digit(peek()) ? number() : refuse_found("a value");
  }
}

bool Reader::key() {
  const std::size_t start = at_;
  if (peek() != '"') {
    return refuse_found("a key in '\"'");
  }
  std::string_view name;
  if (!string(name)) {
    return false;
  }
  events_.on_key(name, start);
  skip_space();
  if (peek() != ':') {
    return refuse_found("':'");
  }
  ++at_;
  expect_ = Expect::kValue;
  return true;
}

bool Reader::step() {
  skip_space();
  switch (expect_) {
    case Expect::kValueOrEnd:
      return peek() == ']' ? close() : value();
    case Expect::kValue:
      return value();
    case Expect::kKeyOrEnd:
      return peek() == '}' ? close() : key();
    case Expect::kKey:
      return key();
    case Expect::kCommaOrEnd:
      if (peek() == (in_map() ? '}' : ']')) {
        return close();
      }
      if (peek() != ',') {
        return refuse_found(in_map() ? "',' or '}'" : "',' or ']'");
      }
      ++at_;
      expect_ = in_map() ? Expect::kKey : Expect::kValue;
      return true;
  }
  return false;
}

std::optional<JsonFault> Reader::read(std::size_t* end) {
  do {
    if (!step()) {
      return fault_;
    }
  } while (!open_.empty());
  if (end != nullptr) {
    *end = at_;
    return {};
  }
  skip_space();
  if (at_ < text_.size()) {
    refuse_found("the end");
  }
  return fault_;
}

}  // namespace

std::optional<JsonFault> read_json_events(std::string_view text, std::uint32_t depth_max,
                                          Arena& arena, JsonEvents& events, std::size_t* end) {
  return Reader(text, depth_max, arena, events).read(end);
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 1 && static_cast<unsigned char>(text[at]) >= 0x80) {
      return at;
    }
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace seaworthy::document
