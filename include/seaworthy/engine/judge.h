#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/engine/admission_scope.h"
#include "seaworthy/engine/admission_verdict.h"
#include "seaworthy/engine/evaluator.h"
#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/mend.h"
#include "seaworthy/engine/settings.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::engine {

/// A finding and what follows from it. Copied freely.
struct Verdict {
  Finding finding;
  policy::Mode mode = policy::Mode::kAudit;  ///< Of its policy here.
  Effect effect = Effect::kNone;
  bool mended = false;  ///< Fails as written; its remedy will make, or made, it pass.
  bool unchanged =
      false;  ///< Fails, but the request does not change what runs: reported, never refused.
  const policy::PolicyException* exception =
      nullptr;  ///< Fails, but is excused: reported as skipped, with a message that says by whom.
  std::string_view undone;  ///< Why its remedy, which the settings allow, was not applied; empty
                            ///< where there is nothing to say.
  document::Node remedy;    ///< At kCheck, of a violation: what to write, as {container, pod,
                            ///< podMetadata}; null where nothing can be said.
};

/// The door through which an object comes: it decides whose end state is judged.
enum class Door : std::uint8_t {
  kMutate,    ///< Patches; refuses nothing.
  kValidate,  ///< A Pod as it is; a template as its Pods will be.
  kCheck,     ///< As the server would in the end: Pods and templates as they will be.
};

struct Judgement {
  std::vector<Verdict>
      verdicts;   ///< Of every policy that selects the object, in order of policies, then places.
  Mended mended;  ///< What remedies did or would do; without its findings, which are as worded.
  bool patched = false;  ///< The patch is sent: a Pod's at kMutate.
  /// What in-tree policies and others that were not written for us say.
  AdmissionJudgement admission;
  bool mutated = false;  ///< Their mutations changed the object; `mended` begins with the result.

  [[nodiscard]] bool denied() const;
};

struct JudgeRequest {
  Door door = Door::kValidate;
  Settings settings;
  document::Node namespace_object;  ///< Null for cluster-scoped objects.
  bool namespace_known = false;     ///< `namespace_object` is whole; else only its name is known.
  /// Of the set that the policies are of; null: the settings are all that counts.
  const policy::EnforcementSet* enforcement = nullptr;
  /// In-tree policies and others that were not written for us; null: there are none.
  const AdmissionScope* admission = nullptr;
  /// When the request came: what exceptions' expiry is compared with. Without it none excuses.
  std::optional<std::chrono::system_clock::time_point> now = {};
  Deadline deadline;
  /// Of the object as it is written; not to be used where `admission` has policies that change it.
  Memory memory;
  /// How far remedies are applied, whatever settings and documents say; unset: as they say. A
  /// policy that is off stays off.
  std::optional<policy::RemedyLevel> remedy_for_all = {};
  std::span<const policy::Parameter>
      parameters;  ///< Overrides, for policies' own tests; empty: the policies'.
};

/// The one evaluator behind webhook, check, fix, test and replay. Rule: DESIGN section 5.
/// Mutating admission policies run first, as in-tree ones run before webhooks; then native policies
/// and their remedies, on the result; then validating admission policies, on what comes of both.
/// Errors: kInvalid (the object should hold a Pod spec and does not), kUnavailable (deadline).
Result<Judgement> judge(std::span<const std::shared_ptr<const policy::Policy>> policies,
                        const admission::Review& review, const JudgeRequest& request, Arena& arena);

}  // namespace seaworthy::engine
