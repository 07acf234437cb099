#include "cel/eval/map_builder.h"

#include <algorithm>

#include "cel/eval/const_set.h"
#include "cel/eval/equality.h"

namespace seaworthy::cel {

Value* MapBuilder::find(const Value& key) {
  if (table_ == nullptr) {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (same_key(entries_[i].key, key)) {
        return &entries_[i].value;
      }
    }
    return nullptr;
  }
  for (std::uint32_t at = hash_value(key) & mask_; table_[at] != 0; at = (at + 1) & mask_) {
    MapEntry& entry = entries_[table_[at] - 1];
    if (same_key(entry.key, key)) {
      return &entry.value;
    }
  }
  return nullptr;
}

void MapBuilder::put(const Value& key, const Value& value) {
  if (Value* present = find(key)) {
    *present = value;
    return;
  }
  if (size_ == room_) {
    grow();
  }
  new (&entries_[size_]) MapEntry{key, value};
  ++size_;
  if (table_ == nullptr ? size_ > kIndexedMin : size_ > mask_ / 2) {
    index_all();
  } else if (table_ != nullptr) {
    index(size_ - 1);
  }
}

void MapBuilder::remove(const Value& key) {
  const Value* present = find(key);
  if (present == nullptr) {
    return;
  }
  MapEntry* const end = entries_ + size_;
  MapEntry* at =
      std::find_if(entries_, end, [&](const MapEntry& entry) { return &entry.value == present; });
  std::move(at + 1, end, at);
  --size_;
  if (table_ != nullptr) {
    index_all();
  }
}

Value MapBuilder::build() const { return Value::map({entries_, size_}); }

void MapBuilder::grow() {
  const std::uint32_t room = std::max(4U, room_ * 2);
  auto* entries = arena_->allocate_array<MapEntry>(room);
  std::uninitialized_copy(entries_, entries_ + size_, entries);
  entries_ = entries;
  room_ = room;
}

void MapBuilder::index_all() {
  if (table_ == nullptr || size_ > mask_ / 2) {
    mask_ = std::max(kIndexedMin * 4, (mask_ + 1) * 2) - 1;
    table_ = arena_->allocate_array<std::uint32_t>(std::size_t{mask_} + 1);
  }
  std::fill(table_, table_ + mask_ + 1, 0U);
  for (std::uint32_t i = 0; i < size_; ++i) {
    index(i);
  }
}

void MapBuilder::index(std::uint32_t position) {
  std::uint32_t at = hash_value(entries_[position].key) & mask_;
  while (table_[at] != 0) {
    at = (at + 1) & mask_;
  }
  table_[at] = position + 1;
}

}  // namespace seaworthy::cel
