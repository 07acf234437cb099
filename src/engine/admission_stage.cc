#include "engine/admission_stage.h"

#include <algorithm>

#include "engine/admission_mutation.h"
#include "engine/discretion.h"
#include "engine/enforcing.h"
#include "seaworthy/engine/target.h"

namespace seaworthy::engine {
namespace {

using policy::Mode;

/// A Pod that is created is mended before it is validated; a template's Pods will be, one by one.
bool is_pod(const admission::Review& review) {
  return review.kind.group.empty() && review.kind.kind == "Pod" && review.sub_resource.empty();
}

}  // namespace

AdmissionStage::AdmissionStage(const admission::Review& review, const JudgeRequest& request,
                               Arena& arena)
    : review_(review), request_(&request), arena_(&arena) {
  if (request.enforcement != nullptr && !request.enforcement->documents.empty()) {
    rules_.emplace(*request.enforcement, subject_of(review, request));
  }
  ask_.scope = request.admission;
  ask_.facts = {.object = request.namespace_object, .known = request.namespace_known};
  ask_.dry_run = request.settings.dry_run;
  ask_.at_admission = request.door != Door::kCheck;
  ask_.now = request.now;
  ask_.deadline = request.deadline;
  ask_.mode_of = [this](const policy::AdmissionPolicy& policy) {
    const Mode flag = request_->settings.mode;
    if (!rules_) {
      return flag;
    }
    if (ruled_.first != &policy) {  // all verdicts of a policy are asked about in turn
      const auto ruling = rules_->ruling_of(*policy.stand_in);
      ruled_ = {&policy, ruling.mode.value_or(std::min(flag, ruling.ceiling))};
    }
    return ruled_.second;
  };
  if (request.door == Door::kValidate) {
    return;
  }
  auto mutation = mutate_admission(ask_, review, arena);
  review_.object = mutation.object;
  mutated_ = mutation.changed;
  judgement_.verdicts = std::move(mutation.verdicts);
}

Result<AdmissionJudgement> AdmissionStage::finish(const document::Node& mended) {
  if (request_->door != Door::kMutate) {
    auto review = review_;
    if (request_->door == Door::kCheck && is_pod(review)) {
      review.object = mended;
    }
    auto validated = judge_admission(ask_, review, *arena_);
    judgement_.verdicts.insert(judgement_.verdicts.end(), validated.verdicts.begin(),
                               validated.verdicts.end());
    judgement_.annotations = std::move(validated.annotations);
  }
  if (request_->deadline.passed()) {
    return fail(ErrorCode::kUnavailable, "the deadline passed before every policy was evaluated");
  }
  if (judgement_.verdicts.empty() && judgement_.annotations.empty()) {
    return std::move(judgement_);
  }
  auto subject = review_;
  subject.kind = {};  // no Pod is looked for in it
  SEAWORTHY_TRY(const Target target, Target::make(subject, request_->namespace_object, *arena_));
  keep_secrets(judgement_, target, *arena_);
  return std::move(judgement_);
}

}  // namespace seaworthy::engine
