// A remedy says best what is meant: its first leaf. Without one `require` does: it names fields in
// the order in which it asks for them, up to the first has(), as what must be there and is not is
// no matter of what else is read. Of a container or volume only what is below it counts, and what
// is read of the Pod under the same name (securityContext.runAsNonRoot): the rest of the Pod is
// context.
#include "seaworthy/engine/field.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "seaworthy/cel/readings.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using document::Path;
using document::PathStep;
using policy::Policy;
using Steps = std::vector<PathStep>;

/// Where the variables of expressions and the roots of remedies are.
struct Places {
  Path pod;
  Path pod_metadata;
  Path part;  ///< The container or volume; the Pod spec where the policy looks at all of it.
};

Places places_of(const Item& item) {
  Path holder;
  for (const auto step : item.holder) {
    holder = holder / step;
  }
  Places places{.pod = holder / "spec", .pod_metadata = holder / "metadata", .part = {}};
  places.part = item.list.empty() ? places.pod
                                  : places.pod / item.list / static_cast<std::size_t>(item.index);
  return places;
}

/// The names down to the first leaf; a list ends them, as its items have no fixed place.
void add_first_leaf(const Node& tree, Path& path) {
  const Node* node = &tree;
  while (node->is_map() && node->size() != 0 && !node->members()[0].key.text().starts_with('$')) {
    path = path / node->members()[0].key.text();
    node = &node->members()[0].value;
  }
}

/// What a remedy for volumes writes into the failing one, beside its name.
bool add_leaf_of_volume(const Node& pod, Path& path) {
  const Node& volumes = pod["volumes"];
  if (volumes.size() != 1) {
    return false;
  }
  for (const auto& member : volumes.items()[0].members()) {
    if (member.key.text() != "name") {
      path = path / member.key.text();
      add_first_leaf(member.value, path);
      return true;
    }
  }
  return false;
}

std::optional<Path> field_of_remedy(const Policy& policy, const Places& places) {
  if (!policy.remedy) {
    return std::nullopt;
  }
  const auto& remedy = *policy.remedy;
  Path path = places.part;
  if (!remedy.container.tree.is_null()) {
    add_first_leaf(remedy.container.tree, path);
    return path;
  }
  if (!remedy.remove.empty()) {
    const auto& steps = remedy.remove.front().steps();
    const auto& root = std::get<std::string>(steps.front());
    path = root == "container" ? places.part : root == "pod" ? places.pod : places.pod_metadata;
    return path / Path(Steps(steps.begin() + 1, steps.end()));
  }
  if (!remedy.pod.tree.is_null()) {
    if (policy.each == policy::Each::kVolume && add_leaf_of_volume(remedy.pod.tree, path)) {
      return path;
    }
    path = places.pod;
    add_first_leaf(remedy.pod.tree, path);
    return path;
  }
  path = places.pod_metadata;
  add_first_leaf(remedy.pod_metadata.tree, path);
  return path;
}

/// What is read to tell one thing from another.
bool says_what_it_is(const cel::Reading& reading) {
  constexpr std::array<std::string_view, 3> kNames{"name", "kind", "apiVersion"};
  return reading.path.size() == 1 &&
         std::ranges::find(kNames, reading.path.front()) != kNames.end();
}

/// The first that is there, else the first.
Path best_of(const std::vector<Path>& fields, const Node& object, const Path& otherwise) {
  const auto there = std::ranges::find_if(
      fields, [&](const Path& field) { return find(object, field) != nullptr; });
  if (there != fields.end()) {
    return *there;
  }
  return fields.empty() ? otherwise : fields.front();
}

/// The fields that expressions of one policy read, variables followed.
class ReadFields {
 public:
  ReadFields(const Policy& policy, const Item& item, const Places& places)
      : policy_(&policy), places_(&places), is_part_(!item.list.empty()), in_pod_(item.in_pod) {}

  std::vector<Path> of_rule() {
    follow(*policy_->require);
    return std::move(fields_);
  }

 private:
  /// False once has() was met: what comes after it is not asked for first.
  bool follow(const cel::Program& program) {
    return std::ranges::all_of(cel::readings_of(program), [this](const cel::Reading& reading) {
      const auto& slots = policy_->slots;
      if (slots.first_variable != policy::kNoSlot && reading.slot >= slots.first_variable) {
        const auto number = reading.slot - slots.first_variable;
        return !followed_.insert(number).second || follow(*policy_->variables[number].program);
      }
      add(reading);
      return !reading.only_asked;
    });
  }

  /// Keeps the reading where it is one of a field.
  void add(const cel::Reading& reading) {
    const auto& slots = policy_->slots;
    const bool of_part = reading.slot == slots.container || reading.slot == slots.volume;
    if (reading.path.empty() || says_what_it_is(reading)) {
      return;
    }
    if (of_part) {
      names_.insert(reading.path);
      keep(places_->part, reading);
    } else if (in_pod_ && reading.slot == slots.pod) {
      if (!is_part_ || names_.contains(reading.path)) {
        keep(places_->pod, reading);
      }
    } else if (in_pod_ && reading.slot == slots.pod_metadata && !is_part_) {
      keep(places_->pod_metadata, reading);
    } else if (reading.slot == slots.object && !is_part_) {
      keep({}, reading);
    }
  }

  void keep(Path path, const cel::Reading& reading) {
    for (const auto name : reading.path) {
      path = path / name;
    }
    fields_.push_back(std::move(path));
  }

  const Policy* policy_;
  const Places* places_;
  bool is_part_;
  bool in_pod_;
  std::set<std::vector<std::string_view>> names_;  ///< Of what is read of the part.
  std::set<cel::Slot> followed_;
  std::vector<Path> fields_;
};

/// The fields of the object that an in-tree expression reads; false once has() was met. Each
/// variable is followed once, however often it is read.
bool add_fields_of_object(const cel::Program& program, const policy::AdmissionRule& rule,
                          std::set<cel::Slot>& followed, std::vector<Path>& fields) {
  for (const auto& reading : cel::readings_of(program)) {
    const auto variable =
        std::ranges::find(rule.variables, reading.slot, &policy::AdmissionVariable::slot);
    if (variable != rule.variables.end()) {
      if (variable->expression.program != nullptr && followed.insert(reading.slot).second &&
          !add_fields_of_object(*variable->expression.program, rule, followed, fields)) {
        return false;
      }
      continue;
    }
    if (reading.slot == rule.slots.object && !reading.path.empty() && !says_what_it_is(reading)) {
      Path path;
      for (const auto name : reading.path) {
        path = path / name;
      }
      fields.push_back(std::move(path));
      if (reading.only_asked) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

Path field_of(const Finding& finding, const Node& object) {
  const Item& item = *finding.item;
  if (item.is_image) {
    return *Path::parse(item.text());  // NOLINT(bugprone-unchecked-optional-access): our own text
  }
  const Places places = places_of(item);
  auto fields = ReadFields(*finding.policy, item, places).of_rule();
  if (auto of_remedy = field_of_remedy(*finding.policy, places); of_remedy && item.in_pod) {
    fields.insert(fields.begin(), *std::move(of_remedy));
  }
  return best_of(fields, object, item.in_pod ? places.part : Path());
}

Path field_of(const AdmissionVerdict& verdict, const Node& object) {
  std::vector<Path> fields;
  if (verdict.rule != nullptr && verdict.validation) {
    const auto& program = verdict.rule->validations[*verdict.validation].expression.program;
    if (program != nullptr) {
      std::set<cel::Slot> followed;
      add_fields_of_object(*program, *verdict.rule, followed, fields);
    }
  }
  return best_of(fields, object, Path());
}

}  // namespace seaworthy::engine
