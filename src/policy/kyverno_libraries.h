#pragma once

#include "seaworthy/cel/function.h"

namespace seaworthy::policy {

// The functions that Kyverno adds to CEL, as far as they ask nothing of a network: one family each.
// Source: github.com/kyverno/sdk, extensions/cel/libs.

cel::Library kyverno_hash_functions();      ///< md5, sha1, sha256
cel::Library kyverno_image_functions();     ///< parseImageReference, isImage, registry …
cel::Library kyverno_data_functions();      ///< json.unmarshal, yaml.parse, listObjToMap …
cel::Library kyverno_time_functions();      ///< time.now, time.truncate, time.toCron, math.round
cel::Library kyverno_random_functions();    ///< random
cel::Library kyverno_bytes_functions();     ///< x509.decode, gzip.compress, gzip.decompress
cel::Library kyverno_identity_functions();  ///< parseServiceAccount

/// The slots that these functions read; make_kyverno_environment() declares them there.
inline constexpr std::uint32_t kKyvernoNowSlot = 5;   ///< A timestamp.
inline constexpr std::uint32_t kKyvernoSeedSlot = 6;  ///< An int, replaced at each draw.

}  // namespace seaworthy::policy
