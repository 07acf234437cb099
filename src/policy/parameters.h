#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// A parameter of a type that `type_word` names (string, int, double, bool, quantity, duration,
/// list, version) with this value. `base` is Environment::kubernetes(); `newest` is there for a
/// version only. Errors: kInvalid: an unknown type, or a value that is not of it.
Result<Parameter> make_parameter(std::string name, std::string_view type_word,
                                 const document::Node& value, const cel::Environment& base,
                                 std::optional<std::int64_t> newest = {});

/// The parameter with another value, coerced as a default is. `arena`: where a coerced value lies.
/// Errors: kInvalid: a value of another type.
Result<Parameter> with_written_value(const Parameter& parameter, const document::Node& value,
                                     const cel::Environment& base, Arena& arena);

/// The value that a flag's text means for the type: numbers and bools are read, a list is split at
/// commas. Errors: kInvalid.
Result<document::Node> read_parameter_text(std::string_view type_word, std::string_view text,
                                           Arena& arena);

/// Reads `spec.params` into `parameters`; mistakes are reported.
void read_parameters(const ReadContext& context, const document::Node& params,
                     const cel::Environment& base, std::vector<Parameter>& parameters);

}  // namespace seaworthy::policy
