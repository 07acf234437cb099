// A case is judged twice, as the server would: at the end state, for the verdicts, and at /mutate,
// for the patch. A patch is compared by what it makes of the object, as the same end may be reached
// by other operations.
#include "seaworthy/engine/case_run.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/redactor.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/patch.h"
#include "seaworthy/engine/admission_support.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/outcome.h"
#include "seaworthy/engine/target.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using policy::Expectation;
using policy::ExpectedVerdict;
using policy::PolicySet;
using policy::TestCase;
using policy::TestSuite;

constexpr std::string_view kOthers = "*";

/// A case's own, else the suite's, else the default.
template <class T>
T first_of(const std::optional<T>& own, const std::optional<T>& of_suite, T otherwise) {
  return own ? *own : of_suite.value_or(otherwise);
}

Node namespace_of(const TestCase& test, std::string_view name, Arena& arena) {
  const Node known = namespace_from_name(name, arena);
  if (!test.in_namespace) {
    return known;
  }
  Node metadata = known["metadata"];
  Node labels = metadata["labels"];
  for (const auto& label : test.in_namespace->labels.members()) {
    labels = document::with_member(labels, label.key.text(), label.value, arena);
  }
  metadata = document::with_member(metadata, "labels", labels, arena);
  return document::with_member(known, "metadata", metadata, arena);
}

/// "spec.containers[0]: no tag; spec.volumes[1]: …"
std::string describe(const PolicyOutcome& outcome) {
  std::vector<std::string> parts;
  for (const auto& violation : outcome.violations) {
    parts.push_back(violation.path.empty()
                        ? std::string(violation.message)
                        : fmt::format("{}: {}", violation.path, violation.message));
    if (!violation.undone.empty()) {
      parts.push_back(fmt::format("not mended: {}", violation.undone));
    }
  }
  return join(parts, "; ");
}

/// The policies of a set, of every kind.
std::vector<std::string_view> names_in(const PolicySet& set) {
  std::vector<std::string_view> names;
  for (const auto& policy : set.policies()) {
    names.emplace_back(policy->name);
  }
  for (const auto& policy : set.admission_policies()) {
    names.emplace_back(policy->name);
  }
  return names;
}

std::string with_reason(std::string text, const std::string& reason) {
  return reason.empty() ? text : text + ": " + reason;
}

bool is_met(const ExpectedVerdict& expected, const PolicyOutcome& outcome) {
  if (expected.path.empty() && expected.message.empty()) {
    return true;
  }
  return std::ranges::any_of(outcome.violations, [&](const OutcomeViolation& violation) {
    return (expected.path.empty() || violation.path == expected.path) &&
           violation.message.find(expected.message) != std::string_view::npos;
  });
}

/// What holds secrets in objects: what is in it is not shown.
bool is_secret(std::string_view field) {
  constexpr std::array<std::string_view, 8> kFields{
      "env", "args", "command", "annotations", "data", "stringData", "binaryData", "httpHeaders"};
  return std::ranges::find(kFields, field) != kFields.end();
}

Node without_secrets(const Node& node, Arena& arena) {
  if (node.is_list()) {
    std::vector<Node> items;
    for (const Node& item : node.items()) {
      items.push_back(without_secrets(item, arena));
    }
    return document::make_list(items, arena);
  }
  if (!node.is_map()) {
    return node;
  }
  document::MapBuilder builder(arena);
  for (const auto& member : node.members()) {
    builder.add(member.key.text(), is_secret(member.key.text())
                                       ? Node::string("***")
                                       : without_secrets(member.value, arena));
  }
  return builder.build();
}

/// The value at `path` in words; null: there is none.
std::string value_text(const document::Path& path, const Node* node) {
  if (node == nullptr) {
    return "nothing";
  }
  const bool hidden = std::ranges::any_of(path.steps(), [](const document::PathStep& step) {
    const auto* name = std::get_if<std::string>(&step);
    return name != nullptr && is_secret(*name);
  });
  constexpr std::size_t kCodePoints = 200;
  Arena arena;
  return hidden ? std::string("another ") + std::string(document::name_of(node->kind()))
                : one_line(document::print_json(without_secrets(*node, arena)), kCodePoints);
}

/// Every string in what may hold secrets, at any depth.
template <class Visit>
void each_secret(const Node& node, bool inside, Visit&& visit) {
  if (node.is_string() && inside) {
    visit(node.as_string());
  }
  for (const Node& item : node.items()) {
    each_secret(item, inside, visit);
  }
  for (const auto& member : node.members()) {
    each_secret(member.value, inside || is_secret(member.key.text()), visit);
  }
}

class CaseRun {
 public:
  CaseRun(const TestCase& test, const PolicySet& set) : test_(&test), set_(&set) {}

  void compare_verdicts(const Judgement& judgement) {
    const auto outcomes = outcomes_of(judgement);
    for (const auto& expected : test_->expect) {
      if (expected.policy != kOthers) {
        compare(expected, outcomes);
        continue;
      }
      for (const auto& outcome : outcomes) {
        const bool named = std::ranges::find(test_->expect, outcome.policy,
                                             &ExpectedVerdict::policy) != test_->expect.end();
        if (!named) {
          compare_other(expected, outcome);
        }
      }
    }
  }

  void compare_object(const Node& before, const Node& after, Arena& arena) {
    if (test_->mended != nullptr) {
      compare_trees(*test_->mended, after, "the object in the end", before);
    }
    if (test_->patch == nullptr) {
      return;
    }
    const auto patch = document::read_patch(*test_->patch);
    if (!patch) {
      cannot_run(patch.error().message);
      return;
    }
    const auto expected = document::apply(*patch, before, arena);
    if (!expected) {
      cannot_run(expected.error().message);
      return;
    }
    compare_trees(*expected, after, "the patched object", before);
  }

  void cannot_run(std::string reason) {
    result_.can_run = false;
    result_.failures.push_back("cannot run: " + std::move(reason));
  }

  CaseResult finish() { return std::move(result_); }

 private:
  void compare(const ExpectedVerdict& expected, const std::vector<PolicyOutcome>& outcomes) {
    const auto names = names_in(*set_);
    if (std::ranges::find(names, expected.policy) == names.end()) {
      const bool aside =
          std::ranges::find(set_->set_aside(), expected.policy) != set_->set_aside().end();
      const auto near = nearest(expected.policy, names);
      cannot_run(aside
                     ? fmt::format("policy '{}' is set aside", expected.policy)
                     : fmt::format("no policy is named '{}'{}", expected.policy,
                                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
      return;
    }
    const auto found = std::ranges::find(outcomes, expected.policy, &PolicyOutcome::policy);
    const PolicyOutcome none{
        .policy = expected.policy, .verdict = Expectation::kSkip, .violations = {}};
    const auto& outcome = found == outcomes.end() ? none : *found;
    if (outcome.verdict != expected.verdict) {
      result_.failures.push_back(with_reason(
          fmt::format("{}: expected {}, got {}", expected.policy, policy::word_of(expected.verdict),
                      policy::word_of(outcome.verdict)),
          describe(outcome)));
    } else if (!is_met(expected, outcome)) {
      result_.failures.push_back(
          with_reason(fmt::format("{}: no violation{}{}", expected.policy,
                                  expected.path.empty() ? "" : fmt::format(" at {}", expected.path),
                                  expected.message.empty()
                                      ? ""
                                      : fmt::format(" whose message has '{}'", expected.message)),
                      describe(outcome)));
    } else {
      result_.confirmed.emplace_back(expected.policy, outcome.verdict);
    }
  }

  void compare_other(const ExpectedVerdict& expected, const PolicyOutcome& outcome) {
    // That all others let it pass is what is meant, not that each has something to ask.
    const bool lets_pass =
        expected.verdict == Expectation::kAllow && outcome.verdict == Expectation::kSkip;
    if (outcome.verdict == expected.verdict || lets_pass) {
      result_.confirmed.emplace_back(outcome.policy, outcome.verdict);
      return;
    }
    result_.failures.push_back(with_reason(
        fmt::format("{}: expected {} (of every policy that is not named), got {}", outcome.policy,
                    policy::word_of(expected.verdict), policy::word_of(outcome.verdict)),
        describe(outcome)));
  }

  void compare_trees(const Node& expected, const Node& got, std::string_view what,
                     const Node& before) {
    const auto difference = document::diff(expected, got);
    if (difference.empty()) {
      return;
    }
    constexpr std::size_t kShown = 5;
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < std::min(kShown, difference.size()); ++at) {
      const auto& operation = difference[at];
      using Op = document::PatchOperation::Op;
      const auto parsed = document::Path::parse_pointer(operation.path);
      const auto path = parsed ? *parsed : document::Path();
      const Node* was = operation.op == Op::kAdd ? nullptr : document::find(expected, path);
      const Node* is = operation.op == Op::kRemove ? nullptr : &operation.value;
      parts.push_back(fmt::format("{}: expected {}, got {}", path.text(), value_text(path, was),
                                  value_text(path, is)));
    }
    if (difference.size() > kShown) {
      parts.push_back(fmt::format("and {} more", difference.size() - kShown));
    }
    // A remedy may have written what it found elsewhere.
    const auto text = fmt::format("{} differs: {}", what, join(parts, "; "));
    Redactor redactor;
    redactor.watch(text);
    redactor.seal();
    each_secret(before, false, [&](std::string_view secret) { redactor.add_secret(secret); });
    Arena arena;
    result_.failures.emplace_back(redactor.redact(text, arena));
  }

  const TestCase* test_;
  const PolicySet* set_;
  CaseResult result_;
};

}  // namespace

CaseResult run_case(const TestSuite& suite, const TestCase& test, const PolicySet& set,
                    const policy::EnforcementSet* enforcement,
                    std::chrono::system_clock::time_point now) {
  CaseRun run(test, set);
  Arena arena;
  if (!test.fault.empty()) {
    run.cannot_run(test.fault);
    return run.finish();
  }
  const auto review = review_of(test, arena);
  if (!review) {
    run.cannot_run(review.error().message);
    return run.finish();
  }
  JudgeRequest request;
  request.door = Door::kCheck;
  request.settings = {
      .mode = first_of(test.settings.mode, suite.settings.mode, policy::Mode::kDeny),
      .remedy = first_of(test.settings.remedy, suite.settings.remedy, policy::RemedyLevel::kApply),
      .deny_from =
          first_of(test.settings.deny_from, suite.settings.deny_from, policy::Severity::kMedium)};
  request.namespace_object = namespace_of(test, review->namespace_name, arena);
  request.namespace_known = test.in_namespace.has_value();
  request.enforcement = enforcement;
  request.now = test.settings.now    ? *test.settings.now
                : suite.settings.now ? *suite.settings.now
                                     : now;
  const AdmissionSupport support(set, test.objects);
  const auto scope = support.scope(set.admission_policies());
  request.admission = &scope;
  const auto judgement = judge(set.policies(), *review, request, arena);
  if (!judgement) {
    run.cannot_run(judgement.error().message);
    return run.finish();
  }
  run.compare_verdicts(*judgement);
  if (test.patch == nullptr && test.mended == nullptr) {
    return run.finish();
  }
  request.door = Door::kMutate;
  const auto mutated = admit(set.policies(), *review, request, arena);
  auto after = mutated ? document::apply(mutated->response.patch, review->object, arena)
                       : Result<Node>(std::unexpected(mutated.error()));
  if (!after) {
    run.cannot_run(after.error().message);
    return run.finish();
  }
  run.compare_object(review->object, *after, arena);
  return run.finish();
}

}  // namespace seaworthy::engine
