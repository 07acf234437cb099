// Quantities of Kubernetes (k8s.io/apiserver pkg/cel/library/quantity.go, pkg/cel/quantity.go).
//
// What add and sub answer is another Go type (a pointer) than what quantity() answers, and a
// quantity is only ever equal to what quantity() answers: with a sum on the right `==` is the error
// "no such overload", and `!=` true.
//
// A value in the arena has no destructor, which a document::Quantity needs: so the value keeps the
// quantity's parts, with what they point to in the arena.

#include <string>

#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "seaworthy/document/quantity.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;
using document::Quantity;

extern const RuntimeType kQuantityType;
extern const RuntimeType kComputedQuantityType;

class QuantityValue final : public OpaqueValue {
 public:
  /// The parts' limbs and text lie in the arena or in what outlives it.
  QuantityValue(const RuntimeType& type, const Quantity::Parts& parts)
      : OpaqueValue(type), parts_(parts) {}

  [[nodiscard]] const Quantity::Parts& parts() const { return parts_; }

  [[nodiscard]] Quantity quantity() const { return Quantity::of(parts_); }

 private:
  Quantity::Parts parts_;
};

Value make(const RuntimeType& type, const Quantity& quantity, Evaluation& evaluation) {
  Arena& arena = evaluation.arena();
  Quantity::Parts parts = quantity.parts();
  parts.limbs = arena.copy(parts.limbs);
  parts.text = arena.copy(parts.text);
  return Value::opaque(*arena.create<QuantityValue>(type, parts));
}

const QuantityValue& of(const Value& value) {
  return static_cast<const QuantityValue&>(value.as_opaque());
}

Value equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!other.is(ValueKind::kOpaque) || &other.as_opaque().type() != &kQuantityType) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(of(self).parts() == of(other).parts());
}

std::string_view text(const OpaqueValue& value, Arena& arena) {
  return arena.copy(static_cast<const QuantityValue&>(value).quantity().text());
}

const RuntimeType kQuantityType{.name = "kubernetes.Quantity",
                                .equal = equal,
                                .text = text,
                                .size = nullptr,
                                .go_name = "cel.Quantity",
                                .native_name = "*resource.Quantity"};
const RuntimeType kComputedQuantityType{.name = "kubernetes.Quantity",
                                        .equal = equal,
                                        .text = text,
                                        .size = nullptr,
                                        .go_name = "*cel.Quantity",
                                        .native_name = "*resource.Quantity"};

/// apimachinery's errors of ParseQuantity: characters that no quantity has, a suffix that is none,
/// an exponent without a number.
std::string parse_error(std::string_view text) {
  if (text.empty()) {
    return "quantities must match the regular expression "
           "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  std::size_t at = text.front() == '+' || text.front() == '-' ? 1 : 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    ++at;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      ++at;
    }
  }
  while (at < text.size() &&
         std::string_view("eEinumkKMGTP").find(text[at]) != std::string_view::npos) {
    ++at;
  }
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    ++at;
  }
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    ++at;
  }
  if (at < text.size()) {
    return "quantities must match the regular expression "
           "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  const bool is_exponent = text.size() > 1 && (text[0] == 'e' || text[0] == 'E') &&
                           text.back() >= '0' && text.back() <= '9';
  return is_exponent ? "unable to parse numeric part of quantity"
                     : "unable to parse quantity's suffix";
}

Value parse(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const auto quantity = Quantity::parse(text);
  if (!quantity) {
    return evaluation.error(parse_error(text));
  }
  Quantity::Parts parts = quantity->parts();
  if (parts.limbs.empty() && (parts.text.empty() || parts.text == text)) {
    parts.text = parts.text.empty() ? parts.text : text;  // which lives as long as its value
    return Value::opaque(*evaluation.arena().create<QuantityValue>(kQuantityType, parts));
  }
  return make(kQuantityType, *quantity, evaluation);
}

Value is_quantity(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(Quantity::parse(arguments[0].as_text()).has_value());
}

Value sign(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(of(arguments[0]).quantity().sign());
}

int compare(Arguments arguments) {
  const auto order = of(arguments[0]).parts() <=> of(arguments[1]).parts();
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

Value is_greater(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(compare(arguments) > 0);
}

Value is_less(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(compare(arguments) < 0);
}

Value compare_to(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(compare(arguments));
}

Value as_double(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::number(of(arguments[0]).quantity().as_approximate_double());
}

Value as_integer(Arguments arguments, Evaluation& evaluation) {
  const auto whole = of(arguments[0]).quantity().as_int64();
  return whole ? Value::integer(*whole) : evaluation.error("cannot convert value to integer");
}

Value is_integer(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(of(arguments[0]).quantity().as_int64().has_value());
}

Quantity operand(const Value& value) {
  return value.is(ValueKind::kInt)
             ? Quantity::from_integer(value.as_int(), Quantity::Format::kDecimalExponent)
             : of(value).quantity();
}

Value plus(Arguments arguments, Evaluation& evaluation) {
  return make(kComputedQuantityType, operand(arguments[0]).plus(operand(arguments[1])), evaluation);
}

Value minus(Arguments arguments, Evaluation& evaluation) {
  return make(kComputedQuantityType, operand(arguments[0]).minus(operand(arguments[1])),
              evaluation);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"quantity", "string_to_quantity", "(string) -> kubernetes.Quantity", parse,
     costs::first_tenth},
    {"isQuantity", "is_quantity_string", "(string) -> bool", is_quantity, costs::first_tenth},
    {"sign", "quantity_sign", "(kubernetes.Quantity) -> int", sign},
    {"isGreaterThan", "quantity_is_greater_than",
     "kubernetes.Quantity.(kubernetes.Quantity) -> bool", is_greater},
    {"isLessThan", "quantity_is_less_than", "kubernetes.Quantity.(kubernetes.Quantity) -> bool",
     is_less},
    {"compareTo", "quantity_compare_to", "kubernetes.Quantity.(kubernetes.Quantity) -> int",
     compare_to},
    {"asApproximateFloat", "quantity_get_float", "kubernetes.Quantity.() -> double", as_double},
    {"asInteger", "quantity_get_int", "kubernetes.Quantity.() -> int", as_integer},
    {"isInteger", "quantity_is_integer", "kubernetes.Quantity.() -> bool", is_integer},
    {"add", "quantity_add", "kubernetes.Quantity.(kubernetes.Quantity) -> kubernetes.Quantity",
     plus},
    {"add", "quantity_add_int", "kubernetes.Quantity.(int) -> kubernetes.Quantity", plus},
    {"sub", "quantity_sub", "kubernetes.Quantity.(kubernetes.Quantity) -> kubernetes.Quantity",
     minus},
    {"sub", "quantity_sub_int", "kubernetes.Quantity.(int) -> kubernetes.Quantity", minus},
};

}  // namespace

Library quantity_library() { return {"kubernetes.quantity", kRows}; }

}  // namespace seaworthy::cel
