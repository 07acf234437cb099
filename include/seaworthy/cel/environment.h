#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/diagnostic.h"
#include "seaworthy/cel/function.h"
#include "seaworthy/cel/type.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// A variable's place in Evaluation::slots().
using Slot = std::uint32_t;

/// A mistake in an expression. Positions are 1-based lines and columns in code points within the
/// expression.
struct Issue {
  SourcePosition position;
  std::string message;    ///< In cel-go's words: "undeclared reference to 'x' (in container '')".
  std::string hint = {};  ///< In ours, or empty: "did you mean 'startsWith'?".

  friend bool operator==(const Issue&, const Issue&) = default;
};

/// All issues in cel-go's form, which has no hints: `ERROR: <input>:1:5: message\n | source\n |
/// ....^`.
/// `more`: Compilation::more_issues, said in a last line.
std::string format_issues(std::string_view expression, const std::vector<Issue>& issues,
                          std::uint64_t more = 0);

/// A place below a variable: names from the outside in, none for the variable itself. Lifetime: the
/// program's.
struct Place {
  Slot slot = 0;
  std::vector<std::string_view> path;

  friend bool operator==(const Place&, const Place&) = default;
};

/// A compiled expression: immutable, shared by threads.
class Program {
 public:
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  Program(Program&&) = delete;
  Program& operator=(Program&&) = delete;
  virtual ~Program() = default;

  [[nodiscard]] virtual const Type& result_type() const = 0;
  [[nodiscard]] virtual const std::string& expression() const = 0;
  /// Slots that the expression may read, sorted: tells what depends on a container, a volume, a
  /// variable.
  [[nodiscard]] virtual const std::vector<Slot>& slots() const = 0;
  /// False only where no evaluation can see what lies below the variable at `path`, names from the
  /// outside in: such data need not be there.
  [[nodiscard]] virtual bool may_see(Slot slot, std::span<const std::string_view> path) const = 0;
  /// False only where no text or number from below the variable at `path` can become part of the
  /// value: a condition may look there, and what is counted, compared or tested may lie there.
  [[nodiscard]] virtual bool may_say(Slot slot, std::span<const std::string_view> path) const = 0;
  /// Places that decide: where the document has nothing at any of them, and only maps on the way
  /// there, the value is the one that empty maps in these slots give, if that is no error: which
  /// name it misses differs. Nothing where no such places can be told.
  [[nodiscard]] virtual std::optional<std::vector<Place>> places() const = 0;
  /// The value, or an error value. Reads slots and spends cost of `evaluation`; call
  /// Evaluation::start() before for a fresh budget.
  [[nodiscard]] virtual Value evaluate(Evaluation& evaluation) const = 0;

 protected:
  Program() = default;
};

struct Compilation {
  std::shared_ptr<const Program> program;  ///< Null where there are issues.
  /// The first limits::kExpressionErrorsMax that were found, by place.
  std::vector<Issue> issues;
  std::uint64_t more_issues = 0;  ///< How many were found beyond those, as cel-go counts them.
  std::optional<Type> type;  ///< Of the result, also where only the making of the program failed.
};

/// What expressions may name: variables, object types, functions. Built once, then only read.
/// Copies share the libraries, so that extending a copy for one policy is cheap.
class Environment {
 public:
  /// CEL as Kubernetes 1.36 runs stored expressions: standard library, optionals, two-variable
  /// macros, and the libraries of cel.md section 2.
  static Environment kubernetes();

  /// Declares a variable and answers its slot (they count up from 0). Redeclaring a name is a bug.
  Slot declare(std::string name, Type type);
  /// Declares `name` as an object whose fields are variables of their own (`variables`):
  /// `name.field` reads that field's slot, and an unknown field is a compile error: "undefined
  /// field 'x'". Fields are added by declare_field.
  void declare_composite(std::string name);
  Slot declare_field(std::string_view composite, std::string field, Type type);
  /// Makes Type::structure(type.name) known.
  void declare(StructType type);
  void add(const Library& library);
  /// Makes known what the mutation expressions of a MutatingAdmissionPolicy may write and nothing
  /// else may: `Object{}`, `Object.spec{}` and so on, `JSONPatch{}` and `jsonpatch.escapeKey`
  /// (k8s.io/apiserver pkg/admission/plugin/cel/compile.go, HasPatchTypes). Their values:
  /// cel/patch_types.h.
  void declare_patch_types();
  /// Makes `cel.bind(x, value, expression)` known, which Kubernetes does not have (cel-go
  /// ext/bindings.go).
  void declare_bindings();
  /// Names are looked up inside the dotted `name` first, then in what contains it. Kubernetes sets
  /// none.
  void set_container(std::string name);

  [[nodiscard]] std::uint32_t slot_count() const;
  [[nodiscard]] Compilation compile(std::string_view expression) const;
  /// The same without the type check, as cel-go runs what was only parsed: names and overloads are
  /// found when the expression runs, an unknown name is its error "no such attribute(s): x", and
  /// the result type is dyn. Not for policies, which Kubernetes always checks.
  [[nodiscard]] Compilation compile_unchecked(std::string_view expression) const;

  struct State;  ///< Private to the module.

  [[nodiscard]] const State& state() const { return *state_; }

  Environment(const Environment& other);
  Environment& operator=(const Environment& other);
  Environment(Environment&&) noexcept;
  Environment& operator=(Environment&&) noexcept;
  ~Environment();

 private:
  Environment();
  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::cel
