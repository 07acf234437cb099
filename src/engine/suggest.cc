#include "engine/suggest.h"

#include "engine/merge.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;

/// Directives are the engine's words, not a manifest's.
Node without_directives(const Node& node, Arena& arena) {
  if (const Node* items = node.find("$append")) {
    return *items;
  }
  if (!node.is_map()) {
    return node;
  }
  document::MapBuilder builder(arena);
  for (const auto& member : node.members()) {
    builder.add(member.key.text(), without_directives(member.value, arena));
  }
  return builder.build();
}

}  // namespace

Node suggest(const policy::Policy& policy, PolicyContext& context, Arena& arena) {
  if (!policy.remedy) {
    return {};
  }
  document::MapBuilder builder(arena);
  const auto& remedy = *policy.remedy;
  for (const auto& [name, fragment] :
       {std::pair{"container", &remedy.container}, std::pair{"pod", &remedy.pod},
        std::pair{"podMetadata", &remedy.pod_metadata}}) {
    if (fragment->tree.is_null()) {
      continue;
    }
    const auto rendered = render(*fragment, context.evaluation());
    if (!rendered) {
      return {};
    }
    builder.add(name, without_directives(*rendered, arena));
  }
  const Node suggestion = builder.build();
  return suggestion.size() == 0 ? Node() : suggestion;
}

}  // namespace seaworthy::engine
