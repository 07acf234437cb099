#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "seaworthy/base/diagnostic.h"

namespace seaworthy::cel {

/// In the order of cel-go's grammar (parser/gen/CEL.g4), which is the order in which an error
/// message lists what was expected.
enum class TokenKind : std::uint8_t {
  kEnd,
  kEqual,
  kNotEqual,
  kIn,
  kLess,
  kLessOrEqual,
  kGreaterOrEqual,
  kGreater,
  kAnd,
  kOr,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kLeftParenthesis,
  kRightParenthesis,
  kDot,
  kComma,
  kMinus,
  kNot,
  kQuestion,
  kColon,
  kPlus,
  kStar,
  kSlash,
  kPercent,
  kTrue,
  kFalse,
  kNull,
  kFloat,
  kInt,
  kUint,
  kString,
  kBytes,
  kIdentifier,
  kQuotedIdentifier,
};

/// How a message names a kind: `'=='`, `IDENTIFIER`, `<EOF>`.
std::string_view name_of(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t begin = 0;  ///< Bytes of the source.
  std::size_t end = 0;
  SourcePosition position;
};

/// A set of kinds, and whether the rule may end here.
class TokenSet {
 public:
  constexpr TokenSet() = default;

  constexpr TokenSet(std::initializer_list<TokenKind> kinds) {
    for (const TokenKind kind : kinds) {
      bits_ |= bit(kind);
    }
  }

  [[nodiscard]] constexpr bool has(TokenKind kind) const { return (bits_ & bit(kind)) != 0; }

  [[nodiscard]] constexpr bool may_end() const { return (bits_ & kEndBit) != 0; }

  /// The set of a place where the rule may also end.
  [[nodiscard]] constexpr TokenSet or_end() const { return TokenSet(bits_ | kEndBit); }

  [[nodiscard]] constexpr TokenSet without_end() const { return TokenSet(bits_ & ~kEndBit); }

  constexpr TokenSet operator|(TokenSet other) const { return TokenSet(bits_ | other.bits_); }

 private:
  constexpr explicit TokenSet(std::uint64_t bits) : bits_(bits) {}

  static constexpr std::uint64_t bit(TokenKind kind) {
    return std::uint64_t{1} << static_cast<unsigned>(kind);
  }

  static constexpr std::uint64_t kEndBit = std::uint64_t{1} << 63;
  std::uint64_t bits_ = 0;
};

}  // namespace seaworthy::cel
