// Values of the patch types: how they compare, and what selecting a field of one gives.
//
// An Object is neither a map nor indexed to cel-go: only where its type is known when compiling is
// a field found, and then in the Go map that the object is turned into for it. So an object in a
// field comes out as a map, a type as its name, and what is not there as null. Two objects are
// equal as Go's reflect.DeepEqual sees it: 1 is not 1.0, and two lists never are unless they are
// one and the same, because a list of cel-go's holds a function. Rule: k8s.io/apiserver
// pkg/cel/mutation/dynamic/objects.go and pkg/cel/mutation/jsonpatch.go; cel-go
// interpreter/attributes.go, fieldQualifier.

#include "cel/eval/patch_values.h"

#include <string>

#include "cel/check/patch_types.h"
#include "cel/eval/equality.h"
#include "cel/eval/evaluator.h"
#include "cel/eval/go_text.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

bool deep_equal(const Value& a, const Value& b, Evaluation& evaluation);

bool deep_equal(const document::Node& a, const document::Node& b) {
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case document::Kind::kNull:
      return true;
    case document::Kind::kBool:
      return a.as_bool() == b.as_bool();
    case document::Kind::kInt:
      return a.as_int() == b.as_int();
    case document::Kind::kDouble:
      return a.as_double() == b.as_double();
    case document::Kind::kString:
      return a.as_string() == b.as_string();
    case document::Kind::kList:
      for (std::size_t i = 0; i < a.size() && a.size() == b.size(); ++i) {
        if (!deep_equal(a.items()[i], b.items()[i])) {
          return false;
        }
      }
      return a.size() == b.size();
    case document::Kind::kMap:
      for (const document::Member& member : a.members()) {
        const document::Node* other = b.find(member.key);
        if (other == nullptr || !deep_equal(member.value, *other)) {
          return false;
        }
      }
      return a.size() == b.size();
  }
  return false;
}

bool deep_equal_maps(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.size() != b.size() || a.is_node_backed() != b.is_node_backed()) {
    return false;
  }
  if (a.is_node_backed()) {
    return deep_equal(document::Node::map(a.members()), document::Node::map(b.members()));
  }
  for (const MapEntry& entry : a.entries()) {
    bool found = false;
    for (const MapEntry& other : b.entries()) {
      found = found ||
              (same_key(entry.key, other.key) && deep_equal(entry.value, other.value, evaluation));
    }
    if (!found) {
      return false;
    }
  }
  return true;
}

bool deep_equal_objects(const ObjectValue& a, const ObjectValue& b, Evaluation& evaluation) {
  if (a.type().name != b.type().name || a.fields().size() != b.fields().size()) {
    return false;
  }
  for (const ObjectField& field : a.fields()) {
    bool found = false;
    for (const ObjectField& other : b.fields()) {
      found =
          found || (field.name == other.name && deep_equal(field.value, other.value, evaluation));
    }
    if (!found) {
      return false;
    }
  }
  return true;
}

bool same_words(const JsonPatchValue& a, const JsonPatchValue& b) {
  return a.op == b.op && a.path == b.path && a.from == b.from;
}

bool deep_equal_opaque(const Value& a, const Value& b, Evaluation& evaluation) {
  const ObjectValue* object = as_object(a);
  const ObjectValue* other = as_object(b);
  if (object != nullptr || other != nullptr) {
    return object != nullptr && other != nullptr && deep_equal_objects(*object, *other, evaluation);
  }
  const JsonPatchValue* patch = as_json_patch(a);
  const JsonPatchValue* other_patch = as_json_patch(b);
  if (patch != nullptr && other_patch != nullptr) {
    return same_words(*patch, *other_patch) &&
           deep_equal(patch->value, other_patch->value, evaluation);
  }
  return a.as_opaque().type().name == b.as_opaque().type().name &&
         equals(a, b, evaluation).is_true();
}

bool deep_equal(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case ValueKind::kUnset:
      return true;
    case ValueKind::kList:
      return !a.is_node_backed() && !b.is_node_backed() && a.size() != 0 && a.size() == b.size() &&
             a.values().data() == b.values().data();
    case ValueKind::kMap:
      return deep_equal_maps(a, b, evaluation);
    case ValueKind::kOptional:
      if (a.as_optional() == nullptr || b.as_optional() == nullptr) {
        return a.as_optional() == b.as_optional();
      }
      return deep_equal(*a.as_optional(), *b.as_optional(), evaluation);
    case ValueKind::kOpaque:
      return deep_equal_opaque(a, b, evaluation);
    default:
      return equals(a, b, evaluation).is_true();
  }
}

Value object_equal(const Value& self, const Value& other, Evaluation& evaluation) {
  const ObjectValue* object = as_object(other);
  return Value::boolean(object != nullptr &&
                        deep_equal_objects(*as_object(self), *object, evaluation));
}

Value json_patch_equal(const Value& self, const Value& other, Evaluation& evaluation) {
  const JsonPatchValue& patch = *as_json_patch(self);
  const JsonPatchValue* other_patch = as_json_patch(other);
  if (other_patch == nullptr || !same_words(patch, *other_patch) ||
      patch.value.is(ValueKind::kUnset) != other_patch->value.is(ValueKind::kUnset)) {
    return Value::boolean(false);
  }
  return patch.value.is(ValueKind::kUnset)
             ? Value::boolean(true)
             : method_equals(patch.value, other_patch->value, evaluation);
}

/// convertField: what becomes of a field's value in the object's Go map.
Value native_field(const ObjectField& field, Evaluation& evaluation) {
  const Value& value = field.value;
  if (value.is_node_backed() || value.is_string_list() ||
      (!value.is(ValueKind::kList) && !value.is(ValueKind::kMap))) {
    return through_native(value, evaluation);
  }
  Arena& arena = evaluation.arena();
  if (value.is(ValueKind::kList)) {
    Value* items = arena.allocate_array<Value>(value.size());
    for (std::uint32_t i = 0; i < value.size(); ++i) {
      new (&items[i]) Value(through_native(value.values()[i], evaluation));
    }
    return Value::list({items, value.size()});
  }
  auto* entries = arena.allocate_array<MapEntry>(value.size());
  for (std::uint32_t i = 0; i < value.size(); ++i) {
    const MapEntry& entry = value.entries()[i];
    if (!entry.key.is(ValueKind::kString)) {
      return evaluation.error(map_key_fault(field.name, entry.key));
    }
    new (&entries[i]) MapEntry{entry.key, through_native(entry.value, evaluation)};
  }
  return Value::map({entries, value.size()});
}

/// `%q` of an integer: the code point in single quotes.
std::string quoted_code_point(std::int64_t code) {
  constexpr std::int64_t kCodePointMax = 0x10FFFF;
  std::string text;
  append_utf8(text, code < 0 || code > kCodePointMax ? 0xFFFDU : static_cast<std::uint32_t>(code));
  if (text == "'") {
    return "'\\''";
  }
  if (text == "\"") {
    return "'\"'";
  }
  std::string quoted;
  append_go_quoted(text, quoted);
  quoted.front() = '\'';
  quoted.back() = '\'';
  return quoted;
}

}  // namespace

std::string map_key_fault(std::string_view field, const Value& key) {
  std::string text = "fail to convert field \"" + std::string(field) + "\": map key ";
  switch (key.kind()) {
    case ValueKind::kInt:
      text += quoted_code_point(key.as_int());
      break;
    case ValueKind::kUint:
      text += quoted_code_point(static_cast<std::int64_t>(key.as_uint()));
      break;
    case ValueKind::kBool:
    case ValueKind::kDouble:
      text += "%!q(" + std::string(go_type_name(key)) + "=";
      append_go_value(key, text);
      text += ')';
      break;
    default:
      append_go_value(key, text);
  }
  return text + " is of type " + std::string(go_type_name(key)) + ", not string";
}

const RuntimeType kJsonPatchRuntimeType{
    .name = kJsonPatchType, .equal = json_patch_equal, .go_name = "*mutation.JSONPatchVal"};

RuntimeType object_runtime_type(std::string_view name) {
  return {.name = name, .equal = object_equal, .go_name = "*dynamic.ObjectVal"};
}

const ObjectValue* as_object(const Value& value) {
  return value.is(ValueKind::kOpaque) && value.as_opaque().type().equal == object_equal
             ? static_cast<const ObjectValue*>(&value.as_opaque())
             : nullptr;
}

const JsonPatchValue* as_json_patch(const Value& value) {
  return value.is(ValueKind::kOpaque) && &value.as_opaque().type() == &kJsonPatchRuntimeType
             ? static_cast<const JsonPatchValue*>(&value.as_opaque())
             : nullptr;
}

Value native_object(const ObjectValue& object, Evaluation& evaluation) {
  auto* entries = evaluation.arena().allocate_array<MapEntry>(object.fields().size());
  for (std::size_t i = 0; i < object.fields().size(); ++i) {
    const ObjectField& field = object.fields()[i];
    const Value value = native_field(field, evaluation);
    if (value.is_error() && value.as_error().message.starts_with("fail to convert field ")) {
      return value;
    }
    new (&entries[i]) MapEntry{Value::string(field.name), value};
  }
  return Value::map({entries, object.fields().size()});
}

Value object_field(const Value& object, std::string_view name, bool presence,
                   Evaluation& evaluation) {
  const ObjectValue* known = as_object(object);
  const Value fields = known == nullptr ? object : native_object(*known, evaluation);
  if (!fields.is(ValueKind::kMap)) {
    return presence ? Value() : evaluation.error("cannot get field \"" + std::string(name) + "\"");
  }
  if (const auto found = find_in_map(fields, Value::string(name))) {
    return *found;
  }
  return presence ? Value() : Value::null();
}

Value patch_field(const JsonPatchValue& patch, const Value& key, bool presence,
                  Evaluation& evaluation) {
  const auto text = [&](std::string_view word) {
    return presence && word.empty() ? Value() : Value::string(word);
  };
  if (key.is(ValueKind::kString)) {
    const std::string_view name = key.as_text();
    if (name == "op") {
      return text(patch.op);
    }
    if (name == "path") {
      return text(patch.path);
    }
    if (name == "from") {
      return text(patch.from);
    }
    if (name == "value") {
      return presence || !patch.value.is(ValueKind::kUnset) ? patch.value : Value::null();
    }
  }
  std::string fault = presence ? "unsupported field: " : "unsupported indexer: ";
  if (key.is(ValueKind::kString)) {
    fault += key.as_text();
  } else {
    fault += "%!s(" + std::string(go_type_name(key)) + "=";
    append_go_value(key, fault);
    fault += ')';
  }
  return evaluation.error(fault);
}

std::string_view native_type_name(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return "structpb.NullValue";
    case ValueKind::kBool:
      return "bool";
    case ValueKind::kInt:
      return "int64";
    case ValueKind::kUint:
      return "uint64";
    case ValueKind::kDouble:
      return "float64";
    case ValueKind::kString:
    case ValueKind::kType:
      return "string";
    case ValueKind::kBytes:
      return "[]uint8";
    case ValueKind::kDuration:
      return "time.Duration";
    case ValueKind::kTimestamp:
      return "time.Time";
    case ValueKind::kList:
      return value.is_string_list()                               ? "[]string"
             : value.is_node_backed() || value.is_concatenation() ? "[]interface {}"
                                                                  : "[]ref.Val";
    case ValueKind::kMap:
      return value.is_node_backed() ? "map[string]interface {}" : "map[ref.Val]ref.Val";
    case ValueKind::kOptional:
      return value.as_optional() == nullptr ? "<nil>" : native_type_name(*value.as_optional());
    case ValueKind::kOpaque: {
      if (as_object(value) != nullptr) {
        return "map[string]interface {}";
      }
      const RuntimeType& type = value.as_opaque().type();
      return type.native_name.empty() ? go_type_name(value) : type.native_name;
    }
    default:
      return "<nil>";
  }
}

}  // namespace seaworthy::cel
