#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace seaworthy::testing {

/// A file below tests/testdata.
inline std::string test_data(const std::string& name) {
  std::ifstream file(std::string(SEAWORTHY_SOURCE_DIR) + "/tests/testdata/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace seaworthy::testing
