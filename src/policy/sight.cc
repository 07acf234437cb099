#include "seaworthy/policy/sight.h"

#include <algorithm>
#include <array>

#include "policy/programs.h"

namespace seaworthy::policy {
namespace {

using Names = std::span<const std::string_view>;

bool is(Names path, std::initializer_list<std::string_view> names) {
  return std::ranges::equal(path, names);
}

bool begins_with(Names path, Names names) {
  return path.size() >= names.size() && std::ranges::equal(path.first(names.size()), names);
}

/// One text as the variables of a native policy lead to it.
class Text {
 public:
  Text(Names path, Names pod_path) : path_(path), pod_path_(pod_path) {}

  [[nodiscard]] bool is_seen_by(const cel::Program& program, const NativeSlots& slots) const {
    const std::string_view field = path_.front();
    if (field == "oldObject") {
      return program.may_see(slots.old_object, path_.subspan(1));
    }
    if (field != "object") {
      return program.may_see(slots.request, path_) ||
             (field == "namespace" && program.may_see(slots.namespace_object, {}));
    }
    const Names in_object = path_.subspan(1);
    return program.may_see(slots.object, in_object) ||
           (begins_with(in_object, pod_path_) &&
            is_seen_in_pod(program, slots, in_object.subspan(pod_path_.size())));
  }

 private:
  static bool is_seen_in_pod(const cel::Program& program, const NativeSlots& slots, Names path) {
    if (path.empty()) {
      return true;
    }
    const Names below = path.subspan(1);
    if (path.front() == "metadata") {
      return program.may_see(slots.pod_metadata, below);
    }
    return path.front() == "spec" &&
           (program.may_see(slots.pod, below) ||
            (below.size() > 2 && is_seen_in_part(program, slots, below[0], below.subspan(2))));
  }

  /// `path`: in an item of the Pod's `list`.
  static bool is_seen_in_part(const cel::Program& program, const NativeSlots& slots,
                              std::string_view list, Names path) {
    if (list == "volumes") {
      return program.may_see(slots.volume, path) ||
             (is(path, {"image", "reference"}) && program.may_see(slots.image, {}));
    }
    return program.may_see(slots.container, path) ||
           (is(path, {"image"}) && program.may_see(slots.image, {})) ||
           // A sidecar is an init container that is always restarted.
           (is(path, {"restartPolicy"}) && program.may_see(slots.container_kind, {}));
  }

  Names path_;
  Names pod_path_;
};

/// Whether the text may decide that the policy is not asked at all.
bool may_be_matched(const Policy& policy, Names path) {
  return policy.match && (path.front() != "object" || path.size() < 2 || path[1] == "metadata");
}

}  // namespace

Sight sight_of(const Policy& policy, Names path, Names pod_path) {
  const Text text(path, pod_path);
  const auto sees = [&](const cel::Program* program) {
    return text.is_seen_by(*program, policy.slots);
  };
  if (may_be_matched(policy, path) || std::ranges::any_of(rule_programs(policy), sees)) {
    return Sight::kRule;
  }
  return std::ranges::any_of(word_programs(policy), sees) ? Sight::kWords : Sight::kNothing;
}

}  // namespace seaworthy::policy
