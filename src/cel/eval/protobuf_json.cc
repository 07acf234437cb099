// A value as JSON by way of protobuf's Value: cel-go's ConvertToNative for what CEL has itself, and
// structpb.NewStruct of the Go map for an Object. An Object inside a list or map makes the API
// server panic; here that is an error with the panic's text.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cel/eval/go_text.h"
#include "cel/eval/patch_values.h"

namespace seaworthy::cel {
namespace {

constexpr std::int64_t kSafeIntegerMax = (std::int64_t{1} << 53) - 1;

/// A number as Go reads again what it has printed: an integer where that is one.
document::Node number_node(double value) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (value == std::trunc(value) && value >= -kTwoTo63 && value < kTwoTo63) {
    return document::Node::integer(static_cast<std::int64_t>(value));
  }
  return document::Node::number(value);
}

class Converter {
 public:
  explicit Converter(Arena& arena) : arena_(arena) {}

  Result<document::Node> convert(const Value& value) {
    const Value* at = &value;
    while (at->is(ValueKind::kOptional) && at->as_optional() != nullptr) {
      at = at->as_optional();
    }
    const ObjectValue* object = as_object(*at);
    auto made = object == nullptr ? plain(*at) : structure(*object);
    if (made && !bad_number_.empty()) {
      return fail(ErrorCode::kInvalid, "json: error calling MarshalJSON for type *structpb." +
                                           std::string(object == nullptr ? "Value" : "Struct") +
                                           ": proto: google.protobuf.Value.number_value: invalid " +
                                           bad_number_ + " value");
    }
    return made;
  }

 private:
  static std::unexpected<Error> refuse(std::string text) {
    return fail(ErrorCode::kInvalid, std::move(text));
  }

  document::Node number(double value) {
    if (!std::isfinite(value) && bad_number_.empty()) {
      append_go_g(value, bad_number_);
    }
    return number_node(value);
  }

  Result<document::Node> integer(std::int64_t value) {
    if (value >= -kSafeIntegerMax && value <= kSafeIntegerMax) {
      return document::Node::integer(value);
    }
    return document::Node::string(arena_.copy(std::to_string(value)));
  }

  Result<document::Node> opaque(const Value& value) {
    if (as_json_patch(value) != nullptr) {
      return refuse("cannot convert to native type: *structpb.Value");
    }
    const std::string_view name = go_type_name(value);
    const std::size_t dot = name.rfind('.');
    return refuse("type conversion error from '" +
                  std::string(dot == std::string_view::npos ? name : name.substr(dot + 1)) +
                  "' to '*structpb.Value'");
  }

  Result<document::Node> plain(const Value& value) {
    switch (value.kind()) {
      case ValueKind::kInt:
        return integer(value.as_int());
      case ValueKind::kUint:
        if (value.as_uint() <= static_cast<std::uint64_t>(kSafeIntegerMax)) {
          return document::Node::integer(static_cast<std::int64_t>(value.as_uint()));
        }
        return document::Node::string(arena_.copy(std::to_string(value.as_uint())));
      case ValueKind::kDouble:
        return number(value.as_double());
      case ValueKind::kList:
        return list(value);
      case ValueKind::kMap:
        return map(value);
      case ValueKind::kOptional:
        return value.as_optional() == nullptr ? refuse("optional.none() dereference")
                                              : plain(*value.as_optional());
      case ValueKind::kType:
        return refuse("type conversion not supported for 'type'");
      case ValueKind::kOpaque:
        return opaque(value);
      default:
        return to_node(value, arena_);
    }
  }

  static bool is_object(const Value& value) {
    return value.is(ValueKind::kOptional) && value.as_optional() != nullptr
               ? is_object(*value.as_optional())
               : as_object(value) != nullptr;
  }

  /// What an item or entry is; an Object there is converted first and then does not fit.
  Result<document::Node> inner(const Value& value, std::string_view panic) {
    if (is_object(value)) {
      SEAWORTHY_TRY(const document::Node made, convert(value));
      static_cast<void>(made);
      return fail(ErrorCode::kInternal, std::string(panic) +
                                            ": value of type *structpb.Struct is not assignable "
                                            "to type *structpb.Value");
    }
    return plain(value);
  }

  Result<document::Node> list(const Value& list) {
    std::vector<document::Node> items;
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      SEAWORTHY_TRY(const document::Node item, inner(list.item(i), "reflect.Set"));
      items.push_back(item);
    }
    return document::Node::list(arena_.copy(std::span<const document::Node>(items)));
  }

  Result<document::Node> map(const Value& map) {
    std::vector<document::Member> members;
    for (std::uint32_t i = 0; i < map.size(); ++i) {
      const Value key = map.key_at(i);
      if (!key.is(ValueKind::kString)) {
        return refuse(key_fault(key));
      }
      SEAWORTHY_TRY(const document::Node value,
                    inner(map.value_at(i), "reflect.Value.SetMapIndex"));
      members.push_back({document::Key(key.as_text()), value});
    }
    return document::Node::map(arena_.copy(std::span<const document::Member>(members)));
  }

  static std::string key_fault(const Value& key) {
    switch (key.kind()) {
      case ValueKind::kInt:
        return "unsupported type conversion from 'int' to string";
      case ValueKind::kUint:
        return "unsupported type conversion from 'uint' to string";
      case ValueKind::kBool:
        return "type conversion error from bool to 'string'";
      default:
        return "type conversion error from Double to 'string'";
    }
  }

  Result<document::Node> structure(const ObjectValue& object) {
    document::UntypedTree tree;
    if (auto fault = write_untyped(object, {}, tree, arena_)) {
      return refuse(*std::move(fault));
    }
    return native(tree, tree.root());
  }

  /// structpb.NewValue.
  Result<document::Node> native(const document::UntypedTree& tree, const document::Node& node) {
    switch (node.kind()) {
      case document::Kind::kInt:
        return number(static_cast<double>(node.as_int()));
      case document::Kind::kDouble:
        return number(node.as_double());
      case document::Kind::kNull: {
        const document::GoValue* odd = tree.odd(node);
        if (odd == nullptr) {
          return node;
        }
        if (!odd->protobuf) {
          return refuse("proto: invalid type: " + odd->type_name);
        }
        return odd->protobuf->is_double() ? number(odd->protobuf->as_double()) : *odd->protobuf;
      }
      case document::Kind::kList: {
        std::vector<document::Node> items;
        for (const document::Node& item : node.items()) {
          SEAWORTHY_TRY(const document::Node made, native(tree, item));
          items.push_back(made);
        }
        return document::Node::list(arena_.copy(std::span<const document::Node>(items)));
      }
      case document::Kind::kMap: {
        std::vector<document::Member> members;
        for (const document::Member& member : node.members()) {
          SEAWORTHY_TRY(const document::Node made, native(tree, member.value));
          members.push_back({member.key, made});
        }
        return document::Node::map(arena_.copy(std::span<const document::Member>(members)));
      }
      default:
        return node;
    }
  }

  Arena& arena_;
  std::string bad_number_;  ///< The first that JSON has no word for.
};

}  // namespace

Result<document::Node> to_protobuf_json(const Value& value, Arena& arena) {
  return Converter(arena).convert(value);
}

}  // namespace seaworthy::cel
