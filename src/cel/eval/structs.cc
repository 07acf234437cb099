// Literals of patch types when they run. The first field whose value fails ends the literal, which
// is paid for all the same; an optional field without a value takes away what a field of its name
// before it gave. Rule: cel-go interpreter/interpretable.go, evalObj.

#include <algorithm>
#include <optional>
#include <string>

#include "cel/eval/evaluator.h"
#include "cel/eval/go_text.h"
#include "cel/eval/patch_values.h"

namespace seaworthy::cel {
namespace {

/// cel-go interpreter/runtimecost.go.
constexpr std::uint64_t kStructCost = 40;

/// What a field that holds text takes: a string, what gives one when Go looks inside, or nothing.
std::optional<std::string_view> text_inside(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value.as_text();
    case ValueKind::kType:
      return value.as_type().name;
    case ValueKind::kOptional:
      return value.as_optional() == nullptr ? std::nullopt : text_inside(*value.as_optional());
    default:
      return std::nullopt;
  }
}

/// JSONPatchType.Val.
Value json_patch(std::span<const ObjectField> fields, Evaluation& evaluation) {
  auto* patch = evaluation.arena().create<JsonPatchValue>(kJsonPatchRuntimeType);
  for (const ObjectField& field : fields) {
    if (field.name == "value") {
      patch->value = field.value;
      continue;
    }
    std::string_view* word = field.name == "op"     ? &patch->op
                             : field.name == "path" ? &patch->path
                             : field.name == "from" ? &patch->from
                                                    : nullptr;
    if (word == nullptr) {
      return evaluation.error("unexpected JSONPatchType field: " + std::string(field.name));
    }
    const auto text = text_inside(field.value);
    if (!text) {
      return evaluation.error("unexpected type " + std::string(native_type_name(field.value)) +
                              " for JSONPatchType '" + std::string(field.name) + "' field");
    }
    *word = *text;
  }
  return Value::opaque(*patch);
}

}  // namespace

Value Evaluator::structure(const Node& node) {
  const StructDetails& details = code_->structs[node.a];
  auto* fields = evaluation_->arena().allocate_array<ObjectField>(node.c);
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < node.c; ++i) {
    Value value = evaluate(code_->children[node.b + i]);
    if (value.is_error()) {
      return is_final(value) ? value : paid(kStructCost, value);
    }
    ObjectField* const end = fields + size;
    ObjectField* const present = std::find_if(
        fields, end, [&](const ObjectField& field) { return field.name == details.fields[i]; });
    if (code_->optional_children[node.b + i]) {
      if (!value.is(ValueKind::kOptional)) {
        std::string text = "cannot initialize optional entry '" + std::string(details.fields[i]) +
                           "' from non-optional value ";
        append_go_value(value, text);
        return paid(kStructCost, evaluation_->error(text));
      }
      if (value.as_optional() == nullptr) {
        if (present != end) {
          std::move(present + 1, end, present);
          --size;
        }
        continue;
      }
      value = *value.as_optional();
    }
    if (present != end) {
      present->value = value;
    } else {
      new (&fields[size++]) ObjectField{details.fields[i], value};
    }
  }
  const std::span<const ObjectField> made(fields, size);
  const Value value =
      details.json_patch
          ? json_patch(made, *evaluation_)
          : Value::opaque(*evaluation_->arena().create<ObjectValue>(*details.type, made));
  return paid(kStructCost, value);
}

}  // namespace seaworthy::cel
