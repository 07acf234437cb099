#pragma once

#include <vector>

#include "seaworthy/report/check_report.h"

namespace seaworthy::report {

/// The lines of what admission policies say: one for each validation, or for each rule that has a
/// name, whatever the number of bindings and params: the worst that is said.
std::vector<Row> tabulate_admission(const engine::AdmissionJudgement& judgement,
                                    const admission::Review& review);

}  // namespace seaworthy::report
