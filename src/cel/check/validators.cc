#include "cel/check/validators.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <re2/re2.h>

#include "cel/check/unification.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/cel/evaluation.h"

// One walk over the tree. Names, not types, choose what is looked at, as in cel-go: any call of a
// function "matches" has its first argument tried as a pattern, which for matches(s, p) is s.

namespace seaworthy::cel {
namespace {

class Validator {
 public:
  explicit Validator(const CheckResult& checked) : checked_(checked) {}

  void visit(ExprIndex index, bool in_format);

  std::vector<Issue> issues;

 private:
  void visit_list(const Expr& list);
  void visit_map(const Expr& map);
  void visit_call(ExprIndex index);
  void visit_children(const Expr& expr, bool in_format);
  [[nodiscard]] bool fails(ExprIndex call, const Constant& argument) const;
  void report_mismatch(ExprIndex at, const Type& expected, const Type& found);
  [[nodiscard]] const Type& item_type(const Expr& expr, std::size_t arg, std::size_t item) const;

  const CheckResult& checked_;
};

void Validator::visit(ExprIndex index, bool in_format) {
  if (index == kNoExpr) {
    return;
  }
  const Expr& expr = checked_.ast.at(index);
  if (expr.kind == ExprKind::kList && !in_format) {
    visit_list(expr);
  } else if (expr.kind == ExprKind::kMap && !in_format) {
    visit_map(expr);
  } else if (expr.kind == ExprKind::kCall) {
    visit_call(index);
  }
  visit_children(expr, in_format || (expr.kind == ExprKind::kCall && expr.name == "format"));
}

void Validator::visit_children(const Expr& expr, bool in_format) {
  const std::size_t first = issues.size();
  visit(expr.operand, in_format);
  if (expr.kind == ExprKind::kOptMap) {
    // cel-go copies the operand of this macro and so finds its mistakes twice.
    const std::size_t count =
        std::min<std::size_t>(issues.size() - first, limits::kExpressionErrorsMax);
    for (std::size_t i = first; i < first + count; ++i) {
      issues.push_back(Issue(issues[i]));
    }
  }
  for (const ExprIndex arg : expr.args) {
    visit(arg, in_format);
  }
  visit(expr.condition, in_format);
  visit(expr.body, in_format);
}

/// The type of an item, unwrapped where it is written with `?`.
const Type& Validator::item_type(const Expr& expr, std::size_t arg, std::size_t item) const {
  const Type& type = checked_.nodes[expr.args[arg]].type;
  const bool optional = item < expr.optional_args.size() && expr.optional_args[item];
  return optional && !type.parameters().empty() ? type.parameters()[0] : type;
}

void Validator::visit_list(const Expr& list) {
  for (std::size_t i = 1; i < list.args.size(); ++i) {
    const Type& expected = item_type(list, 0, 0);
    const Type& found = item_type(list, i, i);
    if (!is_exact(expected, found)) {
      return report_mismatch(list.args[i], expected, found);
    }
  }
}

void Validator::visit_map(const Expr& map) {
  for (std::size_t i = 2; i + 1 < map.args.size(); i += 2) {
    const Type& key = checked_.nodes[map.args[i]].type;
    const Type& value = item_type(map, i + 1, i / 2);
    if (const Type& expected = checked_.nodes[map.args[0]].type; !is_exact(expected, key)) {
      report_mismatch(map.args[i], expected, key);
    }
    if (const Type& expected = item_type(map, 1, 0); !is_exact(expected, value)) {
      report_mismatch(map.args[i + 1], expected, value);
    }
  }
}

void Validator::visit_call(ExprIndex index) {
  const Expr& call = checked_.ast.at(index);
  if (call.name == "format") {
    validate_format(checked_, call, issues);
  }
  if (call.args.empty() || checked_.ast.at(call.args[0]).kind != ExprKind::kLiteral) {
    return;
  }
  const Expr& argument = checked_.ast.at(call.args[0]);
  bool invalid = false;
  if (call.name == "duration" || call.name == "timestamp") {
    invalid = fails(index, argument.constant);
  } else if (const auto* pattern = std::get_if<std::string>(&argument.constant);
             pattern != nullptr && call.name == "matches") {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(static_cast<std::int64_t>(limits::kRegexMemoryBytesMax));
    invalid = !RE2(*pattern, options).ok();
  }
  if (invalid) {
    issues.push_back({argument.position, "invalid " + call.name + " argument"});
  }
}

/// Whether the conversion of the literal gives an error when it runs. (null passes the checker for
/// either.)
bool Validator::fails(ExprIndex call, const Constant& argument) const {
  if (std::holds_alternative<std::nullptr_t>(argument)) {
    return true;
  }
  Value value;
  if (const auto* text = std::get_if<std::string>(&argument)) {
    value = Value::string(*text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&argument)) {
    value = Value::integer(*integer);
  }
  const auto& overloads = checked_.nodes[call].overloads;
  if (value.is(ValueKind::kUnset) || overloads.size() != 1 || overloads[0]->run == nullptr) {
    return false;
  }
  Arena arena;
  Evaluation evaluation(arena, {});
  return overloads[0]->run(std::span(&value, 1), evaluation).is_error();
}

void Validator::report_mismatch(ExprIndex at, const Type& expected, const Type& found) {
  issues.push_back({checked_.ast.at(at).position,
                    "expected type '" + expected.text() + "' but found '" + found.text() + "'"});
}

}  // namespace

std::vector<Issue> validate(const CheckResult& checked) {
  Validator validator(checked);
  validator.visit(checked.ast.root, false);
  if (validator.issues.size() > limits::kExpressionErrorsMax) {
    validator.issues.resize(limits::kExpressionErrorsMax);
  }
  return std::move(validator.issues);
}

}  // namespace seaworthy::cel
