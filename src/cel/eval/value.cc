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

Value Value::string_list(std::span<const Value> items) {
  Value result = list(items);
  result.detail_ = 2;
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

Value Value::key_at(std::uint32_t index) const {
  SEAWORTHY_CHECK(kind_ == ValueKind::kMap && index < aux_);
  return node_backed_ ? string(members_[index].key.text()) : entries_[index].key;
}

Value Value::value_at(std::uint32_t index) const {
  SEAWORTHY_CHECK(kind_ == ValueKind::kMap && index < aux_);
  return node_backed_ ? of(members_[index].value) : entries_[index].value;
}

}  // namespace seaworthy::cel
