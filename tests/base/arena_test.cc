#include "seaworthy/base/arena.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace seaworthy {
namespace {

TEST(Arena, KeepsWhatItHandedOutAndAlignsIt) {
  Arena arena(64);
  const auto text = arena.copy(std::string_view("first"));
  for (int i = 0; i < 1000; ++i) {
    auto* number = arena.create<std::uint64_t>(7U);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(number) % alignof(std::uint64_t), 0U);
    arena.allocate_array<char>(3);
  }
  EXPECT_EQ(text, "first");
}

TEST(Arena, TakesWhatIsLargerThanItsBlocks) {
  Arena arena(64);
  const std::string large(100'000, 'x');
  EXPECT_EQ(arena.copy(std::string_view(large)), large);
  EXPECT_EQ(arena.copy(std::string_view()), "");
}

TEST(Arena, AWarmArenaAsksForNoMemory) {
  Arena arena(64);
  auto fill = [&] {
    for (int i = 0; i < 100; ++i) {
      arena.allocate_array<char>(100);
    }
  };
  fill();
  arena.reset();
  fill();
  arena.reset();
  const std::size_t held = arena.held_bytes();
  fill();
  EXPECT_EQ(arena.held_bytes(), held);
}

}  // namespace
}  // namespace seaworthy
