// Go's regexp and RE2 are one language by the same author; what differs is put right here: the
// words of errors, the newer (?<name>…) which this RE2 does not know, \C which Go does not have,
// the depth of groups (of what else nests that deep, Go's limit is not copied), and the size:
// classes of code points are many more instructions to RE2, which works by bytes.

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

/// What of an expression RE2 has to be told in another way, or must not see.
struct Reading {
  std::string text;           ///< `(?<name>` as `(?P<name>`.
  std::string bad_group;      ///< The first `(?<` that names no group: look-behind, for one.
  bool has_any_byte = false;  ///< \C
  std::size_t depth = 0;      ///< Of capturing groups.
};

Reading read(std::string_view expression) {
  Reading out;
  std::vector<bool> captures;
  std::size_t depth = 0;
  bool in_class = false;
  bool is_quoted = false;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    const char c = expression[at];
    const std::string_view rest = expression.substr(at);
    out.text += c;
    if (is_quoted || (rest.starts_with("\\Q") && !in_class)) {
      is_quoted = !rest.starts_with("\\E");
      if (!is_quoted || rest.starts_with("\\Q")) {
        out.text += expression[++at];
      }
    } else if (c == '\\' && rest.size() > 1) {
      out.text += expression[++at];
      out.has_any_byte = out.has_any_byte || (rest[1] == 'C' && !in_class);
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == ')' && !captures.empty()) {
      depth -= captures.back() ? 1 : 0;
      captures.pop_back();
    } else if (c == '(') {
      const bool is_named = names_group(rest);
      captures.push_back(is_named || rest.starts_with("(?P<") || !rest.starts_with("(?"));
      depth += captures.back() ? 1 : 0;
      out.depth = std::max(out.depth, depth);
      if (is_named) {
        out.text += "?P";
        ++at;
      } else if (rest.starts_with("(?<") && out.bad_group.empty()) {
        out.bad_group = rest.substr(
            0, rest.find('>') == std::string_view::npos ? rest.size() : rest.find('>') + 1);
      }
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
  constexpr std::size_t kDepthMax = 1000;  // Go's regexp/syntax, maxHeight, of a tree with its leaf
  const auto refuse = [](std::string_view why, std::string_view what) {
    return fail(ErrorCode::kInvalid,
                "error parsing regexp: " + std::string(why) + ": `" + std::string(what) + "`");
  };
  const Reading reading = read(expression);
  if (reading.has_any_byte) {
    return refuse("invalid escape sequence", "\\C");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(static_cast<std::int64_t>(limits::kRegexMemoryBytesMax));
  auto state = std::make_unique<State>(reading.text, options);
  if (state->regex.error_code() == re2::RE2::ErrorPatternTooLarge) {
    options.set_max_mem(static_cast<std::int64_t>(limits::kLargeRegexMemoryBytesMax));
    state = std::make_unique<State>(reading.text, options);
  }
  if (!state->regex.ok()) {
    const std::string& what = state->regex.error_arg();
    if (what == "(?<") {
      return refuse("invalid named capture", reading.bad_group);
    }
    return refuse(go_error(state->regex.error_code()), what);
  }
  if (reading.depth >= kDepthMax) {
    return refuse("expression nests too deeply", expression);
  }
  return Pattern(std::move(state));
}

std::size_t Pattern::size() const {
  return static_cast<std::size_t>(std::max(0, state_->regex.ProgramSize()));
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

std::size_t Pattern::group_count() const {
  return static_cast<std::size_t>(std::max(0, state_->regex.NumberOfCapturingGroups()));
}

bool Pattern::match(std::string_view text, std::size_t from,
                    std::vector<std::string_view>& parts) const {
  std::vector<re2::StringPiece> found(group_count() + 1);
  if (!state_->regex.Match(piece(text), from, text.size(), re2::RE2::UNANCHORED, found.data(),
                           static_cast<int>(found.size()))) {
    return false;
  }
  parts.clear();
  for (const auto& part : found) {
    parts.emplace_back(part.data(), part.size());
  }
  return true;
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
