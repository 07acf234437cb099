#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "seaworthy/base/result.h"

namespace seaworthy::policy {

struct Parameter;

/// The minor version that `v1.29` or `latest` names; `latest` and what is later than `newest` are
/// `newest`. Rule: ParseVersion and EvaluatePod of k8s.io/pod-security-admission (api/helpers.go,
/// policy/registry.go). Errors: kInvalid: anything else, 1.29, v1.029 and v2.0 among it.
Result<std::int64_t> read_minor_version(std::string_view text, std::int64_t newest);

/// What to warn of where the parameter names a version that its bundle does not know yet; empty
/// elsewhere.
std::string warning_of_later_version(const Parameter& parameter);

}  // namespace seaworthy::policy
