// One request: parse, read, judge, print, count. Everything that it makes lies in a Scratch and is
// gone when it ends.
#include "seaworthy/server/webhook.h"

#include <optional>
#include <string>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/snapshot.h"
#include "seaworthy/base/text.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/server/status.h"
#include "server/account.h"
#include "server/active_policies.h"
#include "server/scratch.h"
#include "server/seen_reviews.h"

namespace seaworthy::server {
namespace {

using observe::AdmissionDecision;

/// Whether reviews like this one, which SeenReviews has kept, will come and be judged alike.
bool is_repeatable(const admission::Review& review) {
  return review.operation == admission::Operation::kCreate && review.old_object.is_null();
}

observe::AdmissionEndpoint endpoint_of(const WebhookRequest& request) {
  return request.endpoint == Endpoint::kMutate ? observe::AdmissionEndpoint::kMutate
                                               : observe::AdmissionEndpoint::kValidate;
}

}  // namespace

struct Webhook::State {
  Snapshot<ActivePolicies> policies;
  engine::Settings settings;
  observe::Log* log;
  observe::Metrics* metrics;
  const Clock* clock;
  ScratchPool scratch;

  void count(const WebhookRequest& request, const admission::Review& review, const Account& account,
             observe::AdmissionReuse reuse, std::chrono::steady_clock::time_point start) const {
    const auto duration = clock->monotonic() - start;
    metrics->admission({.endpoint = endpoint_of(request),
                        .operation = admission::name_of(review.operation),
                        .kind = review.kind.kind,
                        .decision = account.decision,
                        .dry_run = review.dry_run,
                        .duration = duration,
                        .reuse = reuse});
    for (const ResultCount& result : account.results) {
      result.counters->add(result.result, result.count);
    }
    if (log->writes(account.level())) {
      log->write(account.level(), "decision",
                 {{"endpoint", request.endpoint == Endpoint::kMutate ? "mutate" : "validate"},
                  {"decision", word_of(account.decision)},
                  {"uid", review.uid},
                  {"operation", admission::name_of(review.operation)},
                  {"kind", review.kind.kind},
                  {"sub_resource", review.sub_resource},
                  {"namespace", review.namespace_name},
                  {"name", review.name},
                  {"user", review.user_info["username"].as_string()},
                  {"dry_run", review.dry_run},
                  {"violated", account.violated},
                  {"undone", account.undone},
                  {"patch_operations", account.patch_operations},
                  {"microseconds",
                   std::chrono::duration_cast<std::chrono::microseconds>(duration).count()}});
    }
  }

  void count_error(const WebhookRequest& request, std::string_view message,
                   std::chrono::steady_clock::time_point start) const {
    metrics->admission({.endpoint = endpoint_of(request),
                        .operation = {},
                        .kind = {},
                        .decision = AdmissionDecision::kError,
                        .dry_run = false,
                        .duration = clock->monotonic() - start,
                        .reuse = observe::AdmissionReuse::kNothing});
    log->warn("request not judged", {{"reason", message}});
  }
};

/// One request on its way.
class Webhook::Answering {
 public:
  Answering(const State& state, const WebhookRequest& request, const ActivePolicies& active,
            Scratch& scratch)
      : state_(&state),
        request_(&request),
        active_(&active),
        scratch_(&scratch),
        start_(state.clock->monotonic()),
        like_(scratch.seen.find(request, active, scratch.parser, scratch.arena)) {}

  WebhookReply answer() {
    std::optional<document::KeptJson::Reading> reading;
    if (like_.review != nullptr) {
      reading.emplace(like_.review->json, like_.changes);
    }
    const auto body = reading ? Result<document::Node>(reading->root()) : read();
    if (!body) {
      return refuse(400, "the body is no AdmissionReview: ", body.error().message);
    }
    const auto review = admission::read_review(*body);
    if (!review) {
      return refuse(400, "", review.error().message);
    }
    if (like_.same_reply) {
      const KnownReply& known = *like_.review->reply;
      return reply(*review, known.response, known.account);
    }
    return judge(*review);
  }

 private:
  Result<document::Node> read() {
    if (like_.keep) {
      kept_ = scratch_->seen.keep(*request_, *active_, scratch_->parser);
    }
    return kept_ != nullptr
               ? Result<document::Node>(kept_->json.root())
               : scratch_->parser.parse(request_->body, scratch_->arena, active_->json());
  }

  WebhookReply judge(const admission::Review& review) {
    engine::JudgeRequest judging;
    judging.door =
        request_->endpoint == Endpoint::kMutate ? engine::Door::kMutate : engine::Door::kValidate;
    judging.settings = state_->settings;
    judging.namespace_object = engine::namespace_from_name(review.namespace_name, scratch_->arena);
    judging.deadline = {state_->clock, request_->deadline};
    if (const auto* enforcement = active_->set().enforcement()) {
      judging.enforcement = enforcement;
      judging.now = state_->clock->now();
    }
    const auto scope = active_->admission(request_->filter);
    judging.admission = &scope;
    if (kept_ != nullptr && is_repeatable(review)) {
      judging.memory.noted = &kept_->outcomes;
    } else if (like_.review != nullptr) {
      judging.memory.known = &like_.review->outcomes;
    }
    const auto& policies = active_->of(request_->filter);
    const auto admission = engine::admit(policies, review, judging, scratch_->arena);
    if (!admission) {
      return refuse(503, "", admission.error().message);
    }
    auto account = Account::of(*request_, *admission, *active_);
    if (state_->log->writes(account.level())) {
      account.word(admission->judgement);
    }
    if (judging.memory.noted != nullptr) {
      kept_->note(review, judging, *admission, account, policies);
    }
    return reply(review, admission->response, account);
  }

  WebhookReply reply(const admission::Review& review, const admission::Response& response,
                     const Account& account) const {
    state_->count(*request_, review, account, reuse(), start_);
    return {.status = 200,
            .body = admission::print_response(review.api_version, review.uid, response),
            .retry_after = false};
  }

  [[nodiscard]] observe::AdmissionReuse reuse() const {
    if (like_.review == nullptr) {
      return observe::AdmissionReuse::kNothing;
    }
    return like_.same_reply ? observe::AdmissionReuse::kAnswer : observe::AdmissionReuse::kOutcomes;
  }

  /// An answer that is no verdict.
  WebhookReply refuse(int code, std::string_view head, std::string_view message) const {
    state_->count_error(*request_, message, start_);
    const auto text = std::string(head).append(message);
    return {.status = code,
            .body = status_body(code, one_line(text, limits::kMessageCodePointsMax)),
            .retry_after = false};
  }

  const State* state_;
  const WebhookRequest* request_;
  const ActivePolicies* active_;
  Scratch* scratch_;
  std::chrono::steady_clock::time_point start_;
  SeenReviews::Likeness like_;
  SeenReview* kept_ = nullptr;  ///< This review, for its likes.
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
  const auto active = state_->policies.take();
  ScratchPool::Lease scratch(state_->scratch);
  return Answering(*state_, request, *active, *scratch).answer();
}

}  // namespace seaworthy::server
