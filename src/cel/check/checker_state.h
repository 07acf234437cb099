#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/check/checker.h"
#include "cel/check/environment_state.h"
#include "cel/check/unification.h"

namespace seaworthy::cel {

/// What names Kubernetes' types; that of a composite too, as "kubernetes.variables" (apiserver
/// pkg/admission/plugin/cel/composition.go).
inline constexpr std::string_view kKubernetes = "kubernetes.";

/// One check of one expression. Types are kept by node and may hold parameters until the end.
class Checker {
 public:
  Checker(Ast ast, const Environment::State& environment)
      : ast_(std::move(ast)), environment_(environment) {}

  CheckResult run();

  /// Of making the program; matters only where nothing else is wrong.
  [[nodiscard]] std::optional<Issue> later_issue() { return std::move(later_issue_); }

 private:
  /// What a name means.
  struct Meaning {
    std::string name;  ///< In full.
    NodeInfo info;
    bool undefined_type =
        false;  ///< A type that checks and has no value (cel-go's planner refuses it).
  };

  struct LoopVariable {
    std::string name;
    Type type;
    ExprIndex loop;
    std::uint8_t which;
  };

  struct Argument {
    Type type;
    SourcePosition position;
  };

  // check_names.cc
  [[nodiscard]] std::vector<std::string> candidates(std::string_view name, bool absolute) const;
  [[nodiscard]] std::optional<Meaning> find_name(std::string_view name, bool absolute) const;
  [[nodiscard]] std::optional<Meaning> find_exact_name(const std::string& name) const;
  [[nodiscard]] const FunctionTable::value_type* find_function(std::string_view name,
                                                               bool absolute = false) const;
  /// `a.b.c` of a chain of selections, nothing of any other expression.
  [[nodiscard]] std::optional<std::string> qualified_name(ExprIndex index, bool& absolute) const;
  void check_ident(ExprIndex index);
  void check_select(ExprIndex index);
  void use(ExprIndex index, Meaning meaning);

  // check_structs.cc
  void check_struct(ExprIndex index);
  Type field_type(const Type& target, const std::string& field, SourcePosition position,
                  NodeInfo* info);

  // check_calls.cc
  void check_call(ExprIndex index);
  void resolve(ExprIndex index, const FunctionTable::value_type& function, bool member);
  /// The result type of a call, the error type after reporting that nothing fits; `into` gets the
  /// overloads.
  Type resolve(std::string_view name, std::span<const Overload> overloads, bool member,
               std::vector<Argument> arguments, SourcePosition position,
               std::vector<const FunctionRow*>* into = nullptr);
  /// The same for a call that a macro makes.
  Type resolve_made(std::string_view name, bool member, std::vector<Argument> arguments,
                    SourcePosition position);
  Type resolve_logic(std::span<const Argument> arguments);

  // check_loops.cc
  void check_loop(ExprIndex index);
  Type fold(ExprIndex index, LoopKind kind, const Argument& range);
  void declare_variables(ExprIndex index, const Argument& range);
  Type step(ExprIndex index, LoopKind kind, const Type& accumulator);
  void check_sort_by(ExprIndex index);
  void check_optional_map(ExprIndex index);
  void check_binding(ExprIndex index);

  // checker.cc
  void check(ExprIndex index);
  void check_literal(ExprIndex index);
  void check_list(ExprIndex index);
  void check_map(ExprIndex index);
  /// The type of an item, unwrapped where it is written with `?`.
  Type item_type(ExprIndex item, bool optional);
  void join(std::optional<Type>& common, const Type& type);
  void set_type(ExprIndex index, Type type);

  [[nodiscard]] const Type& type_of(ExprIndex index) const { return nodes_[index].type; }

  [[nodiscard]] SourcePosition position_of(ExprIndex index) const {
    return ast_.at(index).position;
  }

  [[nodiscard]] Argument argument(ExprIndex index) const {
    return {type_of(index), position_of(index)};
  }

  // hints.cc
  [[nodiscard]] std::string hint_for_name(std::string_view name) const;
  [[nodiscard]] std::string hint_for_field(std::string_view field,
                                           const std::vector<std::string_view>& fields) const;
  [[nodiscard]] std::string hint_for_function(ExprIndex index) const;
  [[nodiscard]] std::string hint_for_call(std::string_view function,
                                          std::span<const Overload> overloads, bool member,
                                          const std::vector<Type>& arguments) const;
  [[nodiscard]] bool names_value(std::string_view name, bool absolute) const;
  [[nodiscard]] bool fits(std::span<const Overload> overloads, bool member,
                          const std::vector<Type>& arguments) const;

  void report(SourcePosition position, std::string message, std::string hint = {});
  void report_mismatch(SourcePosition position, const Type& expected, const Type& found);

  Ast ast_;
  const Environment::State& environment_;
  std::vector<NodeInfo> nodes_;
  std::vector<Issue> issues_;
  std::uint64_t reported_ = 0;  ///< Those that are not kept included.
  std::optional<Issue> later_issue_;
  std::vector<LoopVariable> variables_;
  Unification types_;
};

/// Adds the names of the types that an expression may name.
void add_type_names(std::vector<std::string_view>& names);

/// The type parameters within a type, each once.
std::vector<std::string> parameters_of(const Type& type);

/// What a value of `type` is once unwrapped, and whether it was an optional.
const Type& unwrapped(const Type& type, bool& was_optional);

}  // namespace seaworthy::cel
