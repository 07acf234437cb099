// What is shared, and how. A node that several places use gets a cell of the Memo; one that depends
// on the element of one loop gets a table with a cell for each element. In a program the node moves
// to the end and its place is taken by one that asks the memo first, so that nothing else changes.
//
// A cell keeps the value and what it cost, errors included; the limit's error is never kept. What
// costs more than is left of the limit is computed again, so that the limit is passed at the same
// unit.

#include "seaworthy/cel/linker.h"

#include <utility>

#include "cel/eval/program.h"
#include "cel/eval/value_numbers.h"
#include "seaworthy/base/check.h"

namespace seaworthy::cel {
namespace {

using Number = ValueNumbers::Number;

/// Below these, computing again is as fast as looking it up.
constexpr std::uint32_t kLeastWeight = 4;
constexpr std::uint32_t kLeastElementWeight = 6;

}  // namespace

struct Linker::State {
  struct Added {
    std::shared_ptr<const Program>* program;
    std::vector<ValueNumbers::Place> places;
  };

  /// Where a number's values are kept.
  struct Home {
    bool decided = false;
    bool shared = false;
    bool by_element = false;
    MemoScope scope = 0;
    std::uint32_t index = 0;  ///< Of the cell or table.
  };

  const Home& home_of(Number number);
  std::shared_ptr<const Program> rewrite(const Added& added);

  LinkOptions options;
  ValueNumbers numbers;
  std::vector<Added> programs;
  std::vector<Home> homes;
  MemoLayout layout;
};

Linker::Linker(LinkOptions options) : state_(std::make_unique<State>()) {
  state_->options = options;
}

Linker::~Linker() = default;

SlotIdentity Linker::add(std::shared_ptr<const Program>& program,
                         std::span<const SlotIdentity> slots) {
  const auto* compiled = dynamic_cast<const CompiledProgram*>(program.get());
  SEAWORTHY_CHECK(compiled != nullptr);
  State::Added added{&program, state_->numbers.add(compiled->code(), slots)};
  const Number root = added.places.back().number;
  state_->programs.push_back(std::move(added));
  const ValueNumbers::About& about = state_->numbers.about(root);
  return about.shareable ? SlotIdentity{"#" + std::to_string(root), about.scope} : SlotIdentity{};
}

const Linker::State::Home& Linker::State::home_of(Number number) {
  if (homes.size() <= number) {
    homes.resize(number + 1);
  }
  Home& home = homes[number];
  if (home.decided) {
    return home;
  }
  home.decided = true;
  const ValueNumbers::About& about = numbers.about(number);
  if (!about.shareable || about.is_constant || about.binders.size() > 1 ||
      (about.uses < 2 && !options.everything)) {
    return home;
  }
  home.scope = about.scope;
  home.by_element = !about.binders.empty();
  if (home.by_element) {
    const ValueNumbers::Binder& binder = numbers.binder(about.binders.front());
    if (!binder.is_loop || !binder.closed) {
      return home;
    }
    home.scope = std::max(home.scope, binder.scope);
  }
  const std::uint32_t least = home.by_element ? kLeastElementWeight : kLeastWeight;
  home.shared = about.weight >= least || options.everything;
  if (home.shared) {
    MemoLayout::Scope& scope = layout.scopes[home.scope];
    home.index = home.by_element ? scope.tables++ : scope.cells++;
  }
  return home;
}

std::shared_ptr<const Program> Linker::State::rewrite(const Added& added) {
  const auto& compiled = static_cast<const CompiledProgram&>(**added.program);
  std::vector<Node> nodes(compiled.nodes().begin(), compiled.nodes().end());
  bool changed = false;
  for (const ValueNumbers::Place& place : added.places) {
    const Home& home = home_of(place.number);
    if (!home.shared || (options.everything && place.node == compiled.code().root)) {
      continue;
    }
    changed = true;
    Node node;
    node.op = home.by_element ? Op::kSharedElement : Op::kShared;
    node.flags = home.scope;
    node.a = static_cast<NodeIndex>(nodes.size());
    node.b = home.index;
    node.c = place.local;
    nodes.push_back(nodes[place.node]);
    nodes[place.node] = node;
  }
  return changed ? std::make_shared<CompiledProgram>(compiled, std::move(nodes)) : *added.program;
}

MemoLayout Linker::link() {
  for (const State::Added& added : state_->programs) {
    *added.program = state_->rewrite(added);
  }
  return state_->layout;
}

}  // namespace seaworthy::cel
