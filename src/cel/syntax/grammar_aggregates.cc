#include <utility>

#include "cel/syntax/grammar.h"

// The rules `listInit`, `optExpr`, `mapInitializerList`, `fieldInitializerList` and `optField` of
// cel-go's grammar.

namespace seaworthy::cel {
namespace {

/// Notes that the item just added is optional; the vector stays empty where none is.
void mark(Expr& into, std::size_t item, bool optional) {
  if (optional || !into.optional_args.empty()) {
    into.optional_args.resize(item + 1);
    into.optional_args[item] = optional;
  }
}

}  // namespace

ExprIndex Grammar::list() {
  Expr expr;
  expr.kind = ExprKind::kList;
  expr.position = tokens_.take().position;
  const TokenSet end = {TokenKind::kComma, TokenKind::kRightBracket};
  if (!tokens_.expect(150, kItemStart | end)) {
    return add(std::move(expr));
  }
  if (kItemStart.has(tokens_.next())) {
    list_items(expr);
  }
  if (tokens_.expect(153, end)) {
    if (tokens_.next() == TokenKind::kComma) {
      tokens_.take();
    }
    tokens_.match(155, TokenKind::kRightBracket, kEnd);
  }
  return add(std::move(expr));
}

void Grammar::list_items(Expr& into) {
  const Rule rule(tokens_, NestedRule::kOther, {TokenKind::kComma, TokenKind::kRightBracket});
  while (true) {
    {
      const Rule item(tokens_, NestedRule::kOther, TokenSet{TokenKind::kComma}.or_end());
      const bool optional = optional_mark(246, kItemStart);
      into.args.push_back(expression(kEnd));
      mark(into, into.args.size() - 1, optional);
    }
    if (tokens_.next() != TokenKind::kComma || !kItemStart.has(tokens_.next(2))) {
      return;
    }
    tokens_.take();
  }
}

ExprIndex Grammar::map() {
  Expr expr;
  expr.kind = ExprKind::kMap;
  expr.position = tokens_.take().position;
  const TokenSet end = {TokenKind::kComma, TokenKind::kRightBrace};
  if (!tokens_.expect(158, kItemStart | end)) {
    return add(std::move(expr));
  }
  if (kItemStart.has(tokens_.next())) {
    map_entries(expr);
  }
  if (tokens_.expect(161, end)) {
    if (tokens_.next() == TokenKind::kComma) {
      tokens_.take();
    }
    tokens_.match(163, TokenKind::kRightBrace, kEnd);
  }
  return add(std::move(expr));
}

void Grammar::map_entries(Expr& into) {
  const Rule rule(tokens_, NestedRule::kOther, {TokenKind::kComma, TokenKind::kRightBrace});
  while (true) {
    bool optional = false;
    ExprIndex key = kNoExpr;
    const std::size_t issues = issues_.size();
    {
      const Rule item(tokens_, NestedRule::kOther, {TokenKind::kColon});
      optional = optional_mark(246, kItemStart);
      key = expression(kEnd);
    }
    if (!tokens_.match(225, TokenKind::kColon, kExpressionStart)) {
      issues_.erase(issues_.begin() + static_cast<std::ptrdiff_t>(issues),
                    issues_.end());  // cel-go never sees the key.
      return;
    }
    const ExprIndex value = expression(TokenSet{TokenKind::kComma}.or_end());
    into.args.push_back(key);
    into.args.push_back(value);
    mark(into, into.args.size() / 2 - 1, optional);
    if (tokens_.next() != TokenKind::kComma || !kItemStart.has(tokens_.next(2))) {
      return;
    }
    tokens_.take();
  }
}

void Grammar::fields(Expr& into) {
  const Rule rule(tokens_, NestedRule::kOther, {TokenKind::kComma, TokenKind::kRightBrace});
  const SourcePosition start = tokens_.token().position;
  while (true) {
    bool optional = false;
    std::expected<std::string, std::string> name;
    {
      const Rule field(tokens_, NestedRule::kOther, {TokenKind::kColon});
      optional = optional_mark(216, kFieldStart);
      name = field_name(kEnd);
    }
    const SourcePosition position = tokens_.token().position;
    if (!tokens_.match(207, TokenKind::kColon, kExpressionStart)) {
      return;
    }
    const std::size_t issues = issues_.size();
    into.args.push_back(expression(TokenSet{TokenKind::kComma}.or_end()));
    if (!name) {
      issues_.erase(issues_.begin() + static_cast<std::ptrdiff_t>(issues),
                    issues_.end());  // Nor the value.
      report(start, std::move(name).error());
    }
    into.fields.push_back(std::move(name).value_or(""));
    into.field_positions.push_back(position);
    mark(into, into.args.size() - 1, optional);
    if (tokens_.next() != TokenKind::kComma || !kFieldStart.has(tokens_.next(2))) {
      return;
    }
    tokens_.take();
  }
}

bool Grammar::optional_mark(int state, TokenSet expected) {
  if (!tokens_.expect(state, expected) || tokens_.next() != TokenKind::kQuestion) {
    return false;
  }
  tokens_.take();
  return true;
}

}  // namespace seaworthy::cel
