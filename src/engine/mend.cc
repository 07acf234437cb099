// Mending is a search for the largest set of remedies that can be proven: apply all that are
// allowed, evaluate, undo the culprits, start again from the object as written. Each round undoes
// at least one, so it ends; most Pods need one round.
#include "seaworthy/engine/mend.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/merge.h"
#include "seaworthy/admission/pod_constraints.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using policy::Policy;

/// A remedy for one failing item.
struct Unit {
  const Policy* policy = nullptr;
  Item item;
  bool without_fact = false;
  bool undone = false;
  std::string reason;
  std::vector<std::string> kept;   ///< Leaves that had another value already and stayed.
  std::vector<std::string> wrote;  ///< Leaves that are now as the remedy wants them.
};

std::set<FindingKey> violations_of(const Findings& findings) {
  std::set<FindingKey> keys;
  for (const auto& finding : findings) {
    if (finding.is_violation()) {
      keys.insert(key_of(finding));
    }
  }
  return keys;
}

/// What the API server would refuse the target's Pod for; paths are from the Pod.
std::vector<admission::ConstraintViolation> constraints_of(const Target& target) {
  auto found = admission::check_pod_constraints(target.pod()->spec);
  for (auto& violation : found) {
    violation.path = "spec." + violation.path;
  }
  for (auto& violation : admission::check_metadata_constraints(target.pod()->metadata)) {
    found.push_back({"metadata." + violation.path, std::move(violation.message)});
  }
  return found;
}

class Mending {
 public:
  Mending(std::span<const std::shared_ptr<const Policy>> policies, const Target& target,
          const MendScope& scope, Arena& arena, const Deadline& deadline,
          const ParameterValues& parameters)
      : policies_(policies),
        target_(&target),
        scope_(&scope),
        arena_(&arena),
        deadline_(&deadline),
        parameters_(&parameters) {}

  Result<Mended> run(const Findings& findings) {
    choose(findings);
    if (units_.empty()) {  // nothing to apply, so nothing to prove
      return Mended{.object = target_->object(), .findings = findings, .applied = {}, .undone = {}};
    }
    before_ = violations_of(findings);
    for (auto& violation : constraints_of(*target_)) {
      constraints_before_.insert({std::move(violation.path), std::move(violation.message)});
    }
    for (std::size_t round = 0; round <= units_.size(); ++round) {
      SEAWORTHY_TRY(Attempt attempt, this->attempt(nullptr));
      SEAWORTHY_TRY(const bool proven, prove(attempt));
      if (proven) {
        return result(std::move(attempt), findings);
      }
    }
    return fail(ErrorCode::kInternal, "mending did not come to an end");
  }

 private:
  struct Attempt {
    Node object;
    Findings findings;
    std::vector<admission::ConstraintViolation> constraints;
  };

  /// The units that the settings allow.
  void choose(const Findings& findings) {
    for (const auto& finding : findings) {
      if (finding.outcome != Outcome::kFail || !finding.policy->remedy) {
        continue;
      }
      if (scope_->only_ephemeral != nullptr && !in_scope(*finding.item)) {
        continue;
      }
      const auto& remedy = *finding.policy->remedy;
      const auto level = scope_->level(finding);
      if (level == policy::RemedyLevel::kSuggest) {
        continue;
      }
      Unit unit{.policy = finding.policy,
                .item = *finding.item,
                .without_fact = false,
                .undone = false,
                .reason = {},
                .kept = {},
                .wrote = {}};
      if (remedy.safety == policy::Safety::kNeedsFact) {
        unit.without_fact = !fact_is_known(finding);
      }
      const bool safe_enough = remedy.safety == policy::Safety::kSafe ||
                               (remedy.safety == policy::Safety::kNeedsFact && !unit.without_fact);
      if (level == policy::RemedyLevel::kApply || safe_enough) {
        units_.push_back(std::move(unit));
      }
    }
  }

  [[nodiscard]] bool in_scope(const Item& item) const {
    return item.list == "ephemeralContainers" &&
           std::ranges::find(*scope_->only_ephemeral, item.index) != scope_->only_ephemeral->end();
  }

  [[nodiscard]] bool fact_is_known(const Finding& finding) const {
    const auto& fact = finding.policy->remedy->fact;
    const auto* part = part_at(*target_, *finding.policy, *finding.item);
    if (fact == nullptr || part == nullptr) {
      return false;
    }
    PolicyContext context(*finding.policy, *target_, *arena_, parameters_->of(*finding.policy));
    context.select(*part);
    context.evaluation().start();
    return fact->evaluate(context.evaluation()).is_true();
  }

  static const Target::Part* part_at(const Target& target, const Policy& policy, const Item& item) {
    const auto& parts = target.parts(policy.each);
    const auto found =
        std::ranges::find_if(parts, [&](const Target::Part& part) { return part.item == item; });
    return found == parts.end() ? nullptr : &*found;
  }

  /// Applies every unit that is not undone, but `without`.
  Result<Attempt> attempt(const Unit* without) {
    Attempt attempt;
    attempt.object = target_->object();
    for (auto& unit : units_) {
      if (unit.undone || &unit == without) {
        continue;
      }
      auto applied = apply(unit, attempt.object);
      if (applied) {
        attempt.object = *applied;
      } else {
        unit.undone = true;
        unit.reason = applied.error().message;
      }
    }
    attempt.object = drop_unused_volumes(attempt.object);
    SEAWORTHY_TRY(const Target mended, target_->with_object(attempt.object, *arena_));
    SEAWORTHY_TRY(attempt.findings,
                  evaluate(policies_, mended, *arena_, *deadline_, *parameters_, Wording::kNone));
    attempt.constraints = constraints_of(mended);
    return attempt;
  }

  /// The object with one remedy merged in. Errors: an expression of the fragment failed.
  Result<Node> apply(Unit& unit, const Node& object) {
    unit.kept.clear();
    unit.wrote.clear();
    SEAWORTHY_TRY(const Target target, target_->with_object(object, *arena_));
    const auto* part = part_at(target, *unit.policy, unit.item);
    if (part == nullptr) {
      return object;
    }
    PolicyContext context(*unit.policy, target, *arena_, parameters_->of(*unit.policy));
    context.select(*part);
    if (!context.evaluate(*part, Wording::kNone).is_violation()) {
      return object;  // an earlier remedy was enough
    }
    const auto& remedy = *unit.policy->remedy;
    SEAWORTHY_TRY(Node container_fragment, render(remedy.container, context.evaluation()));
    SEAWORTHY_TRY(Node pod_fragment, render(remedy.pod, context.evaluation()));
    SEAWORTHY_TRY(const Node metadata_fragment, render(remedy.pod_metadata, context.evaluation()));
    if (scope_->only_ephemeral != nullptr) {
      pod_fragment = {};
      const Node& security = container_fragment["securityContext"];
      container_fragment =
          security.is_null()
              ? Node()
              : document::MapBuilder(*arena_).add("securityContext", security).build();
    }
    return merge_all(unit, target,
                     {container_fragment, pod_fragment,
                      scope_->only_ephemeral != nullptr ? Node() : metadata_fragment});
  }

  struct Fragments {
    Node container;
    Node pod;
    Node pod_metadata;
  };

  Result<Node> merge_all(Unit& unit, const Target& target, const Fragments& fragments) {
    const auto& remedy = *unit.policy->remedy;
    const auto& pod = *target.pod();
    Merge merge(remedy.overwrite, *arena_);
    Node spec = pod.spec;
    if (!fragments.pod.is_null()) {
      const auto own = unit.item.list == "volumes"
                           ? spec["volumes"].items()[unit.item.index]["name"].as_string()
                           : std::string_view();
      const Node fragment = merge.rename_clashing_volumes(spec, fragments.pod, own);
      spec = merge.merge("pod", spec, fragment);
    }
    spec = remove_named("pod", remedy, spec);
    if (unit.policy->each == policy::Each::kContainer) {
      const Node& container = spec[unit.item.list].items()[unit.item.index];
      Node mended = fragments.container.is_null()
                        ? container
                        : merge.merge("container", container, fragments.container);
      mended = remove_named("container", remedy, mended);
      spec = document::with_member(
          spec, unit.item.list,
          document::with_item(spec[unit.item.list], unit.item.index, mended, *arena_), *arena_);
    }
    Node metadata = pod.metadata;
    if (!fragments.pod_metadata.is_null()) {
      metadata = merge.merge("podMetadata", metadata, fragments.pod_metadata);
    }
    metadata = remove_named("podMetadata", remedy, metadata);
    unit.kept = merge.kept();
    unit.wrote = merge.wrote();
    SEAWORTHY_TRY(Node object,
                  document::with_value(target.object(), pod.path / "spec", spec, *arena_));
    if (!document::equal(metadata, pod.metadata)) {
      SEAWORTHY_TRY(object, document::with_value(object, pod.path / "metadata", metadata, *arena_));
    }
    return object;
  }

  Node remove_named(std::string_view root, const policy::Remedy& remedy, Node node) {
    if (scope_->only_ephemeral != nullptr) {
      return node;
    }
    for (const auto& path : remedy.remove) {
      if (std::get<std::string>(path.steps().front()) == root) {
        node = remove_at(node, std::span(path.steps()).subspan(1), *arena_);
      }
    }
    return node;
  }

  /// Volumes that a remedy brought and, as the paths were mounted already, nobody mounts.
  Node drop_unused_volumes(const Node& object) {
    const auto& pod = *target_->pod();
    auto found = admission::find_pod(target_->review().kind, object);
    if (!found || !*found) {
      return object;
    }
    const Node& spec = (**found).spec;
    std::set<std::string_view> mounted;
    for (const auto& container : admission::containers_of(spec)) {
      for (const auto* list : {"volumeMounts", "volumeDevices"}) {
        for (const Node& mount : container.node[list].items()) {
          mounted.insert(mount["name"].as_string());
        }
      }
    }
    const std::size_t written = pod.spec["volumes"].items().size();
    std::vector<Node> kept;
    for (const Node& volume : spec["volumes"].items()) {
      if (kept.size() < written || mounted.contains(volume["name"].as_string())) {
        kept.push_back(volume);
      }
    }
    if (kept.size() == spec["volumes"].items().size()) {
      return object;
    }
    const Node volumes = document::make_list(kept, *arena_);
    const Node changed = kept.empty() ? document::without_member(spec, "volumes", *arena_)
                                      : document::with_member(spec, "volumes", volumes, *arena_);
    auto result = document::with_value(object, pod.path / "spec", changed, *arena_);
    return result ? *result : object;
  }

  /// True where every applied unit is proven; else at least one unit has been marked undone.
  Result<bool> prove(const Attempt& attempt) {
    const auto after = violations_of(attempt.findings);
    bool proven = true;
    for (auto& unit : units_) {
      if (!unit.undone && after.contains(key_of(unit.policy, unit.item))) {
        unit.undone = true;
        unit.reason = unit.kept.empty()
                          ? "the rule still fails with its remedy applied"
                          : join(unit.kept, ", ") + " is set to another value, which stays";
        proven = false;
      }
    }
    if (!proven) {
      return false;
    }
    const auto problem = new_problem(attempt);
    if (problem.empty()) {
      return true;
    }
    SEAWORTHY_TRY(Unit* const culprit, find_culprit(problem));
    culprit->undone = true;
    culprit->reason = problem;
    return false;
  }

  /// A rule that did not fail before, or a rule of the Pod API that was not broken before; empty
  /// where there is none.
  [[nodiscard]] std::string new_problem(const Attempt& attempt) const {
    for (const auto& finding : attempt.findings) {
      if (finding.is_violation() && !before_.contains(key_of(finding))) {
        return fmt::format("it makes {} fail at {}", finding.policy->name,
                           finding.item->text());
      }
    }
    for (const auto& violation : attempt.constraints) {
      if (!constraints_before_.contains({violation.path, violation.message})) {
        return fmt::format("the API server would refuse the Pod: {}: {}", violation.path,
                           violation.message);
      }
    }
    return {};
  }

  /// The last unit without which the problem is gone; where several only together cause it, the
  /// last one.
  Result<Unit*> find_culprit(const std::string& problem) {
    Unit* last = nullptr;
    for (auto unit = units_.rbegin(); unit != units_.rend(); ++unit) {
      if (unit->undone) {
        continue;
      }
      last = last == nullptr ? &*unit : last;
      SEAWORTHY_TRY(const Attempt attempt, this->attempt(&*unit));
      if (new_problem(attempt) != problem) {
        return &*unit;
      }
    }
    if (last == nullptr) {
      return fail(ErrorCode::kInternal, "a problem without a remedy: " + problem);
    }
    return last;
  }

  /// Leaves on which an earlier remedy and this one disagree: the first's value stays, and both are
  /// named.
  void report_disagreements(const Unit& unit, Mended& mended) const {
    for (const auto& leaf : unit.kept) {
      for (const auto& earlier : units_) {
        if (&earlier == &unit) {
          break;
        }
        const bool same_place = !leaf.starts_with("container.") || earlier.item == unit.item;
        if (!earlier.undone && same_place &&
            std::ranges::find(earlier.wrote, leaf) != earlier.wrote.end()) {
          mended.undone.push_back(
              {unit.policy, unit.item,
               fmt::format("it disagrees with the remedy of {} on {}; the first one's value stays",
                           earlier.policy->name, leaf)});
        }
      }
    }
  }

  Mended result(Attempt attempt, const Findings& findings) {
    Mended mended{.object = attempt.object,
                  .findings = std::move(attempt.findings),
                  .applied = {},
                  .undone = {}};
    for (auto& unit : units_) {
      if (unit.undone) {
        mended.undone.push_back({unit.policy, unit.item, std::move(unit.reason)});
      } else {
        mended.applied.push_back({unit.policy, unit.item, unit.without_fact});
        report_disagreements(unit, mended);
      }
    }
    if (mended.applied.empty()) {
      mended.object = target_->object();
      mended.findings = findings;
    }
    return mended;
  }

  std::span<const std::shared_ptr<const Policy>> policies_;
  const Target* target_;
  const MendScope* scope_;
  Arena* arena_;
  const Deadline* deadline_;
  const ParameterValues* parameters_;
  std::vector<Unit> units_;
  std::set<FindingKey> before_;
  std::set<std::pair<std::string, std::string>> constraints_before_;
};

}  // namespace

Result<Mended> mend(std::span<const std::shared_ptr<const Policy>> policies, const Target& target,
                    const Findings& findings, const MendScope& scope, Arena& arena,
                    const Deadline& deadline, const ParameterValues& parameters) {
  if (!target.pod()) {
    return Mended{.object = target.object(), .findings = findings, .applied = {}, .undone = {}};
  }
  return Mending(policies, target, scope, arena, deadline, parameters).run(findings);
}

}  // namespace seaworthy::engine
