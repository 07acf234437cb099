#pragma once

#include <optional>
#include <utility>

#include "engine/admission_judge.h"
#include "seaworthy/engine/judge.h"

namespace seaworthy::engine {

/// The part of a judgement that admission policies have: mutations before native policies are
/// asked, validations after. Lifetime: what it is made of.
class AdmissionStage {
 public:
  /// Runs the mutations, where the door has any.
  AdmissionStage(const admission::Review& review, const JudgeRequest& request, Arena& arena);
  AdmissionStage(const AdmissionStage&) = delete;
  AdmissionStage& operator=(const AdmissionStage&) = delete;

  /// The review with the object as mutations have left it.
  [[nodiscard]] const admission::Review& review() const { return review_; }

  [[nodiscard]] bool mutated() const { return mutated_; }

  /// Runs the validations, where the door has any. `mended`: the object as native remedies have
  /// left it, which is what a Pod's creation is judged by; a template is judged as it is.
  /// Errors: kUnavailable (deadline).
  Result<AdmissionJudgement> finish(const document::Node& mended);

 private:
  admission::Review review_;
  const JudgeRequest* request_;
  Arena* arena_;
  std::optional<policy::RequestRules> rules_;  ///< Of Enforcement documents.
  /// The policy that was last asked about, and its mode.
  std::pair<const policy::AdmissionPolicy*, policy::Mode> ruled_{};
  AdmissionAsk ask_;
  AdmissionJudgement judgement_;
  bool mutated_ = false;
};

}  // namespace seaworthy::engine
