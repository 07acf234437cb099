#include "seaworthy/engine/change.h"

#include <algorithm>

namespace seaworthy::engine {

using admission::Container;
using document::Node;

bool Change::concerns(const Item& item) const {
  if (everything) {
    return true;
  }
  const bool in_container = item.list == "containers" || item.list == "initContainers" ||
                            item.list == "ephemeralContainers";
  return in_container ? containers.contains({item.list, item.index}) : !containers.empty();
}

std::vector<std::size_t> Change::added_ephemeral() const {
  std::vector<std::size_t> indexes;
  for (const auto& [list, index] : containers) {
    if (list == "ephemeralContainers") {
      indexes.push_back(index);
    }
  }
  return indexes;
}

Change compare(const Target& target) {
  Change change;
  const auto& review = target.review();
  if (review.operation != admission::Operation::kUpdate || !target.pod()) {
    return change;
  }
  auto old_pod = admission::find_pod(review.kind, review.old_object);
  if (!old_pod || !*old_pod) {
    return change;
  }
  const auto& before = **old_pod;
  const auto& after = *target.pod();
  if (after.is_template) {
    change.everything = !document::semantically_equal(before.spec, after.spec) ||
                        !document::semantically_equal(before.metadata, after.metadata);
    return change;
  }
  change.everything = false;
  // Paired by list and name, never by index: a container that moves is not a new one.
  const auto old_containers = admission::containers_of(before.spec);
  for (const auto& container : admission::containers_of(after.spec)) {
    const auto old = std::ranges::find_if(old_containers, [&](const Container& each) {
      return each.list == container.list && each.name() == container.name();
    });
    if (old == old_containers.end() ||
        !document::equal(old->node["image"], container.node["image"])) {
      change.containers.insert({container.list, container.index});
    }
  }
  return change;
}

}  // namespace seaworthy::engine
