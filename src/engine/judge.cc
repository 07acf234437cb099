// Evaluate, mend, compare with before, decide. Which of the two states counts (as written or as
// mended) depends on the door:
//   Pod at /mutate     as written -> patch
//   Pod at /validate   as written (it has been through /mutate: what is still wrong stays wrong)
//   template           as its Pods will be, once /mutate has had them
//   check              as the server would in the end
#include "seaworthy/engine/judge.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/admission_stage.h"
#include "engine/discretion.h"
#include "engine/enforcing.h"
#include "engine/suggest.h"
#include "seaworthy/engine/change.h"
#include "seaworthy/engine/evaluator.h"

namespace seaworthy::engine {
namespace {

using admission::Operation;
using policy::Mode;
using policy::Policy;
using policy::RemedyLevel;

bool is_mirror_pod(const Target& target) {
  // Source: pkg/apis/core/annotation_key_constants.go: a static Pod's image in the API; to change
  // it would change nothing.
  return target.pod()->metadata["annotations"].find("kubernetes.io/config.mirror") != nullptr;
}

/// Whether remedies are looked at here at all, and on what. Rule: DESIGN section 5, items 1 and 5.
struct MendPlan {
  bool mend = false;
  std::vector<std::size_t> ephemeral;
  bool only_ephemeral = false;
};

MendPlan plan_mending(const Target& target, const Change& change, Door door) {
  MendPlan plan;
  if (!target.pod()) {
    return plan;
  }
  const auto& review = target.review();
  if (target.pod()->is_template) {
    plan.mend = door != Door::kMutate;
    return plan;
  }
  if (door == Door::kValidate || is_mirror_pod(target)) {
    return plan;
  }
  if (review.operation == Operation::kCreate && review.sub_resource.empty()) {
    plan.mend = true;
  } else if (review.operation == Operation::kUpdate &&
             review.sub_resource == "ephemeralcontainers") {
    plan.only_ephemeral = true;
    plan.ephemeral = change.added_ephemeral();
    plan.mend = !plan.ephemeral.empty();
  }
  return plan;
}

/// The part of the Pod that a finding is about; null where it is not in this version of it.
const Target::Part* part_of(const Target& target, const Finding& finding) {
  const auto& parts = target.parts(finding.policy->each);
  const auto part = std::ranges::find_if(
      parts, [&](const Target::Part& each) { return each.item == *finding.item; });
  return part == parts.end() ? nullptr : &*part;
}

Effect effect_of(const Finding& finding, const PolicySettings& settings, const Settings& flags) {
  if (!finding.is_violation() || settings.mode == Mode::kOff) {
    return Effect::kNone;
  }
  const bool let_in = finding.outcome == Outcome::kError &&
                      finding.policy->failure_policy == policy::FailurePolicy::kIgnore;
  if (settings.mode == Mode::kAudit || flags.dry_run || let_in) {
    return Effect::kAudit;
  }
  const bool severe = settings.named || finding.policy->severity >= flags.deny_from;
  return settings.mode == Mode::kDeny && severe ? Effect::kDeny : Effect::kWarn;
}

using Excuses = std::map<FindingKey, Excuse>;

/// What the exceptions say of each violation as it is written.
Excuses find_excuses(const Enforcing& enforcing, const Target& target, const Findings& written) {
  Excuses excuses;
  if (!enforcing.excuses()) {
    return excuses;
  }
  for (const auto& finding : written) {
    if (!finding.is_violation()) {
      continue;
    }
    const auto* part = part_of(target, finding);
    const auto excuse =
        enforcing.excuse_for(finding, part == nullptr ? std::string_view() : part->image);
    if (excuse.valid != nullptr || excuse.expired != nullptr) {
      excuses.emplace(key_of(finding), excuse);
    }
  }
  return excuses;
}

/// Gives the verdict of a violation what the exceptions say of it; true where it is excused.
bool excuse(const Excuse& excuse, Verdict& verdict, Arena& arena) {
  if (excuse.valid == nullptr) {
    verdict.finding.message = arena.copy(
        fmt::format("{} (exception {} of {} expired on {})", verdict.finding.message,
                    excuse.expired->name, excuse.expired->owner, excuse.expired->expiry_date()));
    return false;
  }
  const auto& exception = *excuse.valid;
  verdict.exception = &exception;
  verdict.finding.outcome = Outcome::kSkip;
  verdict.finding.message =
      arena.copy(fmt::format("excused until {} by exception {} of {}: {}", exception.expiry_date(),
                             exception.name, exception.owner, exception.reason));
  return true;
}

/// What a finding is decided by, beside its policy's settings.
struct Circumstances {
  const JudgeRequest* request = nullptr;
  const Change* change = nullptr;
  bool mended = false;
  const Excuse* excuse = nullptr;  ///< Null where there is none.
};

Verdict decide(const Finding& finding, const PolicySettings& settings,
               const Circumstances& circumstances, Arena& arena) {
  Verdict verdict{.finding = finding,
                  .mode = settings.mode,
                  .effect = Effect::kNone,
                  .mended = circumstances.mended,
                  .unchanged = false,
                  .exception = nullptr,
                  .undone = {},
                  .remedy = {}};
  if (settings.mode == Mode::kOff) {
    verdict.finding.outcome = Outcome::kSkip;
    return verdict;
  }
  if (verdict.mended ||
      (circumstances.excuse != nullptr && excuse(*circumstances.excuse, verdict, arena))) {
    return verdict;
  }
  const auto& request = *circumstances.request;
  if (request.door == Door::kMutate) {
    return verdict;
  }
  verdict.effect = effect_of(finding, settings, request.settings);
  if (finding.is_violation() && !circumstances.change->concerns(*finding.item)) {
    verdict.unchanged = true;
    verdict.effect = Effect::kAudit;
  }
  return verdict;
}

/// Findings that fail as written and pass in the end.
std::set<FindingKey> mended_keys(const Findings& written, const Findings& in_the_end) {
  std::set<FindingKey> keys;
  for (const auto& finding : written) {
    if (finding.is_violation()) {
      keys.insert(key_of(finding));
    }
  }
  for (const auto& finding : in_the_end) {
    if (finding.is_violation()) {
      keys.erase(key_of(finding));
    }
  }
  return keys;
}

/// Why a remedy was not applied, for each violation of whose remedy that is said; the first reason.
void attach_reasons(Judgement& judgement, Arena& arena) {
  if (judgement.mended.undone.empty()) {
    return;
  }
  std::map<FindingKey, std::string_view> undone;
  for (const auto& remedy : judgement.mended.undone) {
    undone.insert({key_of(remedy.policy, remedy.item), arena.copy(remedy.reason)});
  }
  for (auto& verdict : judgement.verdicts) {
    if (const auto reason = undone.find(key_of(verdict.finding)); reason != undone.end()) {
      verdict.undone = reason->second;
    }
  }
}

/// What the author may write, for each violation that is left.
void attach_remedies(const Target& target, const ParameterValues& parameters, Arena& arena,
                     std::vector<Verdict>& verdicts) {
  for (auto& verdict : verdicts) {
    const Policy& policy = *verdict.finding.policy;
    if (!verdict.finding.is_violation() || verdict.mended || !policy.remedy) {
      continue;
    }
    if (const auto* part = part_of(target, verdict.finding)) {
      PolicyContext context(policy, target, arena, parameters.of(policy));
      context.select(*part);
      verdict.remedy = suggest(policy, context, arena);
    }
  }
}

/// Whether anybody may get to read what findings say. Of what is only audited, places are told.
bool is_worded(const JudgeRequest& request, const Enforcing& enforcing) {
  return request.door == Door::kCheck ||
         (request.door == Door::kValidate && !request.settings.dry_run && enforcing.speaks());
}

Result<Judgement> judge_native(std::span<const std::shared_ptr<const Policy>> policies,
                               const admission::Review& review, const JudgeRequest& request,
                               Arena& arena) {
  Judgement judgement;
  judgement.mended.object = review.object;
  if (review.operation == Operation::kConnect) {
    return judgement;
  }
  auto subject = review;
  const bool holds_pod = review.object.is_map() && (review.sub_resource.empty() ||
                                                    review.sub_resource == "ephemeralcontainers" ||
                                                    review.sub_resource == "resize");
  if (!holds_pod) {
    subject.kind = {};  // a Scale, a status, an Eviction, a DELETE: no Pod in it that is judged
  }
  SEAWORTHY_TRY(const Target target, Target::make(subject, request.namespace_object, arena));
  const Enforcing enforcing(policies, review, request);
  SEAWORTHY_TRY(
      const Findings written,
      evaluate(policies, target, arena, request.deadline, enforcing.parameters(),
               is_worded(request, enforcing) ? Wording::kFull : Wording::kNone, request.memory));
  const Change change = compare(target);
  const Excuses excuses = find_excuses(enforcing, target, written);
  const MendPlan plan = plan_mending(target, change, request.door);
  judgement.mended.object = target.object();
  judgement.mended.findings = written;
  if (plan.mend && enforcing.mends()) {
    // What is excused stays as it is: its remedy may be what it could not live with.
    auto level = [&](const Finding& finding) {
      const auto found = excuses.find(key_of(finding));
      const bool excused = found != excuses.end() && found->second.valid != nullptr;
      return excused ? RemedyLevel::kSuggest : enforcing.remedy_of(*finding.policy);
    };
    const MendScope scope{.level = level,
                          .only_ephemeral = plan.only_ephemeral ? &plan.ephemeral : nullptr};
    SEAWORTHY_TRY(judgement.mended, mend(policies, target, written, scope, arena, request.deadline,
                                         enforcing.parameters()));
  }
  judgement.patched = request.door == Door::kMutate && !judgement.mended.applied.empty();
  const auto mended = mended_keys(written, judgement.mended.findings);
  judgement.verdicts.reserve(written.size());
  for (const auto& finding : written) {
    Circumstances circumstances{
        .request = &request, .change = &change, .mended = false, .excuse = nullptr};
    if (finding.is_violation()) {
      const FindingKey key = key_of(finding);
      const auto found = excuses.find(key);
      circumstances.mended = mended.contains(key);
      circumstances.excuse = found == excuses.end() ? nullptr : &found->second;
    }
    judgement.verdicts.push_back(
        decide(finding, enforcing.of(*finding.policy), circumstances, arena));
  }
  if (request.door == Door::kCheck) {
    attach_remedies(target, enforcing.parameters(), arena, judgement.verdicts);
  }
  judgement.mended.findings.clear();  // as they were worded
  keep_secrets(judgement, target, request.door, enforcing.parameters(), arena);
  attach_reasons(judgement, arena);
  return judgement;
}

}  // namespace

bool Judgement::denied() const {
  return admission.denied() || std::ranges::any_of(verdicts, [](const Verdict& verdict) {
           return verdict.effect == Effect::kDeny;
         });
}

Result<Judgement> judge(std::span<const std::shared_ptr<const Policy>> policies,
                        const admission::Review& review, const JudgeRequest& request,
                        Arena& arena) {
  if (request.admission == nullptr || request.admission->policies.empty()) {
    return judge_native(policies, review, request, arena);
  }
  AdmissionStage stage(review, request, arena);
  Judgement judgement;
  if (policies.empty()) {
    judgement.mended.object = stage.review().object;
  } else {
    SEAWORTHY_TRY(judgement, judge_native(policies, stage.review(), request, arena));
  }
  SEAWORTHY_TRY(judgement.admission, stage.finish(judgement.mended.object));
  judgement.mutated = stage.mutated();
  judgement.patched = judgement.patched || (request.door == Door::kMutate && judgement.mutated &&
                                            !request.settings.dry_run);
  return judgement;
}

}  // namespace seaworthy::engine
