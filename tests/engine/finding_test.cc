#include "seaworthy/engine/finding.h"

#include <array>

#include <gtest/gtest.h>

namespace seaworthy::engine {
namespace {

TEST(ItemTest, SaysWhereItIs) {
  static constexpr std::array<std::string_view, 2> kDeployment{"spec", "template"};

  Item item;
  EXPECT_EQ(item.text(), "");
  item.in_pod = true;
  EXPECT_EQ(item.text(), "spec");
  item.list = "containers";
  EXPECT_EQ(item.text(), "spec.containers[0]");
  item.is_image = true;
  EXPECT_EQ(item.text(), "spec.containers[0].image");
  item.list = "volumes";
  item.index = 12;
  EXPECT_EQ(item.text(), "spec.volumes[12].image.reference");
  item.holder = kDeployment;
  EXPECT_EQ(item.text(), "spec.template.spec.volumes[12].image.reference");
}

TEST(ItemTest, IsTheSamePartWhateverItIsCalled) {
  Item container;
  container.list = "containers";
  container.container = "a";
  Item other = container;
  other.container = "b";
  EXPECT_EQ(container, other);
  other.is_image = true;
  EXPECT_FALSE(container == other);
}

}  // namespace
}  // namespace seaworthy::engine
