// Go's regexp and RE2 are one language by the same author; what differs is put right here: the
// words of errors, and the newer (?<name>…) which this RE2 does not know.

#include "cel/lib/pattern.h"

#include <algorithm>

#include <re2/re2.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {

struct Pattern::State {
  explicit State(std::string_view expression, const re2::RE2::Options& options)
      : regex(re2::StringPiece(expression.data(), expression.size()), options) {}

  re2::RE2 regex;
};

namespace {

std::string_view go_error(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case re2::RE2::ErrorBadCharClass:
      return "invalid character class";
    case re2::RE2::ErrorBadCharRange:
      return "invalid character class range";
    case re2::RE2::ErrorMissingBracket:
      return "missing closing ]";
    case re2::RE2::ErrorMissingParen:
      return "missing closing )";
    case re2::RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case re2::RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case re2::RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case re2::RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case re2::RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case re2::RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case re2::RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case re2::RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    default:
      return "expression too large";
  }
}

/// Whether it begins with `(?<name>`.
bool names_group(std::string_view text) {
  if (!text.starts_with("(?<")) {
    return false;
  }
  const std::size_t end = text.find('>');
  if (end == std::string_view::npos || end == 3) {
    return false;
  }
  return std::ranges::all_of(text.substr(3, end - 3), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// `(?<name>` as `(?P<name>`; look-behind `(?<=`, `(?<!` stays, and is refused.
std::string with_named_groups(std::string_view expression) {
  std::string out;
  bool in_class = false;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    const char c = expression[at];
    out += c;
    if (c == '\\' && at + 1 < expression.size()) {
      out += expression[++at];
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(' && names_group(expression.substr(at))) {
      out += "?P";
      ++at;
    }
  }
  return out;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(static_cast<std::int64_t>(limits::kRegexMemoryBytesMax));
  auto state = std::make_unique<State>(expression.find("(?<") == std::string_view::npos
                                           ? std::string(expression)
                                           : with_named_groups(expression),
                                       options);
  if (!state->regex.ok()) {
    return fail(ErrorCode::kInvalid,
                "error parsing regexp: " + std::string(go_error(state->regex.error_code())) +
                    ": `" + state->regex.error_arg() + "`");
  }
  return Pattern(std::move(state));
}

bool Pattern::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(piece(text), state_->regex);
}

std::optional<std::string_view> Pattern::find(std::string_view text) const {
  re2::StringPiece match;
  if (!state_->regex.Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
    return std::nullopt;
  }
  return std::string_view(match.data(), match.size());
}

std::vector<std::string_view> Pattern::find_all(std::string_view text, std::size_t most) const {
  // Go's Regexp.allMatches: an empty match next to the previous match's end is left out.
  std::vector<std::string_view> found;
  std::size_t at = 0;
  std::size_t previous_end = std::string_view::npos;
  while (found.size() < most && at <= text.size()) {
    re2::StringPiece match;
    if (!state_->regex.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
      break;
    }
    const auto begin = static_cast<std::size_t>(match.data() - text.data());
    const std::size_t end = begin + match.size();
    bool accept = true;
    if (end == at) {
      if (begin == previous_end) {
        accept = false;
      }
      at += at < text.size() ? utf8_length(text, at) : 1;
    } else {
      at = end;
    }
    previous_end = end;
    if (accept) {
      found.push_back(text.substr(begin, match.size()));
    }
  }
  return found;
}

}  // namespace seaworthy::cel
