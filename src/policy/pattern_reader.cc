#include "policy/pattern_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// True where the list is short enough to be read.
bool has_room(Fields& fields, std::string_view name, const Node& list) {
  if (list.size() <= limits::kPatternsPerListMax) {
    return true;
  }
  fields.context().error(
      list, fmt::format("{} holds {} entries; at most {} are allowed", fields.path_of(name),
                        list.size(), limits::kPatternsPerListMax));
  return false;
}

bool is_glob(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

void warn_of_unknown(const Fields& fields, std::string_view name, const Node& item,
                     const KnownNames& known) {
  const auto pattern = item.as_string();
  const bool found = std::ranges::any_of(
      known.policies, [&](std::string_view policy) { return matches_glob(pattern, policy); });
  if (found) {
    return;
  }
  if (is_glob(pattern)) {
    fields.context().warn(item,
                          fmt::format("{}: no policy matches '{}'", fields.path_of(name), pattern));
    return;
  }
  const auto near = nearest(pattern, known.policies);
  fields.context().warn(item,
                        fmt::format("{}: no policy is called '{}'{}", fields.path_of(name), pattern,
                                    near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

std::vector<std::string> read_patterns(Fields& fields, std::string_view name) {
  std::vector<std::string> patterns;
  const Node* list = fields.take_list(name);
  if (list == nullptr || !has_room(fields, name, *list)) {
    return patterns;
  }
  for (const Node& item : list->items()) {
    const auto text = item.as_string();
    if (!item.is_string()) {
      fields.context().error(item, fmt::format("{} must hold strings, not {}", fields.path_of(name),
                                               document::name_of(item.kind())));
    } else if (text.empty() || text.size() > limits::kPatternBytesMax) {
      fields.context().error(item, fmt::format("{} must hold texts of 1 to {} bytes",
                                               fields.path_of(name), limits::kPatternBytesMax));
    } else {
      patterns.emplace_back(text);
    }
  }
  return patterns;
}

std::vector<std::string> read_policy_patterns(Fields& fields, std::string_view name,
                                              const KnownNames& known) {
  auto patterns = read_patterns(fields, name);
  const Node* list = fields.take(name);
  if (list == nullptr || patterns.size() != list->size()) {
    return patterns;  // it has mistakes, which were told
  }
  for (const Node& item : list->items()) {
    warn_of_unknown(fields, name, item, known);
  }
  return patterns;
}

std::vector<WorkloadPattern> read_workloads(Fields& fields) {
  std::vector<WorkloadPattern> workloads;
  const Node* list = fields.take_list("workloads");
  if (list == nullptr || !has_room(fields, "workloads", *list)) {
    return workloads;
  }
  for (std::size_t index = 0; index < list->size(); ++index) {
    const Node& item = list->items()[index];
    const auto path = fmt::format("{}[{}]", fields.path_of("workloads"), index);
    if (!item.is_map()) {
      fields.context().error(item, path + " must be a map with kind, name or both");
      continue;
    }
    Fields workload_fields(fields.context(), item, path);
    WorkloadPattern pattern{.kind = workload_fields.text("kind"),
                            .name = workload_fields.text("name")};
    workload_fields.finish();
    if (pattern.kind.empty() && pattern.name.empty()) {
      fields.context().error(item, path + " needs kind, name or both");
    } else if (pattern.name.size() > limits::kPatternBytesMax) {
      fields.context().error(item["name"], fmt::format("{}.name must be a text of at most {} bytes",
                                                       path, limits::kPatternBytesMax));
    }
    workloads.push_back(std::move(pattern));
  }
  return workloads;
}

std::string read_document_name(const ReadContext& context, const Node& metadata) {
  Fields fields(context, metadata, "metadata");
  auto name = fields.text("name", true);
  for (const auto* known : {"labels", "annotations", "namespace"}) {
    fields.take(known);  // a document may live in a ConfigMap's or a GitOps tool's hands
  }
  fields.finish();
  return name;
}

}  // namespace seaworthy::policy
