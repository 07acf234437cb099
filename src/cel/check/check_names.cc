#include <algorithm>
#include <array>
#include <utility>

#include "cel/check/checker_state.h"
#include "cel/check/patch_types.h"
#include "cel/check/unchecked.h"

// What names mean. A name is looked up inside the container first, then outwards; there, a loop's
// variable hides a declared one, and that a type (cel-go checker/env.go, LookupIdent). A chain of
// selections `a.b.c` is first tried as one dotted name, then as a field of what `a.b` is.

namespace seaworthy::cel {
namespace {

/// Types that an expression may name, and what `type(x)` answers for their values.
struct NamedType {
  std::string_view name;
  TypeKind kind;
  bool undefined = false;  ///< Known to the checker only.
};

constexpr std::array kNamedTypes = {
    NamedType{"bool", TypeKind::kBool},
    NamedType{"bytes", TypeKind::kBytes},
    NamedType{"double", TypeKind::kDouble},
    NamedType{"google.protobuf.Duration", TypeKind::kDuration},
    NamedType{"google.protobuf.Timestamp", TypeKind::kTimestamp},
    NamedType{"int", TypeKind::kInt},
    NamedType{"list", TypeKind::kList},
    NamedType{"map", TypeKind::kMap},
    NamedType{"net.CIDR", TypeKind::kOpaque},
    NamedType{"net.IP", TypeKind::kOpaque},
    NamedType{"null_type", TypeKind::kNull},
    NamedType{"optional_type", TypeKind::kOptional},
    NamedType{"string", TypeKind::kString},
    NamedType{"type", TypeKind::kType},
    NamedType{"uint", TypeKind::kUint},
    NamedType{"duration", TypeKind::kDuration, true},
    NamedType{"timestamp", TypeKind::kTimestamp, true},
};

Type make_type(const NamedType& named) {
  switch (named.kind) {
    case TypeKind::kList:
      return Type::list(Type::parameter("A"));
    case TypeKind::kMap:
      return Type::map(Type::parameter("A"), Type::parameter("B"));
    case TypeKind::kOpaque:
      return Type::opaque(std::string(named.name));
    default:
      return Type(named.kind);
  }
}

}  // namespace

void add_type_names(std::vector<std::string_view>& names) {
  for (const NamedType& named : kNamedTypes) {
    if (!named.undefined) {
      names.push_back(named.name);
    }
  }
}

bool is_type_name(std::string_view name) {
  return std::ranges::any_of(
      kNamedTypes, [&](const NamedType& named) { return named.name == name && !named.undefined; });
}

std::vector<std::string> Checker::candidates(std::string_view name, bool absolute) const {
  return candidate_names(name, absolute, environment_.container);
}

std::optional<Checker::Meaning> Checker::find_name(std::string_view name, bool absolute) const {
  for (const std::string& candidate : candidates(name, absolute)) {
    if (auto meaning = find_exact_name(candidate)) {
      return meaning;
    }
  }
  return std::nullopt;
}

std::optional<Checker::Meaning> Checker::find_exact_name(const std::string& name) const {
  Meaning meaning;
  meaning.name = name;
  for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
    if (variable->name == name) {
      meaning.info.type = variable->type;
      meaning.info.loop = variable->loop;
      meaning.info.loop_variable = variable->which;
      return meaning;
    }
  }
  const auto& composites = environment_.composites;
  if (std::ranges::find(composites, name) != composites.end()) {
    meaning.info.type = Type::structure(std::string(kKubernetes) + name);
    return meaning;
  }
  const auto declared = environment_.variables.find(name);
  const std::string parent = name.substr(0, std::min(name.rfind('.'), name.size()));
  if (declared != environment_.variables.end() &&
      std::ranges::find(composites, parent) == composites.end()) {
    meaning.info.type = declared->second.type;
    meaning.info.slot = declared->second.slot;
    return meaning;
  }
  if (environment_.structs.contains(name) || (environment_.patch_types && is_patch_type(name))) {
    meaning.info.type = Type::type_of(Type::structure(name));
    meaning.info.type_name = name;
    meaning.undefined_type = true;
    return meaning;
  }
  for (const NamedType& named : kNamedTypes) {
    if (named.name == name) {
      meaning.info.type = Type::type_of(make_type(named));
      meaning.info.type_name = name;
      meaning.undefined_type = named.undefined;
      return meaning;
    }
  }
  return std::nullopt;
}

const FunctionTable::value_type* Checker::find_function(std::string_view name,
                                                        bool absolute) const {
  for (const std::string& candidate : candidates(name, absolute)) {
    const auto found = environment_.functions->find(candidate);
    if (found != environment_.functions->end()) {
      return &*found;
    }
  }
  return nullptr;
}

std::optional<std::string> Checker::qualified_name(ExprIndex index, bool& absolute) const {
  std::string name;
  const Expr* expr = &ast_.at(index);
  while (expr->kind == ExprKind::kSelect && !expr->test_only && !expr->optional) {
    name.insert(0, "." + expr->name);
    expr = &ast_.at(expr->operand);
  }
  if (expr->kind != ExprKind::kIdent) {
    return std::nullopt;
  }
  absolute = expr->leading_dot;
  return expr->name + name;
}

void Checker::use(ExprIndex index, Meaning meaning) {
  if (meaning.undefined_type && !later_issue_) {
    later_issue_ = Issue{{}, "reference to undefined type: " + meaning.name};
  }
  nodes_[index] = std::move(meaning.info);
}

void Checker::check_ident(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  if (auto meaning = find_name(expr.name, expr.leading_dot)) {
    return use(index, *std::move(meaning));
  }
  report(expr.position,
         "undeclared reference to '" + std::string(expr.leading_dot ? "." : "") + expr.name +
             "' (in container '" + environment_.container + "')",
         hint_for_name(expr.name));
  set_type(index, Type(TypeKind::kError));
}

void Checker::check_select(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  bool absolute = false;
  if (const auto name = qualified_name(index, absolute);
      name && !expr.test_only && !expr.optional) {
    if (auto meaning = find_name(*name, absolute)) {
      return use(index, *std::move(meaning));
    }
  }
  check(expr.operand);
  bool was_optional = false;
  const Type operand = types_.substitute(type_of(expr.operand));
  const Type& target = unwrapped(operand, was_optional);
  Type field = field_type(target, expr.name, expr.position, &nodes_[index]);
  if (expr.test_only) {
    field = Type::boolean();
  } else if (was_optional || expr.optional) {
    field = Type::optional(std::move(field));
  }
  set_type(index, types_.substitute(field));
}

}  // namespace seaworthy::cel
