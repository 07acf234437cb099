// An Object as the Go map that a structured merge gets. A list or map of CEL's own is taken apart
// only where it is a field's value; inside another it stays CEL's, which no schema accepts; so does
// a null of CEL's, a duration, a quantity. Such values are kept by how Go prints them, since that
// is what the refusal says. Rule: k8s.io/apiserver pkg/cel/mutation/dynamic/objects.go.

#include <algorithm>
#include <string>
#include <vector>

#include "cel/eval/civil_time.h"
#include "cel/eval/go_text.h"
#include "cel/eval/patch_values.h"

namespace seaworthy::cel {
namespace {

/// What stands where Go prints an address.
constexpr std::string_view kAddress = "(0xc000000000)";

std::string hexadecimal(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), kDigits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return "0x" + out;
}

std::string date_source(const Value& time) {
  constexpr std::string_view kMonths[] = {// NOLINT(modernize-avoid-c-arrays)
                                          "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
  const CivilTime civil = civil_time_of(time.as_int() + std::int64_t{time.zone_minutes()} * 60);
  std::string out =
      "time.Date(" + std::to_string(civil.year) + ", time." + std::string(kMonths[civil.month - 1]);
  for (const std::int64_t part :
       {std::int64_t{civil.day}, std::int64_t{civil.hour}, std::int64_t{civil.minute},
        std::int64_t{civil.second}, std::int64_t{time.nanoseconds()}}) {
    out += ", " + std::to_string(part);
  }
  return out + (time.zone_minutes() == 0 ? ", time.UTC)" : ", time.Location(\"\"))");
}

/// `%#v` of a value of CEL's inside a list or map of CEL's.
std::string inner_source(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case ValueKind::kUint:
      return hexadecimal(value.as_uint());
    case ValueKind::kString:
      append_go_quoted(value.as_text(), out);
      return out;
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kDouble:
    case ValueKind::kNull:
      append_go_value(value, out);
      return out;
    default:
      return "(" + std::string(go_type_name(value)) + ")" + std::string(kAddress);
  }
}

/// `%#v` of a value that JSON has no word for.
std::string source_of(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case ValueKind::kNull:
      return "0";
    case ValueKind::kUint:
      return hexadecimal(value.as_uint());
    case ValueKind::kDuration:
      return std::to_string(value.as_int());
    case ValueKind::kTimestamp:
      return date_source(value);
    case ValueKind::kBytes:
      for (const char byte : value.as_text()) {
        out += (out.empty() ? "" : ", ") + hexadecimal(static_cast<unsigned char>(byte));
      }
      return "[]uint8{" + out + "}";
    case ValueKind::kList:
      for (std::uint32_t i = 0; i < value.size(); ++i) {
        out += (i == 0 ? "" : ", ") + inner_source(value.item(i));
      }
      return std::string(native_type_name(value)) + "{" + out + "}";
    case ValueKind::kMap: {
      std::vector<std::string> entries;
      for (std::uint32_t i = 0; i < value.size(); ++i) {
        entries.push_back(inner_source(value.key_at(i)) + ":" + inner_source(value.value_at(i)));
      }
      std::ranges::sort(entries);
      for (const std::string& entry : entries) {
        out += (out.empty() ? "" : ", ") + entry;
      }
      return std::string(native_type_name(value)) + "{" + out + "}";
    }
    default:
      return "(" + std::string(native_type_name(value)) + ")" + std::string(kAddress);
  }
}

std::string text_of(const Value& value) {
  if (value.is(ValueKind::kNull)) {
    return "NULL_VALUE";
  }
  if (as_json_patch(value) != nullptr) {
    return std::string(kAddress.substr(1, kAddress.size() - 2));
  }
  std::string out;
  if (value.is(ValueKind::kList)) {
    for (const Value& item : value.values()) {
      out += out.empty() ? "" : " ";
      append_go_value(item, out);
    }
    return "[" + out + "]";
  }
  if (value.is(ValueKind::kMap)) {
    std::vector<std::string> entries;
    for (const MapEntry& entry : value.entries()) {
      std::string text;
      append_go_value(entry.key, text);
      text += ':';
      append_go_value(entry.value, text);
      entries.push_back(std::move(text));
    }
    std::ranges::sort(entries);
    for (const std::string& entry : entries) {
      out += (out.empty() ? "" : " ") + entry;
    }
    return "map[" + out + "]";
  }
  append_go_value(value, out);
  return out;
}

class TreeWriter {
 public:
  TreeWriter(document::UntypedTree& tree, Arena& arena) : tree_(tree), arena_(arena) {}

  /// ConvertToNative: each field's value at its place; the fault of the first that has none.
  std::optional<std::string> write_object(const ObjectValue& object, document::Node& at,
                                          std::span<const document::Member> instead) {
    std::vector<document::Member> kept(instead.begin(), instead.end());
    const std::size_t room = object.fields().size() + kept.size();
    auto* members = arena_.allocate_array<document::Member>(room);
    std::size_t size = 0;
    for (const ObjectField& field : object.fields()) {
      const bool replaced = std::ranges::any_of(
          instead, [&](const document::Member& member) { return member.key.text() == field.name; });
      if (replaced && field_fault(field)) {
        return field_fault(field);
      }
      if (replaced) {
        continue;
      }
      new (&members[size]) document::Member{document::Key(field.name), {}};
      if (auto fault = write_field(field, members[size].value)) {
        return fault;
      }
      ++size;
    }
    for (const document::Member& member : instead) {
      new (&members[size++]) document::Member(member);
    }
    new (&at) document::Node(document::Node::map({members, size}));
    return std::nullopt;
  }

 private:
  static std::optional<std::string> field_fault(const ObjectField& field) {
    const Value& value = unwrapped(field.value);
    if (!value.is(ValueKind::kMap) || value.is_node_backed()) {
      return std::nullopt;
    }
    for (const MapEntry& entry : value.entries()) {
      if (!entry.key.is(ValueKind::kString)) {
        return map_key_fault(field.name, entry.key);
      }
    }
    return std::nullopt;
  }

  static const Value& unwrapped(const Value& value) {
    const Value* at = &value;
    while (at->is(ValueKind::kOptional) && at->as_optional() != nullptr) {
      at = at->as_optional();
    }
    return *at;
  }

  /// convertField.
  std::optional<std::string> write_field(const ObjectField& field, document::Node& at) {
    if (auto fault = field_fault(field)) {
      return fault;
    }
    const Value& value = unwrapped(field.value);
    const bool own = !value.is_node_backed() && !value.is_string_list();
    if (own && value.is(ValueKind::kList)) {
      write_list(value, at);
    } else if (own && value.is(ValueKind::kMap)) {
      auto* members = arena_.allocate_array<document::Member>(value.size());
      for (std::uint32_t i = 0; i < value.size(); ++i) {
        const MapEntry& entry = value.entries()[i];
        new (&members[i]) document::Member{document::Key(entry.key.as_text()), {}};
        write(entry.value, members[i].value);
      }
      new (&at) document::Node(document::Node::map({members, value.size()}));
    } else {
      write(value, at);
    }
    return std::nullopt;
  }

  void write_list(const Value& list, document::Node& at) {
    auto* items = arena_.allocate_array<document::Node>(list.size());
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      new (&items[i]) document::Node();
      write(list.values()[i], items[i]);
    }
    new (&at) document::Node(document::Node::list({items, list.size()}));
    if (list.size() == 0 && !list.is_concatenation()) {
      tree_.mark_nil(at);
    }
  }

  /// Value().
  void write(const Value& given, document::Node& at) {
    const Value& value = unwrapped(given);
    const ObjectValue* object = as_object(value);
    if (object != nullptr) {
      if (const auto fault = write_object(*object, at, {})) {
        explain(at, {*fault, "(*types.Err)" + std::string(kAddress), "*types.Err"});
      }
      return;
    }
    switch (value.kind()) {
      case ValueKind::kBool:
      case ValueKind::kInt:
      case ValueKind::kDouble:
      case ValueKind::kString:
        new (&at) document::Node(to_node(value, arena_));
        return;
      case ValueKind::kType:
        new (&at) document::Node(document::Node::string(value.as_type().name));
        return;
      case ValueKind::kOptional:  // none is Go's nil
        new (&at) document::Node();
        return;
      case ValueKind::kList:
        if (value.is_concatenation()) {
          write_list(value, at);
          return;
        }
        break;
      default:
        break;
    }
    if (value.is_node_backed()) {
      new (&at) document::Node(to_node(value, arena_));
      return;
    }
    document::GoValue odd{text_of(value), source_of(value), std::string(native_type_name(value))};
    if (value.is(ValueKind::kUint)) {
      odd.protobuf = document::Node::number(static_cast<double>(value.as_uint()));
    } else if (value.is(ValueKind::kBytes)) {
      odd.protobuf = to_node(value, arena_);
    }
    explain(at, std::move(odd));
  }

  void explain(document::Node& at, document::GoValue odd) {
    new (&at) document::Node();
    tree_.explain(at, std::move(odd));
  }

  document::UntypedTree& tree_;
  Arena& arena_;
};

}  // namespace

std::optional<std::string> write_untyped(const ObjectValue& object,
                                         std::span<const document::Member> instead,
                                         document::UntypedTree& tree, Arena& arena) {
  auto* root = arena.create<document::Node>();
  auto fault = TreeWriter(tree, arena).write_object(object, *root, instead);
  tree.set_root(*root);
  return fault;
}

std::optional<document::UntypedTree> to_untyped(const ObjectValue& object,
                                                std::string_view api_version, std::string_view kind,
                                                Arena& arena) {
  const document::Member instead[] = {
      // NOLINT(modernize-avoid-c-arrays)
      {document::Key("apiVersion"), document::Node::string(api_version)},
      {document::Key("kind"), document::Node::string(kind)}};
  document::UntypedTree tree;
  if (write_untyped(object, instead, tree, arena)) {
    return std::nullopt;
  }
  return tree;
}

}  // namespace seaworthy::cel
