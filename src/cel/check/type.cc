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

/// By the names of values' types where those of types are others.
std::string_view declared_name_of(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return "null_type";
    case TypeKind::kDuration:
      return "google.protobuf.Duration";
    case TypeKind::kTimestamp:
      return "google.protobuf.Timestamp";
    default:
      return name_of(type);
  }
}

void append(std::string& out, const Type& type, bool declared) {
  out += declared ? declared_name_of(type) : name_of(type);
  if (type.parameters().empty()) {
    return;
  }
  std::string_view separator = "(";
  for (const Type& parameter : type.parameters()) {
    out += separator;
    append(out, parameter, declared);
    separator = ", ";
  }
  out += ")";
}

}  // namespace

std::string Type::text() const {
  std::string out;
  append(out, *this, false);
  return out;
}

std::string Type::declared_text() const {
  std::string out;
  append(out, *this, true);
  return out;
}

}  // namespace seaworthy::cel
