// One request: parse, read, judge, print, count. Everything that it makes lies in a Scratch and is
// gone when it ends.
#include "seaworthy/server/webhook.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/snapshot.h"
#include "seaworthy/base/text.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/server/status.h"
#include "server/active_policies.h"
#include "server/scratch.h"

namespace seaworthy::server {
namespace {

using engine::Admission;
using engine::Effect;
using engine::Outcome;
using observe::AdmissionDecision;
using observe::PolicyResult;

/// An answer that is no verdict.
WebhookReply error_reply(int code, std::string_view message) {
  return {.status = code,
          .body = status_body(code, one_line(message, limits::kMessageCodePointsMax)),
          .retry_after = false};
}

AdmissionDecision decision_of(const Admission& admission) {
  if (!admission.response.allowed) {
    return AdmissionDecision::kDeny;
  }
  if (!admission.response.patch.empty()) {
    return AdmissionDecision::kMutate;
  }
  return admission.response.warnings.empty() ? AdmissionDecision::kAllow : AdmissionDecision::kWarn;
}

std::string_view word_of(AdmissionDecision decision) {
  switch (decision) {
    case AdmissionDecision::kAllow:
      return "allow";
    case AdmissionDecision::kDeny:
      return "deny";
    case AdmissionDecision::kWarn:
      return "warn";
    case AdmissionDecision::kMutate:
      return "mutate";
    case AdmissionDecision::kError:
      break;
  }
  return "error";
}

PolicyResult result_of(const engine::Verdict& verdict) {
  switch (verdict.finding.outcome) {
    case Outcome::kPass:
      return PolicyResult::kPass;
    case Outcome::kSkip:
      return PolicyResult::kSkip;
    case Outcome::kError:
      return PolicyResult::kError;
    case Outcome::kFail:
      break;
  }
  if (verdict.mended) {
    return PolicyResult::kMended;
  }
  return verdict.effect == Effect::kWarn ? PolicyResult::kWarn : PolicyResult::kFail;
}

PolicyResult result_of(const engine::AdmissionVerdict& verdict) {
  switch (verdict.outcome) {
    case Outcome::kPass:
      return verdict.changed ? PolicyResult::kMended : PolicyResult::kPass;
    case Outcome::kSkip:
      return PolicyResult::kSkip;
    case Outcome::kError:
      return PolicyResult::kError;
    case Outcome::kFail:
      break;
  }
  return verdict.effect == Effect::kWarn ? PolicyResult::kWarn : PolicyResult::kFail;
}

/// Names of the policies that were violated, sorted, each once.
std::string violated(const engine::Judgement& judgement) {
  std::set<std::string> names;
  for (const auto& verdict : judgement.verdicts) {
    if (verdict.finding.is_violation()) {
      names.insert(verdict.finding.policy->name);
    }
  }
  for (const auto& verdict : judgement.admission.verdicts) {
    if (verdict.is_violation()) {
      names.insert(verdict.policy->name);
    }
  }
  const std::vector<std::string> sorted(names.begin(), names.end());
  return join(sorted, ",");
}

/// "policy path: reason" of each remedy that was tried and not applied.
std::string undone(const engine::Judgement& judgement) {
  std::vector<std::string> parts;
  for (const auto& remedy : judgement.mended.undone) {
    parts.push_back(
        fmt::format("{} {}: {}", remedy.policy->name, remedy.item.text(), remedy.reason));
  }
  return join(parts, "; ");
}

}  // namespace

struct Webhook::State {
  Snapshot<ActivePolicies> policies;
  engine::Settings settings;
  observe::Log* log;
  observe::Metrics* metrics;
  const Clock* clock;
  ScratchPool scratch;

  void count(const WebhookRequest& request, const admission::Review& review,
             const Admission& admission, const ActivePolicies& active,
             std::chrono::steady_clock::time_point start) const {
    const auto duration = clock->monotonic() - start;
    const auto decision = decision_of(admission);
    metrics->admission({.endpoint = request.endpoint == Endpoint::kMutate
                                        ? observe::AdmissionEndpoint::kMutate
                                        : observe::AdmissionEndpoint::kValidate,
                        .operation = admission::name_of(review.operation),
                        .kind = review.kind.kind,
                        .decision = decision,
                        .dry_run = review.dry_run,
                        .duration = duration});
    // A Pod comes twice, to /mutate and to /validate: its results are those of its end state.
    if (request.endpoint == Endpoint::kValidate || admission.judgement.patched) {
      active.count(request.filter, admission.judgement.verdicts,
                   [&](const engine::Verdict& verdict) -> std::optional<PolicyResult> {
                     const bool counted = request.endpoint == Endpoint::kValidate || verdict.mended;
                     return counted ? std::optional(result_of(verdict)) : std::nullopt;
                   });
    }
    active.count(admission.judgement.admission.verdicts,
                 [](const engine::AdmissionVerdict& verdict) { return result_of(verdict); });
    const auto level = decision == AdmissionDecision::kAllow ? observe::LogLevel::kDebug
                                                             : observe::LogLevel::kInfo;
    if (log->writes(level)) {
      log->write(level, "decision",
                 {{"endpoint", request.endpoint == Endpoint::kMutate ? "mutate" : "validate"},
                  {"decision", word_of(decision)},
                  {"uid", review.uid},
                  {"operation", admission::name_of(review.operation)},
                  {"kind", review.kind.kind},
                  {"sub_resource", review.sub_resource},
                  {"namespace", review.namespace_name},
                  {"name", review.name},
                  {"user", review.user_info["username"].as_string()},
                  {"dry_run", review.dry_run},
                  {"violated", violated(admission.judgement)},
                  {"undone", undone(admission.judgement)},
                  {"patch_operations", admission.response.patch.size()},
                  {"microseconds",
                   std::chrono::duration_cast<std::chrono::microseconds>(duration).count()}});
    }
  }

  void count_error(const WebhookRequest& request, std::string_view message,
                   std::chrono::steady_clock::time_point start) const {
    metrics->admission({.endpoint = request.endpoint == Endpoint::kMutate
                                        ? observe::AdmissionEndpoint::kMutate
                                        : observe::AdmissionEndpoint::kValidate,
                        .operation = {},
                        .kind = {},
                        .decision = AdmissionDecision::kError,
                        .dry_run = false,
                        .duration = clock->monotonic() - start});
    log->warn("request not judged", {{"reason", message}});
  }
};

Webhook::Webhook(std::shared_ptr<const policy::PolicySet> policies,
                 const engine::Settings& settings, observe::Log& log, observe::Metrics& metrics,
                 const Clock& clock)
    : state_(new State{.policies = Snapshot<ActivePolicies>(
                           std::make_shared<ActivePolicies>(std::move(policies), metrics)),
                       .settings = settings,
                       .log = &log,
                       .metrics = &metrics,
                       .clock = &clock,
                       .scratch = {}}) {}

Webhook::~Webhook() = default;

void Webhook::publish(std::shared_ptr<const policy::PolicySet> policies) {
  state_->policies.publish(std::make_shared<ActivePolicies>(std::move(policies), *state_->metrics));
}

WebhookReply Webhook::handle(const WebhookRequest& request) {
  const auto start = state_->clock->monotonic();
  const auto active = state_->policies.take();
  ScratchPool::Lease scratch(state_->scratch);
  Arena& arena = scratch->arena;
  const auto body = scratch->parser.parse(request.body, arena, active->json());
  if (!body) {
    state_->count_error(request, body.error().message, start);
    return error_reply(400, "the body is no AdmissionReview: " + body.error().message);
  }
  const auto review = admission::read_review(*body);
  if (!review) {
    state_->count_error(request, review.error().message, start);
    return error_reply(400, review.error().message);
  }
  engine::JudgeRequest judge_request;
  judge_request.door =
      request.endpoint == Endpoint::kMutate ? engine::Door::kMutate : engine::Door::kValidate;
  judge_request.settings = state_->settings;
  judge_request.namespace_object = engine::namespace_from_name(review->namespace_name, arena);
  judge_request.deadline = {state_->clock, request.deadline};
  judge_request.seen = &scratch->seen;
  if (const auto* enforcement = active->set().enforcement()) {
    judge_request.enforcement = enforcement;
    judge_request.now = state_->clock->now();
  }
  const auto scope = active->admission(request.filter);
  judge_request.admission = &scope;
  const auto admission = engine::admit(active->of(request.filter), *review, judge_request, arena);
  if (!admission) {
    state_->count_error(request, admission.error().message, start);
    return error_reply(503, admission.error().message);
  }
  state_->count(request, *review, *admission, *active, start);
  return {.status = 200,
          .body = admission::print_response(review->api_version, review->uid, admission->response),
          .retry_after = false};
}

}  // namespace seaworthy::server
