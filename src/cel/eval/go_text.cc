// Numbers, times and values in the very form that Go's fmt, strconv and time packages print them:
// cel-go hands their output to users in results (`string(x)`, `format`) and in errors.
//
// `%g` with the shortest digits takes the exponent form where the decimal exponent is below -4 or
// at least 6 (strconv's FormatFloat with precision -1): 100000 and 1e+06, 1.2345675e+06.

#include "cel/eval/go_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "seaworthy/base/text.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::cel {
namespace {

bool append_special(double value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return true;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return true;
  }
  return false;
}

/// Bytes as `%v` prints a slice of them: "[1 2 3]".
void append_byte_list(std::string_view bytes, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) {
      out += ' ';
    }
    out += std::to_string(static_cast<unsigned char>(bytes[i]));
  }
  out += ']';
}

/// `%v` of what Go decodes JSON into: nil, map[k:v] with sorted keys, [a b].
void append_go_native(const document::Node& node, std::string& out) {
  switch (node.kind()) {
    case document::Kind::kNull:
      out += "<nil>";
      return;
    case document::Kind::kList: {
      out += '[';
      bool first = true;
      for (const document::Node& item : node.items()) {
        if (!first) {
          out += ' ';
        }
        first = false;
        append_go_native(item, out);
      }
      out += ']';
      return;
    }
    case document::Kind::kMap: {
      std::vector<const document::Member*> members;
      for (const document::Member& member : node.members()) {
        members.push_back(&member);
      }
      std::ranges::sort(members, {},
                        [](const document::Member* member) { return member->key.text(); });
      out += "map[";
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) {
          out += ' ';
        }
        out += members[i]->key.text();
        out += ':';
        append_go_native(members[i]->value, out);
      }
      out += ']';
      return;
    }
    default:
      append_go_value(Value::of(node), out);
  }
}

void append_go_list(const Value& list, std::string& out) {
  out += '[';
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0) {
      out += ", ";
    }
    if (list.is_node_backed()) {
      append_go_native(list.nodes()[i], out);
    } else {
      append_go_value(list.values()[i], out);
    }
  }
  out += ']';
}

void append_go_map(const Value& map, std::string& out) {
  out += '{';
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (i > 0) {
      out += ", ";
    }
    append_go_value(map.key_at(i), out);
    out += ": ";
    append_go_value(map.value_at(i), out);
  }
  out += '}';
}

/// What Unicode has as control, format, private use, separator or no character. (To Go, code points
/// that are not assigned are not printable either.)
bool is_printable(std::uint32_t code_point) {
  static constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 28> kRanges = {{
      {0x80, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},
      {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
      {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},   {0x2028, 0x202F},
      {0x205F, 0x206F},   {0x3000, 0x3000},   {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},
      {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},
      {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
      {0x1FFFE, 0x1FFFF}, {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0xE00FF}, {0xE01F0, 0x10FFFF},
  }};
  return std::ranges::none_of(kRanges, [code_point](const auto& range) {
    return range.first <= code_point && code_point <= range.second;
  });
}

void append_quoted_code_point(std::string_view text, std::string& out) {
  std::uint32_t code_point = static_cast<unsigned char>(text[0]) & (0x7FU >> text.size());
  for (const char c : text.substr(1)) {
    code_point = code_point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  }
  if (is_printable(code_point)) {
    out += text;
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  out += code_point > 0xFFFF ? "\\U" : "\\u";
  for (int shift = code_point > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) {
    out += kHex[code_point >> shift & 15U];
  }
}

}  // namespace

void append_go_g(double value, std::string& out) {
  if (append_special(value, out)) {
    return;
  }
  std::array<char, 64> room{};
  auto end =
      std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::scientific)
          .ptr;
  const std::string_view text(room.data(), static_cast<std::size_t>(end - room.data()));
  const int exponent =
      std::atoi(text.substr(text.find('e') + 1).data());  // NOLINT: to_chars wrote it
  if (exponent < -4 || exponent >= 6) {
    out += text;
    return;
  }
  append_go_f(value, out);
}

void append_go_f(double value, std::string& out) {
  if (append_special(value, out)) {
    return;
  }
  std::array<char, 400> room{};
  auto end =
      std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed).ptr;
  out.append(room.data(), static_cast<std::size_t>(end - room.data()));
}

void append_go_fixed(double value, int precision, std::string& out) {
  if (append_special(value, out)) {
    return;
  }
  std::vector<char> room(static_cast<std::size_t>(precision) + 400);
  auto end = std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed,
                           precision)
                 .ptr;
  out.append(room.data(), static_cast<std::size_t>(end - room.data()));
}

void append_go_quoted(std::string_view text, std::string& out) {
  // strconv.Quote: escapes as Go writes them; what is not printable as \x, \u or \U.
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length > 1) {
      append_quoted_code_point(text.substr(at, length), out);
      at += length;
      continue;
    }
    ++at;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\a':
        out += "\\a";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\v':
        out += "\\v";
        break;
      default:
        if (byte < 0x20 || byte >= 0x7F) {
          out += "\\x";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
        } else {
          out += static_cast<char>(byte);
        }
    }
  }
  out += '"';
}

void append_go_value(const Value& value, std::string& out) {
  switch (value.kind()) {
    case ValueKind::kNull:
      out += '0';  // types.Null is an enum without a String method
      return;
    case ValueKind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case ValueKind::kInt:
      out += std::to_string(value.as_int());
      return;
    case ValueKind::kUint:
      out += std::to_string(value.as_uint());
      return;
    case ValueKind::kDouble:
      append_go_g(value.as_double(), out);
      return;
    case ValueKind::kString:
      out += value.as_text();
      return;
    case ValueKind::kBytes:
      append_byte_list(value.as_text(), out);
      return;
    case ValueKind::kDuration:
      append_go_duration(value.as_int(), out);
      return;
    case ValueKind::kTimestamp:
      append_go_time(value, out);
      return;
    case ValueKind::kList:
      append_go_list(value, out);
      return;
    case ValueKind::kMap:
      append_go_map(value, out);
      return;
    case ValueKind::kType:
      out += value.as_type().name;
      return;
    case ValueKind::kOptional:
      if (value.as_optional() == nullptr) {
        out += "optional.none()";
        return;
      }
      out += "optional(";
      append_go_value(*value.as_optional(), out);
      out += ')';
      return;
    case ValueKind::kOpaque: {
      const RuntimeType& type = value.as_opaque().type();
      Arena room(256);
      out += type.text != nullptr ? type.text(value.as_opaque(), room) : type.name;
      return;
    }
    case ValueKind::kError:
      out += value.as_error().message;
      return;
    case ValueKind::kUnset:
      return;
  }
}

std::string_view go_type_name(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return "types.Null";
    case ValueKind::kBool:
      return "types.Bool";
    case ValueKind::kInt:
      return "types.Int";
    case ValueKind::kUint:
      return "types.Uint";
    case ValueKind::kDouble:
      return "types.Double";
    case ValueKind::kString:
      return "types.String";
    case ValueKind::kBytes:
      return "types.Bytes";
    case ValueKind::kDuration:
      return "types.Duration";
    case ValueKind::kTimestamp:
      return "types.Timestamp";
    case ValueKind::kList:
      return "*types.baseList";
    case ValueKind::kMap:
      return "*types.baseMap";
    case ValueKind::kType:
      return "*types.Type";
    case ValueKind::kOptional:
      return "*types.Optional";
    case ValueKind::kOpaque: {
      const RuntimeType& type = value.as_opaque().type();
      return type.go_name.empty() ? type.name : type.go_name;
    }
    case ValueKind::kError:
      return "*types.Err";
    case ValueKind::kUnset:
      break;
  }
  return "";
}

}  // namespace seaworthy::cel
