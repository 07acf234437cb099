#include "policy/remedy_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/expression.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Compiles the texts of a fragment that hold expressions, and looks for directives that are none.
void compile_leaves(const ReadContext& context, const Node& node, const std::string& path,
                    const cel::Environment& environment, Fragment& fragment) {
  if (node.is_string() && node.as_string().find("${") != std::string_view::npos) {
    fragment.leaves.emplace(&node, compile_text(context, node, path, environment));
  }
  for (std::size_t index = 0; index < node.items().size(); ++index) {
    compile_leaves(context, node.items()[index], fmt::format("{}[{}]", path, index), environment,
                   fragment);
  }
  for (const auto& member : node.members()) {
    const auto name = member.key.text();
    if (name.starts_with('$') &&
        (name != "$append" || node.size() != 1 || !member.value.is_list())) {
      context.error(
          context.source->position_of(member),
          fmt::format(
              "{}: '{}' is no directive; {{$append: [...]}} is the only one, alone in its map",
              path, name));
    }
    compile_leaves(context, member.value, fmt::format("{}.{}", path, name), environment, fragment);
  }
}

void read_fragment(Fields& fields, std::string_view name, const cel::Environment& environment,
                   Fragment& fragment) {
  const Node* tree = fields.take_map(name);
  if (tree == nullptr) {
    return;
  }
  fragment.tree = *tree;
  compile_leaves(fields.context(), *tree, fields.path_of(name), environment, fragment);
}

std::vector<document::Path> read_paths(Fields& fields, std::string_view name) {
  constexpr std::array<std::string_view, 3> kRoots{"container", "pod", "podMetadata"};
  std::vector<document::Path> paths;
  const Node* list = fields.take_list(name);
  for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
    const Node& item = list->items()[index];
    auto path = document::Path::parse(item.as_string());
    const bool known =
        path && path->steps().size() > 1 &&
        std::holds_alternative<std::string>(path->steps().front()) &&
        std::ranges::find(kRoots, std::get<std::string>(path->steps().front())) != kRoots.end();
    if (!known) {
      fields.context().error(
          item,
          fmt::format("{}[{}] must be a path that begins with container., pod. or podMetadata.",
                      fields.path_of(name), index));
      continue;
    }
    paths.push_back(*std::move(path));
  }
  return paths;
}

bool names_container(const std::vector<document::Path>& paths) {
  return std::ranges::any_of(paths, [](const document::Path& path) {
    return std::get<std::string>(path.steps().front()) == "container";
  });
}

}  // namespace

Remedy read_remedy(const ReadContext& context, const Node& node, const std::string& path, Each each,
                   const cel::Environment& environment) {
  Remedy remedy;
  Fields fields(context, node, path);
  if (const auto safety = fields.word<Safety>("safety")) {
    remedy.safety = *safety;
  } else if (node.find("safety") == nullptr) {
    fields.report_missing("safety");
  }
  if (const Node* fact = fields.take("fact")) {
    remedy.fact = compile_expression(context, *fact, fields.path_of("fact"), environment,
                                     cel::TypeKind::kBool);
    if (remedy.safety != Safety::kNeedsFact) {
      context.error(*fact, fields.path_of("fact") + " belongs to 'safety: needs-fact' only");
    }
  }
  read_fragment(fields, "container", environment, remedy.container);
  read_fragment(fields, "pod", environment, remedy.pod);
  read_fragment(fields, "podMetadata", environment, remedy.pod_metadata);
  remedy.overwrite = read_paths(fields, "overwrite");
  remedy.remove = read_paths(fields, "remove");
  fields.finish();
  const bool about_container = !remedy.container.tree.is_null() || names_container(remedy.remove);
  if (about_container && each != Each::kContainer) {
    context.error(
        node,
        path +
            ".container needs 'each: container': there is no failing container to merge it into");
  }
  if (remedy.container.tree.is_null() && remedy.pod.tree.is_null() &&
      remedy.pod_metadata.tree.is_null() && remedy.remove.empty()) {
    context.error(
        node,
        path + " changes nothing; give it container, pod, podMetadata or remove, or leave it out");
  }
  return remedy;
}

}  // namespace seaworthy::policy
