#include "seaworthy/cel/value.h"

#include "seaworthy/base/check.h"

namespace seaworthy::cel {

Value Value::bytes(std::string_view bytes) {
  Value result = string(bytes);
  result.kind_ = ValueKind::kBytes;
  return result;
}

Value Value::duration(std::int64_t nanoseconds) {
  Value result(ValueKind::kDuration);
  result.integer_ = nanoseconds;
  return result;
}

Value Value::timestamp(std::int64_t seconds, std::uint32_t nanoseconds, std::int16_t zone_minutes) {
  Value result(ValueKind::kTimestamp);
  result.detail_ = zone_minutes;
  result.aux_ = nanoseconds;
  result.integer_ = seconds;
  return result;
}

Value Value::concatenation(std::span<const Value> items) {
  Value result = list(items);
  result.detail_ = 1;
  return result;
}

Value Value::map(std::span<const MapEntry> entries) {
  Value result(ValueKind::kMap);
  result.aux_ = static_cast<std::uint32_t>(entries.size());
  result.entries_ = entries.data();
  return result;
}

Value Value::type(const RuntimeType& type) {
  Value result(ValueKind::kType);
  result.type_ = &type;
  return result;
}

Value Value::opaque(const OpaqueValue& value) {
  Value result(ValueKind::kOpaque);
  result.opaque_ = &value;
  return result;
}

Value Value::of(const document::Node& node) {
  switch (node.kind()) {
    case document::Kind::kNull:
      return null();
    case document::Kind::kBool:
      return boolean(node.as_bool());
    case document::Kind::kInt:
      return integer(node.as_int());
    case document::Kind::kDouble:
      return number(node.as_double());
    case document::Kind::kString:
      return string(node.as_string());
    case document::Kind::kList: {
      Value result(ValueKind::kList);
      result.node_backed_ = true;
      result.aux_ = static_cast<std::uint32_t>(node.size());
      result.nodes_ = node.items().data();
      return result;
    }
    case document::Kind::kMap: {
      Value result(ValueKind::kMap);
      result.node_backed_ = true;
      result.aux_ = static_cast<std::uint32_t>(node.size());
      result.members_ = node.members().data();
      return result;
    }
  }
  return null();
}

Value Value::key_at(std::uint32_t index) const {
  SEAWORTHY_CHECK(kind_ == ValueKind::kMap && index < aux_);
  return node_backed_ ? string(members_[index].key.text()) : entries_[index].key;
}

Value Value::value_at(std::uint32_t index) const {
  SEAWORTHY_CHECK(kind_ == ValueKind::kMap && index < aux_);
  return node_backed_ ? of(members_[index].value) : entries_[index].value;
}

}  // namespace seaworthy::cel
