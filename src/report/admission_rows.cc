#include "report/admission_rows.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>

#include "seaworthy/admission/api_resources.h"
#include "seaworthy/engine/field.h"

namespace seaworthy::report {
namespace {

using engine::AdmissionVerdict;
using engine::Effect;
using engine::Outcome;

ResultWord result_of(const AdmissionVerdict& verdict) {
  switch (verdict.outcome) {
    case Outcome::kPass:
      return ResultWord::kPass;
    case Outcome::kSkip:
      return ResultWord::kSkip;
    case Outcome::kError:
      return ResultWord::kError;
    case Outcome::kFail:
      break;
  }
  return verdict.effect == Effect::kWarn ? ResultWord::kWarn : ResultWord::kFail;
}

/// What says more: what refuses before what warns, an error before a failure before a pass; a skip
/// says least.
auto weight(const AdmissionVerdict& verdict) {
  const int outcome = verdict.outcome == Outcome::kError  ? 3
                      : verdict.outcome == Outcome::kFail ? 2
                      : verdict.outcome == Outcome::kPass ? 1
                                                          : 0;
  return std::tuple(static_cast<int>(verdict.effect), outcome, verdict.changed);
}

bool is_about_same(const AdmissionVerdict& a, const AdmissionVerdict& b) {
  return a.policy == b.policy && a.rule == b.rule && a.rule != nullptr &&
         a.rule_text() == b.rule_text();
}

Row make_row(const AdmissionVerdict& verdict, const admission::Review& review) {
  Row row;
  row.policy = verdict.policy->name;
  row.rule = verdict.rule_text();
  row.severity = verdict.policy->severity;
  row.result = result_of(verdict);
  row.mode = verdict.mode;
  row.mended = verdict.changed;
  row.api_version = review.kind.api_version();
  row.kind = review.kind.kind;
  if (!admission::is_cluster_scoped(review.kind.group, review.kind.kind)) {
    row.namespace_name = review.namespace_name;
  }
  row.name =
      review.name.empty() ? review.object["metadata"]["generateName"].as_string() : review.name;
  row.message = verdict.message;
  row.refused = verdict.effect == Effect::kDeny;
  if (is_violation(row)) {
    row.field = engine::field_of(verdict, review.object).text();
  }
  return row;
}

/// What is told of one policy's verdicts.
std::vector<const AdmissionVerdict*> choose(std::span<const AdmissionVerdict> verdicts) {
  std::vector<const AdmissionVerdict*> chosen;
  for (const auto& verdict : verdicts) {
    const auto same = std::ranges::find_if(
        chosen, [&](const auto* each) { return is_about_same(*each, verdict); });
    if (same == chosen.end()) {
      chosen.push_back(&verdict);
    } else if (weight(verdict) > weight(**same)) {
      *same = &verdict;
    }
  }
  // A rule that one binding skips and another runs was run.
  const auto all = chosen;
  std::erase_if(chosen, [&](const AdmissionVerdict* verdict) {
    return verdict->outcome == Outcome::kSkip &&
           std::ranges::any_of(all, [&](const AdmissionVerdict* other) {
             return other != verdict && other->rule == verdict->rule &&
                    other->outcome != Outcome::kSkip;
           });
  });
  return chosen;
}

}  // namespace

std::vector<Row> tabulate_admission(const engine::AdmissionJudgement& judgement,
                                    const admission::Review& review) {
  const auto& verdicts = judgement.verdicts;
  std::vector<Row> rows;
  for (std::size_t at = 0; at < verdicts.size();) {
    std::size_t end = at;  // a policy's verdicts stand together
    while (end < verdicts.size() && verdicts[end].policy == verdicts[at].policy) {
      ++end;
    }
    for (const auto* verdict : choose(std::span(verdicts).subspan(at, end - at))) {
      rows.push_back(make_row(*verdict, review));
    }
    at = end;
  }
  return rows;
}

}  // namespace seaworthy::report
