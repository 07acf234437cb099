// Rows of policies that run several times: under bindings, for params, for validations.
#include "report/admission_rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace seaworthy::report {
namespace {

using engine::AdmissionVerdict;
using engine::Effect;
using engine::Outcome;

/// Two policies: one of a rule without a name, one of a rule that has one.
struct Policies {
  policy::AdmissionPolicy plain;
  policy::AdmissionPolicy named;

  Policies() {
    plain.name = "plain";
    plain.rules.resize(1);
    plain.rules[0].validations.resize(2);
    named.name = "named";
    named.rules.resize(1);
    named.rules[0].name = "autogen";
    named.rules[0].validations.resize(2);
  }

  [[nodiscard]] AdmissionVerdict of(const policy::AdmissionPolicy& policy,
                                    std::optional<std::size_t> validation, Outcome outcome,
                                    Effect effect = Effect::kNone,
                                    std::string_view message = "") const {
    AdmissionVerdict verdict;
    verdict.policy = &policy;
    verdict.rule = policy.rules.data();
    verdict.validation = validation;
    verdict.outcome = outcome;
    verdict.effect = effect;
    verdict.message = message;
    return verdict;
  }
};

/// "policy/rule result message" of each row.
std::vector<std::string> rows_of(std::vector<AdmissionVerdict> verdicts) {
  engine::AdmissionJudgement judgement;
  judgement.verdicts = std::move(verdicts);
  admission::Review review;
  review.kind = {"", "v1", "Node"};
  review.name = "node";
  std::vector<std::string> texts;
  for (const auto& row : tabulate_admission(judgement, review)) {
    texts.push_back(
        fmt::format("{}/{} {} {}", row.policy, row.rule, word_of(row.result), row.message));
    EXPECT_EQ(row.namespace_name, "");
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(AdmissionRowsTest, TellTheWorstOfEachValidation) {
  const Policies p;
  EXPECT_EQ(rows_of({p.of(p.plain, 0, Outcome::kPass), p.of(p.plain, 1, Outcome::kPass),
                     p.of(p.plain, 0, Outcome::kFail, Effect::kWarn, "warned"),
                     p.of(p.plain, 1, Outcome::kFail, Effect::kAudit, "audited"),
                     p.of(p.plain, 0, Outcome::kFail, Effect::kDeny, "denied"),
                     p.of(p.plain, 0, Outcome::kError, Effect::kNone, "let in")}),
            (Texts{"plain/0 fail denied", "plain/1 fail audited"}));
}

TEST(AdmissionRowsTest, ASkipIsToldWhereNothingElseIs) {
  const Policies p;
  EXPECT_EQ(rows_of({p.of(p.plain, {}, Outcome::kSkip, Effect::kNone, "why"),
                     p.of(p.plain, 0, Outcome::kPass)}),
            (Texts{"plain/0 pass "}));
  EXPECT_EQ(rows_of({p.of(p.plain, {}, Outcome::kSkip, Effect::kNone, "why"),
                     p.of(p.plain, {}, Outcome::kSkip, Effect::kNone, "why")}),
            (Texts{"plain/ skip why"}));
}

TEST(AdmissionRowsTest, ARuleWithANameIsOneRow) {
  const Policies p;
  EXPECT_EQ(rows_of({p.of(p.named, 0, Outcome::kPass),
                     p.of(p.named, 1, Outcome::kFail, Effect::kDeny, "denied")}),
            (Texts{"named/autogen fail denied"}));
}

TEST(AdmissionRowsTest, FightsHaveRowsOfTheirOwn) {
  const Policies p;
  auto fight = p.of(p.plain, {}, Outcome::kFail, Effect::kWarn, "changes a");
  fight.rule = nullptr;
  auto other = fight;
  other.message = "changes b";
  EXPECT_EQ(rows_of({p.of(p.plain, {}, Outcome::kPass), fight, other}),
            (Texts{"plain/ pass ", "plain/ warn changes a", "plain/ warn changes b"}));
}

}  // namespace
}  // namespace seaworthy::report
