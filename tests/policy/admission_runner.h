#pragma once

#include <nlohmann/json_fwd.hpp>

namespace seaworthy::cel {

/// Runs a test of kubernetes/k8s_lib.json or vap_semantics.json, or a line of the oracle's `adhoc`:
/// {expr, vars, variables, returns}.
nlohmann::json run_admission_test(const nlohmann::json& test);

}  // namespace seaworthy::cel
