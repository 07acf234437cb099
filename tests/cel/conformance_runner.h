#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace seaworthy::cel {

/// Runs a test of spec/*.json against what Kubernetes 1.36 answers. The result has the oracle's
/// form: {"type", "value" | "error" | "compileError", "cost"}.
///
/// `sharing`: the program is linked so that each of its parts is shared, and runs twice over one
/// Memo: once to fill it and once out of it. Where the two differ the answer is {"differs":
/// [both]}.
nlohmann::json run_spec_test(const nlohmann::json& test, bool sharing = false);

/// How an answer compares with what is expected.
struct Agreement {
  bool agrees = false;  ///< Compiles or not, type, value or that there is an error.
  bool exact = false;   ///< And the texts of errors, and the cost.
};

Agreement compare(const nlohmann::json& expected, const nlohmann::json& answer);

/// Whether an answer is what the specification expects: an error when it runs, a value, a type.
bool agrees_with_specification(const nlohmann::json& expect, const nlohmann::json& answer);

/// Where the conformance data is: SEAWORTHY_CEL_CONFORMANCE, or beside the project.
std::filesystem::path conformance_folder();

}  // namespace seaworthy::cel
