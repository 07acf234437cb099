// A request is a rule's where `match` holds and `exclude` does not. Who made a request is asked
// only where that is known: a manifest's review names nobody, and then `match` takes anybody.
#include "seaworthy/policy/kyverno_match.h"

#include <algorithm>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using admission::Operation;
using admission::Review;
using document::Node;

/// v1, v2beta1, *
bool is_version(std::string_view text) {
  if (text == "*") {
    return true;
  }
  if (text.size() < 2 || text[0] != 'v') {
    return false;
  }
  auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto rest = text.substr(1);
  for (const std::string_view stage : {"alpha", "beta"}) {
    if (const auto at = rest.find(stage); at != std::string_view::npos) {
      return digits(rest.substr(0, at)) && digits(rest.substr(at + stage.size()));
    }
  }
  return digits(rest);
}

bool matches_any(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs, [&](const auto& glob) { return matches_glob(glob, text); });
}

bool has_pair(const Node& map, const std::pair<std::string, std::string>& wanted) {
  return map.is_map() && std::ranges::any_of(map.members(), [&](const auto& member) {
           return matches_glob(wanted.first, member.key.text()) &&
                  matches_glob(wanted.second, member.value.as_string());
         });
}

bool matches_kind(const KyvernoKind& kind, const Review& review) {
  if (!matches_glob(kind.group, review.kind.group) ||
      !matches_glob(kind.version, review.kind.version) ||
      !matches_glob(kind.kind, review.kind.kind)) {
    return false;
  }
  const bool of_pod = review.kind.group.empty() && review.kind.kind == "Pod";
  return matches_glob(kind.sub_resource, review.sub_resource) ||
         (of_pod && review.sub_resource == "ephemeralcontainers");
}

bool is_subject(const KyvernoSubject& subject, const Node& user) {
  if (subject.kind == "Group") {
    const Node& groups = user["groups"];
    return groups.is_list() && std::ranges::any_of(groups.items(), [&](const Node& group) {
             return matches_glob(subject.name, group.as_string());
           });
  }
  const std::string name =
      subject.kind == "ServiceAccount"
          ? "system:serviceaccount:" + subject.namespace_name + ":" + subject.name
          : subject.name;
  return matches_glob(name, user["username"].as_string());
}

bool matches_user(const KyvernoFilter& filter, const Review& review, KyvernoSide side) {
  const bool known = !review.user_info["username"].as_string().empty();
  if (side == KyvernoSide::kMatch && !known) {
    return true;
  }
  if (filter.names_roles && side == KyvernoSide::kExclude) {
    return false;
  }
  return filter.subjects.empty() ||
         std::ranges::any_of(filter.subjects, [&](const KyvernoSubject& subject) {
           return is_subject(subject, review.user_info);
         });
}

bool matches_object(const KyvernoFilter& filter, const Review& review,
                    const Node& namespace_labels) {
  const Node& object = review.object.is_map() ? review.object : review.old_object;
  const Node& metadata = object["metadata"];
  const auto name = review.name.empty() ? metadata["generateName"].as_string() : review.name;
  const bool is_namespace = review.kind.kind == "Namespace";
  const auto space = is_namespace ? name : review.namespace_name;
  if ((!filter.name.empty() && !matches_glob(filter.name, name)) ||
      (!filter.names.empty() && !matches_any(filter.names, name)) ||
      (!filter.namespaces.empty() && !matches_any(filter.namespaces, space))) {
    return false;
  }
  if (filter.namespace_selector &&
      (is_namespace || !filter.namespace_selector->matches(namespace_labels))) {
    return false;
  }
  return std::ranges::all_of(
             filter.annotations,
             [&](const auto& wanted) { return has_pair(metadata["annotations"], wanted); }) &&
         (!filter.selector || filter.selector->matches(metadata["labels"]));
}

bool matches_filter(const KyvernoFilter& filter, const Review& review, const Node& namespace_labels,
                    KyvernoSide side) {
  const bool operation =
      filter.operations.empty() ||
      std::ranges::find(filter.operations, name_of(review.operation)) != filter.operations.end();
  const bool kind =
      filter.kinds.empty() || std::ranges::any_of(filter.kinds, [&](const KyvernoKind& each) {
        return matches_kind(each, review);
      });
  return operation && kind && matches_object(filter, review, namespace_labels) &&
         matches_user(filter, review, side);
}

}  // namespace

KyvernoKind KyvernoKind::parse(std::string_view text) {
  auto parts = split(text, '/');
  const auto last = parts.back();
  parts.pop_back();
  std::ranges::copy(split(last, '.'), std::back_inserter(parts));
  auto of = [&](std::string_view group, std::string_view version, std::string_view kind,
                std::string_view sub_resource) {
    return KyvernoKind{.group = std::string(group),
                       .version = std::string(version),
                       .kind = std::string(kind),
                       .sub_resource = std::string(sub_resource)};
  };
  switch (parts.size()) {
    case 1:
      return of("*", "*", parts[0], "");
    case 2:
      if (parts[0] == "*" && parts[1] == "*") {
        return of("*", "*", "*", "*");
      }
      return is_version(parts[0]) && parts[0] != "*" ? of("*", parts[0], parts[1], "")
             : parts[0] == "*" && !(parts[1].front() >= 'a' && parts[1].front() <= 'z')
                 ? of("*", "*", parts[1], "")
                 : of("*", "*", parts[0], parts[1]);
    case 3:
      return is_version(parts[0]) ? of("*", parts[0], parts[1], parts[2])
                                  : of(parts[0], parts[1], parts[2], "");
    case 4:
      return of(parts[0], parts[1], parts[2], parts[3]);
    default:
      return of("", "", "", "");
  }
}

bool KyvernoSelector::matches(const Node& of_object) const {
  return std::ranges::all_of(labels,
                             [&](const auto& wanted) { return has_pair(of_object, wanted); }) &&
         expressions.matches(of_object);
}

bool KyvernoFilters::matches(const Review& review, const Node& namespace_labels,
                             KyvernoSide side) const {
  const auto holds = [&](const KyvernoFilter& filter) {
    return matches_filter(filter, review, namespace_labels, side);
  };
  return !filters.empty() &&
         (all ? std::ranges::all_of(filters, holds) : std::ranges::any_of(filters, holds));
}

bool KyvernoMatch::matches(const Review& review, const Node& namespace_labels) const {
  const bool usual =
      review.operation == Operation::kCreate || review.operation == Operation::kUpdate;
  return (usual || names_operations) &&
         match.matches(review, namespace_labels, KyvernoSide::kMatch) &&
         !exclude.matches(review, namespace_labels, KyvernoSide::kExclude);
}

}  // namespace seaworthy::policy
