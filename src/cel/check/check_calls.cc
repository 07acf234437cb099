#include <unordered_map>
#include <utility>

#include "cel/check/checker_state.h"

// Calls. `a.b.f(x)` is the function "a.b.f" if there is one, else the member f of `a.b`. Every
// overload whose parameters fit is kept: one is a resolved call, several of one result type are a
// call that is resolved when it runs, and several of different result types have the type dyn
// (cel-go checker.go, resolveOverload).

namespace seaworthy::cel {
namespace {

void add_parameters(const Type& type, std::vector<std::string>& names) {
  if (type.is(TypeKind::kParam)) {
    for (const std::string& name : names) {
      if (name == type.name()) {
        return;
      }
    }
    names.push_back(type.name());
  }
  for (const Type& parameter : type.parameters()) {
    add_parameters(parameter, names);
  }
}

}  // namespace

std::vector<std::string> parameters_of(const Type& type) {
  std::vector<std::string> names;
  add_parameters(type, names);
  return names;
}

void Checker::check_call(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  for (const ExprIndex arg : expr.args) {
    check(arg);
  }
  const auto undeclared = [&] {
    report(expr.position,
           "undeclared reference to '" + std::string(expr.leading_dot ? "." : "") + expr.name +
               "' (in container '" + environment_.container + "')",
           hint_for_function(index));
    set_type(index, Type(TypeKind::kError));
  };
  if (expr.operand == kNoExpr) {
    const auto* function = find_function(expr.name, expr.leading_dot);
    return function == nullptr ? undeclared() : resolve(index, *function, false);
  }
  bool absolute = false;
  if (const auto prefix = qualified_name(expr.operand, absolute)) {
    if (const auto* function = find_function(*prefix + "." + expr.name, absolute)) {
      ast_.nodes[index].name = function->first;
      ast_.nodes[index].operand = kNoExpr;
      return resolve(index, *function, false);
    }
  }
  check(expr.operand);
  const auto* function = find_function(expr.name);
  return function == nullptr ? undeclared() : resolve(index, *function, true);
}

void Checker::resolve(ExprIndex index, const FunctionTable::value_type& function, bool member) {
  const Expr& expr = ast_.at(index);
  std::vector<Argument> arguments;
  if (member) {
    arguments.push_back(argument(expr.operand));
  }
  for (const ExprIndex arg : expr.args) {
    arguments.push_back(argument(arg));
  }
  set_type(index, resolve(function.first, function.second, member, std::move(arguments),
                          expr.position, &nodes_[index].overloads));
}

Type Checker::resolve_made(std::string_view name, bool member, std::vector<Argument> arguments,
                           SourcePosition position) {
  const auto found = environment_.functions->find(name);
  if (found != environment_.functions->end()) {
    return resolve(name, found->second, member, std::move(arguments), position);
  }
  report(position, "undeclared reference to '" + std::string(name) + "' (in container '" +
                       environment_.container + "')");
  return Type(TypeKind::kError);
}

Type Checker::resolve(std::string_view name, std::span<const Overload> overloads, bool member,
                      std::vector<Argument> arguments, SourcePosition position,
                      std::vector<const FunctionRow*>* into) {
  std::vector<Type> given;
  for (const Argument& argument : arguments) {
    given.push_back(argument.type);
  }
  std::optional<Type> result;
  for (const Overload& overload : overloads) {
    if (overload.member != member) {
      continue;
    }
    if (name == "_&&_" || name == "_||_") {
      if (into != nullptr) {
        *into = {overload.row};
      }
      return resolve_logic(arguments);
    }
    std::vector<std::string> names;
    add_parameters(overload.result, names);
    std::unordered_map<std::string, Type> fresh;
    std::vector<Type> wanted;
    for (const Type& parameter : overload.parameters) {
      add_parameters(parameter, names);
    }
    for (const std::string& parameter : names) {
      fresh.emplace(parameter, types_.fresh());
    }
    for (const Type& parameter : overload.parameters) {
      wanted.push_back(instantiate(parameter, fresh));
    }
    if (!types_.assignable(given, wanted)) {
      continue;
    }
    if (into != nullptr) {
      into->push_back(overload.row);
    }
    Type type = types_.substitute(instantiate(overload.result, fresh));
    if (!result) {
      result = std::move(type);
    } else if (!result->is(TypeKind::kDyn) && !is_exact(type, *result)) {
      result = Type::dyn();
    }
  }
  if (result) {
    return *std::move(result);
  }
  std::string applied;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool receiver = member && i == 0;
    applied += (receiver                  ? ""
                : i == (member ? 1U : 0U) ? "("
                                          : ", ") +
               types_.substitute(given[i], true).text();
    applied += receiver ? "." : "";
  }
  applied += given.size() == (member ? 1U : 0U) ? "()" : ")";
  report(position,
         "found no matching overload for '" + std::string(name) + "' applied to '" + applied + "'",
         hint_for_call(name, overloads, member, given));
  return Type(TypeKind::kError);
}

/// The operands of && and || are each held against bool, so that the message names the one at
/// fault.
Type Checker::resolve_logic(std::span<const Argument> arguments) {
  Type result = Type::boolean();
  for (const Argument& argument : arguments) {
    if (!types_.assignable(argument.type, Type::boolean())) {
      report_mismatch(argument.position, Type::boolean(), argument.type);
      result = Type(TypeKind::kError);
    }
  }
  return result;
}

}  // namespace seaworthy::cel
