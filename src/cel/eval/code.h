#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cel/eval/const_set.h"
#include "cel/eval/guard.h"
#include "cel/lib/call_rules.h"
#include "cel/lib/pattern.h"
#include "cel/lib/pattern_cache.h"
#include "cel/syntax/ast.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/function.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// A node's index in Code::nodes.
using NodeIndex = std::uint32_t;

/// What a node of a program does.
enum class Op : std::uint8_t {
  // Those that compare come first.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kConstant,
  kAttribute,  ///< A variable, or any value, with the selects and indices that follow it.
  kPath,  ///< An attribute of plain fields over a variable: `object.spec.replicas`, `has(c.ports)`.
  kOptionalPath,  ///< The same with a `?` somewhere: `c.?securityContext.runAsNonRoot`.
  kAnd,
  kOr,
  kConditional,
  kTested,  ///< has() over a conditional: one operand.
  kNot,
  kNegate,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kIn,
  kInSet,  ///< In a constant list of primitives.
  kSize,
  kMatches,  ///< By a constant pattern.
  kStartsWith,
  kEndsWith,
  kContains,
  kCall,
  kPrecomputed,  ///< A call of constants: its value, and what the call costs.
  kOptionalOr,
  kOptionalOrValue,
  kList,
  kMap,
  kStruct,
  kLoop,
  kOptionalMap,
  kShared,         ///< What a cell of the Memo holds, or is to hold.
  kSharedElement,  ///< The same by element of a loop's range.
};

constexpr bool is_attribute(Op op) { return op >= Op::kAttribute && op <= Op::kOptionalPath; }

/// Where an attribute begins.
enum class BaseKind : std::uint8_t {
  kSlot,       ///< A variable.
  kComposite,  ///< A field of a composite (`variables.x`).
  kLocal,      ///< A variable of a loop.
  kLazyLocal,  ///< The variable of optMap: its first use pays for the target again.
  kNode,       ///< Any other expression's value.
  kMaybe,      ///< One of several meanings of a name (expressions that were not checked).
};

/// Whether an attribute that begins so is of one of the environment's variables.
constexpr bool is_variable(BaseKind base) {
  return base == BaseKind::kSlot || base == BaseKind::kComposite;
}

/// How a binary or unary node is paid for, beyond its operands.
enum class CostRule : std::uint8_t {
  kOne,
  kTraverseShorter,  ///< A tenth of the shorter operand's size.
  kTraverseBoth,     ///< A tenth of both operands' sizes.
  kTraverseFirst,
  kTraverseProduct,
  kSizeOfSecond,
  kRegex,
};

/// One node: children are named by index, so that a program is one array to walk. Which fields mean
/// something depends on `op`.
struct Node {
  Op op = Op::kConstant;
  BaseKind base = BaseKind::kSlot;
  CostRule cost = CostRule::kOne;
  std::uint8_t flags = 0;
  std::uint32_t a =
      0;  ///< First operand; kAttribute: slot, local or node; kCall, kStruct, kLoop …:
          ///< index of the details; kPrecomputed: units; kShared: the
          ///< node that computes it
  std::uint32_t b =
      0;  ///< Second operand; kAttribute: first qualifier; kList, kMap, kStruct: first
          ///< child; kPrecomputed: index of the call; kShared: the cell or table
  std::uint32_t c = 0;  ///< Third operand; kAttribute: qualifiers; kList, kMap, kStruct: children;
                        ///< kMatches: units; kSharedElement: the loop's local
  Value constant;       ///< kConstant, kPrecomputed; kMatches: the pattern; kPath: its number
                        ///< among those that are written more than once, an uint, or 0
};

static_assert(sizeof(Node) == 32);

/// Where, after a loop's first variable, the frame has the element's index and the range's size.
inline constexpr std::uint32_t kElementOffset = 2;
inline constexpr std::uint32_t kLoopLocals = 3;

// Node::flags: those of an attribute and of aggregates below; of kShared: the MemoScope.
inline constexpr std::uint8_t kPaysIdent =
    1;  ///< kAttribute: its own unit; not where it is only resolved for another.
inline constexpr std::uint8_t kTestOnly = 2;      ///< kAttribute: the last qualifier is has()'s.
inline constexpr std::uint8_t kHasOptionals = 4;  ///< kList, kMap: some were written with `?`.
inline constexpr std::uint8_t kOptionalBase = 8;  ///< kAttribute on kComposite: `variables.?x`.

/// One select or index of an attribute.
struct Qualifier {
  /// kObjectField: of what the checker knows to be an `Object…{}`.
  enum class Kind : std::uint8_t { kField, kObjectField, kConstant, kNode };

  Kind kind = Kind::kField;
  bool optional = false;
  bool test_only = false;
  NodeIndex node = 0;                   ///< kNode: computes the key.
  Value key;                            ///< kField (a string) and kConstant.
  document::Key field;                  ///< kField: with its hash.
  const ErrorValue* missing = nullptr;  ///< kField: "no such key: …".
};

/// A call of a library's function.
struct CallDetails {
  struct Candidate {
    const FunctionRow* row = nullptr;
    std::vector<Guard> parameters;
  };

  std::string_view name;
  std::vector<Candidate> candidates;
  std::vector<NodeIndex> arguments;
  CallCost cost = nullptr;  ///< Null: 1.
  bool early_exit =
      false;  ///< An argument's error leaves the rest unevaluated and the call unpaid.
  call_rules::WithPattern with_pattern = nullptr;
  std::unique_ptr<Pattern> pattern;  ///< The second argument's, where it is constant.
};

struct LoopDetails {
  LoopKind kind = LoopKind::kAll;
  bool two_variables = false;
  NodeIndex range = 0;
  NodeIndex condition = kNoExpr;
  NodeIndex body = kNoExpr;
  std::uint32_t local = 0;  ///< The first variable's place in the frame; the second's is the next,
                            ///< then which element it is (kElementOffset).
  bool resolved_keys = false;  ///< kSortBy: the key's type is known, which decides the cost.
};

/// A literal of a patch type; its fields' values are the node's children.
struct StructDetails {
  const RuntimeType* type = nullptr;
  bool json_patch = false;
  std::vector<std::string_view> fields;
};

struct OptionalMapDetails {
  NodeIndex target = 0;
  NodeIndex body = 0;
  std::uint32_t local = 0;  ///< Value, then what its first use costs.
  bool flat = false;
  bool bind = false;  ///< cel.bind: of any target, and what is computed of it is the value.
};

/// What a name of an expression that was not checked may mean: the first candidate that has a value
/// is taken, and the steps that are part of its name are not taken again.
struct MaybeName {
  struct Candidate {
    enum class Kind : std::uint8_t { kSlot, kField, kLocal, kLazyLocal, kType };

    Kind kind = Kind::kSlot;  ///< kField: of a composite.
    std::uint32_t index = 0;  ///< The slot or local.
    std::uint32_t steps = 0;  ///< Qualifiers that belong to the name.
    Value type;
  };

  std::vector<Candidate> candidates;
  const ErrorValue* missing = nullptr;
};

/// An immutable program: what the planner makes and the evaluator runs.
struct Code {
  std::vector<Node> nodes;
  NodeIndex root = 0;
  std::vector<Qualifier> qualifiers;
  std::vector<NodeIndex> children;
  std::vector<bool> optional_children;  ///< As long as children.
  std::vector<CallDetails> calls;
  std::vector<LoopDetails> loops;
  std::vector<StructDetails> structs;
  std::vector<OptionalMapDetails> optional_maps;
  std::vector<ConstSet> sets;
  std::vector<std::unique_ptr<Pattern>> patterns;
  std::shared_ptr<PatternCache> kept_patterns;  ///< Those that are no constants.
  std::vector<MaybeName> maybe_names;
  std::uint32_t locals = 0;
  std::vector<Slot> slots;
  Arena constants{1024};  ///< What constant values point to.
};

}  // namespace seaworthy::cel
