// A node's number is found by its key: its operation and everything that decides what it answers
// and costs, with its operands' numbers. A number that is new counts as one use of each operand;
// one that is known does not, because where it is shared its operands run once.
//
// The variables of a loop are numbered by the range's number, how many variables there are, and how
// many loops over the same range are around: the c and d of `l.all(c, l.exists(d, …))` differ, the
// c of `l.all(c, …)` and of `l.map(c, …)` do not.

#include "cel/eval/value_numbers.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace seaworthy::cel {
namespace {

using Number = ValueNumbers::Number;

/// A key: words and texts that cannot run into each other.
class Key {
 public:
  Key& add(std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) {
      text_ += static_cast<char>(static_cast<unsigned char>(word >> (8 * byte)));
    }
    return *this;
  }

  Key& add(std::string_view text) {
    add(text.size());
    text_ += text;
    return *this;
  }

  Key& add(const void* address) { return add(std::bit_cast<std::uintptr_t>(address)); }

  /// A constant. False where it has parts that are only the same if they are one object.
  bool add(const Value& value) {
    add(static_cast<std::uint64_t>(value.kind()));
    switch (value.kind()) {
      case ValueKind::kString:
      case ValueKind::kBytes:
        add(value.as_text());
        return true;
      case ValueKind::kType:
        add(value.as_type().name);
        return true;
      case ValueKind::kTimestamp:
        add(value.nanoseconds()).add(static_cast<std::uint64_t>(value.zone_minutes()));
        add(value.as_uint());
        return true;
      case ValueKind::kList:
        add(value.size()).add(std::uint64_t{value.is_concatenation()});
        for (std::uint32_t i = 0; i < value.size(); ++i) {
          if (!add(value.item(i))) {
            return false;
          }
        }
        return true;
      case ValueKind::kMap:
        add(value.size());
        for (std::uint32_t i = 0; i < value.size(); ++i) {
          if (!add(value.key_at(i)) || !add(value.value_at(i))) {
            return false;
          }
        }
        return true;
      case ValueKind::kOptional:
      case ValueKind::kOpaque:
      case ValueKind::kError:
        return false;
      default:
        add(value.as_uint());
        return true;
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::vector<Number> united(const std::vector<Number>& a, const std::vector<Number>& b) {
  std::vector<Number> out;
  std::ranges::set_union(a, b, std::back_inserter(out));
  return out;
}

}  // namespace

/// One walk over one program.
class ProgramNumbering {
 public:
  ProgramNumbering(ValueNumbers& numbers, const Code& code, std::span<const SlotIdentity> slots)
      : numbers_(numbers), code_(code), slots_(slots) {}

  std::vector<ValueNumbers::Place> run() {
    const Number root = number(code_.root);
    ++numbers_.abouts_[root].uses;
    return std::move(places_);
  }

 private:
  /// A loop around the current node.
  struct Around {
    Number binder;
    Number range;
    std::uint32_t local;
  };

  /// What is known of a node while its key is made.
  struct Draft {
    Key key;
    ValueNumbers::About about;
    std::vector<Number> operands;
  };

  Number number(NodeIndex index) {  // NOLINT(misc-no-recursion): as deep as the expression
    const Node& node = code_.nodes[index];
    Draft draft;
    draft.key.add(static_cast<std::uint64_t>(node.op))
        .add(static_cast<std::uint64_t>(node.cost))
        .add(node.flags);
    describe(node, draft);
    const Number made = intern(std::move(draft));
    places_.push_back({index, made, place_in_frame(made)});
    return made;
  }

  void describe(const Node& node, Draft& draft) {  // NOLINT(misc-no-recursion)
    switch (node.op) {
      case Op::kConstant:
        draft.about.is_constant = true;
        draft.about.weight = 0;
        draft.about.shareable = draft.key.add(node.constant);
        return;
      case Op::kPrecomputed:
        draft.about.is_constant = true;
        draft.about.weight = 0;
        return describe_call(code_.calls[node.b], draft);
      case Op::kAttribute:
      case Op::kPath:
      case Op::kOptionalPath:
        return describe_attribute(node, draft);
      case Op::kCall:
        return describe_call(code_.calls[node.a], draft);
      case Op::kStruct:
        draft.about.shareable = false;  // an Object with a list in it equals itself only
        return describe_children(node, draft);
      case Op::kList:
      case Op::kMap:
        return describe_children(node, draft);
      case Op::kLoop:
        return describe_loop(code_.loops[node.a], draft);
      case Op::kOptionalMap:
        return describe_optional_map(code_.optional_maps[node.a], draft);
      case Op::kInSet:
        operand(node.a, draft);
        for (const Value& item : code_.sets[node.b].items()) {
          draft.key.add(item);
        }
        return;
      case Op::kMatches:
        operand(node.a, draft);
        draft.key.add(node.constant);
        draft.about.weight += 8;
        return;
      case Op::kNot:
      case Op::kNegate:
      case Op::kSize:
        return operand(node.a, draft);
      case Op::kTested:
        draft.about.shareable = false;  // what it gives back depends on what was paid before
        return operand(node.a, draft);
      case Op::kConditional:
        operand(node.a, draft);
        operand(node.b, draft);
        return operand(node.c, draft);
      case Op::kShared:
      case Op::kSharedElement:
        draft.about.shareable = false;  // linked already
        return;
      default:
        operand(node.a, draft);
        operand(node.b, draft);
    }
  }

  void operand(NodeIndex index, Draft& draft) {  // NOLINT(misc-no-recursion)
    add_operand(number(index), draft);
  }

  void add_operand(Number operand, Draft& draft) {
    draft.key.add(operand);
    draft.operands.push_back(operand);
    const ValueNumbers::About& about = numbers_.abouts_[operand];
    draft.about.shareable = draft.about.shareable && about.shareable;
    draft.about.scope = join(draft.about, about.scope);
    draft.about.weight = std::min(draft.about.weight + about.weight, kWeightMax);
    draft.about.binders = united(draft.about.binders, about.binders);
  }

  /// Two scopes whose rows are selected apart have none in common.
  static MemoScope join(ValueNumbers::About& about, MemoScope other) {
    if (about.scope != 0 && other != 0 && about.scope != other) {
      about.shareable = false;
    }
    return std::max(about.scope, other);
  }

  void slot(Slot slot, Draft& draft) {
    if (slot >= slots_.size() || slots_[slot].name.empty()) {
      draft.about.shareable = false;
      return;
    }
    draft.key.add(slots_[slot].name);
    draft.about.scope = join(draft.about, slots_[slot].scope);
  }

  void describe_attribute(const Node& node, Draft& draft) {  // NOLINT(misc-no-recursion)
    draft.key.add(static_cast<std::uint64_t>(node.base));
    switch (node.base) {
      case BaseKind::kSlot:
      case BaseKind::kComposite:
        slot(node.a, draft);
        break;
      case BaseKind::kLocal:
      case BaseKind::kLazyLocal:
        local(node, draft);
        break;
      case BaseKind::kNode:
        operand(node.a, draft);
        break;
      case BaseKind::kMaybe:
        draft.about.shareable = false;
        break;
    }
    for (std::uint32_t i = 0; i < node.c; ++i) {
      const Qualifier& step = code_.qualifiers[node.b + i];
      draft.key.add(static_cast<std::uint64_t>(step.kind))
          .add(std::uint64_t{step.optional} | std::uint64_t{step.test_only} << 1);
      ++draft.about.weight;
      if (step.kind == Qualifier::Kind::kNode) {
        operand(step.node, draft);
      } else if (!draft.key.add(step.key)) {
        draft.about.shareable = false;
      }
    }
  }

  void local(const Node& node, Draft& draft) {
    const auto around = std::ranges::find_if(around_, [&](const Around& each) {
      return node.a == each.local || node.a == each.local + 1;
    });
    if (around == around_.end() || node.base == BaseKind::kLazyLocal) {
      draft.about.shareable = false;  // its first use is paid for otherwise than the others
      return;
    }
    draft.key.add(around->binder).add(node.a - around->local);
    draft.about.binders = {around->binder};
  }

  void describe_call(const CallDetails& call, Draft& draft) {  // NOLINT(misc-no-recursion)
    draft.key.add(call.name).add(std::uint64_t{call.early_exit}).add(call.candidates.size());
    for (const CallDetails::Candidate& candidate : call.candidates) {
      draft.key.add(candidate.row);
    }
    draft.key.add(std::bit_cast<const void*>(call.cost));
    draft.about.weight += 4;
    for (const NodeIndex argument : call.arguments) {
      operand(argument, draft);
    }
  }

  void describe_children(const Node& node, Draft& draft) {  // NOLINT(misc-no-recursion)
    draft.key.add(node.c);
    for (std::uint32_t i = 0; i < node.c; ++i) {
      draft.key.add(std::uint64_t{code_.optional_children[node.b + i]});
      operand(code_.children[node.b + i], draft);
    }
  }

  void describe_loop(const LoopDetails& loop, Draft& draft) {  // NOLINT(misc-no-recursion)
    draft.key.add(static_cast<std::uint64_t>(loop.kind))
        .add(std::uint64_t{loop.two_variables} | std::uint64_t{loop.resolved_keys} << 1);
    const Number range = number(loop.range);
    add_operand(range, draft);
    enter(range, loop.local, true, loop.two_variables);
    Draft inner;
    for (const NodeIndex part : {loop.condition, loop.body}) {
      draft.key.add(std::uint64_t{part != kNoExpr});
      if (part != kNoExpr) {
        operand(part, inner);
      }
    }
    leave(inner, draft);
  }

  void describe_optional_map(const OptionalMapDetails& map,
                             Draft& draft) {  // NOLINT(misc-no-recursion)
    draft.key.add(std::uint64_t{map.flat} | std::uint64_t{map.bind} << 1);
    const Number target = number(map.target);
    add_operand(target, draft);
    enter(target, map.local, false, false);
    Draft inner;
    operand(map.body, inner);
    leave(inner, draft);
  }

  void enter(Number range, std::uint32_t local, bool is_loop, bool two_variables) {
    Key key;
    key.add(range).add(std::uint64_t{is_loop} | std::uint64_t{two_variables} << 1);
    key.add(static_cast<std::uint64_t>(std::ranges::count(around_, range, &Around::range)));
    const auto next = static_cast<Number>(numbers_.binders_.size());
    const auto [at, added] = numbers_.binder_numbers_.try_emplace(key.take(), next);
    if (added) {
      const ValueNumbers::About& about = numbers_.abouts_[range];
      numbers_.binders_.push_back({is_loop, about.binders.empty() && about.shareable, about.scope});
    }
    around_.push_back({at->second, range, local});
  }

  /// Ends the innermost loop: what its parts are goes into the loop's own draft, without its
  /// variables. What does not depend on them is computed again for each element, unless shared.
  void leave(Draft& inner, Draft& draft) {
    const Around left = around_.back();
    around_.pop_back();
    for (const Number part : inner.operands) {
      count_invariants(part, left.binder);
    }
    std::erase(inner.about.binders, left.binder);
    draft.key.add(inner.key.take());
    draft.operands.insert(draft.operands.end(), inner.operands.begin(), inner.operands.end());
    draft.about.shareable = draft.about.shareable && inner.about.shareable;
    draft.about.scope = join(draft.about, inner.about.scope);
    draft.about.weight = std::min(draft.about.weight + 4 * inner.about.weight, kWeightMax);
    draft.about.binders = united(draft.about.binders, inner.about.binders);
  }

  /// Counts the largest parts below `number` that do not depend on `binder` once more, each once.
  void count_invariants(Number number, Number binder) {  // NOLINT(misc-no-recursion)
    ValueNumbers::About& about = numbers_.abouts_[number];
    if (std::ranges::binary_search(about.binders, binder)) {
      for (const Number part : operands_of(number)) {
        count_invariants(part, binder);
      }
    } else if (!about.is_constant) {
      about.uses = std::max(about.uses, 2U);
    }
  }

  [[nodiscard]] const std::vector<Number>& operands_of(Number number) const {
    return numbers_.operands_[number];
  }

  /// Where the variables of the only loop that it depends on are.
  [[nodiscard]] std::uint32_t place_in_frame(Number number) const {
    const auto& binders = numbers_.abouts_[number].binders;
    if (binders.size() != 1) {
      return 0;
    }
    const auto around = std::ranges::find(around_, binders.front(), &Around::binder);
    return around == around_.end() ? 0 : around->local;
  }

  Number intern(Draft draft) {
    if (!draft.about.shareable) {
      draft.key.add(numbers_.abouts_.size());  // like no other
    }
    const auto next = static_cast<Number>(numbers_.abouts_.size());
    const auto [at, added] = numbers_.numbers_.try_emplace(draft.key.take(), next);
    if (added) {
      for (const Number operand : draft.operands) {
        ++numbers_.abouts_[operand].uses;
      }
      numbers_.abouts_.push_back(std::move(draft.about));
      numbers_.operands_.push_back(std::move(draft.operands));
    }
    return at->second;
  }

  static constexpr std::uint32_t kWeightMax = 1U << 20;

  ValueNumbers& numbers_;
  const Code& code_;
  std::span<const SlotIdentity> slots_;
  std::vector<Around> around_;
  std::vector<ValueNumbers::Place> places_;
};

std::vector<ValueNumbers::Place> ValueNumbers::add(const Code& code,
                                                   std::span<const SlotIdentity> slots) {
  return ProgramNumbering(*this, code, slots).run();
}

}  // namespace seaworthy::cel
