#include "cel/eval/const_set.h"

#include <bit>
#include <cmath>
#include <limits>

#include "cel/eval/equality.h"

namespace seaworthy::cel {

std::uint32_t hash_value(const Value& value) {
  std::uint64_t bits = 0;
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kBytes:
      return document::hash_key(value.as_text());
    case ValueKind::kDouble:
      bits = std::bit_cast<std::uint64_t>(value.as_double() == 0 ? 0.0 : value.as_double());
      break;
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDuration:
    case ValueKind::kTimestamp:
      bits = value.as_uint();
      break;
    default:
      break;
  }
  bits = (bits + static_cast<std::uint64_t>(value.kind())) * 0x9E3779B97F4A7C15U;
  return static_cast<std::uint32_t>(bits >> 32);
}

std::optional<ConstSet> ConstSet::of(const Value& list) {
  ConstSet set;
  std::size_t room = 4;
  while (room < std::size_t{list.size()} * 6) {
    room *= 2;
  }
  set.table_.resize(room);
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    switch (item.kind()) {
      case ValueKind::kBool:
      case ValueKind::kString:
        break;
      case ValueKind::kDouble:
        if (const auto whole = to_int_exactly(item.as_double())) {
          set.insert(Value::integer(*whole));
        }
        if (const auto whole = to_uint_exactly(item.as_double())) {
          set.insert(Value::unsigned_integer(*whole));
        }
        break;
      case ValueKind::kInt:
        set.insert(Value::number(static_cast<double>(item.as_int())));
        if (item.as_int() >= 0) {
          set.insert(Value::unsigned_integer(static_cast<std::uint64_t>(item.as_int())));
        }
        break;
      case ValueKind::kUint:
        set.insert(Value::number(static_cast<double>(item.as_uint())));
        if (item.as_uint() <=
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
          set.insert(Value::integer(static_cast<std::int64_t>(item.as_uint())));
        }
        break;
      default:
        return std::nullopt;
    }
    set.insert(item);
  }
  return set;
}

void ConstSet::insert(const Value& value) {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = hash_value(value) & mask;
  while (!table_[at].is(ValueKind::kUnset)) {
    if (same_key(table_[at], value)) {
      return;
    }
    at = (at + 1) & mask;
  }
  table_[at] = value;
}

bool ConstSet::contains(const Value& value) const {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = hash_value(value) & mask; !table_[at].is(ValueKind::kUnset);
       at = (at + 1) & mask) {
    if (same_key(table_[at], value)) {
      return true;
    }
  }
  return false;
}

}  // namespace seaworthy::cel
