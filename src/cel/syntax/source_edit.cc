// Edits of an expression's text, found by walking its tokens once: what is put in or taken out is
// noted with its place, and the text between is copied. A path begins at an identifier that no dot
// precedes, or at one behind `request.`, whose object is the same.
#include "seaworthy/cel/source_edit.h"

#include <algorithm>

#include "cel/syntax/lexer.h"

namespace seaworthy::cel {
namespace {

/// Tokens with their texts; beyond either end lies an end token.
class Tokens {
 public:
  explicit Tokens(std::string_view source) : source_(source), tokens_(lex(source).tokens) {}

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }

  [[nodiscard]] const Token& at(std::size_t index) const {
    return index < tokens_.size() ? tokens_[index] : tokens_.back();
  }

  [[nodiscard]] bool is(std::size_t index, TokenKind kind) const { return at(index).kind == kind; }

  [[nodiscard]] std::string_view text(std::size_t index) const {
    const Token& token = at(index);
    return source_.substr(token.begin, token.end - token.begin);
  }

  [[nodiscard]] bool is_name(std::size_t index, std::string_view name) const {
    return is(index, TokenKind::kIdentifier) && text(index) == name;
  }

  /// True where a path's root may stand: not behind a dot, unless that is `request.`.
  [[nodiscard]] bool begins_path(std::size_t index) const {
    if (index == 0 || !is(index - 1, TokenKind::kDot)) {
      return true;
    }
    return index >= 2 && is_name(index - 2, "request") &&
           (index == 2 || !is(index - 3, TokenKind::kDot));
  }

  /// The right brace that closes the left one at `index`; size() where none does.
  [[nodiscard]] std::size_t closing_brace(std::size_t index) const {
    std::size_t depth = 0;
    for (std::size_t at = index; at < size(); ++at) {
      if (is(at, TokenKind::kLeftBrace)) {
        ++depth;
      } else if (is(at, TokenKind::kRightBrace) && --depth == 0) {
        return at;
      }
    }
    return size();
  }

 private:
  std::string_view source_;
  std::vector<Token> tokens_;
};

/// A piece of the text and what takes its place.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

std::string apply(std::string_view source, std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {}, &Edit::begin);
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out += source.substr(at, edit.begin - at);
    out += edit.text;
    at = edit.end;
  }
  return out.append(source.substr(at));
}

}  // namespace

std::string move_fields(std::string_view expression, std::span<const std::string_view> roots,
                        std::span<const FieldMove> moves) {
  const Tokens tokens(expression);
  std::vector<Edit> edits;
  for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
    const bool is_root = tokens.is(at, TokenKind::kIdentifier) &&
                         std::ranges::find(roots, tokens.text(at)) != roots.end() &&
                         tokens.begins_path(at);
    if (!is_root || !tokens.is(at + 1, TokenKind::kDot) ||
        !tokens.is(at + 2, TokenKind::kIdentifier)) {
      continue;
    }
    const auto move = std::ranges::find(moves, tokens.text(at + 2), &FieldMove::field);
    if (move == moves.end()) {
      continue;
    }
    const bool stays = !move->stays.empty() && tokens.is(at + 3, TokenKind::kDot) &&
                       tokens.is_name(at + 4, move->stays);
    if (!stays) {
      edits.push_back({tokens.at(at + 2).begin, tokens.at(at + 2).end, std::string(move->to)});
    }
  }
  return apply(expression, std::move(edits));
}

std::string nest_objects(std::string_view expression, std::string_view path) {
  std::string opening = "Object{";
  std::string closing = "}";
  std::string type = "Object";
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('.', at), path.size());
    const std::string step(path.substr(at, end - at));
    type += "." + step;
    opening += step + ": " + type + "{";
    closing += "}";
    at = end + 1;
  }
  const Tokens tokens(expression);
  std::vector<Edit> edits;
  for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
    const bool is_literal = tokens.is_name(at, "Object") &&
                            (at == 0 || !tokens.is(at - 1, TokenKind::kDot)) &&
                            tokens.is(at + 1, TokenKind::kLeftBrace);
    const std::size_t end = is_literal ? tokens.closing_brace(at + 1) : tokens.size();
    if (end == tokens.size() || end == at + 2) {
      continue;
    }
    edits.push_back({tokens.at(at).begin, tokens.at(at + 1).end, opening});
    edits.push_back({tokens.at(end).begin, tokens.at(end).end, closing});
  }
  return apply(expression, std::move(edits));
}

std::vector<MemberCall> calls_on(std::string_view expression,
                                 std::span<const std::string_view> roots) {
  const Tokens tokens(expression);
  std::vector<MemberCall> calls;
  for (std::size_t at = 0; at + 3 < tokens.size(); ++at) {
    const auto root = std::ranges::find(roots, tokens.text(at));
    if (root != roots.end() && tokens.is(at, TokenKind::kIdentifier) &&
        (at == 0 || !tokens.is(at - 1, TokenKind::kDot)) && tokens.is(at + 1, TokenKind::kDot) &&
        tokens.is(at + 2, TokenKind::kIdentifier) &&
        tokens.is(at + 3, TokenKind::kLeftParenthesis)) {
      calls.push_back({*root, tokens.text(at + 2), tokens.at(at).position});
    }
  }
  return calls;
}

}  // namespace seaworthy::cel
