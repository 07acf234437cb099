#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/result.h"

namespace seaworthy::cel {

/// A regular expression in Go's syntax, compiled. Shared by threads. Runs in time linear in the
/// text and in bounded memory (limits::kRegexMemoryBytesMax).
class Pattern {
 public:
  /// Errors: kInvalid, in Go's words: "error parsing regexp: missing closing ): `(`".
  static Result<Pattern> compile(std::string_view expression);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Instructions of the compiled form.
  [[nodiscard]] std::size_t size() const;
  /// Whether it matches anywhere in `text`.
  [[nodiscard]] bool found_in(std::string_view text) const;
  /// The left-most match, which may be empty, or nothing. A view of `text`.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view text) const;
  /// All matches that do not overlap, at most `most` of them, as Go's FindAllString. Views of
  /// `text`.
  [[nodiscard]] std::vector<std::string_view> find_all(std::string_view text,
                                                       std::size_t most) const;

  /// Of groups that capture.
  [[nodiscard]] std::size_t group_count() const;
  /// The left-most match from the byte `from` on, as all of it and its groups in `parts`; a group
  /// that took no part has no data. False where there is none. `^` is the text's begin only.
  bool match(std::string_view text, std::size_t from, std::vector<std::string_view>& parts) const;

 private:
  struct State;
  explicit Pattern(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::cel
