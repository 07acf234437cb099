#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cel/lib/pattern_cache.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/function.h"
#include "seaworthy/cel/type.h"

namespace seaworthy::cel {

/// A FunctionRow with its signature read.
struct Overload {
  const FunctionRow* row = nullptr;
  bool member = false;  ///< The first parameter is the receiver.
  std::vector<Type> parameters;
  Type result;
};

/// Functions by name, each with its overloads in order of declaration. Immutable once made; shared
/// by environments.
using FunctionTable = std::map<std::string, std::vector<Overload>, std::less<>>;

/// Every overload of the libraries, and those that only macros call ("cel.@mapInsert").
FunctionTable make_function_table(std::span<const Library> libraries);
/// Adds the library's overloads; one that is there already stays as it is.
void add_functions(FunctionTable& table, const Library& library);

struct VariableDeclaration {
  Type type;
  Slot slot = 0;
};

struct Environment::State {
  std::shared_ptr<const FunctionTable> functions;
  std::map<std::string, VariableDeclaration, std::less<>>
      variables;  ///< By full name, dotted ones and composite fields ("variables.x") included.
  std::vector<std::string> composites;
  std::map<std::string, StructType, std::less<>> structs;
  std::string container;
  bool bindings = false;     ///< cel.bind.
  bool patch_types = false;  ///< `Object{}`, `Object.spec{}` … and `JSONPatch{}`.
  /// Of the programs compiled here and in copies.
  std::shared_ptr<PatternCache> patterns;
  Slot next_slot = 0;
};

/// Reads "string.(string) -> bool", "(T, list(T)) -> bool", "kubernetes.Quantity.() -> bool". A
/// mistake is a bug (SEAWORTHY_CHECK): signatures are ours.
Overload read_signature(const FunctionRow& row);

/// The libraries of Environment::kubernetes(), defined in cel/lib/.
std::vector<Library> kubernetes_libraries();

}  // namespace seaworthy::cel
