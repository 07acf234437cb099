#include "seaworthy/engine/self_test.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/engine/case_run.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/manifest_review.h"
#include "seaworthy/engine/outcome.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using policy::Expectation;
using policy::Policy;
using policy::PolicyTest;

/// The policy's parameters with the test's values.
Result<std::vector<policy::Parameter>> overridden(const Policy& policy, const PolicyTest& test) {
  auto parameters = policy.parameters;
  for (auto& parameter : parameters) {
    const auto found = test.parameters.find(parameter.name);
    if (found != test.parameters.end()) {
      SEAWORTHY_TRY(parameter, policy::with_parameter_value(parameter, found->second));
    }
  }
  return parameters;
}

/// The request that the test describes.
Result<admission::Review> review_of(const PolicyTest& test, Arena& arena) {
  switch (test.input) {
    case PolicyTest::Input::kReview:
      return review_of_request(test.value, arena);
    case PolicyTest::Input::kObject:
      return review_of_manifest(test.value, "default", arena);
    case PolicyTest::Input::kPod:
      break;
  }
  const Node metadata = document::MapBuilder(arena).add("name", Node::string("test")).build();
  const Node pod = document::MapBuilder(arena)
                       .add("apiVersion", Node::string("v1"))
                       .add("kind", Node::string("Pod"))
                       .add("metadata", metadata)
                       .add("spec", test.value)
                       .build();
  return review_of_manifest(pod, "default", arena);
}

Expectation classify(const Judgement& judgement) {
  const auto outcomes = outcomes_of(judgement);
  return outcomes.empty() ? Expectation::kSkip : outcomes.front().verdict;
}

std::string describe(const Judgement& judgement) {
  std::vector<std::string> parts;
  for (const auto& verdict : judgement.verdicts) {
    if (verdict.finding.is_violation()) {
      parts.push_back(fmt::format("{}: {}", verdict.finding.item->text(), verdict.finding.message));
    }
  }
  for (const auto& undone : judgement.mended.undone) {
    parts.push_back(fmt::format("{}: remedy undone: {}", undone.item.text(), undone.reason));
  }
  return join(parts, "; ");
}

bool has_path(const Judgement& judgement, const std::string& path) {
  return path.empty() || std::ranges::any_of(judgement.verdicts, [&](const Verdict& verdict) {
           return verdict.finding.is_violation() && verdict.finding.item->text() == path;
         });
}

/// The policy alone, in mode deny, through the code path of `check`.
Result<Judgement> judge_test(const std::shared_ptr<const Policy>& policy, const PolicyTest& test,
                             policy::RemedyLevel remedy, Arena& arena) {
  SEAWORTHY_TRY(const admission::Review review, review_of(test, arena));
  SEAWORTHY_TRY(const std::vector<policy::Parameter> parameters, overridden(*policy, test));
  JudgeRequest request;
  request.door = Door::kCheck;
  request.settings.mode = policy::Mode::kDeny;
  request.settings.remedy = remedy;
  request.namespace_object = namespace_from_name(review.namespace_name, arena);
  request.parameters = parameters;
  return judge(std::span(&policy, 1), review, request, arena);
}

}  // namespace

TestResult run_test(const std::shared_ptr<const Policy>& policy, const PolicyTest& test) {
  TestResult result{.policy = policy.get(),
                    .test = &test,
                    .got = Expectation::kError,
                    .passed = false,
                    .detail = {}};
  Arena arena;
  const auto judgement = judge_test(policy, test, policy::RemedyLevel::kApply, arena);
  if (!judgement) {
    result.detail = judgement.error().message;
    return result;
  }
  result.got = classify(*judgement);
  result.detail = describe(*judgement);
  result.passed = result.got == test.expect && has_path(*judgement, test.path);
  return result;
}

std::optional<Illustration> illustrate(const std::shared_ptr<const Policy>& policy,
                                       const PolicyTest& test, Arena& arena) {
  const auto judgement = judge_test(policy, test, policy::RemedyLevel::kSuggest, arena);
  if (!judgement) {
    return std::nullopt;
  }
  for (const auto& verdict : judgement->verdicts) {
    if (verdict.finding.is_violation()) {
      return Illustration{.path = verdict.finding.item->text(),
                          .message = std::string(verdict.finding.message),
                          .remedy = verdict.remedy};
    }
  }
  return std::nullopt;
}

std::vector<TestResult> run_tests(const policy::PolicySet& policies) {
  std::vector<TestResult> results;
  for (const auto& policy : policies.policies()) {
    for (const auto& test : policy->tests) {
      results.push_back(run_test(policy, test));
    }
  }
  return results;
}

std::shared_ptr<const policy::PolicySet> prove_remedies(
    std::shared_ptr<const policy::PolicySet> policies) {
  std::vector<std::string> broken;
  std::vector<Diagnostic> diagnostics;
  for (const auto& policy : policies->policies()) {
    if (!policy->remedy) {
      continue;
    }
    for (const auto& test : policy->tests) {
      if (test.expect != Expectation::kMend) {
        continue;
      }
      const auto result = run_test(policy, test);
      if (result.got == Expectation::kMend) {
        continue;
      }
      diagnostics.push_back(
          {.severity = Diagnostic::Severity::kError,
           .file = policy->file,
           .position = policy->remedy_position,
           .message =
               fmt::format("the remedy of '{}' does not make its rule pass in its test '{}': {}",
                           policy->name, test.name, result.detail),
           .source_line = {},
           .subject = policy->name});
      broken.push_back(policy->name);
      break;
    }
  }
  return broken.empty() ? policies : policies->without(broken, diagnostics);
}

}  // namespace seaworthy::engine
