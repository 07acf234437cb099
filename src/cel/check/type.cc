#include "seaworthy/cel/type.h"

namespace seaworthy::cel {
namespace {

std::string_view name_of(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kDyn:
      return "dyn";
    case TypeKind::kNull:
      return "null";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return "int";
    case TypeKind::kUint:
      return "uint";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kDuration:
      return "duration";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kList:
      return "list";
    case TypeKind::kMap:
      return "map";
    case TypeKind::kOptional:
      return "optional_type";
    case TypeKind::kType:
      return "type";
    case TypeKind::kParam:
    case TypeKind::kOpaque:
    case TypeKind::kStruct:
      return type.name();
    case TypeKind::kError:
      return "!error!";
  }
  return {};
}

void append(std::string& out, const Type& type) {
  out += name_of(type);
  if (type.parameters().empty()) {
    return;
  }
  std::string_view separator = "(";
  for (const Type& parameter : type.parameters()) {
    out += separator;
    append(out, parameter);
    separator = ", ";
  }
  out += ")";
}

}  // namespace

std::string Type::text() const {
  std::string out;
  append(out, *this);
  return out;
}

}  // namespace seaworthy::cel
