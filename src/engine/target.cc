#include "seaworthy/engine/target.h"

#include <memory>

#include "seaworthy/document/edit.h"

namespace seaworthy::engine {

using admission::Review;
using document::Node;

Result<Target> Target::make(const Review& review, const Node& namespace_object, Arena& arena) {
  Target target;
  target.review_ = review;
  target.namespace_ = namespace_object;
  target.arena_ = &arena;
  SEAWORTHY_TRY(target.pod_, admission::find_pod(review.kind, review.object));
  target.find_parts(arena);
  return target;
}

Result<Target> Target::with_object(const Node& object, Arena& arena) const {
  Target target;
  target.review_ = review_;
  target.review_.object = object;
  target.namespace_ = namespace_;
  target.arena_ = &arena;
  target.request_ = request_;
  SEAWORTHY_TRY(target.pod_, admission::find_pod(review_.kind, object));
  target.find_parts(arena);
  return target;
}

const Node& Target::request() const {
  if (!request_) {
    request_ = admission::request_variable(review_, *arena_);
  }
  return *request_;
}

namespace {

/// Parts in the arena, as many as there is room for.
class PartList {
 public:
  PartList(std::size_t room, Arena& arena) : parts_(arena.allocate_array<Target::Part>(room)) {}

  void add(const Target::Part& part) { std::construct_at(parts_ + count_++, part); }

  [[nodiscard]] std::span<const Target::Part> parts() const { return {parts_, count_}; }

 private:
  Target::Part* parts_;
  std::size_t count_ = 0;
};

}  // namespace

void Target::find_parts(Arena& arena) {
  if (!pod_) {
    pods_ = {arena.create<Part>(), 1};  // an object without a Pod is looked at once, as a whole
    return;
  }
  const Item pod{.in_pod = true, .holder = pod_->kind->pod_path, .list = {}, .container = {}};
  pods_ = {arena.create<Part>(Part{.item = pod, .node = pod_->spec, .image = {}}), 1};
  const auto volumes = pod_->spec["volumes"].items();
  const auto found = admission::containers_of(pod_->spec);
  PartList containers(found.size(), arena);
  PartList images(found.size() + volumes.size(), arena);
  for (const auto& container : found) {
    Part part{.item = pod,
              .node = container.node,
              .container_kind = container.kind,
              .image = container.node["image"].as_string()};
    part.item.list = container.list;
    part.item.index = container.index;
    part.item.container = container.name();
    containers.add(part);
    part.item.is_image = true;
    images.add(part);
  }
  PartList volume_parts(volumes.size(), arena);
  for (std::size_t index = 0; index < volumes.size(); ++index) {
    Part part{.item = pod, .node = volumes[index], .image = {}};
    part.item.list = "volumes";
    part.item.index = index;
    volume_parts.add(part);
    const Node& reference = volumes[index]["image"]["reference"];
    if (reference.is_string()) {
      part.item.is_image = true;
      part.image = reference.as_string();
      images.add(part);
    }
  }
  containers_ = containers.parts();
  volumes_ = volume_parts.parts();
  images_ = images.parts();
}

std::span<const Target::Part> Target::parts(policy::Each each) const {
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
