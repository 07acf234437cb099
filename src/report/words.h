#pragma once

#include <string>
#include <string_view>

#include "seaworthy/report/check_report.h"

namespace seaworthy::report {

/// "denied", "warning", "audit", "error": what the violation leads to.
std::string_view effect_word(const Row& row);

/// "no-privileged", "vap-name/0": the policy, and what of it where it has several rules.
std::string rule_text(const Row& row);

/// "Pod shop/web spec.containers[0]": the resource, and what of it.
std::string subject_text(const Row& row);

/// "web.yaml:8:9": where the violation's field is, as editors jump to it; without a column where
/// only the line is known.
std::string place_text(const Row& row);

/// Why the remedy was not applied, and what to write, each line behind `indent`; empty where there
/// is nothing to say.
std::string remedy_text(const Row& row, std::string_view indent);

}  // namespace seaworthy::report
