#include "cel/check/validators.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "cel/check/unification.h"
#include "cel/lib/pattern.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/cel/evaluation.h"

// One walk over the tree, children first. Names, not types, choose what is looked at, as in cel-go:
// any call of a function "matches" has its first argument tried as a pattern, which for matches(s,
// p) is s. cel-go has a walk for each validator, and so their issues come one validator after the
// other; that shows where there are more than are kept.

namespace seaworthy::cel {
namespace {

/// The issues of one validator.
class Findings {
 public:
  void add(Issue issue) {
    ++count_;
    if (kept_.size() < limits::kExpressionErrorsMax) {
      kept_.push_back(std::move(issue));
    }
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }

  [[nodiscard]] const std::vector<Issue>& kept() const { return kept_; }

  /// Adds all that came after the first `from` once more.
  void repeat(std::uint64_t from) {
    constexpr std::uint64_t kCountMax = std::uint64_t{1} << 40U;
    const std::size_t end = kept_.size();
    for (std::size_t i = from; i < end && kept_.size() < limits::kExpressionErrorsMax; ++i) {
      kept_.push_back(Issue(kept_[i]));
    }
    count_ = std::min(count_ + (count_ - from), kCountMax);
  }

 private:
  std::vector<Issue> kept_;
  std::uint64_t count_ = 0;
};

class Validator {
 public:
  explicit Validator(const CheckResult& checked) : checked_(checked) {}

  void visit(ExprIndex index, bool in_format);
  Validation take();

 private:
  /// In the order of Kubernetes' environment.
  enum Which : std::uint8_t {
    kDurations,
    kTimestamps,
    kPatterns,
    kLists,
    kMaps,
    kFormats,
    kValidators
  };

  void visit_list(const Expr& list);
  void visit_map(const Expr& map);
  void visit_call(ExprIndex index);
  void visit_children(const Expr& expr, bool in_format);
  [[nodiscard]] bool fails(ExprIndex call, const Constant& argument) const;
  void report_mismatch(Which which, ExprIndex at, const Type& expected, const Type& found);
  [[nodiscard]] const Type& item_type(const Expr& expr, std::size_t arg, std::size_t item) const;

  const CheckResult& checked_;
  std::array<Findings, kValidators> findings_;
};

void Validator::visit(ExprIndex index, bool in_format) {
  if (index == kNoExpr) {
    return;
  }
  const Expr& expr = checked_.ast.at(index);
  visit_children(expr, in_format || (expr.kind == ExprKind::kCall && expr.name == "format"));
  if (expr.kind == ExprKind::kList && !in_format) {
    visit_list(expr);
  } else if (expr.kind == ExprKind::kMap && !in_format) {
    visit_map(expr);
  } else if (expr.kind == ExprKind::kCall) {
    visit_call(index);
  }
}

void Validator::visit_children(const Expr& expr, bool in_format) {
  std::array<std::uint64_t, kValidators> before{};
  std::ranges::transform(findings_, before.begin(), &Findings::count);
  visit(expr.operand, in_format);
  if (expr.kind == ExprKind::kOptMap && !expr.bind) {
    // cel-go copies the operand of this macro and so finds its mistakes twice.
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      findings_[i].repeat(before[i]);
    }
  }
  for (const ExprIndex arg : expr.args) {
    visit(arg, in_format);
  }
  visit(expr.condition, in_format);
  visit(expr.body, in_format);
}

Validation Validator::take() {
  Validation out;
  std::uint64_t count = 0;
  for (const Findings& findings : findings_) {
    count += findings.count();
    out.issues.insert(out.issues.end(), findings.kept().begin(), findings.kept().end());
  }
  if (out.issues.size() > limits::kExpressionErrorsMax) {
    out.issues.resize(limits::kExpressionErrorsMax);
  }
  out.more_issues = count - out.issues.size();
  return out;
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
      return report_mismatch(kLists, list.args[i], expected, found);
    }
  }
}

void Validator::visit_map(const Expr& map) {
  for (std::size_t i = 2; i + 1 < map.args.size(); i += 2) {
    const Type& key = checked_.nodes[map.args[i]].type;
    const Type& value = item_type(map, i + 1, i / 2);
    if (const Type& expected = checked_.nodes[map.args[0]].type; !is_exact(expected, key)) {
      report_mismatch(kMaps, map.args[i], expected, key);
    }
    if (const Type& expected = item_type(map, 1, 0); !is_exact(expected, value)) {
      report_mismatch(kMaps, map.args[i + 1], expected, value);
    }
  }
}

void Validator::visit_call(ExprIndex index) {
  const Expr& call = checked_.ast.at(index);
  if (call.name == "format") {
    if (auto issue = validate_format(checked_, call)) {
      findings_[kFormats].add(*std::move(issue));
    }
  }
  if (call.args.empty() || checked_.ast.at(call.args[0]).kind != ExprKind::kLiteral) {
    return;
  }
  const Expr& argument = checked_.ast.at(call.args[0]);
  const Issue issue{argument.position, "invalid " + call.name + " argument"};
  if (call.name == "duration" || call.name == "timestamp") {
    if (fails(index, argument.constant)) {
      findings_[call.name == "duration" ? kDurations : kTimestamps].add(issue);
    }
  } else if (const auto* pattern = std::get_if<std::string>(&argument.constant);
             pattern != nullptr && call.name == "matches" && !Pattern::compile(*pattern)) {
    findings_[kPatterns].add(issue);
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

void Validator::report_mismatch(Which which, ExprIndex at, const Type& expected,
                                const Type& found) {
  findings_[which].add({checked_.ast.at(at).position, "expected type '" + expected.text() +
                                                          "' but found '" + found.text() + "'"});
}

}  // namespace

Validation validate(const CheckResult& checked) {
  Validator validator(checked);
  validator.visit(checked.ast.root, false);
  return validator.take();
}

}  // namespace seaworthy::cel
