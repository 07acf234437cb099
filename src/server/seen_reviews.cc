// A body is looked for under what the Pods of one workload have in common and no others: the prefix
// of their generated names; without one under its length, which is that of the same body again.
#include "server/seen_reviews.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "seaworthy/admission/workload.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::server {
namespace {

using document::KeptJson;

/// Where operation and generateName stand, if they do.
constexpr std::size_t kHeadBytes = 2048;
constexpr int kWorthMax = 8;
constexpr int kPatienceMax = 64;

/// What follows `name` in the text; empty where it is not there.
std::string_view after(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) {
    return {};  // an empty text has no address to look at
  }
  const void* const found = memmem(text.data(), text.size(), name.data(), name.size());
  if (found == nullptr) {
    return {};
  }
  const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  return text.substr(at + name.size());
}

/// Nothing where it is no creation, as far as can be seen.
std::optional<std::uint64_t> key_of(const WebhookRequest& request) {
  const auto rest = after(request.body.substr(0, kHeadBytes), R"("operation":")");
  if (!rest.starts_with(R"(CREATE")")) {
    return std::nullopt;
  }
  std::string_view name = after(rest, R"("generateName":")");
  name = name.substr(0, name.find('"'));
  const std::uint64_t kind = name.empty() ? request.body.size() : document::hash_key(name);
  return kind << 8 | static_cast<std::uint64_t>(request.endpoint) << 4 |
         static_cast<std::uint64_t>(request.filter);
}

}  // namespace

void SeenReview::note(const admission::Review& review, const engine::JudgeRequest& request,
                      const engine::Admission& admission, const Account& account,
                      const ActivePolicies::Policies& policies) {
  if (const auto* const kind = admission::find_workload_kind(review.kind)) {
    pod_path = kind->pod_path;
  }
  reply = KnownReply::of(review, request, admission, account, policies);
  judged = true;
}

SeenReviews::SeenReviews() : places_(limits::kKeptReviewsMax) {}

void SeenReviews::empty(Place& place) {
  bytes_ -= place.bytes;
  place = Place();
}

void SeenReviews::forget() {
  for (Place& place : places_) {
    empty(place);
  }
  for (TextReaderIndex& index : readers_) {
    index.clear();
  }
}

SeenReviews::Likeness SeenReviews::find(const WebhookRequest& request, const ActivePolicies& active,
                                        document::JsonParser& parser, Arena& arena) {
  Likeness likeness;
  if (serial_ != active.serial()) {
    forget();
    serial_ = active.serial();
  }
  const bool usable = request.body.size() <= limits::kKeptReviewBytesMax &&
                      active.admission(request.filter).policies.empty();
  const auto key = usable ? key_of(request) : std::nullopt;
  if (!key) {
    return likeness;
  }
  Place& place = places_[(*key * 0x9E3779B97F4A7C15U >> 32) % places_.size()];
  asked_ = &place;
  if (place.key != *key) {
    place.worth = std::max(place.worth - 1, 0);
    if (place.worth == 0) {
      empty(place);
      place.key = *key;
    }
    return likeness;
  }
  if (place.review && place.review->judged) {
    likeness.review = &*place.review;
    if (match(request, active, likeness, parser, arena)) {
      place.worth = std::min(place.worth + 1, kWorthMax);
      place.misses = 0;
      place.patience = 1;
      return likeness;
    }
    likeness = Likeness();
  }
  likeness.keep = ++place.misses >= place.patience;
  return likeness;
}

bool SeenReviews::match(const WebhookRequest& request, const ActivePolicies& active,
                        Likeness& likeness, document::JsonParser& parser, Arena& arena) {
  SeenReview& review = *likeness.review;
  changes_.clear();
  if (!review.json.compare(request.body, limits::kReviewChangesMax, parser, arena, changes_)) {
    return false;
  }
  likeness.changes = changes_;
  likeness.same_reply = review.reply.has_value();
  review.outcomes.begin();
  for (const KeptJson::Change& change : changes_) {
    if (review.readers.size() <= change.text) {
      review.readers.resize(change.text + std::size_t{1}, nullptr);
    }
    const TextReaders*& readers = review.readers[change.text];
    if (readers == nullptr) {
      readers =
          &readers_.at(static_cast<std::size_t>(request.filter))
               .find(review.json.path(change.text), review.pod_path, active.of(request.filter));
    }
    if (readers->decides_all) {
      return false;
    }
    for (const std::uint32_t policy : readers->rules) {
      review.outcomes.doubt(policy);
    }
    likeness.same_reply = likeness.same_reply && !review.reply->hangs_on(*readers);
  }
  return true;
}

SeenReview* SeenReviews::keep(const WebhookRequest& request, const ActivePolicies& active,
                              document::JsonParser& parser) {
  const std::uint64_t key = asked_->key;
  // Where nothing was like the last one, it may be that nothing ever is.
  const int patience = std::min(asked_->patience * 2, kPatienceMax);
  empty(*asked_);
  asked_->key = key;
  asked_->patience = patience;
  auto json = KeptJson::make(request.body, parser);
  if (!json || !*json) {
    return nullptr;
  }
  engine::KnownOutcomes outcomes(active.of(request.filter).size());
  const std::size_t bytes = (*json)->held_bytes() + outcomes.held_bytes();
  if (bytes_ + bytes > limits::kKeptBytesMax) {
    Place kept = std::move(*asked_);
    forget();
    *asked_ = std::move(kept);
  }
  asked_->worth = 1;
  asked_->bytes = bytes;
  bytes_ += bytes;
  asked_->review.emplace(SeenReview{.json = **std::move(json),
                                    .outcomes = std::move(outcomes),
                                    .reply = {},
                                    .pod_path = {},
                                    .readers = {},
                                    .judged = false});
  return &*asked_->review;
}

}  // namespace seaworthy::server
