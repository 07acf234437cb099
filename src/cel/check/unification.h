#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "seaworthy/cel/type.h"

namespace seaworthy::cel {

bool is_dyn_or_error(const Type& type);
/// A wrapper's type, any other type itself.
const Type& bare(const Type& type);
/// Structurally the same, wrappers aside.
bool is_exact(const Type& a, const Type& b);

/// What the type parameters of one expression stand for. Rule: cel-go checker/types.go and
/// mapping.go.
class Unification {
 public:
  /// A parameter that stands for nothing yet: `_var0`, `_var1` …
  Type fresh();

  /// How many there are; and leaves out the numbers of the next `count`.
  [[nodiscard]] std::size_t count() const { return fresh_count_; }

  void skip(std::size_t count) { fresh_count_ += count; }

  /// Whether a value of type `b` may be used where `a` is wanted; binds parameters if so, changes
  /// nothing if not.
  bool assignable(const Type& a, const Type& b);
  bool assignable(std::span<const Type> a, std::span<const Type> b);

  /// `type` with every bound parameter replaced, and the unbound ones by dyn where `to_dyn`.
  [[nodiscard]] Type substitute(const Type& type, bool to_dyn = false) const;

  /// Which of two types that unify is the more general: for lists of both.
  static const Type& most_general(const Type& a, const Type& b);

 private:
  struct Change {
    std::string parameter;
    std::optional<Type> before;
  };

  [[nodiscard]] const Type* find(const Type& type) const;
  void bind(const Type& parameter, const Type& type);
  void undo(std::size_t to);
  bool unify(const Type& a, const Type& b);
  bool unify(std::span<const Type> a, std::span<const Type> b);
  bool unify_parameter(const Type& type, const Type& parameter, bool& bound);
  [[nodiscard]] bool not_within(const Type& parameter, const Type& type) const;

  std::unordered_map<std::string, Type> bindings_;
  std::vector<Change> changes_;
  std::size_t fresh_count_ = 0;
};

/// `type` with each parameter named in `from` replaced: an overload's own parameters by fresh ones.
Type instantiate(const Type& type, const std::unordered_map<std::string, Type>& from);

/// Nodes of a type; stops counting above `max`.
std::size_t size_of(const Type& type, std::size_t max);

}  // namespace seaworthy::cel
