#include "cel/syntax/parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cel/syntax/grammar.h"
#include "cel/syntax/lexer.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

// Parsing: lexer.cc cuts the text into tokens, grammar_*.cc make the tree by recursive descent,
// macros.cc turn macro calls into their nodes, recovery.cc goes on after a mistake. Two limits
// bound the depth, as in cel-go: of nested rules while parsing, and of selections, calls, indexes
// and operators in the finished tree.

namespace seaworthy::cel {
namespace {

/// Leaves the first hundred issues, by place. cel-go gives up at the mistake of grammar after the
/// hundredth; mistakes of meaning are looked for only in what it has read to the end.
void keep_first(ParseResult& result, std::size_t syntax_issues) {
  if (syntax_issues > limits::kExpressionErrorsMax) {
    result.issues.resize(syntax_issues);
    // What ended our reading later than cel-go's has no place.
    std::erase_if(result.issues, [](const Issue& issue) { return issue.position.line == 0; });
    std::ranges::stable_sort(result.issues, {}, &Issue::position);
    result.issues.resize(std::min<std::size_t>(result.issues.size(), limits::kExpressionErrorsMax));
    result.more_issues = 1;
    return;
  }
  if (result.issues.size() > limits::kExpressionErrorsMax) {
    result.more_issues = result.issues.size() - limits::kExpressionErrorsMax;
    result.issues.resize(limits::kExpressionErrorsMax);
  }
  std::ranges::stable_sort(result.issues, {}, &Issue::position);
}

}  // namespace

ParseResult parse(std::string_view expression, bool bindings) {
  const std::string source = to_valid_utf8(expression);
  const std::size_t size = code_point_count(source);
  if (size > limits::kExpressionCodePointsMax) {
    return {{},
            {{{},
              "expression code point size exceeds limit: size: " + std::to_string(size) +
                  ", limit " + std::to_string(limits::kExpressionCodePointsMax)}}};
  }
  LexResult lexed = lex(source);
  ParseResult result =
      Grammar(source, std::move(lexed.tokens), std::move(lexed.skipped), bindings).run();
  const std::size_t syntax_issues = lexed.issues.size() + result.syntax_issues;
  result.issues.insert(result.issues.begin(), std::make_move_iterator(lexed.issues.begin()),
                       std::make_move_iterator(lexed.issues.end()));
  for (Issue& issue : result.issues) {
    if (source.empty()) {
      issue.position = kNowhere;
    }
  }
  keep_first(result, syntax_issues);
  return result;
}

ParseResult Grammar::run() {
  ast_.root = expression({TokenKind::kEnd});
  {
    const Rule end(tokens_, NestedRule::kOther, {});
    tokens_.match(35, TokenKind::kEnd, kEnd);
  }
  ParseResult result;
  result.issues = std::move(tokens_.issues());
  result.syntax_issues = result.issues.size();
  if (!tokens_.aborted()) {
    std::ranges::move(issues_, std::back_inserter(result.issues));
    if (heights_[ast_.root] > limits::kExpressionDepthMax) {
      result.issues.push_back({{}, "max recursion depth exceeded"});
    }
  }
  result.ast = std::move(ast_);
  return result;
}

ExprIndex Grammar::add(Expr expr, bool counted) {
  std::uint32_t height = 0;
  const auto include = [&](ExprIndex child) {
    if (child != kNoExpr) {
      height = std::max(height, heights_[child]);
    }
  };
  include(expr.operand);
  include(expr.condition);
  include(expr.body);
  std::ranges::for_each(expr.args, include);
  heights_.push_back(height + (counted ? 1 : 0));
  ast_.nodes.push_back(std::move(expr));
  ast_.extents.emplace_back();
  return static_cast<ExprIndex>(ast_.nodes.size() - 1);
}

ExprIndex Grammar::add_constant(SourcePosition position, Constant value) {
  Expr expr;
  expr.kind = ExprKind::kLiteral;
  expr.position = position;
  expr.constant = std::move(value);
  return add(std::move(expr));
}

ExprIndex Grammar::add_operator(std::string_view function, SourcePosition position,
                                std::vector<ExprIndex> args, bool counted) {
  Expr expr;
  expr.kind = ExprKind::kCall;
  expr.position = position;
  expr.name = function;
  expr.args = std::move(args);
  return add(std::move(expr), counted);
}

ExprIndex Grammar::spanning(std::size_t begin, ExprIndex index) {
  ast_.extents[index] = {begin, tokens_.taken_end()};
  return index;
}

ExprIndex Grammar::placeholder(SourcePosition position) { return add_constant(position, nullptr); }

ExprIndex Grammar::report(SourcePosition position, std::string message) {
  issues_.push_back({position, std::move(message)});
  return placeholder(position);
}

}  // namespace seaworthy::cel
