#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/policy/policy_set.h"

namespace seaworthy::testing {

/// The rules of policies/production, in no certain order.
inline std::shared_ptr<const policy::PolicySet> production_bundle() {
  std::vector<policy::SourceText> sources;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SEAWORTHY_SOURCE_DIR) +
                                                               "/policies/production")) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    sources.push_back({entry.path().filename(), text.str()});
  }
  auto set = policy::load_policies(sources);
  EXPECT_GT(set->policies().size(), 20U);
  return set;
}

}  // namespace seaworthy::testing
