#include "engine/redactor.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::engine {
namespace {

TEST(RedactorTest, TakesOutWhatASecretHoldsAndNothingElse) {
  struct Case {
    std::string text;
    std::vector<std::string> secrets;
    std::string said;
    std::vector<std::string> may_be_said = {};
  };

  const Case cases[] = {
      {"", {"hunter2hunter2"}, ""},
      {"the password is hunter2", {}, "the password is hunter2"},
      {"the password is hunter2", {""}, "the password is hunter2"},
      {"the password is hunter2", {"hunter2"}, "the password is ***"},
      {"hunter2", {"hunter2"}, "***"},
      {"hunter2, hunter2", {"hunter2"}, "***, ***"},
      {"hunter2hunter2", {"hunter2"}, "***"},
      {"it is true, 8080 or abc12", {"true", "8080", "abc12"}, "it is true, 8080 or abc12"},
      {"abc123", {"abc123"}, "***"},
      // A part of it, in any case: cut off, behind an equals sign, at its end.
      {"no such key: hunter", {"--password=hunter2"}, "no such key: ***"},
      {"HUNTER2-PART", {"xx-hunter2-part-xx"}, "***"},
      {"password=hunter2…", {"--password=hunter2"}, "***…"},
      {"from hunter2 to secret9", {"secret9", "hunter2"}, "from *** to ***"},
      // Stretches of two secrets that overlap.
      {"abcdefghij!", {"abcdefg", "defghij"}, "***!"},
      {"abcdefg-defghij", {"abcdefg", "defghij"}, "***-***"},
      // What may be said anyhow, but not where the secret goes on around it.
      {"container payments", {"payments"}, "container payments", {"payments"}},
      {"pg://payments:pw", {"pg://payments:pw"}, "***", {"payments"}},
      {"Payments", {"payments"}, "Payments", {"PAYMENTS"}},
      // Whole characters.
      {"ab ätherische Öle cd", {"therische Öle"}, "ab ä*** cd"},
      {"x €uro-wert y", {"\x82\xACuro-wert"}, "x *** y"},
      {"\x80\x80hunter2\x80\x80hunter2\x80", {"hunter2"}, "\x80\x80******"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.text);
    Arena arena;
    Redactor redactor;
    redactor.watch(each.text);
    redactor.seal();
    for (const auto& secret : each.secrets) {
      redactor.add_secret(secret);
    }
    for (const auto& text : each.may_be_said) {
      redactor.add_public(text);
    }
    EXPECT_EQ(redactor.redact(each.text, arena), each.said);
  }
}

TEST(RedactorTest, WatchesManyTextsAtOnce) {
  Arena arena;
  Redactor redactor;
  std::vector<std::string> texts;
  for (int at = 0; at < 2000; ++at) {
    texts.push_back("container c" + std::to_string(at) + " has key-" + std::to_string(at * 7919) +
                    "-x");
    redactor.watch(texts.back());
  }
  redactor.seal();
  EXPECT_FALSE(redactor.found());
  redactor.add_secret("--token=key-7919-x");
  redactor.add_secret(std::string(1'000'000, 'c'));
  EXPECT_TRUE(redactor.found());
  EXPECT_EQ(redactor.redact(texts[1], arena), "container c1 has ***");
  EXPECT_EQ(redactor.redact(texts[3], arena), texts[3]);
}

}  // namespace
}  // namespace seaworthy::engine
