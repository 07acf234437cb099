#pragma once

#include <string_view>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"

namespace seaworthy::engine {

/// The request that applying a manifest would make: CREATE, by nobody. `namespace_name` is taken
/// where the manifest has none. Errors: kInvalid: no map, no apiVersion or no kind.
Result<admission::Review> review_of_manifest(const document::Node& manifest,
                                             std::string_view namespace_name, Arena& arena);

}  // namespace seaworthy::engine
