#include "cel/lib/zones.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

#include "cel/lib/zone_data.h"

namespace seaworthy::cel {
namespace {

struct Case {
  std::string_view zone;
  std::int64_t moment;
  std::optional<std::int64_t> offset;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.zone << " " << test.moment; }

class ZoneTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    ::setenv("TZDIR", folder_.c_str(), 1);
  }

  void TearDown() override {
    ::unsetenv("TZDIR");
    std::filesystem::remove_all(folder_);
  }

 private:
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "no_zones";
};

TEST_P(ZoneTest, IsKnownWithoutTheMachinesFiles) {
  EXPECT_EQ(zone_offset(GetParam().zone, GetParam().moment), GetParam().offset);
}

constexpr std::int64_t kJanuary2024 = 1'704'067'200;
constexpr std::int64_t kJuly2024 = 1'719'792'000;
constexpr std::int64_t kJuly2099 = 4'086'547'200;
constexpr std::int64_t kYear1900 = -2'208'988'800;
constexpr std::int64_t kYear1 = -62'135'596'800;

constexpr Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"Europe/Berlin", kJanuary2024, 3600},
    {"Europe/Berlin", kJuly2024, 7200},
    {"Europe/Berlin", kJuly2099, 7200},
    {"Europe/Berlin", kYear1, 3208},
    {"America/New_York", kYear1900, -18000},
    {"Asia/Kathmandu", kJuly2024, 20700},
    {"US/Pacific", kJanuary2024, -28800},
    {"EST5EDT", kJuly2024, -14400},
    {"Etc/GMT+5", kJuly2024, -18000},
    {"UTC", kJuly2024, 0},
    {"europe/berlin", kJuly2024, std::nullopt},
    {"Europe", kJuly2024, std::nullopt},
    {"Europe/", kJuly2024, std::nullopt},
    {"seaworthy:Europe/Berlin", kJuly2024, std::nullopt},
    {"", kJuly2024, std::nullopt},
};

INSTANTIATE_TEST_SUITE_P(Zones, ZoneTest, testing::ValuesIn(kCases));

TEST(ZoneDataTest, IsSortedWholeAndSmall) {
  std::string_view previous;
  for (const zone_data::Entry& entry : zone_data::entries()) {
    EXPECT_LT(previous, entry.name);
    previous = entry.name;
    ASSERT_LE(entry.offset + entry.length, zone_data::bytes().size());
    EXPECT_TRUE(zone_data::bytes().substr(entry.offset, entry.length).starts_with("TZif"))
        << entry.name;
    EXPECT_TRUE(zone_offset(entry.name, kJuly2024)) << entry.name;
  }
  EXPECT_GT(zone_data::entries().size(), 400U);
  EXPECT_LT(zone_data::bytes().size(), 450'000U);
}

}  // namespace
}  // namespace seaworthy::cel
