#include "base/edit_distance.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace seaworthy {
namespace {

TEST(EditDistance, CountsEditsUpToALimit) {
  struct Case {
    std::string a;
    std::string b;
    std::size_t limit;
    std::size_t expected;
  };

  const std::array<Case, 12> cases = {{{"", "", 3, 0},
                                       {"", "abc", 3, 3},
                                       {"", "abcd", 3, 4},
                                       {"startsWith", "startsWith", 3, 0},
                                       {"startWith", "startsWith", 3, 1},
                                       {"contianers", "containers", 3, 1},
                                       {"ab", "ba", 3, 1},
                                       {"ca", "abc", 3, 3},
                                       {"kitten", "sitting", 3, 3},
                                       {"kitten", "sitting", 2, 3},
                                       {"abc", "xyz", 0, 1},
                                       {std::string(100'000, 'a'), "a", 3, 4}}};
  for (const Case& each : cases) {
    EXPECT_EQ(edit_distance(each.a, each.b, each.limit), each.expected) << each.a << " " << each.b;
    EXPECT_EQ(edit_distance(each.b, each.a, each.limit), each.expected) << each.b << " " << each.a;
  }
}

}  // namespace
}  // namespace seaworthy
