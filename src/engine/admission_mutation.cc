// Each policy's mutations run in order, each on the result of the one before; one that fails is an
// error, and the next one still runs (of Kyverno's policies none is kept then). The API server goes
// through the whole chain a second time where anything was mutated: selectors and matchConditions
// are looked at again, also of policies that are not run again. Nothing is defaulted between
// mutations here: the API server defaults the object when it has applied our patch.
#include "engine/admission_mutation.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/admission_invocation.h"
#include "engine/admission_validation.h"
#include "engine/as_served.h"
#include "engine/kyverno_rule.h"
#include "engine/mutation_fights.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using policy::Mode;

/// What the API server knows an invocation by.
using InvocationKey = std::tuple<const policy::AdmissionRule*, const policy::AdmissionBinding*,
                                 std::string, std::string>;

InvocationKey key_of(const Invocation& invocation, const Node& param) {
  const Node& metadata = param["metadata"];
  return {invocation.rule, invocation.binding, std::string(metadata["namespace"].as_string()),
          std::string(metadata["name"].as_string())};
}

class MutationRun {
 public:
  MutationRun(const AdmissionAsk& ask, const admission::Review& review, Arena& arena)
      : ask_(&ask), review_(review), caller_(review, ask.scope->authorizer), arena_(&arena) {}

  AdmissionMutation run() {
    const Node original = review_.object;
    run_all(false);
    if (applied_ && !refused_) {
      run_all(true);
    }
    report_fights();
    made_.object = review_.object;
    made_.changed = !document::equal(original, review_.object);
    return std::move(made_);
  }

 private:
  void run_all(bool again) {
    asked_ = review_;
    asked_object_ = served();
    const auto invocations = find_invocations(*ask_, true, review_);
    for (const auto& invocation : invocations) {
      const Mode mode = ask_->mode_of(*invocation.policy);
      if (mode == Mode::kAudit || (mode == Mode::kOff && again)) {
        continue;
      }
      if (mode == Mode::kOff) {
        add(invocation, AdmissionVerdict());
      } else if (!invocation.error.empty()) {
        add_error(invocation, invocation.error, "", again);
      }
      for (const Node& param : invocation.params) {
        if (ask_->deadline.passed()) {
          return;
        }
        if (mode != Mode::kOff) {
          invoke(invocation, param, again);
        }
      }
    }
  }

  void invoke(const Invocation& invocation, const Node& param, bool again) {
    const bool is_kyverno =
        invocation.policy->kind == policy::AdmissionKind::kKyvernoMutatingPolicy;
    const bool runs = !again || reinvocable_.contains(key_of(invocation, param));
    if (is_kyverno && !runs) {
      return;  // Kyverno is not asked about it again
    }
    auto inputs = inputs_of(*ask_, review_, *arena_);
    inputs.params = param;
    inputs.review = &asked_;
    inputs.request_object = asked_object_;
    AdmissionContext context(*invocation.rule, inputs, caller_, *arena_);
    if (!admit_exceptions(invocation, inputs, context, again)) {
      return;
    }
    const auto conditions = check_conditions(invocation.rule->match_conditions, context);
    if (!conditions.error.empty()) {
      return add_error(invocation, conditions.error, "Invalid", again);
    }
    if (!conditions.matches) {
      if (!again) {
        AdmissionVerdict skipped;
        skipped.outcome = Outcome::kSkip;
        skipped.message = arena_->copy(
            fmt::format("does not apply: matchCondition '{}' is false", conditions.failed));
        add(invocation, skipped);
      }
      return;
    }
    if (runs) {
      const Node before = review_.object;
      const bool passed = mutate_in_order(invocation, inputs, context, again);
      finish(invocation, param, before, passed, again);
    }
  }

  /// The object as expressions see it: at admission it is the API server who shows it.
  [[nodiscard]] Node served() const {
    return ask_->at_admission ? review_.object : as_served(review_, review_.object, *arena_);
  }

  /// Whether all have succeeded.
  bool mutate_in_order(const Invocation& invocation, policy::AdmissionInputs& inputs,
                       AdmissionContext& context, bool again) {
    const bool is_kyverno =
        invocation.policy->kind == policy::AdmissionKind::kKyvernoMutatingPolicy;
    const Node before = review_.object;
    const bool applied_before = applied_;
    bool passed = true;
    bool first = true;
    for (const auto& mutation : invocation.rule->mutations) {
      if (review_.object.is_null() || ask_->deadline.passed()) {
        break;
      }
      inputs.object = served();
      // Kyverno's variables are those of the policy's run, not of each mutation. Rule: kyverno
      // pkg/cel/policies/mpol/compiler/policy.go, evaluate.
      if (first || !is_kyverno) {
        context.begin(AdmissionContext::Names::kExpressions, limits::kPolicyCostMax);
      } else {
        context.renew_object(limits::kPolicyCostMax);
      }
      first = false;
      passed = mutate(invocation, mutation, context, again) && passed;
      if (is_kyverno && !passed) {
        review_.object = before;
        applied_ = applied_before;
        break;
      }
    }
    return passed;
  }

  /// What Kyverno's PolicyExceptions say: false where the policy is not run.
  bool admit_exceptions(const Invocation& invocation, policy::AdmissionInputs& inputs,
                        AdmissionContext& context, bool again) {
    if (invocation.policy->exceptions.empty()) {
      return true;
    }
    auto found =
        find_exceptions(*invocation.policy, *invocation.rule, inputs, ask_->facts, context);
    if (!found.error.empty()) {
      add_error(invocation, found.error, "Invalid", again);
      return false;
    }
    if (found.excepted) {
      if (!again) {
        add(invocation, excepted_verdict(found, *arena_));
      }
      return false;
    }
    inputs.allowed_images = std::move(found.images);
    inputs.allowed_values = std::move(found.values);
    return true;
  }

  /// Whether it has succeeded.
  bool mutate(const Invocation& invocation, const policy::Mutation& mutation,
              AdmissionContext& context, bool again) {
    if (mutation.expression.program == nullptr) {
      add_error(invocation, mutation.expression.compile_error, "Invalid", again);
      return false;
    }
    const auto value = context.evaluate(mutation.expression);
    if (!value.error.empty()) {
      add_error(invocation, value.error, "Invalid", again);
      return false;
    }
    const bool is_platforms =
        invocation.policy->kind == policy::AdmissionKind::kMutatingAdmissionPolicy;
    auto mutated = ask_->scope->mutator->mutate(
        mutation.type, *mutation.expression.program, value.value, review_.object,
        is_platforms ? Decoding::kTyped : Decoding::kUntyped, *arena_);
    if (!mutated) {
      const bool refuses = is_platforms && mutated.error().code == ErrorCode::kInternal;
      add_error(invocation, mutated.error().message, refuses ? kInternalErrorReason : "Invalid",
                again);
      return false;
    }
    applied_ = true;
    review_.object = *mutated;
    return true;
  }

  void finish(const Invocation& invocation, const Node& param, const Node& before, bool passed,
              bool again) {
    const bool changed = !document::equal(before, review_.object);
    if (changed) {
      fights_.add(*invocation.policy, before, review_.object, again);
    }
    if (invocation.policy->reinvoked && !again) {
      reinvocable_.insert(key_of(invocation, param));
    }
    if (!again && passed) {
      AdmissionVerdict verdict;
      verdict.changed = changed;
      add(invocation, verdict);
    }
  }

  /// Behind what was said of the policy, also the first time.
  void add(const Invocation& invocation, AdmissionVerdict verdict) {
    verdict.policy = invocation.policy;
    verdict.rule = invocation.rule;
    verdict.binding = invocation.binding;
    settle(*ask_, verdict);
    auto& verdicts = made_.verdicts;
    auto at = verdicts.size();
    while (at > 0 && verdicts[at - 1].policy != verdict.policy) {
      --at;
    }
    verdicts.insert(at == 0 ? verdicts.end() : verdicts.begin() + static_cast<std::ptrdiff_t>(at),
                    verdict);
  }

  /// An error of the second time is reported where the first had none. What the API server answers
  /// an internal error for it refuses whatever failurePolicy says. Rule: mutating/dispatcher.go,
  /// dispatchInvocations.
  void add_error(const Invocation& invocation, std::string_view message, std::string_view reason,
                 bool again) {
    AdmissionVerdict verdict;
    verdict.outcome = Outcome::kError;
    verdict.message = arena_->copy(message);
    verdict.reason = reason;
    verdict.refuses = reason == kInternalErrorReason;
    const bool told = again && std::ranges::any_of(made_.verdicts, [&](const auto& each) {
                        return each.rule == invocation.rule && each.message == verdict.message;
                      });
    if (!told) {
      add(invocation, verdict);
    }
    refused_ = refused_ || verdict.refuses ||
               invocation.policy->failure_policy == policy::FailurePolicy::kFail;
  }

  void report_fights() {
    for (const auto& fight : fights_.found()) {
      AdmissionVerdict verdict;
      verdict.policy = fight.policy;
      verdict.outcome = Outcome::kFail;
      verdict.mode = Mode::kWarn;
      verdict.effect = ask_->dry_run ? Effect::kAudit : Effect::kWarn;
      verdict.message = arena_->copy(
          fight.policy == fight.other
              ? fmt::format("changes {} again each time that it runs; test for what is there, or "
                            "set reinvocationPolicy: Never",
                            fight.path)
              : fmt::format("changes {}, which {} '{}' has set to something else; let one of them "
                            "set it",
                            fight.path, name_of(fight.other->kind), fight.other->name));
      made_.verdicts.push_back(verdict);
    }
  }

  const AdmissionAsk* ask_;
  admission::Review review_;  ///< As the mutations so far have left it.
  admission::Review asked_;   ///< As this round has found it.
  Node asked_object_;         ///< Its object as expressions see it.
  AdmissionCaller caller_;
  Arena* arena_;
  AdmissionMutation made_;
  MutationFights fights_;
  std::set<InvocationKey> reinvocable_;
  bool applied_ = false;  ///< A mutation has succeeded, whether or not it changed anything.
  bool refused_ = false;
};

}  // namespace

AdmissionMutation mutate_admission(const AdmissionAsk& ask, const admission::Review& review,
                                   Arena& arena) {
  if (ask.scope->mutator == nullptr) {
    return {.object = review.object, .changed = false, .verdicts = {}};
  }
  return MutationRun(ask, review, arena).run();
}

}  // namespace seaworthy::engine
