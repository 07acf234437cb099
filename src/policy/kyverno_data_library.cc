// json.*, yaml.* and transform.*: texts as values and back, and two lists as a map (libs/json,
// libs/yaml, libs/transform).
#include <array>
#include <string>

#include "policy/kyverno_libraries.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/edit.h"
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

/// A tenth of a text's bytes.
std::uint64_t text_cost(Arguments arguments, const Value& /*result*/) {
  return arguments[0].is(ValueKind::kString) ? (arguments[0].size() + 9) / 10 : 1;
}

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

Value marshal_json(Arguments arguments, Evaluation& evaluation) {
  const Node node = cel::to_node(arguments[0], evaluation.arena());
  return Value::string(evaluation.arena().copy(document::print_json(node)));
}

Value parse_yaml(Arguments arguments, Evaluation& evaluation) {
  const auto read = document::read_source(arguments[0].as_text(), "yaml", evaluation.arena());
  for (const auto& diagnostic : read.diagnostics) {
    if (diagnostic.severity == Diagnostic::Severity::kError) {
      return evaluation.error("yaml.parse: " + diagnostic.message);
    }
  }
  return read.value && !read.value->empty() ? Value::of(read.value->front().root()) : Value::null();
}

Value objects_to_map(Arguments arguments, Evaluation& evaluation) {
  const Value& keys = arguments[0];
  const Value& values = arguments[1];
  if (keys.size() != values.size()) {
    return evaluation.error(
        "listObjToMap must take lists of equal length. list1: " + std::to_string(keys.size()) +
        ", list2: " + std::to_string(values.size()));
  }
  Arena& arena = evaluation.arena();
  Node map;
  for (std::uint32_t index = 0; index < keys.size(); ++index) {
    const Node key = cel::to_node(keys.item(index), arena)[arguments[2].as_text()];
    const Node value = cel::to_node(values.item(index), arena);
    if (!key.is_string()) {
      return evaluation.error(
          "the passed key name cannot be handled as a string in the key object list");
    }
    if (!value.is_map()) {
      return evaluation.error(
          "object cannot be handled as a map string to any in the value object list");
    }
    map = document::with_member(map, key.as_string(), value[arguments[3].as_text()], arena);
  }
  return Value::of(map.is_null() ? document::MapBuilder(arena).build() : map);
}

constexpr std::array kRows{
    FunctionRow{"json.unmarshal", "unmarshal_string_dyn", "(dyn) -> dyn", unmarshal_json,
                text_cost},
    FunctionRow{"json.marshal", "marshal_dyn_string", "(dyn) -> string", marshal_json, result_cost},
    FunctionRow{"yaml.parse", "parse_string_dyn", "(string) -> dyn", parse_yaml, text_cost},
    FunctionRow{"listObjToMap", "list_of_object_to_map_non_prefixed",
                "(list(dyn), list(dyn), string, string) -> map(string, dyn)", objects_to_map},
    FunctionRow{"transform.listObjToMap", "list_of_object_to_map_prefixed",
                "(list(dyn), list(dyn), string, string) -> map(string, dyn)", objects_to_map},
};

}  // namespace

cel::Library kyverno_data_functions() { return {"kyverno.data", kRows}; }

}  // namespace seaworthy::policy
