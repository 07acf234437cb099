#include "policy/kyverno_match_reader.h"

#include <algorithm>
#include <array>

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

/// The strings of a list; what else it holds is reported.
std::vector<const Node*> strings_of(Fields& fields, std::string_view name) {
  std::vector<const Node*> strings;
  fields.texts(name);
  const Node* list = fields.take(name);
  for (std::size_t at = 0; list != nullptr && list->is_list() && at < list->size(); ++at) {
    if (list->items()[at].is_string()) {
      strings.push_back(&list->items()[at]);
    }
  }
  return strings;
}

void report_wrong(const Fields& fields, std::string_view name, const Node& item,
                  std::string_view wanted) {
  fields.context().error(item, fmt::format("{} must hold {}, not '{}'", fields.path_of(name),
                                           wanted, item.as_string()));
}

void read_kinds(Fields& fields, KyvernoFilter& filter) {
  for (const Node* item : strings_of(fields, "kinds")) {
    auto kind = KyvernoKind::parse(item->as_string());
    if (kind) {
      filter.kinds.push_back(*std::move(kind));
    } else {
      report_wrong(fields, "kinds", *item, "kinds such as Pod, apps/v1/Deployment or Pod/exec");
    }
  }
}

void read_operations(Fields& fields, KyvernoFilter& filter) {
  constexpr std::array<std::string_view, 4> kOperations{"CREATE", "UPDATE", "DELETE", "CONNECT"};
  for (const Node* item : strings_of(fields, "operations")) {
    filter.operations.emplace_back(item->as_string());
    if (std::ranges::find(kOperations, item->as_string()) == kOperations.end()) {
      report_wrong(fields, "operations", *item, "CREATE, UPDATE, DELETE or CONNECT");
    }
  }
}

/// Answers whether anything is asked for.
bool read_resources(Fields& fields, KyvernoFilter& filter) {
  const Node* node = fields.take_map("resources");
  if (node == nullptr) {
    return false;
  }
  Fields resources(fields.context(), *node, fields.path_of("resources"));
  read_kinds(resources, filter);
  filter.name = resources.text("name");
  filter.names = resources.texts("names");
  filter.namespaces = resources.texts("namespaces");
  read_operations(resources, filter);
  filter.annotations = read_pairs(resources, "annotations");
  filter.selector = read_kyverno_selector(resources, "selector");
  filter.namespace_selector = read_kyverno_selector(resources, "namespaceSelector");
  resources.warn_unknown();
  return !filter.kinds.empty() || !filter.name.empty() || !filter.names.empty() ||
         !filter.namespaces.empty() || !filter.operations.empty() || !filter.annotations.empty() ||
         filter.selector || filter.namespace_selector;
}

/// What a filter that never holds does.
std::string_view effect_of(KyvernoBlock block) {
  return block == KyvernoBlock::kMatch     ? "matches nothing"
         : block == KyvernoBlock::kExclude ? "excludes nothing"
                                           : "excuses nothing";
}

/// What a filter does that asks who asks, where that is not known.
std::string_view effect_on_users(KyvernoBlock block) {
  return block == KyvernoBlock::kMatch     ? "takes everybody"
         : block == KyvernoBlock::kExclude ? "excludes nobody"
                                           : "excuses nobody";
}

/// Answers whether anybody is asked for.
bool read_user(Fields& fields, KyvernoFilter& filter, KyvernoBlock block) {
  fields.each_map("subjects", [&](Fields& item, std::size_t /*index*/) {
    item.take("apiGroup");
    KyvernoSubject subject;
    subject.kind = item.text("kind", true);
    subject.name = item.text("name", true);
    subject.namespace_name = item.text("namespace", subject.kind == "ServiceAccount");
    item.warn_unknown();
    if (!subject.kind.empty() && subject.kind != "User" && subject.kind != "Group" &&
        subject.kind != "ServiceAccount") {
      item.context().error(*item.take("kind"),
                           fmt::format("{} must be User, Group or ServiceAccount, not '{}'",
                                       item.path_of("kind"), subject.kind));
    }
    filter.subjects.push_back(std::move(subject));
  });
  for (const auto* name : {"roles", "clusterRoles"}) {
    const Node* list = fields.take_list(name);
    if (list == nullptr || list->size() == 0) {
      continue;
    }
    filter.names_roles = true;
    fields.context().warn(
        *list, fmt::format("{}: not supported: who has a role is not known here; the filter {}",
                           fields.path_of(name), effect_on_users(block)));
  }
  return !filter.subjects.empty() || filter.names_roles;
}

/// `path` is what messages call the filter.
void read_filter(Fields& fields, const std::string& path, KyvernoBlock block,
                 KyvernoFilter& filter) {
  const ReadContext& context = fields.context();
  const auto before = context.diagnostics->size();
  const bool of_resources = read_resources(fields, filter);
  const bool of_users = read_user(fields, filter, block);
  fields.warn_unknown();
  if (!of_resources && !of_users && !has_errors_since(context, before)) {
    context.error(fields.map(), fmt::format("{} is empty: it {}", path, effect_of(block)));
  }
  filter.never = has_errors_since(context, before);
}

}  // namespace

KyvernoFilters read_kyverno_filters(const ReadContext& context, const Node& node,
                                    const std::string& path, KyvernoBlock block) {
  KyvernoFilters filters;
  Fields fields(context, node, path);
  for (const auto* name : {"any", "all"}) {
    const Node* list = fields.take_list(name);
    if (list == nullptr || list->size() == 0) {
      continue;
    }
    if (!filters.filters.empty()) {
      context.error(*list, fmt::format("{} must not have both any and all", path));
      for (auto& filter : filters.filters) {
        filter.never = true;
      }
      break;
    }
    filters.all = name == std::string_view("all");
    fields.each_map(name, [&](Fields& item, std::size_t index) {
      read_filter(item, fmt::format("{}.{}[{}]", path, name, index), block,
                  filters.filters.emplace_back());
    });
    while (filters.filters.size() < list->size()) {  // what is no map was reported
      filters.filters.emplace_back().never = true;
    }
  }
  const bool listed = fields.take("any") != nullptr || fields.take("all") != nullptr;
  if (listed || block == KyvernoBlock::kException) {
    fields.warn_unknown();
  } else if (node.size() > 0) {
    read_filter(fields, path, block, filters.filters.emplace_back());
  }
  if (block == KyvernoBlock::kException && filters.filters.empty()) {
    context.error(node, fmt::format("{} must have any or all: without, it excuses nothing", path));
  }
  return filters;
}

}  // namespace seaworthy::policy
