// Suggestions beside an issue: what the author may have meant. cel-go's words stay as they are,
// since they are compared with the platform's; a hint stands on its own and may be left out.
//
// A name is suggested where at most a third of its letters would have to change to make it one of
// the same sort; words of one or two letters get no suggestion.

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/edit_distance.h"
#include "cel/check/checker_state.h"
#include "cel/syntax/macros.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

constexpr std::size_t kWordBytesMin = 3;

std::string did_you_mean(std::string_view name) {
  return name.empty() ? std::string() : "did you mean '" + std::string(name) + "'?";
}

std::string_view nearest_name(std::string_view word,
                              const std::vector<std::string_view>& candidates) {
  if (word.size() < kWordBytesMin) {
    return {};
  }
  const std::string_view found = nearest(word, candidates);
  const std::size_t limit = word.size() / 3;
  return edit_distance(word, found, limit) <= limit ? found : std::string_view();
}

/// Not an operator, nor what only macros call.
bool is_callable(std::string_view function) {
  return std::string_view("_@!-").find(function.front()) == std::string_view::npos &&
         function.find('@') == std::string_view::npos;
}

}  // namespace

std::string Checker::hint_for_name(std::string_view name) const {
  if (issues_.size() >= limits::kExpressionErrorsMax) {
    return {};
  }
  std::vector<std::string_view> names;
  for (const LoopVariable& variable : variables_) {
    names.push_back(variable.name);
  }
  for (const std::string& composite : environment_.composites) {
    names.push_back(composite);
    const auto field = environment_.variables.find(composite + "." + std::string(name));
    if (field != environment_.variables.end()) {
      return did_you_mean(field->first);
    }
  }
  for (const auto& [variable, declaration] : environment_.variables) {
    names.push_back(variable);
  }
  add_type_names(names);
  for (const auto& [type, fields] : environment_.structs) {
    names.push_back(type);
  }
  return did_you_mean(nearest_name(name, names));
}

std::string Checker::hint_for_field(std::string_view field,
                                    const std::vector<std::string_view>& fields) const {
  if (issues_.size() >= limits::kExpressionErrorsMax) {
    return {};
  }
  return did_you_mean(nearest_name(field, fields));
}

/// Whether there is a variable of that name; a type's may be meant for a function's first part.
bool Checker::names_value(std::string_view name, bool absolute) const {
  const std::optional<Meaning> meaning = find_name(name, absolute);
  return meaning && meaning->info.type_name.empty();
}

/// Of a call whose function there is not.
std::string Checker::hint_for_function(ExprIndex index) const {
  if (issues_.size() >= limits::kExpressionErrorsMax) {
    return {};
  }
  const Expr& call = ast_.at(index);
  const bool member = call.operand != kNoExpr;
  std::string takes;
  std::vector<std::string_view> of_this_style;
  std::vector<std::string_view> all;
  for (const MacroForm& macro : macro_forms()) {
    if (macro.name == call.name && macro.member == member) {
      takes += (takes.empty() ? "" : " or ") + std::to_string(macro.arguments);
    }
    (macro.member == member ? of_this_style : all).push_back(macro.name);
  }
  if (!takes.empty()) {
    return "the macro '" + call.name + "' takes " + takes +
           (takes == "1" ? " argument" : " arguments");
  }
  for (const auto& [name, overloads] : *environment_.functions) {
    if (is_callable(name)) {
      const bool same_style = std::ranges::any_of(
          overloads, [&](const Overload& overload) { return overload.member == member; });
      (same_style ? of_this_style : all).push_back(name);
    }
  }
  bool absolute = false;
  if (const auto prefix = member ? qualified_name(call.operand, absolute) : std::nullopt;
      prefix && !names_value(*prefix, absolute)) {
    const std::string full = *prefix + "." + call.name;
    if (const std::string_view found = nearest_name(full, all); !found.empty()) {
      return did_you_mean(found);
    }
  }
  const std::string_view found = nearest_name(call.name, of_this_style);
  return did_you_mean(found.empty() ? nearest_name(call.name, all) : found);
}

bool Checker::fits(std::span<const Overload> overloads, bool member,
                   const std::vector<Type>& arguments) const {
  for (const Overload& overload : overloads) {
    if (overload.member != member || overload.parameters.size() != arguments.size()) {
      continue;
    }
    Unification types = types_;
    std::unordered_map<std::string, Type> fresh;
    std::vector<Type> wanted;
    for (const Type& parameter : overload.parameters) {
      for (const std::string& name : parameters_of(parameter)) {
        fresh.try_emplace(name, types.fresh());
      }
      wanted.push_back(instantiate(parameter, fresh));
    }
    if (types.assignable(arguments, wanted)) {
      return true;
    }
  }
  return false;
}

/// Of a call that no overload of `function` takes.
std::string Checker::hint_for_call(std::string_view function, std::span<const Overload> overloads,
                                   bool member, const std::vector<Type>& arguments) const {
  if (!is_callable(function) || issues_.size() >= limits::kExpressionErrorsMax) {
    return {};
  }
  const std::string name(function);
  if (fits(overloads, !member, arguments)) {
    return member ? "'" + name + "' is called as " + name + "(…), not on a value"
                  : "'" + name + "' is called on its first argument: x." + name + "(…)";
  }
  if (function == "contains" && member && arguments.size() == 2) {
    const TypeKind receiver = types_.substitute(arguments[0]).kind();
    if (receiver == TypeKind::kList || receiver == TypeKind::kMap) {
      return "whether a list or a map has an element is asked with 'in': element in list";
    }
  }
  std::vector<std::string_view> names;
  for (const auto& [other, forms] : *environment_.functions) {
    if (other != function && is_callable(other) && fits(forms, member, arguments)) {
      names.push_back(other);
    }
  }
  return did_you_mean(nearest_name(function, names));
}

}  // namespace seaworthy::cel
