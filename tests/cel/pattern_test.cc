#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "cel/lib/pattern_cache.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::cel {
namespace {

TEST(PatternCacheTest, KeepsSmallOnesWithinItsBounds) {
  PatternCache cache;
  const PatternCache::Entry first = cache.get("a+");
  EXPECT_EQ(cache.get("a+"), first);
  EXPECT_EQ(cache.get("(")->error().message, "error parsing regexp: missing closing ): `(`");
  EXPECT_EQ(cache.get("("), cache.get("("));
  const PatternCache::Entry large = cache.get("\\pL{500}");
  EXPECT_TRUE((*large)->found_in(std::string(500, 'a')));
  EXPECT_NE(cache.get("\\pL{500}"), large);
  EXPECT_EQ(cache.get("a+"), first);
  for (std::size_t i = 0; i < 2 * limits::kPatternsKeptMax; ++i) {
    const std::string text = "b" + std::to_string(i);
    EXPECT_TRUE((*cache.get(text))->found_in(text));
  }
  EXPECT_TRUE((*cache.get("a+"))->found_in("a"));
  EXPECT_FALSE((*cache.get("a+"))->found_in("b"));
}

TEST(PatternCacheTest, ServesManyThreads) {
  PatternCache cache;
  std::atomic<int> found = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const std::string text = "b" + std::to_string(i % 300);
        found += (*cache.get(text))->found_in(text) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(found, 4000);
}

TEST(PatternTest, RefusesWhatGoRefuses) {
  const auto error = [](const std::string& expression) {
    const Result<Pattern> pattern = Pattern::compile(expression);
    return pattern ? "" : pattern.error().message;
  };
  EXPECT_EQ(error("\\C"), "error parsing regexp: invalid escape sequence: `\\C`");
  EXPECT_EQ(error("\\Q\\C\\E"), "");
  EXPECT_EQ(error("a(?<=b)c"), "error parsing regexp: invalid named capture: `(?<=b)c`");
  EXPECT_EQ(error("(?<a-b>c)d"), "error parsing regexp: invalid named capture: `(?<a-b>`");
  EXPECT_EQ(error("(?<a>b)(?<c>d)"), "");
  EXPECT_EQ(error(std::string(999, '(') + "a" + std::string(999, ')')), "");
  const std::string deep = std::string(1000, '(') + "a" + std::string(1000, ')');
  EXPECT_EQ(error(deep), "error parsing regexp: expression nests too deeply: `" + deep + "`");
  EXPECT_EQ(error("(a{1000}){2}"), "error parsing regexp: invalid repeat count: `{2}`");
  EXPECT_EQ(error("(?:\\pL{30}){30}"), "");
}

}  // namespace
}  // namespace seaworthy::cel
