// json.*, yaml.* and transform.*: texts as values and back, and two lists as a map (libs/json,
// libs/yaml, libs/transform).
#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "policy/kyverno_libraries.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;
using cel::ValueKind;
using document::Node;
using Arguments = std::span<const Value>;

std::uint64_t result_cost(Arguments /*arguments*/, const Value& result) {
  return result.is(ValueKind::kString) ? (result.size() + 9) / 10 : 1;
}

Value unmarshal_json(Arguments arguments, Evaluation& evaluation) {
  if (!arguments[0].is(ValueKind::kString)) {
    return evaluation.no_such_overload();
  }
  const auto node = document::parse_json(arguments[0].as_text(), evaluation.arena());
  return node ? Value::of(*node) : evaluation.error("json.unmarshal: " + node.error().message);
}

/// Takes what converting the value into nodes would make from `room`; false where that is too
/// little. A list of one long list of CEL's many times is made of as many copies.
bool take_copied(const Value& value, std::size_t& room) {
  if (value.is(ValueKind::kOptional) && value.as_optional() != nullptr) {
    return take_copied(*value.as_optional(), room);
  }
  const bool is_list = value.is(ValueKind::kList);
  if (value.is_node_backed() || !(is_list || value.is(ValueKind::kMap))) {
    return true;
  }
  const std::size_t bytes = value.size() * (is_list ? sizeof(Node) : sizeof(document::Member));
  if (bytes > room) {
    return false;
  }
  room -= bytes;
  for (std::uint32_t at = 0; at < value.size(); ++at) {
    if (!take_copied(is_list ? value.item(at) : value.value_at(at), room)) {
      return false;
    }
  }
  return true;
}

/// The same of what its JSON has at least.
bool take_printed(const Node& node, std::size_t& room) {
  const auto take = [&](std::size_t bytes) {
    const bool enough = bytes <= room;
    room -= enough ? bytes : room;
    return enough;
  };
  if (!take(node.is_string() ? node.size() + 2 : 1)) {
    return false;
  }
  for (const Node& item : node.items()) {
    if (!take_printed(item, room)) {
      return false;
    }
  }
  for (const auto& member : node.members()) {
    if (!take(member.key.text().size() + 4) || !take_printed(member.value, room)) {
      return false;
    }
  }
  return true;
}

Value marshal_json(Arguments arguments, Evaluation& evaluation) {
  std::size_t copied = limits::kFunctionResultBytesMax;
  std::size_t printed = limits::kFunctionResultBytesMax;
  const bool fits = take_copied(arguments[0], copied);
  const Node node = fits ? cel::to_node(arguments[0], evaluation.arena()) : Node();
  if (!fits || !take_printed(node, printed)) {
    return evaluation.spend(limits::kFunctionResultBytesMax / 10)
               ? evaluation.error("json.marshal: the text is too long")
               : evaluation.limit_error();
  }
  return Value::string(evaluation.arena().copy(document::print_json(node)));
}

/// Reading YAML takes ten times as long as reading JSON; what is too long is not read.
std::uint64_t yaml_cost(Arguments arguments, const Value& result) {
  const bool is_read =
      arguments[0].is(ValueKind::kString) && arguments[0].size() <= limits::kYamlTextBytesMax;
  return is_read ? arguments[0].size() : kyverno_text_cost(arguments, result);
}

Value parse_yaml(Arguments arguments, Evaluation& evaluation) {
  if (arguments[0].size() > limits::kYamlTextBytesMax) {
    return evaluation.error("yaml.parse: a text of over " +
                            std::to_string(limits::kYamlTextBytesMax / 1024) +
                            " KiB is not supported");
  }
  const auto read = document::read_source(arguments[0].as_text(), "yaml", evaluation.arena());
  for (const auto& diagnostic : read.diagnostics) {
    if (diagnostic.severity == Diagnostic::Severity::kError) {
      return evaluation.error("yaml.parse: " + diagnostic.message);
    }
  }
  return read.value && !read.value->empty() ? Value::of(read.value->front().root()) : Value::null();
}

/// What the map has under a name; unset where it has nothing. Its other entries are not converted.
Value entry_of(const Value& map, std::string_view name) {
  for (std::uint32_t at = 0; map.is(ValueKind::kMap) && at < map.size(); ++at) {
    const Value key = map.key_at(at);
    if (key.is(ValueKind::kString) && key.as_text() == name) {
      return map.value_at(at);
    }
  }
  return {};
}

/// Of keys that come twice the last counts, as in Go.
Value objects_to_map(Arguments arguments, Evaluation& evaluation) {
  const Value& keys = arguments[0];
  const Value& values = arguments[1];
  if (keys.size() != values.size()) {
    return evaluation.error(
        "listObjToMap must take lists of equal length. list1: " + std::to_string(keys.size()) +
        ", list2: " + std::to_string(values.size()));
  }
  std::map<std::string_view, Value> picked;
  std::size_t room = limits::kFunctionResultBytesMax;
  for (std::uint32_t index = 0; index < keys.size(); ++index) {
    const Value key = entry_of(keys.item(index), arguments[2].as_text());
    const Value object = values.item(index);
    if (!key.is(ValueKind::kString)) {
      return evaluation.error(
          "the passed key name cannot be handled as a string in the key object list");
    }
    if (!object.is(ValueKind::kMap)) {
      return evaluation.error(
          "object cannot be handled as a map string to any in the value object list");
    }
    const Value value = entry_of(object, arguments[3].as_text());
    if (!take_copied(value, room)) {
      return evaluation.error("listObjToMap: the map is too large");
    }
    picked[key.as_text()] = value;
  }
  Arena& arena = evaluation.arena();
  std::vector<document::Member> members;
  members.reserve(picked.size());
  for (const auto& [key, value] : picked) {
    members.push_back({document::Key(key), cel::to_node(value, arena)});
  }
  return Value::of(Node::map(arena.copy(std::span<const document::Member>(members))));
}

/// As many as there are objects.
std::uint64_t objects_cost(Arguments arguments, const Value& /*result*/) {
  std::uint64_t cost = 1;
  for (const Value& list : arguments.first(2)) {
    cost += list.is(ValueKind::kList) ? list.size() : 0;
  }
  return cost;
}

constexpr std::array kRows{
    FunctionRow{"json.unmarshal", "unmarshal_string_dyn", "(dyn) -> dyn", unmarshal_json,
                kyverno_text_cost},
    FunctionRow{"json.marshal", "marshal_dyn_string", "(dyn) -> string", marshal_json, result_cost},
    FunctionRow{"yaml.parse", "parse_string_dyn", "(string) -> dyn", parse_yaml, yaml_cost},
    FunctionRow{"listObjToMap", "list_of_object_to_map_non_prefixed",
                "(list(dyn), list(dyn), string, string) -> map(string, dyn)", objects_to_map,
                objects_cost},
    FunctionRow{"transform.listObjToMap", "list_of_object_to_map_prefixed",
                "(list(dyn), list(dyn), string, string) -> map(string, dyn)", objects_to_map,
                objects_cost},
};

}  // namespace

cel::Library kyverno_data_functions() { return {"kyverno.data", kRows}; }

}  // namespace seaworthy::policy
