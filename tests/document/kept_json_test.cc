#include "seaworthy/document/kept_json.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::document {
namespace {

class KeptJsonTest : public ::testing::Test {
 protected:
  std::optional<KeptJson> keep(std::string_view bytes) {
    return KeptJson::make(bytes, parser_).value();
  }

  /// The other document as it is read, and where it differs; empty where it is no like.
  std::string read(KeptJson& kept, std::string_view other, std::size_t changes_max = 10) {
    changes_.clear();
    if (!kept.compare(other, changes_max, parser_, arena_, changes_)) {
      return "";
    }
    const KeptJson::Reading reading(kept, changes_);
    std::string out = print_json(reading.root());
    for (const auto& change : changes_) {
      std::string path;
      for (const std::string_view name : kept.path(change.text)) {
        path += "/" + std::string(name);
      }
      out += " " + path;
    }
    return out;
  }

  JsonParser parser_;
  Arena arena_;
  std::vector<KeptJson::Change> changes_;
};

constexpr std::string_view kPod =
    R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})";

TEST_F(KeptJsonTest, ReadsWhatDiffersInStringsAlone) {
  struct Case {
    std::string_view other;
    std::string_view read;
  };

  constexpr Case kCases[] = {
      {kPod,
       R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"é","spec":{"name":"a-1"}})"},
      // Shorter, longer, the same length; at the beginning and at the end of a string.
      {R"({"name":"a","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-12"}})",
       R"({"name":"a","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"é","spec":{"name":"a-12"}} /name /spec/name)"},
      {R"({"name":"b-1","n":1,"list":["",{"k":"w"}],"e":"no","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       R"({"name":"b-1","n":1,"list":["",{"k":"w"}],"e":"no","esc":"q\"é","spec":{"name":"a-1"}} /name /list/* /list/*/k /e)"},
      // Escapes and UTF-8, where there were some before and where there were none.
      {R"({"name":"\n","n":1,"list":["x",{"k":"v"}],"e":"\\","esc":"q\"\u00e8","spec":{"name":"ä"}})",
       R"({"name":"\n","n":1,"list":["x",{"k":"v"}],"e":"\\","esc":"q\"è","spec":{"name":"ä"}} /name /e /esc /spec/name)"},
      {R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"plain","spec":{"name":"a-1"}})",
       R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"plain","spec":{"name":"a-1"}} /esc)"},
      // What looks like the end of a string.
      {R"({"name":"a-1","n":1,"list":["x\",{\"k\":\"v","y"],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
      {R"({"name":"a-1","n":1,"list":["x",{"k":"v\"}],\"e"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       R"({"name":"a-1","n":1,"list":["x",{"k":"v\"}],\"e"}],"e":"","esc":"q\"é","spec":{"name":"a-1"}} /list/*/k)"},
      // Numbers, keys, other kinds, more and less of them.
      {R"({"name":"a-1","n":2,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
      {R"({"name":"a-1","m":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
      {R"({"name":null,"n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
      {R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}} )",
       ""},
      {R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"})",
       ""},
      {R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1)",
       ""},
      {R"({"name":"a-1","n":1, "list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
      {"", ""},
      // No JSON, though the rest is the same.
      {"{\"name\":\"a\n1\",\"n\":1,\"list\":[\"x\",{\"k\":\"v\"}],\"e\":\"\",\"esc\":"
       "\"q\\\"\\u00e9\","
       "\"spec\":{\"name\":\"a-1\"}}",
       ""},
      {"{\"name\":\"a\xff\",\"n\":1,\"list\":[\"x\",{\"k\":\"v\"}],\"e\":\"\",\"esc\":"
       "\"q\\\"\\u00e9\","
       "\"spec\":{\"name\":\"a-1\"}}",
       ""},
      {R"({"name":"\x","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"\u00e9","spec":{"name":"a-1"}})",
       ""},
  };
  auto kept = keep(kPod);
  ASSERT_TRUE(kept);
  for (const auto& each : kCases) {
    EXPECT_EQ(read(*kept, each.other), each.read) << each.other;
  }
  EXPECT_EQ(
      print_json(kept->root()),
      R"({"name":"a-1","n":1,"list":["x",{"k":"v"}],"e":"","esc":"q\"é","spec":{"name":"a-1"}})");
}

TEST_F(KeptJsonTest, ReadsNoMoreChangesThanAsked) {
  auto kept = keep(R"(["a","b","c"])");
  ASSERT_TRUE(kept);
  EXPECT_EQ(read(*kept, R"(["x","y","c"])", 2), R"(["x","y","c"] /* /*)");
  EXPECT_EQ(read(*kept, R"(["x","y","z"])", 2), "");
}

TEST_F(KeptJsonTest, KeepsNoKeyThatComesTwice) {
  EXPECT_FALSE(keep(R"({"a":"x","a":"y"})"));
  EXPECT_FALSE(keep(R"({"a":1,"b":"y","a":"y"})"));
  EXPECT_FALSE(keep(R"([{"a":{"b":"x"},"a":1}])"));
  EXPECT_FALSE(keep(R"("text")"));
  EXPECT_FALSE(keep("1"));
  EXPECT_TRUE(keep(R"({"a":"x","b":{"a":"y"}})"));
  EXPECT_FALSE(KeptJson::make(R"({"a":)", parser_));
}

/// Every byte of a document replaced by every other one that matters, and left out: what is read as
/// a like is what the parser reads.
TEST_F(KeptJsonTest, AgreesWithTheParser) {
  const std::string document =
      R"({"a":"b\\","c":[{"d":"e","f":"\"g"},"",true],"h":{"i":"jk","l":-1.5e3}, "m":null})";
  auto kept = keep(document);
  ASSERT_TRUE(kept);
  std::size_t likes = 0;
  const auto check = [&](const std::string& other) {
    Arena arena;
    changes_.clear();
    if (!kept->compare(other, 10, parser_, arena, changes_)) {
      return;
    }
    ++likes;
    const auto parsed = parser_.parse(other, arena);
    ASSERT_TRUE(parsed) << other;
    const KeptJson::Reading reading(*kept, changes_);
    EXPECT_EQ(print_json(reading.root()), print_json(*parsed)) << other;
  };
  for (std::size_t at = 0; at < document.size(); ++at) {
    for (const std::string_view with :
         {"",   "\"", "\\",  "x",    "{",    "}",     "[",    "]",        ",",    ":",      " ",
          "\n", "0",  "\\n", "\\\"", "\"\"", "\",\"", "\x01", "\xc3\xa9", "\xc3", "\\ud800"}) {
      std::string other = document;
      check(other.replace(at, 1, with));
      other = document;
      check(other.insert(at, with));
      for (std::size_t next = at + 1; next < document.size(); next += 7) {
        other = document;
        check(other.replace(next, 1, with).replace(at, 1, with));
      }
    }
  }
  EXPECT_GT(likes, 300U);
  EXPECT_EQ(print_json(kept->root()), print_json(parser_.parse(document, arena_).value()));
}

}  // namespace
}  // namespace seaworthy::document
