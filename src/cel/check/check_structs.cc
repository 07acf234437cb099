#include <algorithm>

#include "cel/check/checker_state.h"
#include "cel/check/patch_types.h"

// Objects: literals of them and their fields. An object's type is declared with its fields
// (`request`), or is one of the patch types, which take any field (Object…) or four of them
// (JSONPatch). Rule: cel-go checker/checker.go, checkCreateStruct and lookupFieldType, with
// k8s.io/apiserver pkg/cel/mutation as the source of types.

namespace seaworthy::cel {

void Checker::check_struct(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  const std::optional<Meaning> meaning = find_name(expr.name, expr.leading_dot);
  if (!meaning) {
    report(expr.position,
           "undeclared reference to '" + std::string(expr.leading_dot ? "." : "") + expr.name +
               "' (in container '" + environment_.container + "')",
           hint_for_name(expr.name));
    return set_type(index, Type(TypeKind::kError));
  }
  Type type(TypeKind::kError);
  const Type& named = meaning->info.type;
  if (!named.is(TypeKind::kType)) {
    report(expr.position, "'" + named.text() + "' is not a type");
  } else if (named.parameters().empty() || !named.parameters()[0].is(TypeKind::kStruct)) {
    report(expr.position, "'" + meaning->info.type_name + "' is not a message type");
  } else {
    type = named.parameters()[0];
  }
  ast_.nodes[index].name = meaning->name;
  set_type(index, type);
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    check(expr.args[i]);
    const Type field = type.is(TypeKind::kStruct)
                           ? field_type(type, expr.fields[i], expr.field_positions[i], nullptr)
                           : Type(TypeKind::kError);
    const Type value =
        item_type(expr.args[i], i < expr.optional_args.size() && expr.optional_args[i]);
    if (!types_.assignable(field, value)) {
      report(expr.field_positions[i], "expected type of field '" + expr.fields[i] + "' is '" +
                                          field.text() + "' but provided type is '" + value.text() +
                                          "'");
    }
  }
}

/// The type of `target.field`. `info` gets the slot where the field is one of a composite.
Type Checker::field_type(const Type& target, const std::string& field, SourcePosition position,
                         NodeInfo* info) {
  switch (target.kind()) {
    case TypeKind::kMap:
      return target.parameters()[1];
    case TypeKind::kParam:
      types_.assignable(Type::dyn(), target);
      return Type::dyn();
    case TypeKind::kDyn:
    case TypeKind::kError:
      return Type::dyn();
    default:
      break;
  }
  if (environment_.patch_types && target.is(TypeKind::kStruct) && is_patch_type(target.name())) {
    Type type = patch_field_type(target.name(), field);
    if (info != nullptr && type.is(TypeKind::kStruct) && !later_issue_) {
      later_issue_ = Issue{{}, "missing type conversion to proto: "};
    }
    return type;
  }
  // Kubernetes' libraries declare their types (but net.IP and net.CIDR) as objects that nobody
  // describes.
  const bool is_object = target.is(TypeKind::kStruct) ||
                         (target.is(TypeKind::kOpaque) && target.name().starts_with(kKubernetes));
  if (!is_object) {
    report(position, "type '" + target.text() + "' does not support field selection");
    return Type::dyn();
  }
  std::vector<std::string_view> fields;
  if (const auto found = environment_.structs.find(target.name());
      found != environment_.structs.end()) {
    for (const StructType::Field& declared : found->second.fields) {
      if (declared.name == field) {
        return declared.type;
      }
      fields.push_back(declared.name);
    }
  } else {
    const std::string composite =
        target.name().substr(std::min(kKubernetes.size(), target.name().size()));
    if (std::ranges::find(environment_.composites, composite) == environment_.composites.end()) {
      report(position, "unexpected failed resolution of '" + target.name() + "'");
      return Type(TypeKind::kError);
    }
    const auto declared = environment_.variables.find(composite + "." + field);
    if (declared != environment_.variables.end()) {
      if (info != nullptr) {
        info->slot = declared->second.slot;
      }
      return declared->second.type;
    }
    for (const auto& [name, variable] : environment_.variables) {
      if (name.starts_with(composite + ".")) {
        fields.push_back(std::string_view(name).substr(composite.size() + 1));
      }
    }
  }
  report(position, "undefined field '" + field + "'", hint_for_field(field, fields));
  return Type(TypeKind::kError);
}

}  // namespace seaworthy::cel
