// An ApplyConfiguration becomes a Go map, is held against the kind's type, may not touch what can
// only be replaced as a whole, and is merged into the object. A JSONPatch becomes operations with
// JSON values, which are applied to the object, whose JSON is read again. Each step's refusal has
// the API server's words (k8s.io/apiserver pkg/admission/plugin/policy/mutating/patch/smd.go and
// json_patch.go).

#include "seaworthy/engine/mutation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/patched_object.h"
#include "seaworthy/base/text.h"
#include "seaworthy/cel/patch_types.h"
#include "seaworthy/document/api_patch.h"

namespace seaworthy::engine {
namespace {

using document::Node;

std::unexpected<Error> refuse(std::string text) {
  return fail(ErrorCode::kInvalid, std::move(text));
}

/// typeCheck: an object's type must be named after the fields that lead to it. Lists and maps on
/// the way add no name.
void collect_mismatches(const cel::Value& value, const std::string& path,
                        std::vector<std::string>& out) {
  if (const cel::ObjectValue* object = cel::as_object(value)) {
    const std::string_view name = object->type().name;
    if (name != path) {
      out.push_back("unexpected type name \"" + std::string(name) + "\", expected \"" + path +
                    "\", which matches field name path from root Object type");
    }
    for (const cel::ObjectField& field : object->fields()) {
      collect_mismatches(field.value, path + "." + std::string(field.name), out);
    }
    return;
  }
  const cel::Value* at = &value;
  while (at->is(cel::ValueKind::kOptional) && at->as_optional() != nullptr) {
    at = at->as_optional();
  }
  if (at->is_node_backed() || at->is_concatenation()) {
    return;
  }
  if (at->is(cel::ValueKind::kList)) {
    for (const cel::Value& item : at->values()) {
      collect_mismatches(item, path, out);
    }
  } else if (at->is(cel::ValueKind::kMap)) {
    for (const cel::MapEntry& entry : at->entries()) {
      collect_mismatches(entry.value, path, out);
    }
  }
}

std::optional<std::string> type_mismatch(const cel::Value& value, const cel::ObjectValue& object) {
  std::vector<std::string> mismatches;
  collect_mismatches(value, std::string(object.type().name), mismatches);
  if (mismatches.empty()) {
    return std::nullopt;
  }
  return "type mismatch: " + join(mismatches, "\n");
}

/// GroupVersionKind.String.
std::string kind_text(std::string_view api_version, std::string_view kind) {
  const std::size_t slash = api_version.find('/');
  const std::string_view group =
      slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
  const std::string_view version =
      slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
  return std::string(group) + "/" + std::string(version) + ", Kind=" + std::string(kind);
}

Result<Node> apply_configuration(const document::MergeSchema& schema, const cel::Value& value,
                                 const Node& object, Arena& arena) {
  const cel::ObjectValue* patch = cel::as_object(value);
  if (patch == nullptr) {
    return refuse("unsupported return type from ApplyConfiguration expression: " +
                  std::string(cel::runtime_type(value).name));
  }
  if (auto mismatch = type_mismatch(value, *patch)) {
    return refuse(*std::move(mismatch));
  }
  const std::string_view api_version = object["apiVersion"].as_string();
  const std::string_view kind = object["kind"].as_string();
  const auto tree = cel::to_untyped(*patch, api_version, kind, arena);
  if (!tree) {
    return refuse("invalid return type: *dynamic.ObjectVal");
  }
  const std::string of_patch =
      "error applying patch: failed to convert patch object to typed object: ";
  const auto type = schema.find(api_version, kind);
  if (!type) {
    return refuse(of_patch + "no corresponding type for " + kind_text(api_version, kind));
  }
  if (const auto fault = validate(schema, *type, *tree, document::Duplicates::kRefused)) {
    return refuse(of_patch + *fault);
  }
  if (const auto atomics = find_atomics(schema, *type, *tree); !atomics.empty()) {
    return refuse(
        "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or "
        "structs: " +
        join(atomics, ", "));
  }
  if (const auto fault =
          validate(schema, *type, document::UntypedTree(object), document::Duplicates::kAllowed)) {
    return refuse("error applying patch: failed to convert original object to typed object: " +
                  *fault);
  }
  auto merged = merge(schema, *type, object, *tree, arena);
  if (!merged) {
    return refuse("error applying patch: failed to merge patch: " + merged.error().message);
  }
  return merged;
}

Result<Node> json_patch(const cel::Value& value, const Node& object,
                        const document::MergeSchema* types, Arena& arena) {
  if (!value.is(cel::ValueKind::kList)) {
    return refuse("type mismatch: JSONPatchType.expression should evaluate to array");
  }
  std::vector<document::ApiPatchOperation> operations;
  for (std::uint32_t i = 0; i < value.size(); ++i) {
    const cel::Value item = value.item(i);
    const cel::JsonPatchValue* patch = cel::as_json_patch(item);
    if (patch == nullptr) {
      return refuse(
          "type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
    }
    document::ApiPatchOperation operation{patch->op, patch->path, patch->from, std::nullopt};
    if (!patch->value.is(cel::ValueKind::kUnset)) {
      if (const cel::ObjectValue* given = cel::as_object(patch->value)) {
        if (auto mismatch = type_mismatch(patch->value, *given)) {
          return refuse(*std::move(mismatch));
        }
      }
      auto json = cel::to_protobuf_json(patch->value, arena);
      if (!json && json.error().code == ErrorCode::kInternal) {
        return json;
      }
      if (!json) {
        return refuse(
            "JSONPath valueExpression evaluated to a type that could not marshal to JSON: " +
            json.error().message);
      }
      operation.value = *json;
    }
    operations.push_back(operation);
  }
  const auto patched = document::apply_verbatim(operations, object, arena);
  if (!patched && patched.error().code == ErrorCode::kInternal) {
    return patched;
  }
  if (!patched) {
    return fail(patched.error().code, "JSON Patch: " + patched.error().message);
  }
  return decode_patched(*patched, object, types, arena);
}

}  // namespace

Result<Node> Mutator::mutate(PatchType type, const cel::Program& program, const cel::Value& value,
                             const Node& object, Decoding decoding, Arena& arena) const {
  if (value.is_error()) {
    return refuse("expression '" + program.expression() +
                  "' resulted in error: " + std::string(value.as_error().message));
  }
  return type == PatchType::kApplyConfiguration
             ? apply_configuration(schema_, value, object, arena)
             : json_patch(value, object, decoding == Decoding::kTyped ? &schema_ : nullptr, arena);
}

}  // namespace seaworthy::engine
