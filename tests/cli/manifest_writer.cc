#include "manifest_writer.h"

#include <algorithm>

#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

namespace seaworthy::testing {
namespace {

using document::Member;
using document::Node;

bool is_simple(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text,
                             [](char byte) {
                               return (byte >= 'a' && byte <= 'z') || byte == '/' || byte == '-' ||
                                      byte == '.';
                             }) &&
         text.front() >= 'a' && text != "yes" && text != "true" && text != "on" && text != "no";
}

/// Values inside it.
std::size_t weight(const Node& node) {
  std::size_t sum = 1;
  for (const Member& member : node.members()) {
    sum += weight(member.value);
  }
  for (const Node& item : node.items()) {
    sum += weight(item);
  }
  return sum;
}

}  // namespace

ManifestWriter::ManifestWriter(unsigned seed)
    : random_(seed), step_(chance(80) ? 2 : 4), list_indent_(chance(50) ? 0 : step_) {}

bool ManifestWriter::chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

void ManifestWriter::remark(std::size_t indent) {
  if (chance(8)) {
    out_ += "\n";
  }
  if (chance(20)) {
    // Some are further in than what follows.
    // Behind a text in lines of its own that would be a line of it.
    out_ += std::string(indent + (chance(20) && !is_behind_text_ ? step_ : 0), ' ') + "# note " +
            std::to_string(++notes_) + "\n";
  }
}

void ManifestWriter::end_line() {
  is_behind_text_ = false;
  if (chance(15)) {
    out_ += std::string(1 + random_() % 4, ' ') + "# note " + std::to_string(++notes_);
  }
  out_ += '\n';
}

void ManifestWriter::word(const Node& node, bool in_flow) {
  if (!node.is_string()) {
    document::print_json(node, out_);
    return;
  }
  const auto text = node.as_string();
  const auto kind = random_() % 3;
  if (kind == 0 && is_simple(text)) {
    out_ += text;
  } else if (kind == 1 || (in_flow && kind == 0) || text.find('\n') != std::string_view::npos) {
    document::print_json_string(text, out_);
  } else {
    out_ += '\'';
    for (const char byte : text) {
      out_ += byte == '\'' ? "''" : std::string(1, byte);
    }
    out_ += '\'';
  }
}

void ManifestWriter::flow(const Node& node, bool is_tall, std::size_t indent) {
  if (!node.is_map() && !node.is_list()) {
    return word(node, true);
  }
  const std::string gap = is_tall ? "\n" + std::string(indent, ' ') : "";
  const bool is_padded = !is_tall && chance(30);
  bool is_first = true;
  auto separate = [&] {
    out_ += is_first ? "" : is_tall ? "," : ", ";
    out_ += is_first && is_padded ? " " : gap;
    is_first = false;
  };
  out_ += node.is_map() ? '{' : '[';
  for (const Member& member : node.members()) {
    separate();
    word(Node::string(member.key.text()), true);
    out_ += ": ";
    flow(member.value, false, indent);
  }
  for (const Node& item : node.items()) {
    separate();
    flow(item, false, indent);
  }
  if (is_tall && chance(30)) {
    out_ += ',';
  }
  out_ += is_tall ? "\n" + std::string(indent - step_, ' ') : is_padded && !is_first ? " " : "";
  out_ += node.is_map() ? '}' : ']';
}

void ManifestWriter::value(const Node& node, std::size_t indent, bool in_list) {
  const bool has_parts = node.size() > 0 && (node.is_map() || node.is_list());
  if (!has_parts) {
    out_ += ' ';
    const auto text = node.as_string();
    if (text.find('\n') != std::string_view::npos) {
      out_ += '|';
      end_line();
      for (const auto line : split(text.substr(0, text.size() - 1), '\n')) {
        out_ += line.empty() ? "\n" : std::string(indent + step_, ' ') + std::string(line) + '\n';
      }
      is_behind_text_ = true;
      return;
    }
    if (node.is_map() || node.is_list()) {
      out_ += node.is_map() ? "{}" : "[]";
    } else {
      word(node, false);
    }
    return end_line();
  }
  if (weight(node) < 8 && chance(25)) {
    out_ += ' ';
    flow(node, chance(25), indent + step_);
    return end_line();
  }
  if (in_list) {
    out_ += std::string(step_ == 4 && node.is_map() ? 3 : 1, ' ');
    return block(node, indent + (step_ == 4 && node.is_map() ? 4 : 2), true);
  }
  end_line();
  block(node, indent + (node.is_list() ? list_indent_ : step_), false);
}

void ManifestWriter::block(const Node& node, std::size_t indent, bool on_dash) {
  std::vector<Member> members(node.members().begin(), node.members().end());
  if (chance(50)) {
    std::ranges::shuffle(members, random_);
  }
  auto start_line = [&] {
    if (!on_dash) {
      remark(indent);
      out_ += std::string(indent, ' ');
    }
    on_dash = false;
  };
  for (const Member& member : members) {
    start_line();
    const bool is_quoted = !is_simple(member.key.text()) && chance(30);
    out_ += is_quoted ? '"' + std::string(member.key.text()) + '"' : std::string(member.key.text());
    out_ += ':';
    value(member.value, indent, false);
  }
  for (const Node& item : node.items()) {
    start_line();
    out_ += '-';
    value(item, indent, true);
  }
}

std::string ManifestWriter::write(const Node& root) {
  out_.clear();
  block(root, 0, false);
  return out_;
}

}  // namespace seaworthy::testing
