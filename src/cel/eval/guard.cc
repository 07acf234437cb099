#include "cel/eval/guard.h"

namespace seaworthy::cel {

Guard::Guard(const Type& type) {
  any_ = false;
  switch (type.kind()) {
    case TypeKind::kDyn:
    case TypeKind::kParam:
    case TypeKind::kError:
      any_ = true;
      return;
    case TypeKind::kNull:
      kind_ = ValueKind::kNull;
      return;
    case TypeKind::kBool:
      kind_ = ValueKind::kBool;
      return;
    case TypeKind::kInt:
      kind_ = ValueKind::kInt;
      return;
    case TypeKind::kUint:
      kind_ = ValueKind::kUint;
      return;
    case TypeKind::kDouble:
      kind_ = ValueKind::kDouble;
      return;
    case TypeKind::kString:
      kind_ = ValueKind::kString;
      return;
    case TypeKind::kBytes:
      kind_ = ValueKind::kBytes;
      return;
    case TypeKind::kDuration:
      kind_ = ValueKind::kDuration;
      return;
    case TypeKind::kTimestamp:
      kind_ = ValueKind::kTimestamp;
      return;
    case TypeKind::kType:
      kind_ = ValueKind::kType;
      return;
    case TypeKind::kOptional:
      kind_ = ValueKind::kOptional;
      return;
    case TypeKind::kStruct:
      kind_ = ValueKind::kMap;
      return;
    case TypeKind::kOpaque:
      kind_ = ValueKind::kOpaque;
      name_ = type.name();
      deep_ = true;
      return;
    case TypeKind::kList:
    case TypeKind::kMap:
      kind_ = type.is(TypeKind::kList) ? ValueKind::kList : ValueKind::kMap;
      for (const Type& parameter : type.parameters()) {
        inner_.emplace_back(parameter);
        deep_ = deep_ || !inner_.back().any_;
      }
      return;
  }
}

bool Guard::accepts_inside(const Value& value) const {
  switch (kind_) {
    case ValueKind::kOpaque:
      return value.as_opaque().type().name == name_;
    case ValueKind::kList:
      return value.size() == 0 || inner_.empty() || inner_[0].accepts(value.item(0));
    case ValueKind::kMap:
      return value.size() == 0 || inner_.size() < 2 ||
             (inner_[0].accepts(value.key_at(0)) && inner_[1].accepts(value.value_at(0)));
    default:
      return true;
  }
}

}  // namespace seaworthy::cel
