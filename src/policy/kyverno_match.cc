// A request is a rule's where `match` holds and `exclude` does not. Who made a request is asked
// only where that is known: a manifest's review names nobody, and then `match` takes anybody.
#include "seaworthy/policy/kyverno_match.h"

#include <algorithm>

#include "seaworthy/admission/api_resources.h"
#include "seaworthy/base/text.h"
#include "seaworthy/policy/subject.h"

namespace seaworthy::policy {
namespace {

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

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool matches_any(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs, [&](const auto& glob) { return matches_glob(glob, text); });
}

bool has_pair(const Node& map, const std::pair<std::string, std::string>& wanted) {
  return map.is_map() && std::ranges::any_of(map.members(), [&](const auto& member) {
           return matches_glob(wanted.first, member.key.text()) &&
                  matches_glob(wanted.second, member.value.as_string());
         });
}

/// The name of a kind's resources, of a glob as one. What may end in anything ends in a plural,
/// too.
std::string resource_glob(const std::string& kind) {
  auto name = admission::resource_name_of(kind);
  if (kind.ends_with('*')) {
    name.pop_back();
  }
  return name;
}

/// Whether the kind is that of the resource whose sub-resource the request is about. `review.kind`
/// is often another's (Scale, PodExecOptions), so the resource's name is held against the kind's.
/// Rule: kyverno pkg/webhooks/handlers/enrich.go, withTopLevelGVK.
bool is_of_parent(const std::string& kind, const Review& review) {
  const auto& own = review.kind;
  const auto& parent = review.resource;
  const bool same =
      own.group == parent.group &&
      (!own.group.empty() || admission::resource_name_of(own.kind) == parent.resource);
  return same ? matches_glob(kind, own.kind) : matches_glob(resource_glob(kind), parent.resource);
}

bool matches_kind(const KyvernoKind& kind, const Review& review) {
  const auto& parent = review.resource;
  const bool whole = review.sub_resource.empty();
  if (!matches_glob(kind.group, whole ? review.kind.group : parent.group) ||
      !matches_glob(kind.version, whole ? review.kind.version : parent.version) ||
      !(whole ? matches_glob(kind.kind, review.kind.kind) : is_of_parent(kind.kind, review))) {
    return false;
  }
  const bool of_pod = parent.group.empty() && parent.resource == "pods";
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

bool matches_user(const KyvernoFilter& filter, const Review& review, KyvernoDoubt doubt) {
  const bool known = !review.user_info["username"].as_string().empty();
  if (doubt == KyvernoDoubt::kHolds && !known) {
    return true;
  }
  if (filter.names_roles && doubt == KyvernoDoubt::kFails) {
    return false;
  }
  return filter.subjects.empty() ||
         std::ranges::any_of(filter.subjects, [&](const KyvernoSubject& subject) {
           return is_subject(subject, review.user_info);
         });
}

bool matches_object(const KyvernoFilter& filter, const Review& review,
                    const KnownLabels& of_namespace, KyvernoDoubt doubt) {
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
      (is_namespace || !filter.namespace_selector->matches(of_namespace, doubt))) {
    return false;
  }
  return std::ranges::all_of(
             filter.annotations,
             [&](const auto& wanted) { return has_pair(metadata["annotations"], wanted); }) &&
         (!filter.selector || filter.selector->matches({.labels = metadata["labels"]}, doubt));
}

bool matches_filter(const KyvernoFilter& filter, const Review& review,
                    const KnownLabels& of_namespace, KyvernoDoubt doubt) {
  if (filter.never) {
    return false;
  }
  const bool operation =
      filter.operations.empty() ||
      std::ranges::find(filter.operations, name_of(review.operation)) != filter.operations.end();
  const bool kind =
      filter.kinds.empty() || std::ranges::any_of(filter.kinds, [&](const KyvernoKind& each) {
        return matches_kind(each, review);
      });
  return operation && kind && matches_object(filter, review, of_namespace, doubt) &&
         matches_user(filter, review, doubt);
}

}  // namespace

std::optional<KyvernoKind> KyvernoKind::parse(std::string_view text) {
  auto parts = split(text, '/');
  const auto last = parts.back();
  parts.pop_back();
  std::ranges::copy(split(last, '.'), std::back_inserter(parts));
  if (parts.size() > 4 ||
      std::ranges::any_of(parts, [](std::string_view part) { return part.empty(); })) {
    return std::nullopt;
  }
  auto of = [&](std::string_view group, std::string_view version, std::string_view kind,
                std::string_view sub_resource) {
    return KyvernoKind{.group = std::string(group),
                       .version = std::string(version),
                       .kind = std::string(kind),
                       .sub_resource = std::string(sub_resource),
                       .alone = parts.size() == 1};
  };
  switch (parts.size()) {
    case 1:
      return of("*", "*", parts[0], "");
    case 2: {
      const bool lower = std::ranges::none_of(parts[1], is_upper);
      if (parts[0] == "*" && lower) {
        return of("*", "*", "*", parts[1]);
      }
      return is_version(parts[0]) ? of("*", parts[0], parts[1], "")
                                  : of("*", "*", parts[0], parts[1]);
    }
    case 3:
      return is_version(parts[0]) ? of("*", parts[0], parts[1], parts[2])
                                  : of(parts[0], parts[1], parts[2], "");
    default:
      return of(parts[0], parts[1], parts[2], parts[3]);
  }
}

bool KyvernoSelector::matches(const KnownLabels& of, KyvernoDoubt doubt) const {
  const auto in_doubt = [&](std::string_view key) { return !of.all && key != kNamespaceNameLabel; };
  const bool labelled = std::ranges::all_of(labels, [&](const auto& wanted) {
    return has_pair(of.labels, wanted) || (in_doubt(wanted.first) && doubt == KyvernoDoubt::kHolds);
  });
  return labelled && std::ranges::all_of(expressions.requirements, [&](const auto& requirement) {
           return in_doubt(requirement.key)
                      ? doubt == KyvernoDoubt::kHolds
                      : admission::LabelSelector{{requirement}}.matches(of.labels);
         });
}

bool KyvernoFilters::matches(const Review& review, const KnownLabels& of_namespace,
                             KyvernoDoubt doubt) const {
  const auto holds = [&](const KyvernoFilter& filter) {
    return matches_filter(filter, review, of_namespace, doubt);
  };
  return !filters.empty() &&
         (all ? std::ranges::all_of(filters, holds) : std::ranges::any_of(filters, holds));
}

bool KyvernoMatch::matches(const Review& review, const KnownLabels& of_namespace) const {
  return match.matches(review, of_namespace, KyvernoDoubt::kHolds) &&
         !exclude.matches(review, of_namespace, KyvernoDoubt::kFails);
}

}  // namespace seaworthy::policy
