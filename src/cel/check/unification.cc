#include "cel/check/unification.h"

#include <utility>

// Unification as cel-go's checker does it: a parameter is bound to the first type it meets and to a
// more general one later, never to a type that contains it; dyn and the type of an erroneous
// expression fit everything; null fits what may be null. Tried bindings that lead nowhere are
// undone.

namespace seaworthy::cel {
namespace {

bool is_param(const Type& type) { return type.is(TypeKind::kParam); }

bool is_wrapper(const Type& type) {
  return type.is(TypeKind::kOpaque) && type.name() == "wrapper" && type.parameters().size() == 1;
}

bool may_be_null(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kOptional:
    case TypeKind::kOpaque:
    case TypeKind::kStruct:
    case TypeKind::kDuration:
    case TypeKind::kTimestamp:
      return true;
    default:
      return false;
  }
}

/// cel-go's isEqualOrLessSpecific.
bool is_as_general(const Type& a, const Type& b) {
  if (a.is(TypeKind::kDyn) || is_param(a)) {
    return true;
  }
  if (b.is(TypeKind::kDyn) || is_param(b)) {
    return false;
  }
  if (a.kind() != b.kind()) {
    return false;
  }
  if (a.is(TypeKind::kType)) {
    return true;
  }
  if (a.name() != b.name() || a.parameters().size() != b.parameters().size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.parameters().size(); ++i) {
    if (!is_as_general(a.parameters()[i], b.parameters()[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_dyn_or_error(const Type& type) {
  return type.is(TypeKind::kDyn) || type.is(TypeKind::kError);
}

const Type& bare(const Type& type) { return is_wrapper(type) ? type.parameters()[0] : type; }

bool is_exact(const Type& a, const Type& b) {
  const Type& x = bare(a);
  const Type& y = bare(b);
  if (x.kind() != y.kind() || x.name() != y.name() ||
      x.parameters().size() != y.parameters().size()) {
    return false;
  }
  for (std::size_t i = 0; i < x.parameters().size(); ++i) {
    if (!is_exact(x.parameters()[i], y.parameters()[i])) {
      return false;
    }
  }
  return true;
}

Type Unification::fresh() { return Type::parameter("_var" + std::to_string(fresh_count_++)); }

const Type* Unification::find(const Type& type) const {
  if (!is_param(type)) {
    return nullptr;
  }
  const auto found = bindings_.find(type.name());
  return found == bindings_.end() ? nullptr : &found->second;
}

void Unification::bind(const Type& parameter, const Type& type) {
  const Type* before = find(parameter);
  changes_.push_back(
      {parameter.name(), before == nullptr ? std::nullopt : std::optional<Type>(*before)});
  bindings_.insert_or_assign(parameter.name(), Type(type));
}

void Unification::undo(std::size_t to) {
  while (changes_.size() > to) {
    Change& change = changes_.back();
    if (change.before) {
      bindings_.insert_or_assign(change.parameter, *std::move(change.before));
    } else {
      bindings_.erase(change.parameter);
    }
    changes_.pop_back();
  }
}

bool Unification::assignable(const Type& a, const Type& b) {
  return assignable(std::span(&a, 1), std::span(&b, 1));
}

bool Unification::assignable(std::span<const Type> a, std::span<const Type> b) {
  changes_.clear();
  if (unify(a, b)) {
    return true;
  }
  undo(0);
  return false;
}

bool Unification::unify(std::span<const Type> a, std::span<const Type> b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!unify(a[i], b[i])) {
      return false;
    }
  }
  return true;
}

/// cel-go's internalIsAssignable.
bool Unification::unify(const Type& a, const Type& b) {
  if (is_param(b)) {
    bool bound = false;
    if (unify_parameter(a, b, bound)) {
      return true;
    }
    if (bound) {
      return false;
    }
  }
  if (is_param(a)) {
    bool bound = false;
    return unify_parameter(b, a, bound);
  }
  if (is_dyn_or_error(a) || is_dyn_or_error(b)) {
    return true;
  }
  if (a.is(TypeKind::kNull)) {
    return may_be_null(b);
  }
  if (b.is(TypeKind::kNull)) {
    return may_be_null(a);
  }
  const Type& x = bare(a);
  const Type& y = bare(b);
  if (x.kind() != y.kind()) {
    return false;
  }
  return x.is(TypeKind::kType) || (x.name() == y.name() && unify(x.parameters(), y.parameters()));
}

/// Whether `parameter` stands, or may stand, for `type` (cel-go's isValidTypeSubstitution).
bool Unification::unify_parameter(const Type& type, const Type& parameter, bool& bound) {
  if (is_param(type) && type.name() == parameter.name()) {
    return bound = true;
  }
  if (const Type* found = find(parameter)) {
    bound = true;
    const Type current = *found;
    if (type == current) {
      return true;
    }
    if (!unify(type, current)) {
      return false;
    }
    const Type& general = most_general(type, current);
    if (not_within(parameter, general)) {
      bind(parameter, general);
    }
    return true;
  }
  if (!not_within(parameter, type)) {
    return false;
  }
  bind(parameter, type);
  return true;
}

const Type& Unification::most_general(const Type& a, const Type& b) {
  return is_as_general(a, b) ? a : b;
}

bool Unification::not_within(const Type& parameter, const Type& type) const {
  if (is_param(type)) {
    if (type.name() == parameter.name()) {
      return false;
    }
    const Type* found = find(type);
    return found == nullptr || not_within(parameter, *found);
  }
  for (const Type& inner : type.parameters()) {
    if (!not_within(parameter, inner)) {
      return false;
    }
  }
  return true;
}

Type Unification::substitute(const Type& type, bool to_dyn) const {
  if (const Type* found = find(type)) {
    return substitute(*found, to_dyn);
  }
  if (is_param(type)) {
    return to_dyn ? Type::dyn() : type;
  }
  if (type.parameters().empty()) {
    return type;
  }
  std::vector<Type> parameters;
  parameters.reserve(type.parameters().size());
  for (const Type& parameter : type.parameters()) {
    parameters.push_back(substitute(parameter, to_dyn));
  }
  return Type(type.kind(), type.name(), std::move(parameters));
}

Type instantiate(const Type& type, const std::unordered_map<std::string, Type>& from) {
  if (is_param(type)) {
    const auto found = from.find(type.name());
    return found == from.end() ? type : found->second;
  }
  if (type.parameters().empty()) {
    return type;
  }
  std::vector<Type> parameters;
  parameters.reserve(type.parameters().size());
  for (const Type& parameter : type.parameters()) {
    parameters.push_back(instantiate(parameter, from));
  }
  return Type(type.kind(), type.name(), std::move(parameters));
}

std::size_t size_of(const Type& type, std::size_t max) {
  std::size_t size = 1;
  for (const Type& parameter : type.parameters()) {
    if (size > max) {
      break;
    }
    size += size_of(parameter, max - size + 1);
  }
  return size;
}

}  // namespace seaworthy::cel
