#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "seaworthy/document/quantity.h"

namespace seaworthy::document {

/// What a suffix means.
struct Unit {
  Quantity::Format format = Quantity::Format::kDecimalSI;
  std::int32_t exponent = 0;  // of 10, or of 2
};

/// The parts of a quantity's text.
struct Spelling {
  bool negative = false;
  std::string_view whole;     // without leading zeros, "0" if nothing is left
  std::string_view fraction;  // as it stands
  std::string_view suffix;
  bool has_digits = false;  // before the suffix
};

/// suffix.go, interpret; exponents beyond ±256 are none.
std::optional<Unit> read_suffix(std::string_view text);

/// suffix.go, constructBytes: nothing is written for a power that has no suffix.
std::string suffix_of(Quantity::Format format, std::int32_t exponent);

/// quantity.go, parseQuantityString: as lenient as there, where "m" and "." are zero.
std::optional<Spelling> split_spelling(std::string_view text);

}  // namespace seaworthy::document
