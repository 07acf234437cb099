#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::policy {

/// One value of DER (X.690): its tag, what is in it, and all its bytes.
struct Der {
  std::uint8_t tag = 0;
  std::string_view content;
  std::string_view whole;
};

/// Reads values one after the other. What is cut off or too long ends it.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : rest_(bytes) {}

  /// Nothing at the end, and where there is no whole value.
  std::optional<Der> next();
  /// The next value, if it has this tag; else it stays.
  std::optional<Der> next(std::uint8_t tag);

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The numbers of an object identifier's content.
std::vector<std::uint32_t> read_object_identifier(std::string_view content);

/// A number of any size, most significant byte first, in decimal.
std::string decimal(std::string_view big_endian);

}  // namespace seaworthy::policy
