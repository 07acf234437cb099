// What the walk leans on: a token that is no string ends at the next token or at white space, and
// between a string's end and the next token there is only white space. A string's end is therefore
// found from behind.
#include "document/token_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include <simdjson.h>

#include "document/json_number.h"
#include "document/member_index.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::document {
namespace {

using Tokens = simdjson::internal::dom_parser_implementation;

constexpr bool is_space(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Rule: RFC 8259, section 6.
bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) {
      ++at;
    }
    return at - from;
  };
  const auto skip = [&](std::string_view any) {
    const bool there = at < text.size() && any.contains(text[at]);
    at += there ? 1 : 0;
    return there;
  };
  skip("-");
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) {
    return false;
  }
  if (skip(".") && digits() == 0) {
    return false;
  }
  if (skip("eE")) {
    skip("+-");
    if (digits() == 0) {
      return false;
    }
  }
  return at == text.size();
}

/// Which hashes have been seen: says no for certain, yes perhaps.
class SeenKeys {
 public:
  /// True where a key like this may have been there before.
  bool note(std::uint32_t hash) {
    std::uint64_t& word = words_[(hash >> 6) & 3];
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
    const bool seen = (word & bit) != 0;
    word |= bit;
    return seen;
  }

 private:
  std::array<std::uint64_t, 4> words_{};
};

/// Makes the tree out of a text and the places of its tokens.
class TokenWalker {
 public:
  /// `text` lies in the arena, with simdjson's padding behind it. `open`: room for the members and
  /// items of containers that are not closed yet.
  TokenWalker(std::string_view text, const Tokens& tokens, const WalkOptions& options, Arena& arena,
              OpenValues& open)
      : text_(text.data()),
        end_(text.data() + text.size()),
        tokens_(&tokens),
        // Behind the last token stand two more places, of the text's end.
        at_(tokens.structural_indexes.get()),
        last_(at_ + tokens.n_structural_indexes),
        depth_left_(options.depth_max),
        skipped_(options.skipped),
        arena_(arena),
        open_(open) {}

  /// False where a limit is met, or a mistake.
  bool walk(Node& out) {
    const std::size_t root = open_.push();
    const bool read = value(root) && at_ == last_;
    out = open_[root].value;
    return read;
  }

 private:
  [[nodiscard]] char next() const { return text_[*at_]; }

  static constexpr std::size_t kOffPath = ~std::size_t{0};

  /// Where the token before the next one ends.
  [[nodiscard]] const char* end_of_last() const {
    const char* end = text_ + *at_;
    while (is_space(end[-1])) {
      --end;
    }
    return end;
  }

  /// Reads one into its place.
  bool value(std::size_t place);
  bool map(std::size_t place);
  bool list(std::size_t place);
  bool string(std::string_view& out);
  bool unescape(const char* from, const char* to, std::string_view& out);
  bool number(std::size_t place);
  bool word(std::string_view spelled);
  /// True where the member `name` of the map whose path has been followed is to be left out;
  /// otherwise `followed_` says whether its value is on the path.
  bool is_skipped(std::string_view name, std::size_t followed);
  bool skip();

  const char* text_;
  const char* end_;
  const Tokens* tokens_;
  const std::uint32_t* at_;
  const std::uint32_t* last_;
  /// The first backslash that no string has been read behind; `end_` where there is none.
  const char* backslash_ = nullptr;
  std::uint32_t depth_left_;
  std::span<const std::string_view> skipped_;
  /// How many names of `skipped_` lead to the value that is read now; kOffPath where it is not on
  /// that path.
  std::size_t followed_ = 0;
  Arena& arena_;
  OpenValues& open_;
  std::size_t nodes_ = 0;
};

bool TokenWalker::string(std::string_view& out) {
  const char* const from = text_ + *at_++ + 1;
  const char* const to = end_of_last() - 1;
  if (to < from || *to != '"') {
    return false;
  }
  if (backslash_ < from) {
    const void* const found = std::memchr(from, '\\', static_cast<std::size_t>(end_ - from));
    backslash_ = found == nullptr ? end_ : static_cast<const char*>(found);
  }
  if (backslash_ < to) {
    return unescape(from, to, out);
  }
  out = {from, static_cast<std::size_t>(to - from)};
  return true;
}

/// What stands behind a backslash means this; 0 for what is left to simdjson.
constexpr char escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return 0;
  }
}

/// How many of the eight bytes stand before the first backslash; 8 where there is none.
std::size_t bytes_before_backslash(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t other = word ^ (kOnes * '\\');
  // The lowest byte that is zero is marked right; what is marked above it may be wrong.
  const std::uint64_t zero = (other - kOnes) & ~other & (kOnes * 0x80);
  return zero == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(zero)) / 8;
}

bool TokenWalker::unescape(const char* from, const char* to, std::string_view& out) {
  static_assert(std::endian::native == std::endian::little);
  static_assert(simdjson::SIMDJSON_PADDING >= sizeof(std::uint64_t));
  const auto size = static_cast<std::size_t>(to - from) + simdjson::SIMDJSON_PADDING;
  auto* const room = arena_.allocate_array<std::uint8_t>(size);
  char* const start = reinterpret_cast<char*>(room);
  char* written = start;
  // Eight bytes are copied at a time, of which only those before a backslash or the end count.
  for (const char* at = from; at < to;) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    std::memcpy(written, &word, sizeof(word));
    const std::size_t plain =
        std::min(bytes_before_backslash(word), static_cast<std::size_t>(to - at));
    at += plain;
    written += plain;
    if (plain == sizeof(word) || at == to) {
      continue;
    }
    const char meant = escaped(at[1]);
    if (meant == 0) {
      const std::uint8_t* const end =
          tokens_->parse_string(reinterpret_cast<const std::uint8_t*>(from), room);
      if (end == nullptr) {
        return false;
      }
      written = start + (end - room);
      break;
    }
    *written++ = meant;
    at += 2;
  }
  out = {start, static_cast<std::size_t>(written - start)};
  return true;
}

bool TokenWalker::number(std::size_t place) {
  constexpr std::ptrdiff_t kFastDigits = 18;  // always fit
  const char* const from = text_ + *at_++;
  const char* const to = end_of_last();
  const bool negative = *from == '-';
  const char* at = from + (negative ? 1 : 0);
  if (to - at > 0 && to - at <= kFastDigits && (*at != '0' || to - at == 1)) {
    std::int64_t whole = 0;
    while (at < to && is_digit(*at)) {
      whole = whole * 10 + (*at++ - '0');
    }
    if (at == to) {
      open_[place].value = Node::integer(negative ? -whole : whole);
      return true;
    }
  }
  const std::string_view digits(from, static_cast<std::size_t>(to - from));
  if (!is_number(digits)) {
    return false;
  }
  const auto read = json_number(digits);
  open_[place].value = read.value_or(Node());
  return read.has_value();
}

bool TokenWalker::word(std::string_view spelled) {
  const char* const from = text_ + *at_++;
  return std::string_view(from, static_cast<std::size_t>(end_of_last() - from)) == spelled;
}

bool TokenWalker::is_skipped(std::string_view name, std::size_t followed) {
  const bool on_path = skipped_[followed] == "*" || skipped_[followed] == name;
  followed_ = on_path ? followed + 1 : kOffPath;
  return followed_ == skipped_.size();
}

/// Passes over a value by its brackets.
bool TokenWalker::skip() {
  std::size_t depth = 0;
  for (; at_ < last_; ++at_) {
    const char token = next();
    if (token == '{' || token == '[') {
      ++depth;
    } else if (token == '}' || token == ']') {
      if (depth == 0) {
        return false;
      }
      --depth;
    } else if (token == ',' || token == ':') {
      if (depth == 0) {
        return false;
      }
      continue;
    }
    if (depth == 0) {
      ++at_;
      return true;
    }
  }
  return false;
}

bool TokenWalker::list(std::size_t place) {
  if (depth_left_ == 0) {
    return false;
  }
  --depth_left_;
  const std::size_t first = open_.size();
  followed_ = kOffPath;
  ++at_;
  bool more = next() != ']';
  at_ += more ? 0 : 1;
  while (more) {
    if (!value(open_.push())) {
      return false;
    }
    const char mark = text_[*at_++];
    if (mark != ',' && mark != ']') {
      return false;
    }
    more = mark == ',';
  }
  const std::size_t count = open_.size() - first;
  Node* const items = arena_.allocate_array<Node>(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::construct_at(items + i, open_[first + i].value);
  }
  open_.drop_from(first);
  ++depth_left_;
  open_[place].value = Node::list({items, count});
  return true;
}

bool TokenWalker::map(std::size_t place) {
  if (depth_left_ == 0) {
    return false;
  }
  --depth_left_;
  const std::size_t first = open_.size();
  const std::size_t followed = followed_;
  SeenKeys seen;
  bool twice = false;
  ++at_;
  bool more = next() != '}';
  at_ += more ? 0 : 1;
  while (more) {
    std::string_view name;
    if (next() != '"' || !string(name) || text_[*at_++] != ':') {
      return false;
    }
    if (followed < skipped_.size() && is_skipped(name, followed)) {
      if (!skip()) {
        return false;
      }
      const char mark = text_[*at_++];
      if (mark != ',' && mark != '}') {
        return false;
      }
      more = mark == ',';
      continue;
    }
    const Key key(name);
    twice = seen.note(key.hash()) || twice;
    const std::size_t member = open_.push();
    open_[member].key = key;
    if (!value(member)) {
      return false;
    }
    const char mark = text_[*at_++];
    if (mark != ',' && mark != '}') {
      return false;
    }
    more = mark == ',';
  }
  const std::size_t count = open_.size() - first;
  Member* const members = arena_.allocate_array<Member>(count);
  std::uninitialized_copy_n(open_.from(first), count, members);
  open_.drop_from(first);
  ++depth_left_;
  open_[place].value = Node::map({members, twice ? unite_duplicates(members, count) : count});
  return true;
}

bool TokenWalker::value(std::size_t place) {
  if (++nodes_ > limits::kDocumentNodesMax) {
    return false;
  }
  switch (next()) {
    case '"': {
      std::string_view text;
      if (!string(text)) {
        return false;
      }
      open_[place].value = Node::string(text);
      return true;
    }
    case '{':
      return map(place);
    case '[':
      return list(place);
    case 't':
      open_[place].value = Node::boolean(true);
      return word("true");
    case 'f':
      open_[place].value = Node::boolean(false);
      return word("false");
    case 'n':
      open_[place].value = Node::null();
      return word("null");
    default:
      return number(place);
  }
}

}  // namespace

bool walk_tokens(std::string_view text, const Tokens& tokens, const WalkOptions& options,
                 Arena& arena, OpenValues& open, Node& out) {
  return TokenWalker(text, tokens, options, arena, open).walk(out);
}

}  // namespace seaworthy::document
