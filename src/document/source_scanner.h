#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace seaworthy::document {

/// Where things end in a YAML or JSON text that has been read without mistakes; all places are byte
/// offsets. It knows no more of YAML than that takes, and needs not be right about what people
/// hardly write: edits that rest on it are proven by reading the result.
class SourceScanner {
 public:
  explicit SourceScanner(std::string_view bytes);

  [[nodiscard]] std::string_view bytes() const { return bytes_; }

  /// The byte at `at`; '\0' behind the end.
  [[nodiscard]] char at(std::size_t offset) const {
    return offset < bytes_.size() ? bytes_[offset] : '\0';
  }

  /// Of the line that `offset` is in: where it begins, where its line break stands (or the text
  /// ends), where the next begins.
  [[nodiscard]] std::size_t line_start(std::size_t offset) const;
  [[nodiscard]] std::size_t line_end(std::size_t offset) const;
  [[nodiscard]] std::size_t next_line(std::size_t offset) const;

  /// Bytes from the line's start.
  [[nodiscard]] std::size_t column(std::size_t offset) const { return offset - line_start(offset); }

  /// Whether only blanks stand before it in its line.
  [[nodiscard]] bool is_first_on_line(std::size_t offset) const;
  /// Behind blanks.
  [[nodiscard]] std::size_t skip_blanks(std::size_t offset) const;
  /// Behind blanks, line breaks and comments: where the next token stands.
  [[nodiscard]] std::size_t skip_space(std::size_t offset) const;

  /// Behind a scalar or alias that begins at `offset`. `outer`: what lines that go on must be
  /// indented by more than, the column of the block map or list that it is in.
  [[nodiscard]] std::size_t scalar_end(std::size_t offset, bool in_flow, std::size_t outer) const;
  /// Behind the bracket that closes the one at `offset`.
  [[nodiscard]] std::size_t flow_end(std::size_t offset) const;
  /// Behind the quote that closes the one at `offset`.
  [[nodiscard]] std::size_t quote_end(std::size_t offset) const;

 private:
  [[nodiscard]] std::size_t plain_line_end(std::size_t offset, bool in_flow) const;
  [[nodiscard]] std::size_t plain_end(std::size_t offset, bool in_flow, std::size_t outer) const;
  [[nodiscard]] std::size_t block_end(std::size_t offset, std::size_t outer) const;

  /// The place in line_breaks_ of the first at or behind `offset`.
  [[nodiscard]] std::vector<std::size_t>::const_iterator break_at(std::size_t offset) const;

  std::string_view bytes_;
  std::vector<std::size_t> line_breaks_;  ///< Where LFs stand: a text may be one line of megabytes.
};

}  // namespace seaworthy::document
