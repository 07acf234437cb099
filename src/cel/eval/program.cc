#include "cel/eval/program.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "cel/eval/evaluator.h"

namespace seaworthy::cel {

namespace {

/// Room for the loop variables of most programs.
constexpr std::size_t kLocals = 16;

/// Whether the steps lead to `path`, to what holds it, or perhaps there.
bool leads_to(std::span<const Qualifier> steps, std::span<const std::string_view> path) {
  for (std::size_t at = 0; at < path.size() && at < steps.size(); ++at) {
    const Qualifier& step = steps[at];
    const bool named = step.kind != Qualifier::Kind::kNode && step.key.is(ValueKind::kString);
    if (named && step.key.as_text() != path[at]) {
      return false;
    }
  }
  return true;
}

/// Where the steps lead, as far as names say it, and as far as it makes no difference at which of
/// them nothing is found: once one is optional none does; before that each ends in an error, but
/// has() does not at its last.
std::vector<std::string_view> names_of(std::span<const Qualifier> steps) {
  std::vector<std::string_view> names;
  const bool optional = !steps.empty() && steps.front().optional;
  for (const Qualifier& step : steps) {
    const bool named = step.kind != Qualifier::Kind::kNode && step.key.is(ValueKind::kString);
    const bool differs = !optional && !names.empty() && (step.optional || step.test_only);
    if (!named || differs) {
      break;
    }
    names.push_back(step.key.as_text());
  }
  return names;
}

bool is_quantifier(LoopKind kind) {
  return kind == LoopKind::kAll || kind == LoopKind::kExists || kind == LoopKind::kExistsOne;
}

}  // namespace

bool CompiledProgram::may_see(Slot slot, std::span<const std::string_view> path) const {
  // Of names with several meanings only the candidates are known.
  const auto names_slot = [&](const MaybeName& name) {
    return std::ranges::any_of(name.candidates, [&](const MaybeName::Candidate& candidate) {
      return candidate.kind == MaybeName::Candidate::Kind::kSlot && candidate.index == slot;
    });
  };
  return std::ranges::any_of(code_->maybe_names, names_slot) ||
         std::ranges::any_of(code_->nodes, [&](const Node& node) {
           return is_attribute(node.op) && is_variable(node.base) && node.a == slot &&
                  leads_to({code_->qualifiers.data() + node.b, node.c}, path);
         });
}

bool CompiledProgram::may_say(NodeIndex index, Slot slot,
                              std::span<const std::string_view> path) const {
  const Node& node = code_->nodes[index];
  switch (node.op) {
    case Op::kConstant:
    case Op::kPrecomputed:
    // A bool, or a number of things.
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kAnd:
    case Op::kOr:
    case Op::kTested:
    case Op::kNot:
    case Op::kIn:
    case Op::kInSet:
    case Op::kSize:
    case Op::kMatches:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
      return false;
    case Op::kConditional:
      return may_say(node.b, slot, path) || may_say(node.c, slot, path);
    case Op::kAdd:
    case Op::kOptionalOr:
    case Op::kOptionalOrValue:
      return may_say(node.a, slot, path) || may_say(node.b, slot, path);
    case Op::kAttribute:
    case Op::kPath:
    case Op::kOptionalPath:
      if ((node.flags & kTestOnly) != 0) {
        return false;
      }
      if (is_variable(node.base)) {
        return node.a == slot && leads_to({code_->qualifiers.data() + node.b, node.c}, path);
      }
      return may_see(slot, path);
    case Op::kLoop:
      return !is_quantifier(code_->loops[node.a].kind) && may_see(slot, path);
    default:
      return may_see(slot, path);
  }
}

std::optional<std::vector<Place>> CompiledProgram::places() const {
  if (!code_->maybe_names.empty()) {
    return std::nullopt;
  }
  std::vector<Place> places;
  for (const Node& node : code_->nodes) {
    if (is_attribute(node.op) && is_variable(node.base)) {
      Place place{node.a, names_of({code_->qualifiers.data() + node.b, node.c})};
      if (std::ranges::find(places, place) == places.end()) {
        places.push_back(std::move(place));
      }
    }
  }
  return places;
}

Value CompiledProgram::evaluate(Evaluation& evaluation) const {
  alignas(Value) std::array<std::byte, kLocals * sizeof(Value)>
      room;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  auto* locals = reinterpret_cast<Value*>(room.data());
  if (code_->locals != 0) {
    if (code_->locals > kLocals) {
      locals = evaluation.arena().allocate_array<Value>(code_->locals);
    }
    std::uninitialized_default_construct_n(locals, code_->locals);
  }
  if (code_->kept_patterns != nullptr) {
    evaluation.set_patterns(code_->kept_patterns.get());
  }
  const Value value = Evaluator(*code_, nodes().data(), evaluation, locals).run();
  const bool limit_passed =
      evaluation.over_limit() && !(value.is_error() && value.as_error().is_limit);
  return limit_passed ? evaluation.limit_error() : value;
}

}  // namespace seaworthy::cel
