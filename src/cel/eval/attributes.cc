// Attributes: a variable (or any value) and the selects and indices after it, in one node.
//
// A plain step that finds nothing is an error that names the key; after the first optional step
// (`.?`, `[?]`) or from an optional value on, every step only looks whether something is there.
// Each step costs a unit if it was taken, the attribute itself one more. Rule: cel-go
// interpreter/attributes.go (applyQualifiers, refQualify, absoluteAttribute, attrQualify).

#include <optional>
#include <string>

#include "cel/eval/document_walk.h"
#include "cel/eval/equality.h"
#include "cel/eval/evaluator.h"
#include "cel/eval/go_text.h"
#include "cel/eval/patch_values.h"

namespace seaworthy::cel {
namespace {

/// The message "<what>: <key as Go prints it>" as an error.
Value key_error(std::string_view what, const Value& key, Evaluation& evaluation) {
  std::string text(what);
  append_go_value(key, text);
  return evaluation.error(text);
}

/// types.IndexOrError: the index, or an error.
Value index_of(const Value& key, Evaluation& evaluation) {
  switch (key.kind()) {
    case ValueKind::kInt:
      return key;
    case ValueKind::kDouble:
      if (const auto index = to_int_exactly(key.as_double())) {
        return Value::integer(*index);
      }
      break;
    case ValueKind::kUint:
      if (key.as_uint() <= 0x7FFFFFFFFFFFFFFFU) {
        return Value::integer(static_cast<std::int64_t>(key.as_uint()));
      }
      break;
    default:
      return evaluation.error("unsupported index type '" + std::string(runtime_type(key).name) +
                              "' in list");
  }
  std::string text = "unsupported index value ";
  append_go_value(key, text);
  return evaluation.error(text + " in list");
}

/// The value under `key`, an error, or kUnset: nothing there, and `presence` made that no error.
Value look_up(const Value& object, const Value& key, bool presence, Evaluation& evaluation) {
  if (object.is(ValueKind::kMap)) {
    if (const auto found = find_in_map(object, key)) {
      return *found;
    }
  } else if (object.is(ValueKind::kList)) {
    const Value index = index_of(key, evaluation);
    if (index.is_error()) {
      return index;
    }
    if (index.as_int() >= 0 && index.as_int() < std::int64_t{object.size()}) {
      return object.item(static_cast<std::uint32_t>(index.as_int()));
    }
    return presence ? Value() : key_error("index out of bounds: ", key, evaluation);
  } else if (const JsonPatchValue* patch = as_json_patch(object)) {
    return patch_field(*patch, key, presence, evaluation);
  }
  return presence ? Value() : key_error("no such key: ", key, evaluation);
}

Value look_up_field(const Value& object, const Qualifier& qualifier, bool presence,
                    Evaluation& evaluation) {
  if (object.is(ValueKind::kMap) && object.is_node_backed()) {
    const document::Node* found = find(object.members(), qualifier.field);
    if (found != nullptr) {
      return Value::of(*found);
    }
    return presence ? Value() : Value::error(*qualifier.missing);
  }
  if (!object.is(ValueKind::kMap) && !object.is(ValueKind::kList) &&
      as_json_patch(object) == nullptr) {
    return presence ? Value() : Value::error(*qualifier.missing);
  }
  return look_up(object, qualifier.key, presence, evaluation);
}

/// What Go prints for the type of a key that cannot be one. `native`: it comes straight out of a
/// variable, as the JSON decoder made it.
std::string_view go_key_type(const Value& key, bool native) {
  if (native && key.is(ValueKind::kNull)) {
    return "<nil>";
  }
  if (native && key.is(ValueKind::kList)) {
    return "[]interface {}";
  }
  if (native && key.is(ValueKind::kMap)) {
    return "map[string]interface {}";
  }
  return go_type_name(key);
}

bool can_be_key(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
    case ValueKind::kString:
      return true;
    default:
      return false;
  }
}

}  // namespace

Value through_native(const Value& inner, Evaluation& evaluation) {
  switch (inner.kind()) {
    case ValueKind::kOptional:
      return inner.as_optional() == nullptr ? Value::null()
                                            : through_native(*inner.as_optional(), evaluation);
    case ValueKind::kType:
      return Value::string(inner.as_type().name);
    case ValueKind::kOpaque: {
      if (const ObjectValue* object = as_object(inner)) {
        return native_object(*object, evaluation);
      }
      const RuntimeType& type = inner.as_opaque().type();
      if (type.native_name.empty()) {
        return inner;
      }
      std::string text =
          "unsupported conversion to ref.Val: (" + std::string(type.native_name) + ")";
      append_go_value(inner, text);
      return evaluation.error(text);
    }
    case ValueKind::kError:
      return evaluation.error("unsupported conversion to ref.Val: (*errors.errorString)" +
                              std::string(inner.as_error().message));
    case ValueKind::kList: {
      if (!inner.is_concatenation()) {
        return inner;
      }
      Value* items = evaluation.arena().allocate_array<Value>(inner.size());
      for (std::uint32_t i = 0; i < inner.size(); ++i) {
        new (&items[i]) Value(through_native(inner.values()[i], evaluation));
      }
      return Value::list({items, inner.size()});
    }
    default:
      return inner;
  }
}

Value Evaluator::read_slot(Slot slot) {
  Value& value = evaluation_->slots()[slot];
  if (!value.is(ValueKind::kUnset)) {
    return value;
  }
  if (evaluation_->lazy() == nullptr) {
    return evaluation_->error("no such attribute");
  }
  const Value resolved = evaluation_->lazy()->resolve(slot, *evaluation_);
  evaluation_->slots()[slot] = resolved;
  return resolved;
}

Value Evaluator::base_of(const Node& node) {
  switch (node.base) {
    case BaseKind::kSlot:
    case BaseKind::kComposite:
      return read_slot(node.a);
    case BaseKind::kLocal:
      return locals_[node.a];
    case BaseKind::kLazyLocal: {
      Value& pending = locals_[node.a + 1];
      if (pending.as_uint() != 0) {
        const std::uint64_t units = pending.as_uint();
        pending = Value::unsigned_integer(0);
        if (!evaluation_->spend_each(units)) {
          return evaluation_->limit_error();
        }
      }
      return locals_[node.a];
    }
    case BaseKind::kNode:
      return evaluate(node.a);
    case BaseKind::kMaybe:
      break;
  }
  return {};
}

Value Evaluator::base_of(const MaybeName& name, std::uint64_t& units, std::uint32_t& steps) {
  for (const MaybeName::Candidate& candidate : name.candidates) {
    steps = candidate.steps;
    switch (candidate.kind) {
      case MaybeName::Candidate::Kind::kSlot:
      case MaybeName::Candidate::Kind::kField: {
        const bool is_there = evaluation_->lazy() != nullptr ||
                              !evaluation_->slots()[candidate.index].is(ValueKind::kUnset);
        if (!is_there) {
          continue;
        }
        units += candidate.kind == MaybeName::Candidate::Kind::kField ? 1 : 0;
        return read_slot(candidate.index);
      }
      case MaybeName::Candidate::Kind::kLocal:
      case MaybeName::Candidate::Kind::kLazyLocal: {
        Node local;
        local.a = candidate.index;
        local.base = candidate.kind == MaybeName::Candidate::Kind::kLocal ? BaseKind::kLocal
                                                                          : BaseKind::kLazyLocal;
        return base_of(local);
      }
      case MaybeName::Candidate::Kind::kType:
        return candidate.type;
    }
  }
  return Value::error(*name.missing);
}

Value Evaluator::step(const Value& object, const Qualifier& qualifier, bool presence) {
  if (qualifier.kind == Qualifier::Kind::kField) {
    return look_up_field(object, qualifier, presence, *evaluation_);
  }
  if (qualifier.kind == Qualifier::Kind::kObjectField) {
    return object_field(object, qualifier.key.as_text(), presence, *evaluation_);
  }
  if (qualifier.kind == Qualifier::Kind::kConstant) {
    return look_up(object, qualifier.key, presence, *evaluation_);
  }
  const Value key = evaluate(qualifier.node);
  if (key.is_error()) {
    return key;
  }
  if (can_be_key(key)) {
    return look_up(object, key, presence, *evaluation_);
  }
  const Node* source = &nodes_[qualifier.node];
  while (source->op == Op::kConditional || source->op == Op::kShared ||
         source->op == Op::kSharedElement) {
    source = &nodes_[source->op == Op::kConditional ? source->b : source->a];
  }
  const bool native = is_attribute(source->op) && source->base == BaseKind::kSlot;
  return evaluation_->error("invalid qualifier type: " + std::string(go_key_type(key, native)));
}

bool Evaluator::begin(const Node& node, Value& object, bool& optional, std::uint64_t& units) {
  if (node.base == BaseKind::kComposite) {
    optional = (node.flags & kOptionalBase) != 0;
    if (!optional || !object.is_error()) {
      ++units;
    }
    return !object.is_error();
  }
  if (object.is_error()) {
    return false;
  }
  if (!object.is(ValueKind::kOptional)) {
    return true;
  }
  if (object.as_optional() == nullptr) {
    if ((node.flags & kTestOnly) != 0) {
      object = Value::boolean(false);
    }
    return false;
  }
  object = through_native(*object.as_optional(), *evaluation_);
  optional = true;
  return !object.is_error() || node.c == 0;
}

/// The walk of a path that is written more than once, or what it was just before: `has(c.x.y) &&
/// c.x.y == …`.
Walk Evaluator::walk_again(const Node& path) {
  const std::uint64_t number = path.constant.as_uint();
  if (number == walked_number_) {
    return walked_;
  }
  const Walk walked = walk(base_in_place(path), steps_of(path));
  if (walked.done) {
    walked_number_ = number;
    walked_ = walked;
  }
  return walked;
}

Value Evaluator::path(const Node& node) {
  if (node.c == 0) {
    const Value& base = base_in_place(node);
    if (base.is(ValueKind::kUnset) || base.kind() >= ValueKind::kOptional) {
      return attribute(node);
    }
    return evaluation_->spend_each(node.flags & kPaysIdent) ? base : evaluation_->limit_error();
  }
  const Walk walked =
      node.constant.as_uint() == 0 ? walk(base_in_place(node), steps_of(node)) : walk_again(node);
  const bool test_only = code_->qualifiers[node.b + node.c - 1].test_only;
  if (!walked.done || (walked.found == nullptr && !test_only)) {
    return attribute(node);
  }
  if (!evaluation_->spend_each((node.flags & kPaysIdent) + node.c)) {
    return evaluation_->limit_error();
  }
  return test_only ? Value::boolean(walked.found != nullptr) : Value::of(*walked.found);
}

Value Evaluator::optional_path(const Node& node) {
  const Walk walked = walk(base_in_place(node), steps_of(node));
  if (!walked.done) {
    return attribute(node);
  }
  if (!evaluation_->spend_each((node.flags & kPaysIdent) + walked.taken)) {
    return evaluation_->limit_error();
  }
  return walked.found == nullptr
             ? Value::optional_none()
             : Value::optional_of(*evaluation_->arena().create<Value>(Value::of(*walked.found)));
}

Value Evaluator::attribute(const Node& node) {
  const auto finish = [this](std::uint64_t units, const Value& value) {
    return is_final(value) || evaluation_->spend_each(units) ? value : evaluation_->limit_error();
  };
  std::uint64_t units = node.flags & kPaysIdent;
  std::uint32_t first = 0;
  Value object = node.base == BaseKind::kMaybe ? base_of(code_->maybe_names[node.a], units, first)
                                               : base_of(node);
  bool optional = false;
  if (!begin(node, object, optional, units)) {
    return finish(units, object);
  }
  bool found = true;
  for (std::uint32_t i = first; i < node.c && found; ++i) {
    const Qualifier& qualifier = code_->qualifiers[node.b + i];
    optional = optional || qualifier.optional;
    const Value next = step(object, qualifier, optional || qualifier.test_only);
    if (next.is_error()) {
      return finish(optional ? units : units + 1, next);
    }
    if (qualifier.test_only && !optional) {
      ++units;
      object = Value::boolean(!next.is(ValueKind::kUnset));
      continue;
    }
    found = !next.is(ValueKind::kUnset);
    units += found ? 1 : 0;
    object = next;
  }
  if (optional && (node.flags & kTestOnly) != 0) {
    object = Value::boolean(found);
  } else if (optional) {
    object = found ? Value::optional_of(*evaluation_->arena().create<Value>(object))
                   : Value::optional_none();
  } else if ((node.flags & kTestOnly) != 0 && node.c == 0) {
    object = Value::boolean(true);
  }
  return finish(units, object);
}

}  // namespace seaworthy::cel
