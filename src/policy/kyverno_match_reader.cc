#include "policy/kyverno_match_reader.h"

#include <fmt/format.h>

#include "policy/match_reader.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs read_pairs(Fields& fields, std::string_view name) {
  Pairs pairs;
  const Node* map = fields.take_map(name);
  if (map == nullptr) {
    return pairs;
  }
  for (const auto& member : map->members()) {
    if (!member.value.is_string()) {
      fields.context().error(member.value, fmt::format("{}.{} must be a string",
                                                       fields.path_of(name), member.key.text()));
      continue;
    }
    pairs.emplace_back(member.key.text(), member.value.as_string());
  }
  return pairs;
}

std::optional<KyvernoSelector> read_kyverno_selector(Fields& fields, std::string_view name) {
  const Node* node = fields.take_map(name);
  if (node == nullptr) {
    return std::nullopt;
  }
  KyvernoSelector selector;
  Fields inner(fields.context(), *node, fields.path_of(name));
  selector.labels = read_pairs(inner, "matchLabels");
  selector.expressions =
      read_selector(fields.context(), *node, fields.path_of(name), Dialect::kGlobs);
  // Those that labels ask for are among them, as one value each; globs are for us.
  const auto count = static_cast<std::ptrdiff_t>(selector.labels.size());
  auto& requirements = selector.expressions.requirements;
  requirements.erase(requirements.begin(), requirements.begin() + count);
  return selector;
}

void read_resources(Fields& fields, KyvernoFilter& filter) {
  const Node* node = fields.take_map("resources");
  if (node == nullptr) {
    return;
  }
  Fields resources(fields.context(), *node, fields.path_of("resources"));
  for (const auto& kind : resources.texts("kinds")) {
    filter.kinds.push_back(KyvernoKind::parse(kind));
  }
  filter.name = resources.text("name");
  filter.names = resources.texts("names");
  filter.namespaces = resources.texts("namespaces");
  filter.operations = resources.texts("operations");
  filter.annotations = read_pairs(resources, "annotations");
  filter.selector = read_kyverno_selector(resources, "selector");
  filter.namespace_selector = read_kyverno_selector(resources, "namespaceSelector");
  resources.warn_unknown();
}

void read_user(Fields& fields, KyvernoFilter& filter, KyvernoSide side) {
  fields.each_map("subjects", [&](Fields& item, std::size_t /*index*/) {
    item.take("apiGroup");
    KyvernoSubject subject;
    subject.kind = item.text("kind", true);
    subject.name = item.text("name", true);
    subject.namespace_name = item.text("namespace");
    item.warn_unknown();
    filter.subjects.push_back(std::move(subject));
  });
  for (const auto* name : {"roles", "clusterRoles"}) {
    const Node* list = fields.take_list(name);
    if (list == nullptr || list->size() == 0) {
      continue;
    }
    filter.names_roles = true;
    fields.context().warn(
        *list,
        fmt::format("{}: not supported: who has a role is not known here; {}", fields.path_of(name),
                    side == KyvernoSide::kMatch ? "the filter takes everybody"
                                                : "the filter excludes nobody"));
  }
}

KyvernoFilter read_filter(Fields& fields, KyvernoSide side) {
  KyvernoFilter filter;
  read_resources(fields, filter);
  read_user(fields, filter, side);
  fields.warn_unknown();
  return filter;
}

}  // namespace

KyvernoFilters read_kyverno_filters(const ReadContext& context, const Node& node,
                                    const std::string& path, KyvernoSide side) {
  KyvernoFilters filters;
  Fields fields(context, node, path);
  for (const auto* name : {"any", "all"}) {
    const Node* list = fields.take_list(name);
    if (list == nullptr || list->size() == 0 || !filters.filters.empty()) {
      continue;
    }
    filters.all = name == std::string_view("all");
    fields.each_map(name, [&](Fields& item, std::size_t /*index*/) {
      filters.filters.push_back(read_filter(item, side));
    });
  }
  if (!filters.filters.empty()) {
    fields.warn_unknown();
    return filters;
  }
  if (node.size() > 0 && fields.take("any") == nullptr && fields.take("all") == nullptr) {
    filters.filters.push_back(read_filter(fields, side));
  }
  return filters;
}

}  // namespace seaworthy::policy
