// Expressions that are run as they are parsed, which cel-go allows: `a.b.f(x)` is the function
// "a.b.f" if there is one, else the member f of `a.b`; which overload is meant shows when it runs.
// Rule: cel-go interpreter/planner.go, resolveFunction and toQualifiedName without a reference map.

#include "cel/check/unchecked.h"

#include <optional>
#include <utility>

#include "cel/check/environment_state.h"

namespace seaworthy::cel {
namespace {

class Unchecked {
 public:
  Unchecked(Ast ast, const Environment::State& environment) : environment_(&environment) {
    result_.ast = std::move(ast);
    result_.nodes.resize(result_.ast.nodes.size());
    result_.unchecked = &environment;
  }

  CheckResult run() {
    for (ExprIndex index = 0; index < result_.ast.nodes.size(); ++index) {
      if (result_.ast.at(index).kind == ExprKind::kCall) {
        resolve(index);
      }
    }
    return std::move(result_);
  }

 private:
  void resolve(ExprIndex index) {
    Expr& call = result_.ast.nodes[index];
    const FunctionTable::value_type* found = nullptr;
    bool absolute = call.leading_dot;
    if (call.operand == kNoExpr) {
      found = find(call.name, absolute);
    } else if (const auto prefix = qualified_name(call.operand, absolute)) {
      found = find(*prefix + "." + call.name, absolute);
      if (found != nullptr) {
        call.operand = kNoExpr;
      }
    }
    if (found != nullptr) {
      call.name = found->first;
    } else if (call.operand != kNoExpr) {
      const auto member = environment_->functions->find(call.name);
      found = member == environment_->functions->end() ? nullptr : &*member;
    }
    if (found != nullptr) {
      for (const Overload& overload : found->second) {
        result_.nodes[index].overloads.push_back(overload.row);
      }
    }
  }

  [[nodiscard]] const FunctionTable::value_type* find(std::string_view name, bool absolute) const {
    for (const std::string& candidate : candidate_names(name, absolute, environment_->container)) {
      const auto found = environment_->functions->find(candidate);
      if (found != environment_->functions->end()) {
        return &*found;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<std::string> qualified_name(ExprIndex index, bool& absolute) const {
    std::string name;
    const Expr* expr = &result_.ast.at(index);
    while (expr->kind == ExprKind::kSelect && !expr->test_only && !expr->optional) {
      name.insert(0, "." + expr->name);
      expr = &result_.ast.at(expr->operand);
    }
    if (expr->kind != ExprKind::kIdent) {
      return std::nullopt;
    }
    absolute = expr->leading_dot;
    return expr->name + name;
  }

  const Environment::State* environment_;
  CheckResult result_;
};

}  // namespace

CheckResult leave_unchecked(Ast ast, const Environment::State& environment) {
  return Unchecked(std::move(ast), environment).run();
}

std::vector<std::string> candidate_names(std::string_view name, bool absolute,
                                         std::string_view container) {
  std::vector<std::string> out;
  while (!absolute && !container.empty()) {
    out.push_back(std::string(container) + "." + std::string(name));
    const std::size_t dot = container.rfind('.');
    container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
  }
  out.emplace_back(name);
  return out;
}

}  // namespace seaworthy::cel
