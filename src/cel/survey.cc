// A walk over the syntax tree with the macros' variables in scope. Where a name stands is known by
// the extents that the parser keeps; those include parentheses, which go with the name.
#include "seaworthy/cel/survey.h"

#include <algorithm>

#include "cel/syntax/parser.h"

namespace seaworthy::cel {
namespace {

class Surveyor {
 public:
  explicit Surveyor(const Ast& ast) : ast_(ast) {}

  Survey run() {
    walk(ast_.root);
    std::ranges::sort(survey_.mentions, {}, &Mention::begin);
    return std::move(survey_);
  }

 private:
  void walk(ExprIndex index) {
    if (index == kNoExpr) {
      return;
    }
    const Expr& node = ast_.at(index);
    switch (node.kind) {
      case ExprKind::kLiteral:
        return;
      case ExprKind::kIdent:
        mention(index, index, "");
        return;
      case ExprKind::kSelect:
        return walk_select(index);
      case ExprKind::kCall:
        return walk_call(node);
      case ExprKind::kList:
      case ExprKind::kMap:
      case ExprKind::kStruct:
        return walk_all(node.args);
      case ExprKind::kLoop:
        survey_.features.insert(feature_of(node));
        return walk_bound(node);
      case ExprKind::kOptMap:
        survey_.features.insert(node.bind ? "cel.bind" : node.flat ? "optFlatMap" : "optMap");
        return walk_bound(node);
    }
  }

  void walk_all(const std::vector<ExprIndex>& indices) {
    for (const ExprIndex index : indices) {
      walk(index);
    }
  }

  void walk_select(ExprIndex index) {
    const Expr& node = ast_.at(index);
    if (node.optional) {
      survey_.features.insert(".?");
    }
    if (ast_.at(node.operand).kind == ExprKind::kIdent && !node.optional) {
      return mention(node.operand, index, node.name);
    }
    walk(node.operand);
  }

  void walk_call(const Expr& node) {
    if (node.name == "_[?_]") {
      survey_.features.insert("[?]");
    } else if (node.operand != kNoExpr && is_free_name(node.operand)) {
      survey_.features.insert(ast_.at(node.operand).name + "." + node.name);
      survey_.features.insert(node.name);
    } else if (!node.name.starts_with("_") && node.name != "@in" && node.name != "!_" &&
               node.name != "-_") {
      survey_.features.insert(node.name);
    }
    walk(node.operand);
    walk_all(node.args);
  }

  void walk_bound(const Expr& node) {
    walk(node.operand);
    const std::size_t before = scope_.size();
    for (const auto& name : {node.variable, node.second_variable}) {
      if (!name.empty()) {
        scope_.push_back(name);
        survey_.bound.insert(name);
      }
    }
    walk(node.condition);
    walk(node.body);
    scope_.resize(before);
  }

  [[nodiscard]] static std::string feature_of(const Expr& loop) {
    const bool two = !loop.second_variable.empty();
    switch (loop.loop) {
      case LoopKind::kAll:
        return two ? "all/2" : "all";
      case LoopKind::kExists:
        return two ? "exists/2" : "exists";
      case LoopKind::kExistsOne:
        return two ? "exists_one/2" : "exists_one";
      case LoopKind::kFilter:
        return "filter";
      case LoopKind::kMap:
        return "map";
      case LoopKind::kTransformList:
        return "transformList";
      case LoopKind::kTransformMap:
        return "transformMap";
      case LoopKind::kTransformMapEntry:
        return "transformMapEntry";
      case LoopKind::kSortBy:
        return "sortBy";
    }
    return "";
  }

  [[nodiscard]] bool is_free_name(ExprIndex index) const {
    const Expr& node = ast_.at(index);
    return node.kind == ExprKind::kIdent && std::ranges::find(scope_, node.name) == scope_.end();
  }

  void mention(ExprIndex name, ExprIndex whole, const std::string& field) {
    if (!is_free_name(name)) {
      return;
    }
    const Expr& select = ast_.at(whole);
    Mention found{.name = ast_.at(name).name,
                  .field = field,
                  .begin = ast_.extents[name].begin,
                  .end = ast_.extents[name].end,
                  .field_begin = ast_.extents[whole].begin,
                  .field_end = ast_.extents[whole].end,
                  .tested = select.kind == ExprKind::kSelect && select.test_only};
    if (found.tested) {
      // has(name.field): the extent of the whole is that of the macro.
      found.field_begin = found.begin;
      found.field_end = found.end;
    }
    survey_.mentions.push_back(std::move(found));
  }

  const Ast& ast_;
  Survey survey_;
  std::vector<std::string> scope_;
};

}  // namespace

Result<Survey> survey(std::string_view expression) {
  const ParseResult parsed = parse(expression);
  if (!parsed.issues.empty()) {
    return fail(ErrorCode::kInvalid, parsed.issues.front().message);
  }
  return Surveyor(parsed.ast).run();
}

}  // namespace seaworthy::cel
