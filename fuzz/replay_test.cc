// The corpora of the fuzzers, and what once was a crash, as ordinary tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "entries.h"

namespace seaworthy::fuzz {
namespace {

struct Entry {
  std::string name;
  void (*run)(const std::uint8_t*, std::size_t);

  friend void PrintTo(const Entry& entry, std::ostream* out) { *out << entry.name; }
};

class ReplayTest : public testing::TestWithParam<Entry> {};

TEST_P(ReplayTest, HoldsForTheCorpus) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(
           std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "fuzz/corpus" / GetParam().name)) {
    files.push_back(file.path());
  }
  std::ranges::sort(files);
  EXPECT_GE(files.size(), 20U);
  for (const auto& path : files) {
    SCOPED_TRACE(path);
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    GetParam().run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Corpora, ReplayTest,
    testing::Values(Entry{"cel_parse", cel_parse}, Entry{"cel_check", cel_check},
                    Entry{"cel_evaluate", cel_evaluate}, Entry{"json", json},
                    Entry{"kept_json", kept_json}, Entry{"review", review}, Entry{"bundle", bundle}, Entry{"manifest", manifest}),
    [](const testing::TestParamInfo<Entry>& entry) { return entry.param.name; });

}  // namespace
}  // namespace seaworthy::fuzz
