#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/syntax/ast.h"
#include "cel/syntax/parser.h"
#include "cel/syntax/recovery.h"

namespace seaworthy::cel {

/// One parse: a function per rule of the grammar, building the tree as it goes. After a failure a
/// rule answers a placeholder (a null literal), so that what follows is still looked at.
class Grammar {
 public:
  Grammar(std::string_view source, std::vector<Token> tokens, std::vector<Token> skipped,
          bool bindings)
      : tokens_(source, std::move(tokens), std::move(skipped)), bindings_(bindings) {}

  ParseResult run();

 private:
  using Rule = Recovery::Rule;

  // grammar_operators.cc
  ExprIndex expression(TokenSet follow);
  ExprIndex disjunction(TokenSet follow);
  ExprIndex conjunction(TokenSet follow);
  ExprIndex relation(int precedence, TokenSet follow);
  ExprIndex calculation(int precedence, TokenSet follow);
  ExprIndex unary(TokenSet follow);
  ExprIndex minus(SourcePosition position);
  ExprIndex balanced(std::string_view function, std::span<const ExprIndex> terms,
                     std::span<const SourcePosition> operators);

  // grammar_members.cc
  ExprIndex member(TokenSet follow);
  ExprIndex select(ExprIndex operand);
  ExprIndex member_call(ExprIndex operand);
  ExprIndex index(ExprIndex operand);
  ExprIndex primary(TokenSet follow);
  ExprIndex name_or_call();
  ExprIndex structure();
  ExprIndex literal(TokenSet follow);
  bool arguments(int state, std::vector<ExprIndex>& out, TokenSet after);
  /// The name after a dot or in a structure, or why there is none.
  std::expected<std::string, std::string> field_name(TokenSet follow);

  // grammar_aggregates.cc
  ExprIndex list();
  ExprIndex map();
  void list_items(Expr& into);
  void map_entries(Expr& into);
  void fields(Expr& into);
  bool optional_mark(int state, TokenSet expected);

  // macros.cc
  ExprIndex global_call(Expr call);
  ExprIndex receiver_call(Expr call);
  ExprIndex has(const Expr& call);
  ExprIndex loop(const Expr& call, LoopKind kind, bool two_variables);
  ExprIndex sort_by(const Expr& call);
  ExprIndex optional_map(const Expr& call, bool flat);
  ExprIndex bind(const Expr& call);
  /// Puts the variable that the argument names into `out`; false where it names none.
  bool variable(ExprIndex argument, std::string& out) const;

  /// Adds a node; `counted` where cel-go counts it for the depth limit.
  ExprIndex add(Expr expr, bool counted = false);
  ExprIndex add_constant(SourcePosition position, Constant value);
  ExprIndex add_operator(std::string_view function, SourcePosition position,
                         std::vector<ExprIndex> args, bool counted = true);
  ExprIndex placeholder(SourcePosition position);
  /// Notes that the node was written from `begin` to the token taken last.
  ExprIndex spanning(std::size_t begin, ExprIndex index);
  ExprIndex report(SourcePosition position, std::string message);

  Recovery tokens_;
  bool bindings_;  ///< cel.bind is a macro.
  Ast ast_;
  std::vector<std::uint32_t> heights_;  ///< Of each node, in counted nodes.
  std::vector<Issue> issues_;           ///< Of the tree; those of the tokens are with them.
};

/// Where cel-go puts what it could not read.
inline constexpr SourcePosition kNowhere = {1, 0};

/// What may start an expression, and what starts an item that may be optional.
inline constexpr TokenSet kPrimaryStart = {
    TokenKind::kLeftBracket, TokenKind::kLeftBrace, TokenKind::kLeftParenthesis,
    TokenKind::kDot,         TokenKind::kMinus,     TokenKind::kTrue,
    TokenKind::kFalse,       TokenKind::kNull,      TokenKind::kFloat,
    TokenKind::kInt,         TokenKind::kUint,      TokenKind::kString,
    TokenKind::kBytes,       TokenKind::kIdentifier};
inline constexpr TokenSet kExpressionStart = kPrimaryStart | TokenSet{TokenKind::kNot};
inline constexpr TokenSet kItemStart = kExpressionStart | TokenSet{TokenKind::kQuestion};
inline constexpr TokenSet kNameStart = {TokenKind::kIdentifier, TokenKind::kQuotedIdentifier};
inline constexpr TokenSet kFieldStart = kNameStart | TokenSet{TokenKind::kQuestion};
inline constexpr TokenSet kEnd = TokenSet().or_end();
inline constexpr TokenSet kMemberFollow =
    TokenSet{TokenKind::kDot, TokenKind::kLeftBracket}.or_end();

}  // namespace seaworthy::cel
