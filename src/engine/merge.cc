#include "engine/merge.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/admission/pod_lists.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;

/// False and 0 say something; null, "", [] and {} do not.
bool is_empty(const Node& node) {
  return node.is_null() ||
         ((node.is_string() || node.is_map() || node.is_list()) && node.size() == 0);
}

const Node* appended_items(const Node& fragment) {
  return fragment.is_map() && fragment.size() == 1 ? fragment.find("$append") : nullptr;
}

/// Same key: equal, but mount paths are compared cleaned, and a port without protocol is TCP.
bool same_key(std::string_view key, const Node& a, const Node& b) {
  if (key == "mountPath") {
    return clean_path(a.as_string()) == clean_path(b.as_string());
  }
  if (key == "protocol") {
    auto protocol = [](const Node& node) {
      return node.is_string() ? node.as_string() : std::string_view("TCP");
    };
    return protocol(a) == protocol(b);
  }
  return document::equal(a, b);
}

bool same_item(std::span<const std::string_view> keys, const Node& a, const Node& b) {
  return std::ranges::all_of(keys,
                             [&](std::string_view key) { return same_key(key, a[key], b[key]); });
}

class Renderer {
 public:
  Renderer(const policy::Fragment& fragment, cel::Evaluation& evaluation)
      : fragment_(&fragment), evaluation_(&evaluation) {}

  Result<Node> node(const Node& node) {
    const auto leaf = fragment_->leaves.find(&node);
    if (leaf != fragment_->leaves.end()) {
      return this->leaf(leaf->second);
    }
    if (node.is_list()) {
      return list(node);
    }
    if (node.is_map()) {
      return map(node);
    }
    return node;
  }

  /// True where nothing of what was rendered last is left.
  [[nodiscard]] bool left_out() const { return left_out_; }

 private:
  Result<Node> leaf(const policy::TextTemplate& text) {
    const cel::Value value = text.render(*evaluation_);
    if (value.is_error()) {
      return fail(ErrorCode::kInvalid, std::string(value.as_error().message));
    }
    left_out_ = value.is(cel::ValueKind::kOptional) && value.as_optional() == nullptr;
    return cel::to_node(value, evaluation_->arena());
  }

  Result<Node> list(const Node& list) {
    std::vector<Node> items;
    for (const Node& item : list.items()) {
      SEAWORTHY_TRY(const Node rendered, node(item));
      if (!std::exchange(left_out_, false)) {
        items.push_back(rendered);
      }
    }
    return document::make_list(items, evaluation_->arena());
  }

  Result<Node> map(const Node& map) {
    document::MapBuilder builder(evaluation_->arena());
    for (const auto& member : map.members()) {
      SEAWORTHY_TRY(const Node rendered, node(member.value));
      if (!std::exchange(left_out_, false)) {
        builder.add(member.key.text(), rendered);
      }
    }
    const Node built = builder.build();
    left_out_ = built.size() == 0 && map.size() > 0;  // all of it was left out, so it is too
    return built;
  }

  const policy::Fragment* fragment_;
  cel::Evaluation* evaluation_;
  bool left_out_ = false;
};

}  // namespace

Result<Node> render(const policy::Fragment& fragment, cel::Evaluation& evaluation) {
  Renderer renderer(fragment, evaluation);
  SEAWORTHY_TRY(const Node rendered, renderer.node(fragment.tree));
  return renderer.left_out() ? Node() : rendered;
}

Node Merge::merge(std::string_view root, const Node& target, const Node& fragment) {
  path_ = {std::string(root)};
  return merge_value(target, fragment);
}

std::string Merge::here() const { return join(path_, "."); }

bool Merge::may_overwrite() const {
  return std::ranges::any_of(*overwrite_, [&](const document::Path& path) {
    std::size_t at = 0;
    for (const auto& step : path.steps()) {
      const auto* name = std::get_if<std::string>(&step);
      if (name != nullptr && (at == path_.size() || path_[at++] != *name)) {
        return false;
      }
    }
    return at == path_.size();
  });
}

Node Merge::merge_value(const Node& target, const Node& fragment) {
  if (const Node* items = appended_items(fragment)) {
    return unite(target, *items);
  }
  if (fragment.is_map() && (target.is_map() || target.is_null())) {
    return merge_map(target, fragment);
  }
  if (fragment.is_list() && (target.is_list() || target.is_null())) {
    return merge_list(target, fragment);
  }
  if (is_empty(target) || document::equal(target, fragment) || may_overwrite()) {
    wrote_.push_back(here());
    return fragment;
  }
  kept_.push_back(here());
  return target;
}

Node Merge::merge_map(const Node& target, const Node& fragment) {
  Node merged = target.is_null() ? Node::map({}) : target;
  for (const auto& member : fragment.members()) {
    path_.emplace_back(member.key.text());
    merged = document::with_member(merged, member.key.text(),
                                   merge_value(target[member.key], member.value), *arena_);
    path_.pop_back();
  }
  return merged;
}

Node Merge::merge_list(const Node& target, const Node& fragment) {
  const auto rule = admission::list_rule(path_.back());
  switch (rule.kind) {
    case admission::ListKind::kKeyed:
      return merge_keyed(target, fragment, rule.keys);
    case admission::ListKind::kSet:
      return unite(target, fragment);
    case admission::ListKind::kAtomic:
      break;
  }
  if (is_empty(target) || document::equal(target, fragment) || may_overwrite()) {
    wrote_.push_back(here());
    return fragment;
  }
  kept_.push_back(here());
  return target;
}

Node Merge::merge_keyed(const Node& target, const Node& fragment,
                        std::span<const std::string_view> keys) {
  Node merged = target;
  const bool mounts = path_.back() == "volumeMounts";
  for (const Node& written : fragment.items()) {
    const Node item = mounts ? follow_renames(written) : written;
    const auto items = merged.items();
    const auto found =
        std::ranges::find_if(items, [&](const Node& each) { return same_item(keys, each, item); });
    if (found == items.end()) {
      merged = document::with_appended(merged, item, *arena_);
    } else if (!mounts) {  // what is mounted already serves
      merged = document::with_item(merged, static_cast<std::size_t>(found - items.begin()),
                                   merge_value(*found, item), *arena_);
    }
  }
  return merged;
}

Node Merge::unite(const Node& target, const Node& added) {
  if (!target.is_list() && !is_empty(target) && !may_overwrite()) {
    kept_.push_back(here());
    return target;
  }
  Node united = target.is_list() ? target : document::make_list({}, *arena_);
  for (const Node& item : added.items()) {
    const bool there = std::ranges::any_of(
        united.items(), [&](const Node& each) { return document::equal(each, item); });
    if (!there) {
      united = document::with_appended(united, item, *arena_);
    }
  }
  return united;
}

Node Merge::follow_renames(const Node& mount) {
  const auto renamed = renames_.find(mount["name"].as_string());
  return renamed == renames_.end()
             ? mount
             : document::with_member(mount, "name", document::make_string(renamed->second, *arena_),
                                     *arena_);
}

Node Merge::rename_clashing_volumes(const Node& pod_spec, const Node& fragment,
                                    std::string_view own) {
  const auto volumes = pod_spec["volumes"].items();
  auto taken = [&](std::string_view name) -> const Node* {
    const auto found = std::ranges::find_if(
        volumes, [&](const Node& each) { return each["name"].as_string() == name; });
    return found == volumes.end() ? nullptr : &*found;
  };
  /// The same source: whatever the name.
  auto same_source = [&](const Node& a, const Node& b) {
    return document::semantically_equal(document::without_member(a, "name", *arena_),
                                        document::without_member(b, "name", *arena_));
  };
  Node renamed = fragment["volumes"];
  for (std::size_t index = 0; index < renamed.size(); ++index) {
    const Node& volume = renamed.items()[index];
    const auto name = volume["name"].as_string();
    std::string free_name(name);
    for (int suffix = 2;; ++suffix) {
      const Node* other = taken(free_name);
      if (other == nullptr || name == own || same_source(*other, volume)) {
        break;
      }
      free_name = fmt::format("{}-{}", name, suffix);
    }
    if (free_name != name) {
      renames_.emplace(name, free_name);
      renamed = document::with_item(
          renamed, index,
          document::with_member(volume, "name", document::make_string(free_name, *arena_), *arena_),
          *arena_);
    }
  }
  return renames_.empty() ? fragment : document::with_member(fragment, "volumes", renamed, *arena_);
}

Node remove_at(const Node& root, std::span<const document::PathStep> steps, Arena& arena) {
  if (steps.empty() || !std::holds_alternative<std::string>(steps.front())) {
    return root;
  }
  const auto& name = std::get<std::string>(steps.front());
  const Node* child = root.find(std::string_view(name));
  if (child == nullptr) {
    return root;
  }
  return steps.size() == 1
             ? document::without_member(root, name, arena)
             : document::with_member(root, name, remove_at(*child, steps.subspan(1), arena), arena);
}

std::string clean_path(std::string_view path) {
  std::vector<std::string> parts;
  for (const auto part : split(path, '/')) {
    if (part == "..") {
      if (!parts.empty()) {
        parts.pop_back();
      }
    } else if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
  }
  return (path.starts_with('/') ? "/" : "") + join(parts, "/");
}

}  // namespace seaworthy::engine
