// Numbers follow Go's encoding/json (encode.go, floatEncoder): the shortest digits that read back,
// in plain form between 1e-6 and 1e21, else with an exponent of no leading zeros. Everything goes
// through a Writer: a cursor into the string's memory, which costs a third of appending to the
// string piece by piece.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

/// Appends to a string; the string holds the text once finish() was called.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out), at_(out.data() + out.size()), end_(at_) {}

  /// Where the next `bytes` may be written; advance() says how many were.
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) {
      grow(bytes);
    }
    return at_;
  }

  void advance(std::size_t bytes) { at_ += bytes; }

  void put(char byte) {
    *room(1) = byte;
    ++at_;
  }

  void put(std::string_view text) {
    text.copy(room(text.size()), text.size());
    at_ += text.size();
  }

  void fill(std::size_t count, char byte) {
    std::fill_n(room(count), count, byte);
    at_ += count;
  }

  /// Replaces the last byte that was put.
  void replace_last(char byte) { at_[-1] = byte; }

  void finish() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }

 private:
  void grow(std::size_t bytes) {
    constexpr std::size_t kFirst = 256;
    const auto used = static_cast<std::size_t>(at_ - out_.data());
    const std::size_t size = std::max(out_.capacity(), 2 * used + bytes + kFirst);
    // What lies behind `used` stays unwritten: finish() cuts it off.
    out_.resize_and_overwrite(size, [size](char*, std::size_t) { return size; });
    at_ = out_.data() + used;
    end_ = out_.data() + size;
  }

  std::string& out_;
  char* at_;
  char* end_;
};

/// What is written behind a backslash for a byte; 0: as it is, 'u': as \u00xx. Rule: Go's
/// encoding/json, appendString.
constexpr std::array<char, 128> kEscapes = [] {
  std::array<char, 128> escapes{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) {
    escapes[byte] = 'u';
  }
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  return escapes;
}();

/// Of eight bytes, how many from the first on are ASCII that is printed as it is. A byte's high bit
/// is set in `odd` where it is over 0x7F, below 0x20, a quote or a backslash; a subtraction borrows
/// only from what lies behind an odd one.
std::size_t plain_bytes(const char* from) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = kOnes * 0x80;
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = __builtin_bswap64(word);
  }
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  const std::uint64_t odd = word | (word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes);
  return static_cast<std::size_t>(std::countr_zero(odd & kHigh)) / 8;
}

/// Prints the character at `at`, whatever it is, and answers its bytes.
std::size_t print_character(std::string_view text, std::size_t at, Writer& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) {
    const std::size_t length = utf8_length(text, at);
    out.put(length == 1 ? std::string_view("\uFFFD") : text.substr(at, length));
    return length;
  }
  const char escape = kEscapes[byte];
  if (escape == 0) {
    out.put(text[at]);
    return 1;
  }
  char* to = out.room(6);
  to[0] = '\\';
  to[1] = escape;
  if (escape != 'u') {
    out.advance(2);
    return 1;
  }
  to[2] = to[3] = '0';
  to[4] = kHex[byte >> 4];
  to[5] = kHex[byte & 15];
  out.advance(6);
  return 1;
}

void print_string(std::string_view text, Writer& out) {
  out.put('"');
  const char* from = text.data();
  const char* const stop = from + text.size();
  while (from != stop) {
    // A run without escapes, with the cursor in a register; then the character that ended it.
    char* const start = out.room(text.size() + 8);
    char* to = start;
    std::size_t plain = 8;
    while (plain == 8 && stop - from >= 8) {
      plain = plain_bytes(from);
      std::memcpy(to, from, 8);
      to += plain;
      from += plain;
    }
    if (plain == 8) {
      while (from != stop && static_cast<unsigned char>(*from) < 0x80 &&
             kEscapes[static_cast<unsigned char>(*from)] == 0) {
        *to++ = *from++;
      }
    }
    out.advance(static_cast<std::size_t>(to - start));
    if (from != stop) {
      from += print_character(text, static_cast<std::size_t>(from - text.data()), out);
    }
  }
  out.put('"');
}

void print_double(double number, Writer& out) {
  if (!std::isfinite(number)) {  // No JSON has it, and nothing that was read from JSON is it.
    out.put("null");
    return;
  }
  // The shortest digits that read back, as d.ddde±dd.
  std::array<char, 32> buffer{};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                  std::chars_format::scientific)
                        .ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  if (text.front() == '-') {
    out.put('-');
    text.remove_prefix(1);
  }
  const auto mantissa = text.substr(0, text.find('e'));
  int exponent = 0;
  const char* sign = text.data() + mantissa.size() + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, end, exponent);
  const double magnitude = std::fabs(number);
  if (magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)) {
    out.put(mantissa);
    out.put(exponent < 0 ? "e-" : "e+");
    out.put(std::to_string(std::abs(exponent)));
    return;
  }
  std::string digits(mantissa);
  if (digits.size() > 1) {
    digits.erase(1, 1);
  }
  if (exponent < 0) {
    out.put("0.");
    out.fill(static_cast<std::size_t>(-exponent - 1), '0');
    out.put(digits);
    return;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole) {
    digits.append(whole - digits.size(), '0');
  }
  out.put(std::string_view(digits).substr(0, whole));
  if (digits.size() > whole) {
    out.put('.');
    out.put(std::string_view(digits).substr(whole));
  }
}

void print_int(std::int64_t number, Writer& out) {
  std::array<char, 24> buffer{};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  out.put(std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data())));
}

/// Prints a value that holds no other; false for a list or map that does.
bool print_leaf(const Node& node, Writer& out) {
  switch (node.kind()) {
    case Kind::kNull:
      out.put("null");
      return true;
    case Kind::kBool:
      out.put(node.as_bool() ? "true" : "false");
      return true;
    case Kind::kInt:
      print_int(node.as_int(), out);
      return true;
    case Kind::kDouble:
      print_double(node.as_double(), out);
      return true;
    case Kind::kString:
      print_string(node.as_string(), out);
      return true;
    case Kind::kList:
      if (node.size() == 0) {
        out.put("[]");
      }
      return node.size() == 0;
    case Kind::kMap:
      if (node.size() == 0) {
        out.put("{}");
      }
      return node.size() == 0;
  }
  return true;
}

void print_compact(const Node& node, Writer& out) {
  if (print_leaf(node, out)) {
    return;
  }
  const bool is_map = node.is_map();
  out.put(is_map ? '{' : '[');
  for (const Member& member : node.members()) {
    print_string(member.key.text(), out);
    out.put(':');
    print_compact(member.value, out);
    out.put(',');
  }
  for (const Node& item : node.items()) {
    print_compact(item, out);
    out.put(',');
  }
  out.replace_last(is_map ? '}' : ']');
}

void print_pretty(const Node& node, std::size_t indent, Writer& out) {
  if (print_leaf(node, out)) {
    return;
  }
  const bool is_map = node.is_map();
  out.put(is_map ? '{' : '[');
  auto new_line = [&](bool first) {
    out.put(first ? "\n" : ",\n");
    out.fill(indent + 2, ' ');
  };
  bool first = true;
  for (const Member& member : node.members()) {
    new_line(std::exchange(first, false));
    print_string(member.key.text(), out);
    out.put(": ");
    print_pretty(member.value, indent + 2, out);
  }
  for (const Node& item : node.items()) {
    new_line(std::exchange(first, false));
    print_pretty(item, indent + 2, out);
  }
  out.put('\n');
  out.fill(indent, ' ');
  out.put(is_map ? '}' : ']');
}

}  // namespace

void print_json_string(std::string_view text, std::string& out) {
  Writer writer(out);
  print_string(text, writer);
  writer.finish();
}

void print_json(const Node& node, std::string& out) {
  Writer writer(out);
  print_compact(node, writer);
  writer.finish();
}

std::string print_json(const Node& node) {
  std::string out;
  print_json(node, out);
  return out;
}

std::string print_json_pretty(const Node& node) {
  std::string out;
  Writer writer(out);
  print_pretty(node, 0, writer);
  writer.finish();
  return out;
}

}  // namespace seaworthy::document
