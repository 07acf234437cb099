#include "cel/syntax_text.h"

#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>

namespace seaworthy::cel {
namespace {

struct ConstantText {
  std::string operator()(std::nullptr_t) const { return "null"; }

  std::string operator()(bool value) const { return value ? "true" : "false"; }

  std::string operator()(std::int64_t value) const { return std::to_string(value); }

  std::string operator()(std::uint64_t value) const { return std::to_string(value) + "u"; }

  std::string operator()(double value) const {
    std::ostringstream out;
    out << value;
    return out.str() + "d";
  }

  std::string operator()(const std::string& value) const { return "\"" + value + "\""; }

  std::string operator()(const BytesLiteral& value) const {
    std::string out = "b\"";
    for (const char c : value.bytes) {
      std::array<char, 3> hex = {};
      std::snprintf(hex.data(), hex.size(), "%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += hex.data();
    }
    return out + "\"";
  }
};

std::string text(const Ast& ast, ExprIndex index);

std::string list(const Ast& ast, const Expr& expr) {
  std::string out;
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const bool pairs = expr.kind == ExprKind::kMap;
    const std::size_t item = pairs ? i / 2 : i;
    const bool starts = !pairs || i % 2 == 0;
    out += i == 0 ? "" : starts ? ", " : ": ";
    out += starts && item < expr.optional_args.size() && expr.optional_args[item] ? "?" : "";
    out += expr.kind == ExprKind::kStruct ? expr.fields[i] + ": " : "";
    out += text(ast, expr.args[i]);
  }
  return out;
}

std::string loop(const Ast& ast, const Expr& expr) {
  constexpr std::array<std::string_view, 9> kNames = {
      "all",           "exists",       "exists_one",        "filter", "map",
      "transformList", "transformMap", "transformMapEntry", "sortBy"};
  std::string out(expr.kind == ExprKind::kLoop ? kNames[static_cast<std::size_t>(expr.loop)]
                  : expr.flat                  ? std::string_view("optFlatMap")
                                               : std::string_view("optMap"));
  out += "(" + expr.variable + (expr.second_variable.empty() ? "" : ", " + expr.second_variable) +
         " in " + text(ast, expr.operand);
  out += expr.condition == kNoExpr ? "" : " if " + text(ast, expr.condition);
  out += expr.body == kNoExpr ? "" : ": " + text(ast, expr.body);
  return out + ")";
}

std::string text(const Ast& ast, ExprIndex index) {
  const Expr& expr = ast.at(index);
  const std::string dot = expr.leading_dot ? "." : "";
  switch (expr.kind) {
    case ExprKind::kLiteral:
      return std::visit(ConstantText{}, expr.constant);
    case ExprKind::kIdent:
      return dot + expr.name;
    case ExprKind::kSelect:
      return (expr.test_only ? "has " : "") + text(ast, expr.operand) +
             (expr.optional ? ".?" : ".") + expr.name;
    case ExprKind::kCall:
      return (expr.operand == kNoExpr ? dot : text(ast, expr.operand) + ".") + expr.name + "(" +
             list(ast, expr) + ")";
    case ExprKind::kList:
      return "[" + list(ast, expr) + "]";
    case ExprKind::kMap:
      return "{" + list(ast, expr) + "}";
    case ExprKind::kStruct:
      return dot + expr.name + "{" + list(ast, expr) + "}";
    case ExprKind::kLoop:
    case ExprKind::kOptMap:
      return loop(ast, expr);
  }
  return {};
}

}  // namespace

std::string to_text(const Ast& ast) { return text(ast, ast.root); }

}  // namespace seaworthy::cel
