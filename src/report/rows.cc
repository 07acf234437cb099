#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "report/admission_rows.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/engine/field.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

using engine::Effect;
using engine::Outcome;
using engine::Verdict;

ResultWord result_of(const Verdict& verdict) {
  if (verdict.finding.outcome == Outcome::kSkip) {
    return ResultWord::kSkip;
  }
  if (!verdict.finding.is_violation() || verdict.mended) {
    return ResultWord::kPass;
  }
  if (verdict.finding.outcome == Outcome::kError) {
    return ResultWord::kError;
  }
  return verdict.effect == Effect::kWarn ? ResultWord::kWarn : ResultWord::kFail;
}

Row make_row(const Verdict& verdict, const admission::Review& review) {
  const auto& finding = verdict.finding;
  const auto& policy = *finding.policy;
  Row row;
  row.policy = policy.name;
  row.severity = policy.severity;
  row.result = result_of(verdict);
  row.mode = verdict.mode;
  row.mended = verdict.mended;
  row.api_version = review.kind.api_version();
  row.kind = review.kind.kind;
  row.namespace_name = review.namespace_name;
  row.name =
      review.name.empty() ? review.object["metadata"]["generateName"].as_string() : review.name;
  row.path = finding.item->text();
  row.container = finding.item->container;
  row.message = finding.message;
  row.remedy = verdict.remedy;
  row.safety = verdict.remedy.is_null() ? "" : std::string(policy::word_of(policy.remedy->safety));
  row.undone = verdict.undone;
  row.refused = verdict.effect == Effect::kDeny;
  if (is_violation(row)) {
    row.field = engine::field_of(finding, review.object).text();
  }
  return row;
}

/// Why a policy says nothing of a resource; empty where its mode says it.
std::string skip_message(const Verdict& verdict) {
  const auto& policy = *verdict.finding.policy;
  return verdict.mode == policy::Mode::kOff || policy.when == nullptr
             ? ""
             : fmt::format("does not apply: `{}` is not true",
                           one_line(trim(policy.when_text), limits::kMessageCodePointsMax));
}

}  // namespace

std::string_view word_of(ResultWord result) {
  switch (result) {
    case ResultWord::kPass:
      return "pass";
    case ResultWord::kFail:
      return "fail";
    case ResultWord::kWarn:
      return "warn";
    case ResultWord::kSkip:
      return "skip";
    case ResultWord::kError:
      return "error";
  }
  return "";
}

Rule rule_of(const policy::Policy& policy) {
  return {.name = policy.name,
          .title = policy.title,
          .description = policy.description,
          .severity = policy.severity,
          .category = policy.category,
          .references = policy.references};
}

Rule rule_of(const policy::AdmissionPolicy& policy) {
  return {.name = policy.name,
          .title = policy.title.empty() ? policy.name : policy.title,
          .description = policy.description,
          .severity = policy.severity,
          .category = policy.category,
          .references = {}};
}

std::vector<Row> tabulate(const engine::Judgement& judgement, const admission::Review& review) {
  std::vector<Row> rows;
  const auto& verdicts = judgement.verdicts;
  for (std::size_t at = 0; at < verdicts.size();) {
    const auto* policy = verdicts[at].finding.policy;
    const std::size_t before = rows.size();
    const Verdict* passed = nullptr;
    const Verdict* skipped = nullptr;
    for (; at < verdicts.size() && verdicts[at].finding.policy == policy; ++at) {
      const auto result = result_of(verdicts[at]);
      if (verdicts[at].exception != nullptr) {
        rows.push_back(make_row(verdicts[at], review));
      } else if (result == ResultWord::kSkip) {
        skipped = &verdicts[at];
      } else if (result == ResultWord::kPass) {
        // One that was mended says more than one that was right.
        passed = passed == nullptr || verdicts[at].mended ? &verdicts[at] : passed;
      } else {
        rows.push_back(make_row(verdicts[at], review));
      }
    }
    if (rows.size() == before) {
      rows.push_back(make_row(passed != nullptr ? *passed : *skipped, review));
      rows.back().message = passed != nullptr ? "" : skip_message(*skipped);
    }
  }
  std::ranges::move(tabulate_admission(judgement.admission, review), std::back_inserter(rows));
  return rows;
}

Summary& Summary::operator+=(const Summary& other) {
  pass += other.pass;
  fail += other.fail;
  warn += other.warn;
  skip += other.skip;
  error += other.error;
  mended += other.mended;
  return *this;
}

Summary summarize(const std::vector<Row>& rows) {
  Summary summary;
  for (const auto& row : rows) {
    summary.mended += row.mended ? 1 : 0;
    switch (row.result) {
      case ResultWord::kPass:
        ++summary.pass;
        break;
      case ResultWord::kFail:
        ++summary.fail;
        break;
      case ResultWord::kWarn:
        ++summary.warn;
        break;
      case ResultWord::kSkip:
        ++summary.skip;
        break;
      case ResultWord::kError:
        ++summary.error;
        break;
    }
  }
  return summary;
}

void sort(std::vector<Row>& rows) {
  auto key = [](const Row& row) {
    return std::tie(row.file, row.line, row.api_version, row.kind, row.namespace_name, row.name,
                    row.policy, row.rule, row.path);
  };
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) { return key(a) < key(b); });
}

}  // namespace seaworthy::report
