#pragma once

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

// CEL's operators on values that are no errors. Each answers a value or an error in cel-go's words:
// "integer overflow", "division by zero", "no such overload", and "no such overload: _+_" where the
// left operand's kind has no such operator at all.

Value add(const Value& a, const Value& b, Evaluation& evaluation);
Value subtract(const Value& a, const Value& b, Evaluation& evaluation);
Value multiply(const Value& a, const Value& b, Evaluation& evaluation);
Value divide(const Value& a, const Value& b, Evaluation& evaluation);
Value modulo(const Value& a, const Value& b, Evaluation& evaluation);
Value negate(const Value& value, Evaluation& evaluation);
Value logical_not(const Value& value, Evaluation& evaluation);
/// `item in container`.
Value contained_in(const Value& item, const Value& container, Evaluation& evaluation);
Value size_of(const Value& value, Evaluation& evaluation);

/// "no such overload: name", or without the name for kinds that cel-go asks once more (string,
/// duration, timestamp: its ReceiverType).
Value unsupported(std::string_view name, const Value& receiver, Evaluation& evaluation);

}  // namespace seaworthy::cel
