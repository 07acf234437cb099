#include <array>
#include <utility>

#include "cel/syntax/grammar.h"

// The rules from `expr` to `unary` of cel-go's grammar. Chains of && and || become balanced trees
// (cel-go parser/helper.go, balancer): the deeper a tree the sooner it meets the depth limit, and
// the order in which operands are looked at is the same either way. Pairs of ! and of - cancel out;
// one - before a number belongs to the number.

namespace seaworthy::cel {
namespace {

constexpr TokenSet kRelations = {
    TokenKind::kEqual,       TokenKind::kNotEqual,       TokenKind::kIn,     TokenKind::kLess,
    TokenKind::kLessOrEqual, TokenKind::kGreaterOrEqual, TokenKind::kGreater};
constexpr TokenSet kProducts = {TokenKind::kStar, TokenKind::kSlash, TokenKind::kPercent};
constexpr TokenSet kSums = {TokenKind::kPlus, TokenKind::kMinus};

std::string_view function_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual:
      return "_==_";
    case TokenKind::kNotEqual:
      return "_!=_";
    case TokenKind::kIn:
      return "@in";
    case TokenKind::kLess:
      return "_<_";
    case TokenKind::kLessOrEqual:
      return "_<=_";
    case TokenKind::kGreaterOrEqual:
      return "_>=_";
    case TokenKind::kGreater:
      return "_>_";
    case TokenKind::kPlus:
      return "_+_";
    case TokenKind::kMinus:
      return "_-_";
    case TokenKind::kStar:
      return "_*_";
    case TokenKind::kSlash:
      return "_/_";
    default:
      return "_%_";
  }
}

}  // namespace

ExprIndex Grammar::expression(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kExpression, follow);
  const std::size_t begin = tokens_.token().begin;
  const ExprIndex condition = disjunction(TokenSet{TokenKind::kQuestion}.or_end());
  if (tokens_.next() != TokenKind::kQuestion) {
    return condition;
  }
  const SourcePosition position = tokens_.take().position;
  const ExprIndex yes = disjunction({TokenKind::kColon});
  ExprIndex no = kNoExpr;
  if (tokens_.match(40, TokenKind::kColon, kExpressionStart)) {
    no = expression(kEnd);
  } else {
    no = placeholder(kNowhere);
  }
  return spanning(begin, add_operator("_?_:_", position, {condition, yes, no}));
}

ExprIndex Grammar::disjunction(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  const TokenSet loop = TokenSet{TokenKind::kOr}.or_end();
  std::vector<ExprIndex> terms = {conjunction(loop)};
  std::vector<SourcePosition> operators;
  while (tokens_.next() == TokenKind::kOr) {
    operators.push_back(tokens_.take().position);
    terms.push_back(conjunction(loop));
  }
  return balanced("_||_", terms, operators);
}

ExprIndex Grammar::conjunction(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  const TokenSet loop = TokenSet{TokenKind::kAnd}.or_end();
  std::vector<ExprIndex> terms = {relation(0, loop)};
  std::vector<SourcePosition> operators;
  while (tokens_.next() == TokenKind::kAnd) {
    operators.push_back(tokens_.take().position);
    terms.push_back(relation(0, loop));
  }
  return balanced("_&&_", terms, operators);
}

ExprIndex Grammar::balanced(std::string_view function, std::span<const ExprIndex> terms,
                            std::span<const SourcePosition> operators) {
  if (terms.size() == 1) {
    return terms[0];
  }
  const std::size_t middle = operators.size() / 2;
  const ExprIndex left = balanced(function, terms.first(middle + 1), operators.first(middle));
  const ExprIndex right =
      balanced(function, terms.subspan(middle + 1), operators.subspan(middle + 1));
  const ExprIndex made = add_operator(function, operators[middle], {left, right}, false);
  ast_.extents[made] = {ast_.extents[left].begin, ast_.extents[right].end};
  return made;
}

ExprIndex Grammar::relation(int precedence, TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kRelation, follow);
  const std::size_t begin = tokens_.token().begin;
  ExprIndex left = calculation(0, kRelations.or_end());
  while (precedence <= 1 && kRelations.has(tokens_.next())) {
    const Token op = tokens_.take();
    const ExprIndex right = relation(2, kRelations.or_end());
    left = spanning(begin, add_operator(function_of(op.kind), op.position, {left, right}));
  }
  return left;
}

ExprIndex Grammar::calculation(int precedence, TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kCalculation, follow);
  const std::size_t begin = tokens_.token().begin;
  const TokenSet loop = (kProducts | kSums).or_end();
  ExprIndex left = unary(loop);
  while (true) {
    const bool product = kProducts.has(tokens_.next()) && precedence <= 2;
    const bool sum = kSums.has(tokens_.next()) && precedence <= 1;
    if (!product && !sum) {
      return left;
    }
    const Token op = tokens_.take();
    const ExprIndex right = calculation(product ? 3 : 2, loop);
    left = spanning(begin, add_operator(function_of(op.kind), op.position, {left, right}));
  }
}

ExprIndex Grammar::unary(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  const SourcePosition position = tokens_.token().position;
  if (!tokens_.expect(99, kExpressionStart)) {
    return placeholder(position);
  }
  const SourcePosition start = tokens_.token().position;
  const std::size_t begin = tokens_.token().begin;
  if (tokens_.next() == TokenKind::kNot) {
    bool odd = false;
    while (tokens_.next() == TokenKind::kNot) {
      tokens_.take();
      odd = !odd;
      tokens_.expect_in_loop(90, kExpressionStart);
    }
    const ExprIndex operand = member(kEnd);
    return spanning(begin, odd ? add_operator("!_", start, {operand}, false) : operand);
  }
  const bool number = tokens_.next(2) == TokenKind::kInt || tokens_.next(2) == TokenKind::kFloat;
  if (tokens_.next() == TokenKind::kMinus && !number) {
    return minus(start);
  }
  if (!kPrimaryStart.has(tokens_.next())) {
    tokens_.fail_alternatives(99, 1);
    return placeholder(start);
  }
  return member(kEnd);
}

ExprIndex Grammar::minus(SourcePosition position) {
  if (!kPrimaryStart.has(tokens_.next(2))) {
    tokens_.fail_alternatives(99, 2);
    return placeholder(position);
  }
  const std::size_t begin = tokens_.token().begin;
  bool odd = false;
  while (tokens_.next() == TokenKind::kMinus) {
    if (!kPrimaryStart.has(tokens_.next(2))) {
      tokens_.fail_alternatives(96, 2);
      return placeholder(position);
    }
    tokens_.take();
    odd = !odd;
  }
  const ExprIndex operand = member(kEnd);
  return spanning(begin, odd ? add_operator("-_", position, {operand}, false) : operand);
}

}  // namespace seaworthy::cel
