#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace seaworthy::document {

/// Members and items of containers that are not closed yet, one after the other. Values are written
/// where they stay until their container is closed: a value that is copied as soon as it is written
/// costs the processor a dozen cycles of waiting.
class OpenValues {
 public:
  /// The place of one more, which is not written yet.
  std::size_t push() {
    if (size_ == room_.size()) {
      room_.resize(std::max<std::size_t>(256, size_ * 2));
    }
    return size_++;
  }

  Member& operator[](std::size_t at) { return room_[at]; }

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] const Member* from(std::size_t at) const { return room_.data() + at; }

  void drop_from(std::size_t at) { size_ = at; }

 private:
  std::vector<Member> room_;
  std::size_t size_ = 0;
};

/// How a text's tokens are walked.
struct WalkOptions {
  std::uint32_t depth_max = 0;
  std::span<const std::string_view> skipped;  ///< JsonOptions::skipped
};

/// The tree of a text whose tokens simdjson's first stage has found. `text` lies in `arena`, with
/// simdjson's padding behind it, and its strings are the tree's. `open`: empty room. False where a
/// limit is met or the text is not JSON: the slower reader says which.
bool walk_tokens(std::string_view text, const simdjson::internal::dom_parser_implementation& tokens,
                 const WalkOptions& options, Arena& arena, OpenValues& open, Node& out);

}  // namespace seaworthy::document
