// What the planner does where nothing was checked.
//
// A name is whatever has a value when it is read: `a.b.c` in the container `n` is the variable
// "n.a.b.c" or "a.b.c", else the field c of "n.a.b" or "a.b", else b.c of "n.a" or "a". A loop's
// variable is one more variable, and no dotted name is hidden by it; a type's name is its value
// where no step follows. Rule: cel-go interpreter/attributes.go, maybeAttribute.
//
// A call needs a binding that takes its arguments' number: a function with one overload has only
// that overload's, one with several takes any number and decides when it runs. Rule:
// interpreter/planner.go, planCall; common/decls/decls.go, Bindings.

#include <algorithm>
#include <string>

#include "cel/check/environment_state.h"
#include "cel/check/unchecked.h"
#include "cel/eval/planner_state.h"
#include "cel/eval/runtime_types.h"
#include "cel/lib/call_rules.h"

namespace seaworthy::cel {

std::uint32_t Planner::maybe_name(const Chain& chain) {
  const Expr& base = expr(chain.base);
  std::vector<std::string> names =
      candidate_names(base.name, base.leading_dot, checked_->unchecked->container);
  // The names that take in ever more of the chain's steps, as far as those are constant strings.
  std::vector<std::vector<std::string>> longer{names};
  for (const Qualifier& step : chain.qualifiers) {
    if (step.kind != Qualifier::Kind::kField) {
      break;
    }
    for (std::string& name : names) {
      name += "." + std::string(step.key.as_text());
    }
    longer.push_back(names);
  }
  MaybeName maybe;
  std::string missing;
  for (const std::string& name : longer.back()) {
    missing += (missing.empty() ? "no such attribute(s): " : ", ") + name;
  }
  maybe.missing =
      code_->constants.create<ErrorValue>(ErrorValue{code_->constants.copy(missing), false});
  for (auto steps = static_cast<std::uint32_t>(longer.size()); steps-- > 0;) {
    for (const std::string& name : longer[steps]) {
      add_candidates(name, steps, steps == chain.qualifiers.size(), maybe);
    }
  }
  code_->maybe_names.push_back(std::move(maybe));
  return static_cast<std::uint32_t>(code_->maybe_names.size() - 1);
}

/// What `name` means. `is_all`: no step follows it.
void Planner::add_candidates(const std::string& name, std::uint32_t steps, bool is_all,
                             MaybeName& maybe) {
  using Kind = MaybeName::Candidate::Kind;
  if (std::optional<MaybeName::Candidate> local = find_local(name)) {
    local->steps = steps;
    maybe.candidates.push_back(*std::move(local));
    return;
  }
  const Environment::State& environment = *checked_->unchecked;
  if (const auto found = environment.variables.find(name); found != environment.variables.end()) {
    const std::string parent = name.substr(0, std::min(name.rfind('.'), name.size()));
    const bool is_field =
        std::ranges::find(environment.composites, parent) != environment.composites.end();
    code_->slots.push_back(found->second.slot);
    maybe.candidates.push_back(
        {is_field ? Kind::kField : Kind::kSlot, found->second.slot, steps, {}});
  }
  if (is_all && is_type_name(name)) {
    const RuntimeType* type = runtime_types::find(name);
    if (type == nullptr) {
      type = code_->constants.create<RuntimeType>(RuntimeType{.name = code_->constants.copy(name)});
    }
    maybe.candidates.push_back({Kind::kType, 0, steps, Value::type(*type)});
  }
}

/// The variable of the innermost loop around that declares `name`.
std::optional<MaybeName::Candidate> Planner::find_local(std::string_view name) const {
  std::optional<MaybeName::Candidate> found;
  for (const auto& [index, local] : locals_) {
    const Expr& loop = expr(index);
    const bool is_second = !loop.second_variable.empty() && loop.second_variable == name;
    if (!is_second && loop.variable != name) {
      continue;
    }
    const std::uint32_t place = local + (is_second ? 1 : 0);
    if (!found || place > found->index) {
      const bool is_lazy = loop.kind == ExprKind::kOptMap;
      found = MaybeName::Candidate{
          is_lazy ? MaybeName::Candidate::Kind::kLazyLocal : MaybeName::Candidate::Kind::kLocal,
          place,
          0,
          {}};
    }
  }
  return found;
}

std::optional<std::string> Planner::arity_issue(ExprIndex index) const {
  const Expr& call = expr(index);
  const auto& overloads = info(index).overloads;
  const std::size_t count = call.args.size() + (call.operand == kNoExpr ? 0 : 1);
  const std::string prefix = "no such overload: " + call.name;
  if (overloads.empty()) {
    return count == 0 ? std::optional(prefix + "()") : std::nullopt;
  }
  if (overloads.size() > 1 && !call_rules::has_one_binding(call.name)) {
    return std::nullopt;
  }
  const std::size_t taken = read_signature(*overloads[0]).parameters.size();
  const bool takes_any = taken == 0 || taken > 2 || call_rules::ends_early(overloads[0]->overload);
  if (takes_any || count == taken) {
    return std::nullopt;
  }
  constexpr std::array<std::string_view, 3> kShapes = {"()", "(arg)", "(lhs, rhs)"};
  return prefix + std::string(count < kShapes.size() ? kShapes[count] : "(...)");
}

}  // namespace seaworthy::cel
