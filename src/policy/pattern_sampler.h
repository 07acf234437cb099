#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "seaworthy/base/result.h"

namespace seaworthy::policy {

/// The next number of the sequence that `state` is in. Rule: SplitMix64; good enough for names,
/// not for secrets.
std::uint64_t draw(std::uint64_t& state);

/// A text that the regular expression matches, by numbers drawn from `state`: literals, `.`,
/// classes, `\d \w \s`, groups, `|`, and `? * + {n} {n,} {n,m}`, where what has no end is repeated
/// at most limits::kSampleRepeatsMax times. Errors: kInvalid (what it cannot read),
/// kOverLimit (longer than limits::kSampleBytesMax, or more than kSampleStepsMax). `steps`: how
/// many characters of the pattern were read to the end, again for each repetition.
Result<std::string> sample_pattern(std::string_view pattern, std::uint64_t& state,
                                   std::size_t& steps);

}  // namespace seaworthy::policy
