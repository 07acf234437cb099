#pragma once

#include <string>
#include <vector>

#include "cli/streams.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/policy/test_suite.h"

namespace seaworthy::cli {

/// What was read of PolicyTest documents.
struct TestSuites {
  std::vector<policy::TestSuite> suites;  ///< By file as given, then as written.
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> unreadable;  ///< Paths that could not be read or hold no test.
};

/// Reads the PolicyTest documents of `inputs`, which must hold some, and those that lie among
/// `policies`. What a case names with `file` is read too; where it cannot be, the case has a fault.
TestSuites read_suites(const std::vector<std::string>& inputs,
                       const std::vector<std::string>& policies, const FileSystem& files);

/// `path` as it is meant in a document of `file`: from that file's folder.
std::string resolve_beside(const std::string& file, const std::string& path);

}  // namespace seaworthy::cli
