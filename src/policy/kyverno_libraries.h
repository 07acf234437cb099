#pragma once

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/function.h"

namespace seaworthy::policy {

// The functions that Kyverno adds to CEL, as far as they ask nothing of a network: one family each.
// Source: github.com/kyverno/sdk, extensions/cel/libs.

cel::Library kyverno_hash_functions();      ///< md5, sha1, sha256
cel::Library kyverno_image_functions();     ///< parseImageReference, isImage, registry …
cel::Library kyverno_data_functions();      ///< json.unmarshal, yaml.parse, listObjToMap …
cel::Library kyverno_time_functions();      ///< time.now, time.truncate, time.toCron
cel::Library kyverno_math_functions();      ///< math.round
cel::Library kyverno_random_functions();    ///< random
cel::Library kyverno_bytes_functions();     ///< x509.decode, gzip.compress, gzip.decompress
cel::Library kyverno_identity_functions();  ///< parseServiceAccount

/// What a function costs that reads all of its first argument, a text: a tenth of its bytes.
inline std::uint64_t kyverno_text_cost(std::span<const cel::Value> arguments,
                                       const cel::Value& /*result*/) {
  return arguments[0].is(cel::ValueKind::kString) ? (arguments[0].size() + 9) / 10 : 1;
}

/// The slots that these functions read; make_kyverno_environments() declares them there.
inline constexpr std::uint32_t kKyvernoNowSlot = 5;   ///< A timestamp.
inline constexpr std::uint32_t kKyvernoSeedSlot = 6;  ///< An int, replaced at each draw.

/// Such a slot with what the request has for it; null while an expression is compiled, when there
/// is no request.
inline cel::Value* kyverno_request_slot(cel::Evaluation& evaluation, std::uint32_t slot) {
  const auto slots = evaluation.slots();
  if (slots.size() <= slot) {
    return nullptr;
  }
  cel::Value& value = slots[slot];
  if (value.is(cel::ValueKind::kUnset) && evaluation.lazy() != nullptr) {
    value = evaluation.lazy()->resolve(slot, evaluation);
  }
  return &value;
}

}  // namespace seaworthy::policy
