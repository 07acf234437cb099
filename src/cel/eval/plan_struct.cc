// Literals of patch types. Nothing of them is folded, whatever their fields are (cel-go
// interpreter/planner.go, planCreateStruct).

#include "cel/check/patch_types.h"
#include "cel/eval/patch_values.h"
#include "cel/eval/planner_state.h"

namespace seaworthy::cel {

NodeIndex Planner::plan_struct(ExprIndex index) {
  const Expr& literal = expr(index);
  if (!is_patch_type(literal.name)) {
    report("unknown type: " + literal.name);
    return add_constant(Value::null());
  }
  StructDetails details;
  details.json_patch = literal.name == kJsonPatchType;
  details.type = details.json_patch ? &kJsonPatchRuntimeType
                                    : code_->constants.create<RuntimeType>(
                                          object_runtime_type(code_->constants.copy(literal.name)));
  std::vector<NodeIndex> children;
  children.reserve(literal.args.size());
  for (const ExprIndex child : literal.args) {
    children.push_back(plan(child));
  }
  Node node;
  node.op = Op::kStruct;
  node.b = static_cast<std::uint32_t>(code_->children.size());
  node.c = static_cast<std::uint32_t>(children.size());
  for (std::size_t i = 0; i < children.size(); ++i) {
    const bool optional = i < literal.optional_args.size() && literal.optional_args[i];
    if (optional) {
      node.flags |= kHasOptionals;
    }
    details.fields.push_back(code_->constants.copy(literal.fields[i]));
    code_->children.push_back(children[i]);
    code_->optional_children.push_back(optional);
  }
  node.a = static_cast<std::uint32_t>(code_->structs.size());
  code_->structs.push_back(std::move(details));
  return add(node);
}

}  // namespace seaworthy::cel
