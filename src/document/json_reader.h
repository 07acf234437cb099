#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// What a JSON text holds, in its order. Offsets are in bytes from the text's start.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual void on_scalar(const Node& value, std::size_t offset) = 0;
  virtual void on_key(std::string_view name, std::size_t offset) = 0;
  virtual void on_map_start(std::size_t offset) = 0;
  virtual void on_map_end() = 0;
  virtual void on_list_start(std::size_t offset) = 0;
  virtual void on_list_end() = 0;
};

struct JsonFault {
  ErrorCode code = ErrorCode::kInvalid;
  std::size_t offset = 0;
  std::string message;  ///< Without the offset.
};

/// Reads one document of what Go's encoding/json accepts, of a text that is UTF-8; strings and keys
/// are copied into `arena`. With `end`, the document may be followed by more text, and `*end` says
/// where it ended.
std::optional<JsonFault> read_json_events(std::string_view text, std::uint32_t depth_max,
                                          Arena& arena, JsonEvents& events,
                                          std::size_t* end = nullptr);

/// Where the first byte is that is not UTF-8; npos where all is.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace seaworthy::document
