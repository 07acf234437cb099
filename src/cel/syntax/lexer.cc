#include "cel/syntax/lexer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "seaworthy/base/text.h"

// Longest match over the token rules of cel-go's grammar (parser/gen/CEL.g4). Where no rule
// matches, everything up to and including the character at which the last rule died is reported and
// skipped, as ANTLR's lexer does: `a = b` skips
// "= ", an unclosed string skips the rest of its line.

namespace seaworthy::cel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

/// What a scan found: the end of a match, or where it died.
struct Scan {
  std::optional<std::size_t> end;
  std::size_t died = 0;
  TokenKind kind = TokenKind::kEnd;
};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  LexResult run();

 private:
  /// The character there, or 0 past the end (a NUL in the source is no character of any token but
  /// strings').
  [[nodiscard]] char at(std::size_t i) const { return i < source_.size() ? source_[i] : '\0'; }

  void advance(std::size_t to);
  [[nodiscard]] Scan scan(std::size_t i) const;
  [[nodiscard]] Scan scan_word(std::size_t i) const;
  [[nodiscard]] Scan scan_number(std::size_t i) const;
  [[nodiscard]] Scan scan_text(std::size_t i) const;
  [[nodiscard]] Scan scan_quoted(std::size_t i, bool raw, bool triple) const;
  [[nodiscard]] Scan scan_operator(std::size_t i) const;
  [[nodiscard]] Scan scan_quoted_identifier(std::size_t i) const;
  [[nodiscard]] Scan escape(std::size_t i) const;

  std::string_view source_;
  std::size_t cursor_ = 0;
  SourcePosition position_{1, 1};
};

void Lexer::advance(std::size_t to) {
  while (cursor_ < to) {
    if (source_[cursor_] == '\n') {
      position_ = {position_.line + 1, 1};
      ++cursor_;
    } else {
      ++position_.column;
      cursor_ += utf8_length(source_, cursor_);
    }
  }
}

LexResult Lexer::run() {
  LexResult result;
  while (cursor_ < source_.size()) {
    if (is_space(source_[cursor_])) {
      advance(cursor_ + 1);
      continue;
    }
    if (source_.substr(cursor_).starts_with("//")) {
      advance(std::min(source_.find('\n', cursor_), source_.size()));
      continue;
    }
    const Scan found = scan(cursor_);
    const SourcePosition start = position_;
    const std::size_t begin = cursor_;
    if (found.end) {
      advance(*found.end);
      result.tokens.push_back({found.kind, begin, cursor_, start});
      continue;
    }
    advance(found.died < source_.size() ? found.died + utf8_length(source_, found.died)
                                        : source_.size());
    const std::string text(source_.substr(begin, cursor_ - begin));
    result.skipped.push_back({TokenKind::kEnd, begin, cursor_, start});
    result.issues.push_back({start, "Syntax error: token recognition error at: '" + text + "'"});
  }
  result.tokens.push_back({TokenKind::kEnd, source_.size(), source_.size(), position_});
  return result;
}

Scan Lexer::scan(std::size_t i) const {
  const char c = source_[i];
  if (is_digit(c) || (c == '.' && is_digit(at(i + 1)))) {
    return scan_number(i);
  }
  if (is_letter(c)) {
    const Scan word = scan_word(i);
    const Scan text = scan_text(i);
    return text.end && *text.end > *word.end ? text : word;
  }
  if (c == '"' || c == '\'') {
    return scan_text(i);
  }
  if (c == '`') {
    return scan_quoted_identifier(i);
  }
  return scan_operator(i);
}

Scan Lexer::scan_word(std::size_t i) const {
  std::size_t end = i + 1;
  while (is_letter(at(end)) || is_digit(at(end))) {
    ++end;
  }
  const std::string_view word = source_.substr(i, end - i);
  TokenKind kind = TokenKind::kIdentifier;
  if (word == "in") {
    kind = TokenKind::kIn;
  } else if (word == "true") {
    kind = TokenKind::kTrue;
  } else if (word == "false") {
    kind = TokenKind::kFalse;
  } else if (word == "null") {
    kind = TokenKind::kNull;
  }
  return {end, end, kind};
}

Scan Lexer::scan_number(std::size_t i) const {
  if (at(i) == '0' && at(i + 1) == 'x' && is_hex(at(i + 2))) {
    std::size_t end = i + 2;
    while (is_hex(at(end))) {
      ++end;
    }
    const bool is_uint = at(end) == 'u' || at(end) == 'U';
    return {end + (is_uint ? 1 : 0), end, is_uint ? TokenKind::kUint : TokenKind::kInt};
  }
  std::size_t end = i;
  const auto skip_digits = [&] {
    while (is_digit(at(end))) {
      ++end;
    }
  };
  skip_digits();
  TokenKind kind = TokenKind::kInt;
  if (at(end) == '.' && is_digit(at(end + 1))) {
    kind = TokenKind::kFloat;
    ++end;
    skip_digits();
  }
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t digits = end + (at(end + 1) == '+' || at(end + 1) == '-' ? 2 : 1);
    if (is_digit(at(digits))) {
      kind = TokenKind::kFloat;
      end = digits;
      skip_digits();
    }
  }
  if (kind == TokenKind::kInt && (at(end) == 'u' || at(end) == 'U')) {
    return {end + 1, end, TokenKind::kUint};
  }
  return {end, end, kind};
}

/// A string or bytes literal with its prefix.
Scan Lexer::scan_text(std::size_t i) const {
  const bool is_bytes = at(i) == 'b' || at(i) == 'B';
  std::size_t quote = i + (is_bytes ? 1 : 0);
  const bool raw = at(quote) == 'r' || at(quote) == 'R';
  quote += raw ? 1 : 0;
  if (at(quote) != '"' && at(quote) != '\'') {
    return {std::nullopt, quote, TokenKind::kEnd};
  }
  Scan found;
  if (at(quote + 1) == at(quote) && at(quote + 2) == at(quote)) {
    found = scan_quoted(quote, raw, true);
  }
  if (!found.end) {
    found = scan_quoted(quote, raw, false);
  }
  found.kind = is_bytes ? TokenKind::kBytes : TokenKind::kString;
  return found;
}

Scan Lexer::scan_quoted(std::size_t i, bool raw, bool triple) const {
  const char quote = at(i);
  i += triple ? 3 : 1;
  while (i < source_.size()) {
    const char c = source_[i];
    if (c == quote && (!triple || (at(i + 1) == quote && at(i + 2) == quote))) {
      const std::size_t end = i + (triple ? 3 : 1);
      return {end, end, TokenKind::kString};
    }
    if (!triple && (c == '\n' || c == '\r')) {
      break;
    }
    if (c == '\\' && !raw) {
      const Scan escaped = escape(i);
      if (!escaped.end) {
        return escaped;
      }
      i = *escaped.end;
    } else {
      i += utf8_length(source_, i);
    }
  }
  return {std::nullopt, i, TokenKind::kEnd};
}

Scan Lexer::escape(std::size_t i) const {
  const char c = at(i + 1);
  if (i + 1 < source_.size() && std::string_view("abfnrtv\"'\\?`").contains(c)) {
    return {i + 2, 0, TokenKind::kEnd};
  }
  const bool octal = c >= '0' && c <= '3';
  std::size_t digits = 0;
  if (octal || c == 'x' || c == 'X') {
    digits = 2;
  } else if (c == 'u') {
    digits = 4;
  } else if (c == 'U') {
    digits = 8;
  } else {
    return {std::nullopt, i + 1, TokenKind::kEnd};
  }
  for (std::size_t digit = i + 2; digit < i + 2 + digits; ++digit) {
    if (octal ? at(digit) < '0' || at(digit) > '7' : !is_hex(at(digit))) {
      return {std::nullopt, digit, TokenKind::kEnd};
    }
  }
  return {i + 2 + digits, 0, TokenKind::kEnd};
}

Scan Lexer::scan_operator(std::size_t i) const {
  struct Operator {
    std::string_view text;
    TokenKind kind;
  };

  // The longer ones first.
  static constexpr std::array kOperators = {
      Operator{"==", TokenKind::kEqual},
      Operator{"!=", TokenKind::kNotEqual},
      Operator{"<=", TokenKind::kLessOrEqual},
      Operator{">=", TokenKind::kGreaterOrEqual},
      Operator{"&&", TokenKind::kAnd},
      Operator{"||", TokenKind::kOr},
      Operator{"<", TokenKind::kLess},
      Operator{">", TokenKind::kGreater},
      Operator{"[", TokenKind::kLeftBracket},
      Operator{"]", TokenKind::kRightBracket},
      Operator{"{", TokenKind::kLeftBrace},
      Operator{"}", TokenKind::kRightBrace},
      Operator{"(", TokenKind::kLeftParenthesis},
      Operator{")", TokenKind::kRightParenthesis},
      Operator{".", TokenKind::kDot},
      Operator{",", TokenKind::kComma},
      Operator{"-", TokenKind::kMinus},
      Operator{"!", TokenKind::kNot},
      Operator{"?", TokenKind::kQuestion},
      Operator{":", TokenKind::kColon},
      Operator{"+", TokenKind::kPlus},
      Operator{"*", TokenKind::kStar},
      Operator{"/", TokenKind::kSlash},
      Operator{"%", TokenKind::kPercent},
  };
  for (const Operator& candidate : kOperators) {
    if (source_.substr(i).starts_with(candidate.text)) {
      const std::size_t end = i + candidate.text.size();
      return {end, end, candidate.kind};
    }
  }
  const char c = source_[i];
  return {std::nullopt, c == '=' || c == '&' || c == '|' ? i + 1 : i, TokenKind::kEnd};
}

Scan Lexer::scan_quoted_identifier(std::size_t i) const {
  std::size_t end = i + 1;
  while (is_letter(at(end)) || is_digit(at(end)) || std::string_view("./- ").contains(at(end))) {
    ++end;
  }
  if (end > i + 1 && at(end) == '`') {
    return {end + 1, end, TokenKind::kQuotedIdentifier};
  }
  return {std::nullopt, end, TokenKind::kEnd};
}

}  // namespace

std::string_view name_of(TokenKind kind) {
  static constexpr std::array<std::string_view, 36> kNames = {
      "<EOF>",   "'=='",     "'!='",   "'in'",    "'<'",        "'<='",
      "'>='",    "'>'",      "'&&'",   "'||'",    "'['",        "']'",
      "'{'",     "'}'",      "'('",    "')'",     "'.'",        "','",
      "'-'",     "'!'",      "'?'",    "':'",     "'+'",        "'*'",
      "'/'",     "'%'",      "'true'", "'false'", "'null'",     "NUM_FLOAT",
      "NUM_INT", "NUM_UINT", "STRING", "BYTES",   "IDENTIFIER", "ESC_IDENTIFIER"};
  return kNames[static_cast<std::size_t>(kind)];
}

LexResult lex(std::string_view source) { return Lexer(source).run(); }

}  // namespace seaworthy::cel
