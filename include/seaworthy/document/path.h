#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// A step from a value to one inside it: a member's name or an item's index.
using PathStep = std::variant<std::string, std::size_t>;

/// Where a value is, from the root: printed as people write it, `spec.containers[0].env[2].name`,
/// or as RFC 6901 has it, `/spec/containers/0/env/2/name`.
class Path {
 public:
  Path() = default;

  explicit Path(std::vector<PathStep> steps)
      : steps_(std::make_shared<const std::vector<PathStep>>(std::move(steps))) {}

  /// Reads `spec.containers[0].metadata.annotations['a.b/c']`. Errors: kInvalid.
  static Result<Path> parse(std::string_view text);
  /// Reads RFC 6901's form; a step of digits is an index where `root` has a list there, so none is
  /// decided here: digits become an index, `-` the name "-". Errors: kInvalid.
  static Result<Path> parse_pointer(std::string_view pointer);

  [[nodiscard]] Path operator/(std::string_view name) const;
  [[nodiscard]] Path operator/(std::size_t index) const;
  [[nodiscard]] Path operator/(const Path& rest) const;

  [[nodiscard]] const std::vector<PathStep>& steps() const;

  [[nodiscard]] bool empty() const { return steps_ == nullptr || steps_->empty(); }

  /// `spec.containers[0]`; names that are not plain are written ['a.b/c'].
  [[nodiscard]] std::string text() const;
  /// `/spec/containers/0`, with ~0 and ~1.
  [[nodiscard]] std::string pointer() const;

  friend bool operator==(const Path& a, const Path& b) {
    return a.steps_ == b.steps_ || a.steps() == b.steps();
  }

 private:
  std::shared_ptr<const std::vector<PathStep>> steps_;  ///< Copies share them.
};

/// Appends a name as a step of RFC 6901's form, with ~0 and ~1.
void append_pointer_token(std::string& out, std::string_view name);
/// The name that a step of that form means; a `~` that begins no escape stays.
std::string unescape_pointer_token(std::string_view token);

/// The value at `path`, or null where any step is absent. An index where there is a map is the
/// member of those digits.
const Node* find(const Node& root, const Path& path);

}  // namespace seaworthy::document
