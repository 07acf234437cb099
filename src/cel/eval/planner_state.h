#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cel/check/checker.h"
#include "cel/eval/code.h"

namespace seaworthy::cel {

/// Makes a program's nodes from a checked tree. Used once.
class Planner {
 public:
  explicit Planner(const CheckResult& checked)
      : checked_(&checked), code_(std::make_unique<Code>()) {}

  /// Null where there are issues.
  std::unique_ptr<Code> run();

  [[nodiscard]] std::vector<Issue> issues() { return std::move(issues_); }

 private:
  /// An attribute's base and the steps after it.
  struct Chain {
    ExprIndex base = kNoExpr;
    std::vector<Qualifier> qualifiers;
    bool test_only = false;
  };

  // planner.cc
  NodeIndex plan(ExprIndex index);
  NodeIndex plan_literal(const Expr& expr);
  NodeIndex plan_list(const Expr& expr);
  NodeIndex plan_map(const Expr& expr);
  NodeIndex plan_loop(ExprIndex index);
  NodeIndex plan_optional_map(ExprIndex index);

  // plan_struct.cc
  NodeIndex plan_struct(ExprIndex index);

  // plan_attribute.cc
  /// `pays`: whether the attribute pays for itself; not where it is a branch or an index of
  /// another.
  NodeIndex plan_attribute(ExprIndex index, bool pays);
  NodeIndex plan_chain(Chain chain, bool pays);
  static Op attribute_op(const Node& node, const Chain& chain);
  void forget_single_paths();
  std::uint64_t path_number(const Node& node, const Chain& chain);
  NodeIndex plan_branches(const Chain& chain);
  NodeIndex tested(NodeIndex attribute);
  Chain chain_of(ExprIndex index);
  Qualifier field(const Expr& select);
  Qualifier element(ExprIndex index, bool optional);
  [[nodiscard]] bool is_attribute(ExprIndex index) const;
  [[nodiscard]] bool is_composite_field(const Expr& select) const;

  // plan_unchecked.cc
  /// The name at the chain's base, which may go on over its steps.
  std::uint32_t maybe_name(const Chain& chain);
  void add_candidates(const std::string& name, std::uint32_t steps, bool is_all, MaybeName& maybe);
  [[nodiscard]] std::optional<MaybeName::Candidate> find_local(std::string_view name) const;
  /// Why a call has no program: no binding of the function takes as many arguments.
  [[nodiscard]] std::optional<std::string> arity_issue(ExprIndex index) const;

  [[nodiscard]] bool is_unchecked() const { return checked_->unchecked != nullptr; }

  // plan_call.cc
  NodeIndex plan_call(ExprIndex index);
  bool plan_operator(ExprIndex index, NodeIndex& planned);
  NodeIndex plan_general_call(ExprIndex index);
  NodeIndex precompute(NodeIndex call);
  NodeIndex plan_in(ExprIndex index);
  bool plan_matches(ExprIndex index, NodeIndex& planned);
  [[nodiscard]] std::vector<ExprIndex> arguments_of(const Expr& expr) const;
  [[nodiscard]] std::string_view only_overload(ExprIndex index) const;

  NodeIndex add(Node node);
  NodeIndex add_constant(const Value& value);
  /// Evaluates a node whose operands are constants and puts the result in its place.
  NodeIndex fold(NodeIndex index);
  [[nodiscard]] bool is_constant(NodeIndex index) const;
  Value text_constant(std::string_view text);
  void report(std::string message);

  [[nodiscard]] const Expr& expr(ExprIndex index) const { return checked_->ast.at(index); }

  [[nodiscard]] const NodeInfo& info(ExprIndex index) const { return checked_->nodes[index]; }

  const CheckResult* checked_;
  std::unique_ptr<Code> code_;
  std::vector<Issue> issues_;
  std::unordered_map<ExprIndex, std::uint32_t> locals_;  ///< Of the loops around the current node.
  std::uint32_t locals_in_use_ = 0;
  std::unordered_map<std::string, std::uint64_t> paths_;
};

}  // namespace seaworthy::cel
