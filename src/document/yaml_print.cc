// A string is written plain only where every reader takes it for that string: it resolves to one
// here (YAML 1.1), is none of what other readers take for a date, a base-60 number or a YAML 1.2
// number, and holds nothing that is syntax.
#include "document/yaml_print.h"

#include <algorithm>
#include <string>

#include "document/yaml_scalar.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"

namespace seaworthy::document {
namespace {

/// Longer keys must be written with '?' (YAML 1.2.2, 8.2.2: a simple key has 1024 characters at
/// most).
constexpr std::size_t kSimpleKeyMax = 1000;

/// Whether a character has to be an escape: what YAML does not print, what it takes for a line
/// break, and U+FEFF.
bool is_unprintable(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) {
    return first < 0x20 || first >= 0x7F;
  }
  if (character.size() == 2) {
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  }
  return character == "\u2028" || character == "\u2029" || character == "\uFEFF" ||
         character == "\uFFFE" || character == "\uFFFF";
}

bool is_plain(std::string_view text) {
  const auto node = resolve_yaml(text);
  if (!node || !node->is_string()) {
    return false;
  }
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`= ";
  if (kIndicators.find(text.front()) != std::string_view::npos || text == "<<") {
    return false;
  }
  if (text.back() == ' ' || text.back() == ':' || text.starts_with("...")) {
    return false;
  }
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  // Numbers, dates and times of any reader begin so and are made of these.
  const bool numeric =
      std::string_view("0123456789+-.").find(text.front()) != std::string_view::npos;
  if (numeric && text.find_first_not_of("0123456789+-.:_eExXobTtZz ") == std::string_view::npos) {
    return false;
  }
  return !has_unprintable(text) && text.find('\n') == std::string_view::npos;
}

void print_quoted(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto character = text.substr(at, length);
    const auto first = static_cast<unsigned char>(character.front());
    at += length;
    if (length == 1 && first < 0x7F) {
      // JSON's escapes are YAML's.
      std::string quoted;
      print_json_string(character, quoted);
      out += std::string_view(quoted).substr(1, quoted.size() - 2);
    } else if (length == 1 && first >= 0x80) {
      append_utf8(out, 0xFFFD);
    } else if (!is_unprintable(character)) {
      out += character;
    } else {
      std::uint32_t code = first;
      if (length == 2) {
        code = (first & 0x1FU) << 6 | (static_cast<unsigned char>(character[1]) & 0x3FU);
      }
      if (length == 3) {
        code = (first & 0x0FU) << 12 | (static_cast<unsigned char>(character[1]) & 0x3FU) << 6 |
               (static_cast<unsigned char>(character[2]) & 0x3FU);
      }
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) {
        out += kHex[code >> shift & 15];
      }
    }
  }
  out += '"';
}

/// Whether a text of several lines can be a literal block: its first line must show the indent, and
/// blanks must not be lost.
bool is_literal(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || has_unprintable(text)) {
    return false;
  }
  if (text.front() == ' ' || text.front() == '\n') {
    return false;
  }
  // A last line of blanks would be taken for the indent of nothing.
  return text.find_last_not_of(" \n") != std::string_view::npos && text.back() != ' ';
}

class Printer {
 public:
  explicit Printer(std::string& out, const YamlLayout& layout = {}) : out_(out), layout_(layout) {}

  /// The value behind "key:" or "-", which stand at `indent`; ends the line.
  void value(const Node& node, std::size_t indent, bool in_list);
  void block(const Node& node, std::size_t indent, bool on_dash);
  void scalar(const Node& node, std::size_t indent);

 private:
  void key(std::string_view name);
  void literal(std::string_view text, std::size_t indent);

  std::string& out_;
  YamlLayout layout_;
};

void Printer::key(std::string_view name) {
  const std::size_t start = out_.size();
  if (is_plain(name)) {
    out_ += name;
  } else {
    print_quoted(name, out_);
  }
  if (out_.size() - start > kSimpleKeyMax) {
    out_.insert(start, "? ");
  }
}

void Printer::literal(std::string_view text, std::size_t indent) {
  out_ += text.ends_with("\n\n") ? "|+" : (text.ends_with('\n') ? "|" : "|-");
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  for (const auto line : split(text, '\n')) {
    out_ += '\n';
    if (!line.empty()) {
      out_.append(indent, ' ');
    }
    out_ += line;
  }
  out_ += '\n';
}

void Printer::scalar(const Node& node, std::size_t indent) {
  if (node.is_string() && is_literal(node.as_string())) {
    return literal(node.as_string(), indent);
  }
  if (node.is_string() && !is_plain(node.as_string())) {
    print_quoted(node.as_string(), out_);
  } else if (node.is_string()) {
    out_ += node.as_string();
  } else {
    print_json(node, out_);
  }
  out_ += '\n';
}

void Printer::value(const Node& node, std::size_t indent, bool in_list) {
  if (node.size() == 0 || (!node.is_list() && !node.is_map())) {
    out_ += ' ';
    return scalar(node, indent + 2);
  }
  if (in_list) {  // The first line goes on behind the dash.
    out_.append(layout_.dash - 1, ' ');
    return block(node, indent + layout_.dash, true);
  }
  out_ += '\n';
  block(node, indent + (node.is_list() ? layout_.list_indent : layout_.step), false);
}

void Printer::block(const Node& node, std::size_t indent, bool on_dash) {
  auto start_line = [&] {
    if (!on_dash) {
      out_.append(indent, ' ');
    }
    on_dash = false;
  };
  for (const Member& member : node.members()) {
    start_line();
    const std::size_t start = out_.size();
    key(member.key.text());
    if (std::string_view(out_).substr(start).starts_with("? ")) {
      out_ += '\n';
      out_.append(indent, ' ');
    }
    out_ += ':';
    value(member.value, indent, false);
  }
  for (const Node& item : node.items()) {
    start_line();
    out_ += '-';
    value(item, indent, true);
  }
}

void print_flow(const Node& node, const FlowLayout& layout, std::string& out);

/// The members of a map or items of a list, between brackets; `print` appends one.
template <class Parts, class Print>
void print_parts(const Parts& parts, std::string_view brackets, const FlowLayout& layout,
                 std::string& out, Print&& print) {
  FlowLayout inner = layout;
  inner.indent += layout.step;
  bool is_first = true;
  out += brackets.front();
  for (const auto& part : parts) {
    if (!is_first) {
      out += layout.is_tall || layout.is_tight ? "," : ", ";
    }
    is_first = false;
    if (layout.is_tall) {
      out += '\n' + inner.indent;
    }
    print(part, inner);
  }
  if (layout.is_tall && !is_first) {
    out += '\n' + layout.indent;
  }
  out += brackets.back();
}

void print_flow(const Node& node, const FlowLayout& layout, std::string& out) {
  if (node.is_map()) {
    print_parts(node.members(), "{}", layout, out, [&](const Member& member, const auto& inner) {
      out += print_flow_key(member.key.text(), layout) + (layout.is_tight ? ":" : ": ");
      print_flow(member.value, inner, out);
    });
  } else if (node.is_list()) {
    print_parts(node.items(), "[]", layout, out,
                [&](const Node& item, const auto& inner) { print_flow(item, inner, out); });
  } else if (node.is_string()) {
    out += print_flow_key(node.as_string(), layout);
  } else {
    print_json(node, out);
  }
}

}  // namespace

bool has_unprintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (text[at] != '\n' && is_unprintable(text.substr(at, length))) {
      return true;
    }
    at += length;
  }
  return false;
}

std::string print_yaml_block(const Node& node, std::size_t indent, const YamlLayout& layout) {
  std::string out;
  Printer(out, layout).block(node, indent, true);
  return out;
}

std::string print_yaml_word(const Node& node) {
  if (node.is_string()) {
    return print_yaml_key(node.as_string());
  }
  return print_json(node);
}

std::string print_yaml_key(std::string_view name) {
  std::string out;
  if (is_plain(name)) {
    return std::string(name);
  }
  print_quoted(name, out);
  return out;
}

std::string print_flow(const Node& node, const FlowLayout& layout) {
  std::string out;
  print_flow(node, layout, out);
  return out;
}

std::string print_flow_key(std::string_view name, const FlowLayout& layout) {
  std::string out;
  if (layout.is_json) {
    print_json_string(name, out);
  } else if (is_plain(name) && name.find_first_of(",[]{}") == std::string_view::npos) {
    out = name;
  } else {
    print_quoted(name, out);
  }
  return out;
}

std::string print_yaml(const Node& node, std::uint32_t indent) {
  std::string out;
  Printer printer(out);
  if (node.size() == 0 || (!node.is_list() && !node.is_map())) {
    out.append(indent, ' ');
    printer.scalar(node, indent + 2);
  } else {
    printer.block(node, indent, false);
  }
  return out;
}

}  // namespace seaworthy::document
