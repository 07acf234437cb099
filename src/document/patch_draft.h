#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// A tree that is being changed: containers that were stepped into are opened, that is, copied into
/// vectors once; what was not opened is shared with the tree it came from.
class Draft {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): every value is a draft that is not opened.
  Draft(const Node& node) : node_(node) {}

  /// Copies a list or map into vectors; false for a scalar.
  bool open();
  [[nodiscard]] Node freeze(Arena& arena) const;

  [[nodiscard]] bool is_map() const { return node_.is_map(); }

  [[nodiscard]] bool is_null() const { return node_.is_null(); }

  [[nodiscard]] std::vector<Draft>& items() const { return opened_->values; }

  // Of an opened map.
  Draft* find(std::string_view name);
  void set(std::string_view name, Draft value, Arena& arena);
  bool remove(std::string_view name);

  /// A null that an operation wrote: evanphx/json-patch tells it from one that was there before.
  bool written_null = false;

 private:
  struct Opened {
    std::vector<Key> keys;  // of a map
    std::vector<Draft> values;
  };

  Node node_;  // what it was when it was opened; its kind holds
  std::unique_ptr<Opened> opened_;
};

/// What is said of a patch over limits::kPatchOperationsMax.
std::string too_many_operations(std::size_t count);

}  // namespace seaworthy::document
