#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace seaworthy {

/// What a caller can do about a failure; the message says the rest.
enum class ErrorCode {
  kInvalid,      ///< The input is wrong; sending it again will not help.
  kNotFound,     ///< What was named does not exist.
  kDenied,       ///< Not allowed to do this.
  kUnavailable,  ///< May work later.
  kOverLimit,    ///< A limit of base/limits.h was reached.
  kInternal,     ///< A fault of this program.
};

/// A failure of the world (a file, a socket, an input over a limit) in words for its reader.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  /// The same error with "context: " before its message; added once at a module's boundary.
  [[nodiscard]] Error in(std::string_view context) const {
    return {code, std::string(context) + ": " + message};
  }
};

/// A value or an Error. Ignoring one is a warning, which the presets make an error.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

/// The failure to return: `return fail(ErrorCode::kInvalid, "…");`
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace seaworthy

#define SEAWORTHY_CONCAT_INNER(a, b) a##b
#define SEAWORTHY_CONCAT(a, b) SEAWORTHY_CONCAT_INNER(a, b)

/// `SEAWORTHY_TRY(auto x, f());` binds f's value to x or returns f's error. One a line.
#define SEAWORTHY_TRY(declaration, ...)                                          \
  auto SEAWORTHY_CONCAT(try_, __LINE__) = (__VA_ARGS__);                         \
  if (!SEAWORTHY_CONCAT(try_, __LINE__))                                         \
    return std::unexpected(std::move(SEAWORTHY_CONCAT(try_, __LINE__)).error()); \
  declaration = *std::move(SEAWORTHY_CONCAT(try_, __LINE__))
