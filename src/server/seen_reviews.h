#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/kept_json.h"
#include "seaworthy/engine/known_outcomes.h"
#include "seaworthy/server/webhook_handler.h"
#include "server/active_policies.h"
#include "server/known_reply.h"
#include "server/text_readers.h"

namespace seaworthy::server {

/// A review that was judged, and what is known from it of its likes.
struct SeenReview {
  document::KeptJson json;
  engine::KnownOutcomes outcomes;
  std::optional<KnownReply> reply;  ///< Nothing where each like needs an answer of its own.
  std::span<const std::string_view> pod_path;
  std::vector<const TextReaders*> readers;  ///< Of the strings that have differed; else null.
  bool judged = false;                      ///< Before that it tells nothing.

  /// How the review itself was judged, with `outcomes` as JudgeRequest::memory.noted.
  void note(const admission::Review& review, const engine::JudgeRequest& request,
            const engine::Admission& admission, const Account& account,
            const ActivePolicies::Policies& policies);
};

/// The creations that came last and may come again: the Pods of one workload are alike to the byte
/// but for names, times and ids, and each comes to several doors. In what a review differs from the
/// kept one is found by comparing bytes; what hangs on none of that is not done again. Bounded
/// (limits::kKeptReviewsMax, kKeptBytesMax). Threads: one at a time.
class SeenReviews {
 public:
  SeenReviews();

  /// What is known of a body.
  struct Likeness {
    SeenReview* review = nullptr;  ///< Null: nothing. Its outcomes doubt what may be different.
    std::span<const document::KeptJson::Change> changes;
    bool same_reply = false;  ///< `review->reply` is the answer, but for the uid.
    bool keep = false;        ///< Nothing is known, and it should be kept.
  };

  /// `arena`: for what the answer points to, beside `request.body`. Good until the next call.
  Likeness find(const WebhookRequest& request, const ActivePolicies& active,
                document::JsonParser& parser, Arena& arena);

  /// Keeps the body that was last asked for, to be judged; null where it cannot be kept: it is no
  /// JSON, also in what nobody sees, or not what KeptJson can be made of.
  SeenReview* keep(const WebhookRequest& request, const ActivePolicies& active,
                   document::JsonParser& parser);

 private:
  struct Place {
    std::uint64_t key = 0;  ///< Of the bodies that are looked for here.
    int worth = 0;          ///< How often another key must come before it gets the place.
    int misses = 0;         ///< Bodies of the key, since the last that was like the kept one.
    int patience = 1;       ///< After how many of them the next is kept.
    std::size_t bytes = 0;
    std::optional<SeenReview> review;
  };

  void empty(Place& place);
  void forget();
  bool match(const WebhookRequest& request, const ActivePolicies& active, Likeness& likeness,
             document::JsonParser& parser, Arena& arena);

  std::uint64_t serial_ = 0;  ///< Of the policies that all of this is about.
  std::size_t bytes_ = 0;
  Place* asked_ = nullptr;
  std::vector<Place> places_;
  std::array<TextReaderIndex, kPolicyFilters> readers_;
  std::vector<document::KeptJson::Change> changes_;
};

}  // namespace seaworthy::server
