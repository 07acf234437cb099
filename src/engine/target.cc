#include "seaworthy/engine/target.h"

#include "seaworthy/document/edit.h"

namespace seaworthy::engine {

using admission::Review;
using document::Node;

Result<Target> Target::make(const Review& review, const Node& namespace_object, Arena& arena) {
  Target target;
  target.review_ = review;
  target.namespace_ = namespace_object;
  target.request_ = admission::request_variable(review, arena);
  SEAWORTHY_TRY(target.pod_, admission::find_pod(review.kind, review.object));
  target.find_parts();
  return target;
}

Result<Target> Target::with_object(const Node& object, Arena&) const {
  Target target;
  target.review_ = review_;
  target.review_.object = object;
  target.namespace_ = namespace_;
  target.request_ = request_;
  SEAWORTHY_TRY(target.pod_, admission::find_pod(review_.kind, object));
  target.find_parts();
  return target;
}

void Target::find_parts() {
  if (!pod_) {
    pods_.push_back({});  // an object without a Pod is looked at once, as a whole
    return;
  }
  const auto spec = pod_->path / "spec";
  pods_.push_back({.item = {.path = spec, .list = {}, .index = 0, .container = {}},
                   .node = pod_->spec,
                   .image = {}});
  for (const auto& container : admission::containers_of(pod_->spec)) {
    Part part{.item = {.path = spec / container.list / container.index,
                       .list = container.list,
                       .index = container.index,
                       .container = container.name()},
              .node = container.node,
              .container_kind = container.kind,
              .image = container.node["image"].as_string()};
    containers_.push_back(part);
    part.item.path = part.item.path / "image";
    images_.push_back(std::move(part));
  }
  const auto volumes = pod_->spec["volumes"].items();
  for (std::size_t index = 0; index < volumes.size(); ++index) {
    Part part{.item = {.path = spec / "volumes" / index,
                       .list = "volumes",
                       .index = index,
                       .container = {}},
              .node = volumes[index],
              .image = {}};
    volumes_.push_back(part);
    const Node& reference = volumes[index]["image"]["reference"];
    if (reference.is_string()) {
      part.item.path = part.item.path / "image" / "reference";
      part.image = reference.as_string();
      images_.push_back(std::move(part));
    }
  }
}

const std::vector<Target::Part>& Target::parts(policy::Each each) const {
  switch (each) {
    case policy::Each::kContainer:
      return containers_;
    case policy::Each::kVolume:
      return volumes_;
    case policy::Each::kImage:
      return images_;
    case policy::Each::kPod:
      break;
  }
  return pods_;
}

Node namespace_from_name(std::string_view name, Arena& arena) {
  if (name.empty()) {
    return {};
  }
  const Node text = document::make_string(name, arena);
  const Node labels = document::MapBuilder(arena).add("kubernetes.io/metadata.name", text).build();
  const Node metadata = document::MapBuilder(arena).add("name", text).add("labels", labels).build();
  return document::MapBuilder(arena).add("metadata", metadata).build();
}

}  // namespace seaworthy::engine
