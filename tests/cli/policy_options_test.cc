#include "cli/policy_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace seaworthy::cli {
namespace {

/// What the flags say; the words of the refusal where they are refused.
std::string modes_of(std::vector<std::string> arguments) {
  CLI::App app;
  PolicyOptions options;
  options.add_to(app, {});
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  const auto& settings = options.settings;
  return std::string(policy::word_of(settings.mode)) + " " +
         std::string(policy::word_of(settings.deny_from));
}

TEST(PolicyOptionsTest, WordsAreWordsOnly) {
  EXPECT_EQ(modes_of({"--mode", "deny", "--deny-from", "low"}), "deny low");
  EXPECT_EQ(modes_of({"--mode", "Warn", "--deny-from", "CRITICAL"}), "warn critical");
  for (const auto* wrong : {"0", "2", "den", "", "deny "}) {
    EXPECT_TRUE(modes_of({"--mode", wrong}).starts_with("--mode: must be one of ")) << wrong;
  }
  EXPECT_EQ(modes_of({"--deny-from", "3"}),
            "--deny-from: must be one of low, medium, high, critical");
}

}  // namespace
}  // namespace seaworthy::cli
