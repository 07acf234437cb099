#include "seaworthy/cel/evaluation.h"

#include <string>

#include "cel/eval/runtime_types.h"

namespace seaworthy::cel {

Value Evaluation::error(std::string_view message) {
  return Value::error(*arena_->create<ErrorValue>(ErrorValue{arena_->copy(message), false}));
}

Value Evaluation::no_such_overload() {
  static constexpr ErrorValue kError{"no such overload", false};
  return Value::error(kError);
}

Value Evaluation::no_such_overload(std::string_view function, std::span<const Value> arguments) {
  // cel-go decls.MaybeNoSuchOverload.
  std::string text = "no such overload: ";
  text += function;
  text += '(';
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].is_error()) {
      return arguments[i];
    }
    if (i > 0) {
      text += ", ";
    }
    text += runtime_type(arguments[i]).name;
  }
  text += ')';
  return error(text);
}

Value Evaluation::limit_error() {
  static constexpr ErrorValue kError{"operation cancelled: actual cost limit exceeded", true};
  return Value::error(kError);
}

const RuntimeType& runtime_type(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return runtime_types::kNull;
    case ValueKind::kBool:
      return runtime_types::kBool;
    case ValueKind::kInt:
      return runtime_types::kInt;
    case ValueKind::kUint:
      return runtime_types::kUint;
    case ValueKind::kDouble:
      return runtime_types::kDouble;
    case ValueKind::kString:
      return runtime_types::kString;
    case ValueKind::kBytes:
      return runtime_types::kBytes;
    case ValueKind::kDuration:
      return runtime_types::kDuration;
    case ValueKind::kTimestamp:
      return runtime_types::kTimestamp;
    case ValueKind::kList:
      return runtime_types::kList;
    case ValueKind::kMap:
      return runtime_types::kMap;
    case ValueKind::kType:
      return runtime_types::kType;
    case ValueKind::kOptional:
      return runtime_types::kOptional;
    case ValueKind::kOpaque:
      return value.as_opaque().type();
    case ValueKind::kError:
    case ValueKind::kUnset:
      break;
  }
  return runtime_types::kError;
}

}  // namespace seaworthy::cel
