#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "seaworthy/base/diagnostic.h"

namespace seaworthy::cel {

/// An expression's index in its Ast.
using ExprIndex = std::uint32_t;
inline constexpr ExprIndex kNoExpr = 0xFFFFFFFF;

enum class ExprKind : std::uint8_t {
  kLiteral,
  kIdent,
  kSelect,  ///< operand.name; `has(operand.name)` where test_only; `operand.?name` where optional.
  kCall,    ///< Functions and operators ("_+_", "_&&_", "_?_:_", "_[_]", "_[?_]", "!_", "-_", "@in"
            ///< …).
  kList,
  kMap,
  kStruct,
  kLoop,    ///< A macro over a range, kept as what it is rather than lowered to a fold.
  kOptMap,  ///< operand.optMap(x, body), optFlatMap, and cel.bind(x, operand, body).
};

enum class LoopKind : std::uint8_t {
  kAll,
  kExists,
  kExistsOne,
  kFilter,
  kMap,
  kTransformList,
  kTransformMap,
  kTransformMapEntry,
  kSortBy,
};

/// Bytes of a bytes literal: another type than a string's text.
struct BytesLiteral {
  std::string bytes;
  friend bool operator==(const BytesLiteral&, const BytesLiteral&) = default;
};

using Constant = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double,
                              std::string, BytesLiteral>;

/// One node of the syntax tree. Which fields mean something depends on `kind`.
struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  SourcePosition position;  ///< Where cel-go points for this node (an operator's own place, a
                            ///< call's parenthesis, a select's dot).

  Constant constant;            ///< kLiteral
  std::string name;             ///< kIdent, kSelect: field; kCall: function; kStruct: type name
  ExprIndex operand = kNoExpr;  ///< kSelect, member kCall: receiver; kLoop, kOptMap: range
  std::vector<ExprIndex>
      args;  ///< kCall: arguments; kList: items; kMap: key, value, key, value …; kStruct: values
  std::vector<std::string> fields;              ///< kStruct: field names
  std::vector<SourcePosition> field_positions;  ///< kStruct: of each field's colon
  std::vector<bool>
      optional_args;  ///< kList, kMap (per entry), kStruct: written with `?`; empty where none is
  bool test_only = false;    ///< kSelect: has()
  bool optional = false;     ///< kSelect: .?
  bool leading_dot = false;  ///< kIdent: `.name`; kCall without operand; kStruct

  // kLoop and kOptMap
  LoopKind loop = LoopKind::kAll;
  bool flat = false;              ///< kOptMap: optFlatMap
  bool bind = false;              ///< kOptMap: cel.bind
  std::string variable;           ///< Element; key or index where there are two
  std::string second_variable;    ///< Value, where the macro has two
  ExprIndex condition = kNoExpr;  ///< Predicate (all, exists, exists_one, filter) or the optional
                                  ///< filter of map and transform*
  ExprIndex body = kNoExpr;       ///< What map, transform*, sortBy, optMap make of each element
};

/// Which bytes of the source a node was written as, parentheses around it included.
struct SourceExtent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A parsed expression. Children come before parents.
struct Ast {
  std::vector<Expr> nodes;
  std::vector<SourceExtent> extents;  ///< As long as nodes.
  ExprIndex root = kNoExpr;

  [[nodiscard]] const Expr& at(ExprIndex index) const { return nodes[index]; }
};

}  // namespace seaworthy::cel
