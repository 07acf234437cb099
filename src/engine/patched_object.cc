// The steps of apimachinery's pkg/runtime/serializer/json, Decode, which the API server takes with
// `Strict`. A value that does not fit its field is told in words of ours, as Go's name its types.
#include "engine/patched_object.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"

namespace seaworthy::engine {
namespace {

using document::Node;

std::unexpected<Error> refuse(std::string text) {
  return fail(ErrorCode::kInternal, "Internal error occurred: " + std::move(text));
}

/// As Go's encoder orders a map.
Node sorted(const Node& node, Arena& arena) {
  if (node.is_list()) {
    std::vector<Node> items;
    for (const Node& item : node.items()) {
      items.push_back(sorted(item, arena));
    }
    return Node::list(arena.copy(std::span<const Node>(items)));
  }
  if (!node.is_map()) {
    return node;
  }
  std::vector<document::Member> members;
  for (const document::Member& member : node.members()) {
    members.push_back({member.key, sorted(member.value, arena)});
  }
  std::ranges::sort(members, {}, [](const document::Member& member) { return member.key.text(); });
  return Node::map(arena.copy(std::span<const document::Member>(members)));
}

/// Printed JSON as Go's encoder escapes it for HTML's sake.
std::string escape_for_html(std::string_view json) {
  constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
      // NOLINT(modernize-avoid-c-arrays)
      {"<", "\\u003c"},
      {">", "\\u003e"},
      {"&", "\\u0026"},
      {"\u2028", "\\u2028"},
      {"\u2029", "\\u2029"}};
  std::string out;
  while (!json.empty()) {
    const auto* found = std::ranges::find_if(
        kEscapes, [&](const auto& escape) { return json.starts_with(escape.first); });
    const bool escapes = found != std::end(kEscapes);
    out += escapes ? found->second : json.substr(0, 1);
    json.remove_prefix(escapes ? found->first.size() : 1);
  }
  return out;
}

/// What a value is called by Go's JSON decoder.
std::string_view json_name(const Node& node) {
  switch (node.kind()) {
    case document::Kind::kBool:
      return "bool";
    case document::Kind::kInt:
    case document::Kind::kDouble:
      return "number";
    case document::Kind::kList:
      return "array";
    case document::Kind::kMap:
      return "object";
    default:
      return "string";
  }
}

/// Why apiVersion and kind cannot be read (DefaultMetaFactory.Interpret).
std::optional<std::string> interpretation_fault(const Node& patched) {
  const std::string unreadable =
      "couldn't get version/kind; json parse error: json: cannot unmarshal ";
  if (patched.is_list()) {
    return unreadable +
           "array into Go value of type struct { APIVersion string "
           "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
  }
  for (const std::string_view field : {"apiVersion", "kind"}) {
    const Node& value = patched[field];
    if (!value.is_string() && !value.is_null()) {
      return unreadable + std::string(json_name(value)) + " into Go struct field ." +
             std::string(field) + " of type string";
    }
  }
  const std::string_view api_version = patched["apiVersion"].as_string();
  if (std::ranges::count(api_version, '/') > 1) {
    return "unexpected GroupVersion string: " + std::string(api_version);
  }
  return std::nullopt;
}

/// An object of a built-in kind. What the patch has removed of its apiVersion and kind is known
/// nevertheless (gvkWithDefaults).
Result<Node> decode_typed(Node patched, const Node& before, const document::MergeSchema& types,
                          Arena& arena) {
  for (const std::string_view field : {"apiVersion", "kind"}) {
    if (patched[field].as_string().empty()) {
      patched = document::with_member(patched, field, before[field], arena);
    }
  }
  const std::string_view api_version = patched["apiVersion"].as_string();
  const std::string_view kind = patched["kind"].as_string();
  const auto type = types.is_built_in(api_version) ? types.find(api_version, kind) : std::nullopt;
  if (!type) {
    return refuse(
        fmt::format("no kind \"{}\" is registered for version \"{}\" in scheme "
                    "\"pkg/runtime/scheme.go:111\"",
                    kind, api_version));
  }
  // What was amiss before is not the patch's fault: the API server has dropped or refused it.
  const auto fractions = api_version.starts_with("apiextensions.k8s.io/")
                             ? document::Fractions::kAllowed
                             : document::Fractions::kRefused;
  if (auto fault = decoding_fault(types, *type, patched, before, fractions); !fault.empty()) {
    return refuse(std::move(fault));
  }
  if (kind != before["kind"].as_string() || api_version != before["apiVersion"].as_string()) {
    return refuse("failed to convert object: the patch makes another kind of it");
  }
  return patched;
}

}  // namespace

Result<Node> decode_patched(const Node& patched, const Node& before,
                            const document::MergeSchema* types, Arena& arena) {
  if (auto fault = interpretation_fault(patched)) {
    return refuse(*std::move(fault));
  }
  const std::string_view api_version = before["apiVersion"].as_string();
  if (types != nullptr && types->is_built_in(api_version) &&
      types->find(api_version, before["kind"].as_string())) {
    return decode_typed(patched, before, *types, arena);
  }
  if (patched["kind"].as_string().empty()) {
    return refuse("Object 'Kind' is missing in '" +
                  escape_for_html(print_json(sorted(patched, arena))) + "'");
  }
  return patched;
}

}  // namespace seaworthy::engine
