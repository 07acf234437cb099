#include <utility>

#include "cel/syntax/grammar.h"
#include "cel/syntax/literal.h"

// The rules `member`, `primary`, `exprList`, `literal` and `escapeIdent` of cel-go's grammar.

namespace seaworthy::cel {
namespace {

/// Words that name no variable, function or type (cel-go parser.go, reservedIds); fine after a dot.
bool is_reserved(std::string_view word) {
  static constexpr std::string_view kReserved[] = {
      "as",        "break", "const",  "continue", "else", "false", "for",
      "function",  "if",    "import", "in",       "let",  "loop",  "package",
      "namespace", "null",  "return", "true",     "var",  "void",  "while"};
  for (const std::string_view reserved : kReserved) {
    if (word == reserved) {
      return true;
    }
  }
  return false;
}

}  // namespace

ExprIndex Grammar::member(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  const std::size_t begin = tokens_.token().begin;
  ExprIndex operand = spanning(begin, primary(kMemberFollow));
  while (true) {
    if (tokens_.next() == TokenKind::kLeftBracket) {
      operand = index(operand);
    } else if (tokens_.next() != TokenKind::kDot) {
      return operand;
    } else if (tokens_.next(2) == TokenKind::kIdentifier &&
               tokens_.next(3) == TokenKind::kLeftParenthesis) {
      operand = member_call(operand);
    } else if (kFieldStart.has(tokens_.next(2))) {
      operand = select(operand);
    } else {
      tokens_.fail_alternatives(126, 2);
      return operand;
    }
    spanning(begin, operand);
    if (tokens_.failed()) {
      return operand;
    }
  }
}

ExprIndex Grammar::select(ExprIndex operand) {
  Expr expr;
  expr.kind = ExprKind::kSelect;
  expr.position = tokens_.take().position;
  expr.operand = operand;
  if (tokens_.next() == TokenKind::kQuestion) {
    tokens_.take();
    expr.optional = true;
  }
  const SourcePosition position = tokens_.token().position;
  if (auto name = field_name(kMemberFollow)) {
    expr.name = *std::move(name);
  } else {
    report(position, std::move(name).error());
  }
  return add(std::move(expr), true);
}

std::expected<std::string, std::string> Grammar::field_name(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  if (tokens_.expect(235, kNameStart)) {
    if (tokens_.next() == TokenKind::kIdentifier) {
      return std::string(tokens_.text(tokens_.take()));
    }
    if (tokens_.next() == TokenKind::kQuotedIdentifier) {
      tokens_.take();
      return std::unexpected("unsupported syntax: '`'");
    }
    tokens_.fail_alternatives(235, 1);
  }
  return std::unexpected("unsupported ident kind");
}

/// The arguments after an opening parenthesis, and the closing one. False: the rule has failed.
bool Grammar::arguments(int state, std::vector<ExprIndex>& out, TokenSet after) {
  const TokenSet close = {TokenKind::kRightParenthesis};
  if (!tokens_.expect(state, kExpressionStart | close)) {
    return false;
  }
  if (kExpressionStart.has(tokens_.next())) {
    const Rule rule(tokens_, NestedRule::kOther, close);
    const TokenSet loop = TokenSet{TokenKind::kComma}.or_end();
    out.push_back(expression(loop));
    while (tokens_.next() == TokenKind::kComma) {
      tokens_.take();
      out.push_back(expression(loop));
    }
  }
  return tokens_.match(state + 2, TokenKind::kRightParenthesis, after);
}

ExprIndex Grammar::member_call(ExprIndex operand) {
  Expr call;
  call.kind = ExprKind::kCall;
  call.operand = operand;
  tokens_.take();
  call.name = tokens_.text(tokens_.take());
  call.position = tokens_.take().position;
  arguments(115, call.args, kMemberFollow);
  return receiver_call(std::move(call));
}

ExprIndex Grammar::index(ExprIndex operand) {
  const SourcePosition position = tokens_.take().position;
  if (!tokens_.expect(121, kItemStart)) {
    return placeholder(position);
  }
  const bool optional = tokens_.next() == TokenKind::kQuestion;
  if (optional) {
    tokens_.take();
  }
  const ExprIndex at = expression({TokenKind::kRightBracket});
  tokens_.match(124, TokenKind::kRightBracket, kMemberFollow);
  return add_operator(optional ? "_[?_]" : "_[_]", position, {operand, at});
}

ExprIndex Grammar::primary(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  if (!tokens_.expect(184, kPrimaryStart)) {
    return placeholder(kNowhere);
  }
  switch (tokens_.next()) {
    case TokenKind::kLeftParenthesis: {
      tokens_.take();
      const ExprIndex inner = expression({TokenKind::kRightParenthesis});
      tokens_.match(146, TokenKind::kRightParenthesis, kEnd);
      return inner;
    }
    case TokenKind::kLeftBracket:
      return list();
    case TokenKind::kLeftBrace:
      return map();
    case TokenKind::kDot:
    case TokenKind::kIdentifier:
      return name_or_call();
    default:
      if (kPrimaryStart.has(tokens_.next())) {
        return literal(kEnd);
      }
      tokens_.fail_alternatives(184, 1);
      return placeholder(kNowhere);
  }
}

ExprIndex Grammar::name_or_call() {
  const bool leading_dot = tokens_.next() == TokenKind::kDot;
  const SourcePosition start = tokens_.token().position;
  if (leading_dot && tokens_.next(2) != TokenKind::kIdentifier) {
    tokens_.fail_alternatives(184, 2);
    return placeholder(kNowhere);
  }
  std::size_t after = leading_dot ? 3 : 2;
  const bool is_call = tokens_.next(after) == TokenKind::kLeftParenthesis;
  while (tokens_.next(after) == TokenKind::kDot &&
         tokens_.next(after + 1) == TokenKind::kIdentifier) {
    after += 2;
  }
  if (tokens_.next(after) == TokenKind::kLeftBrace) {
    return structure();
  }
  if (leading_dot) {
    tokens_.take();
  }
  const Token name = tokens_.take();
  Expr expr;
  expr.kind = is_call ? ExprKind::kCall : ExprKind::kIdent;
  expr.position = name.position;
  expr.name = tokens_.text(name);
  expr.leading_dot = leading_dot;
  if (is_call) {
    expr.position = tokens_.take().position;
    arguments(141, expr.args, kEnd);
  }
  if (is_reserved(expr.name)) {
    return report(start, "reserved identifier: " + expr.name);
  }
  return is_call ? global_call(std::move(expr)) : add(std::move(expr));
}

ExprIndex Grammar::structure() {
  Expr expr;
  expr.kind = ExprKind::kStruct;
  while (tokens_.next() != TokenKind::kLeftBrace) {
    const Token& token = tokens_.take();
    if (token.kind == TokenKind::kDot && expr.name.empty()) {
      expr.leading_dot = true;
    } else {
      expr.name += tokens_.text(token);
    }
  }
  expr.position = tokens_.take().position;
  const TokenSet end = {TokenKind::kComma, TokenKind::kRightBrace};
  if (!tokens_.expect(177, kFieldStart | end)) {
    return add(std::move(expr));
  }
  if (kFieldStart.has(tokens_.next())) {
    fields(expr);
  }
  if (tokens_.expect(180, end)) {
    if (tokens_.next() == TokenKind::kComma) {
      tokens_.take();
    }
    tokens_.match(182, TokenKind::kRightBrace, kEnd);
  }
  return add(std::move(expr));
}

ExprIndex Grammar::literal(TokenSet follow) {
  const Rule rule(tokens_, NestedRule::kOther, follow);
  const SourcePosition position = tokens_.token().position;
  const bool negative = tokens_.next() == TokenKind::kMinus;
  if (negative) {
    if (tokens_.next(2) != TokenKind::kInt && tokens_.next(2) != TokenKind::kFloat) {
      tokens_.fail_alternatives(222, 2);
      return placeholder(kNowhere);
    }
    tokens_.take();
  }
  const Token token = tokens_.take();
  const std::string_view text = tokens_.text(token);
  const auto constant = [&](auto read) -> ExprIndex {
    return read ? add_constant(position, *std::move(read))
                : report(position, std::move(read).error());
  };
  switch (token.kind) {
    case TokenKind::kInt:
      return constant(read_int(text, negative));
    case TokenKind::kUint:
      return constant(read_uint(text));
    case TokenKind::kFloat:
      return constant(read_double(text, negative));
    case TokenKind::kString:
      return constant(unescape(text, false));
    case TokenKind::kBytes: {
      auto bytes = unescape(text.substr(1), true);
      return bytes ? add_constant(position, BytesLiteral{*std::move(bytes)})
                   : report(position, std::move(bytes).error());
    }
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return add_constant(position, token.kind == TokenKind::kTrue);
    default:
      return add_constant(position, nullptr);
  }
}

}  // namespace seaworthy::cel
