#pragma once

#include <memory>

#include "seaworthy/base/clock.h"
#include "seaworthy/engine/settings.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/server/webhook_handler.h"

namespace seaworthy::server {

/// Turns the body of an AdmissionReview into the answer, through the engine. Threads: any, at the
/// same time.
class Webhook final : public WebhookHandler {
 public:
  /// Lifetime: log, metrics and clock outlive it.
  Webhook(std::shared_ptr<const policy::PolicySet> policies, const engine::Settings& settings,
          observe::Log& log, observe::Metrics& metrics, const Clock& clock);
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;
  ~Webhook() override;

  /// 200 with a verdict; 400 with a Status for what is no review; 503 without Retry-After where the
  /// deadline passed, so that the webhook's failurePolicy decides.
  WebhookReply handle(const WebhookRequest& request) override;

  /// From the next request on. Requests under way keep what they started with.
  void publish(std::shared_ptr<const policy::PolicySet> policies);

 private:
  struct State;
  class Answering;
  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::server
