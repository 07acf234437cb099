// Places are kept as byte offsets of where values and keys begin. What else is asked about a
// scalar, where its content stands and how it maps to the file, is read off the text again when it
// is asked, which is seldom.
#include "seaworthy/document/source.h"

#include <algorithm>

#include "document/source_builder.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

bool is_block(char style) { return style == '|' || style == '>'; }

/// What a scalar's first byte says about how the rest is written; plain ones answer 0.
char style_at(std::string_view bytes, std::size_t offset) {
  const char first = offset < bytes.size() ? bytes[offset] : '\0';
  return first == '"' || first == '\'' || is_block(first) ? first : '\0';
}

struct Block {
  std::size_t offset = 0;  // where the first line of its content begins, indent included
  std::uint32_t indent = 0;
};

/// The content of a block scalar whose `|` or `>` stands at `offset`. The indent is what the first
/// line that is not blank has more in the file than in the content, which holds for an explicit
/// indent as well.
Block block_at(std::string_view bytes, std::size_t offset, std::string_view content) {
  auto lead_of_first_line = [](std::string_view text) {
    std::size_t lead = 0;
    for (const char byte : text) {
      if (byte == ' ') {
        ++lead;
      } else if (byte == '\n') {
        lead = 0;
      } else if (byte != '\r') {
        break;
      }
    }
    return lead;
  };
  Block block;
  block.offset = std::min(bytes.find('\n', offset), bytes.size() - 1) + 1;
  const std::size_t outer = lead_of_first_line(bytes.substr(block.offset));
  const std::size_t inner = lead_of_first_line(content);
  block.indent = static_cast<std::uint32_t>(outer > inner ? outer - inner : 0);
  return block;
}

/// Bytes of the escape of a double-quoted scalar or of JSON at `offset`; a pair of surrogates is
/// one.
std::size_t escape_length(std::string_view bytes, std::size_t offset) {
  const char letter = offset + 1 < bytes.size() ? bytes[offset + 1] : '\0';
  switch (letter) {
    case 'x':
      return 4;
    case 'U':
      return 10;
    case 'u': {
      const bool leads =
          offset + 3 < bytes.size() && (bytes[offset + 2] | 0x20) == 'd' &&
          std::string_view("89abAB").find(bytes[offset + 3]) != std::string_view::npos;
      return leads && bytes.substr(std::min(offset + 6, bytes.size())).starts_with("\\u") ? 12 : 6;
    }
    default:
      return 2;
  }
}

/// Walks content and file side by side up to the content's byte `wanted`. Nothing where they do not
/// run along.
std::optional<std::size_t> align(std::string_view bytes, std::size_t at, std::string_view content,
                                 std::size_t wanted, char style) {
  std::size_t done = 0;
  const auto goes_on = [&] {  // a double-quoted line that ends in a backslash
    return style == '"' &&
           (bytes.substr(at).starts_with("\\\n") || bytes.substr(at).starts_with("\\\r"));
  };
  auto skip_space = [&](std::string_view text, std::size_t from) {
    return std::min(text.find_first_not_of(" \t\r\n", from), text.size());
  };
  while (done < wanted) {
    if (at >= bytes.size()) {
      return std::nullopt;
    }
    if (goes_on()) {
      at = skip_space(bytes, at + 1);
      continue;
    }
    if (style == '"' && bytes[at] == '\\') {
      const std::size_t length = utf8_length(content, done);
      if (done + length > wanted) {
        return at;
      }
      done += length;
      at += escape_length(bytes, at);
      continue;
    }
    if (style == '\'' && bytes.substr(at).starts_with("''")) {
      ++done;
      at += 2;
      continue;
    }
    const std::size_t line_end = std::min(bytes.find_first_not_of(" \t", at), bytes.size());
    if (line_end < bytes.size() &&
        (bytes[line_end] == '\n' || bytes[line_end] == '\r')) {  // folded
      const std::size_t run = skip_space(content, done);
      if (run == done) {
        return std::nullopt;
      }
      if (wanted < run) {
        return at;
      }
      done = run;
      at = skip_space(bytes, line_end);
      continue;
    }
    if (bytes[at] != content[done]) {
      return std::nullopt;
    }
    ++at;
    ++done;
  }
  return at < bytes.size() && goes_on() ? skip_space(bytes, at + 1) : at;
}

}  // namespace

std::optional<std::size_t> SourceDocument::offset_of(const Node& node) const {
  const auto found =
      std::ranges::lower_bound(values_, &node, {}, &std::pair<const Node*, std::uint32_t>::first);
  if (found == values_.end() || found->first != &node) {
    return std::nullopt;
  }
  return found->second;
}

SourcePosition SourceDocument::position_of(const Node& node) const {
  const auto offset = offset_of(node);
  return offset ? text_->position(*offset) : SourcePosition{};
}

std::optional<std::size_t> SourceDocument::offset_of(const Member& member) const {
  const auto found =
      std::ranges::lower_bound(keys_, &member, {}, &std::pair<const Member*, std::uint32_t>::first);
  if (found == keys_.end() || found->first != &member) {
    return std::nullopt;
  }
  return found->second;
}

SourcePosition SourceDocument::position_of(const Member& member) const {
  const auto offset = offset_of(member);
  return offset ? text_->position(*offset) : SourcePosition{};
}

SourcePosition SourceDocument::content_position_of(const Node& node) const {
  const auto offset = offset_of(node);
  if (!offset || node.is_list() || node.is_map()) {
    return {};
  }
  if (!node.is_string()) {
    return text_->position(*offset);
  }
  const std::string_view content = node.as_string();
  const char style = style_at(text_->bytes, *offset);
  if (is_block(style)) {
    const Block block = block_at(text_->bytes, *offset, content);
    const auto first_line =
        text_->bytes.substr(std::min(block.offset + block.indent, text_->bytes.size()));
    if (style == '>' &&
        !first_line.starts_with(content.substr(0, content.find_last_not_of('\n') + 1))) {
      return {};
    }
    return {text_->position(block.offset).line, block.indent + 1};
  }
  const std::size_t start = *offset + (style == '\0' ? 0 : 1);
  return text_->bytes.substr(start).starts_with(content) ? text_->position(start)
                                                         : SourcePosition{};
}

std::uint32_t SourceDocument::content_indent_of(const Node& node) const {
  const auto offset = offset_of(node);
  if (!offset || !node.is_string() || !is_block(style_at(text_->bytes, *offset))) {
    return 0;
  }
  return block_at(text_->bytes, *offset, node.as_string()).indent;
}

SourcePosition SourceDocument::position_in(const Node& node, std::size_t offset) const {
  const auto start = offset_of(node);
  if (!start) {
    return {};
  }
  if (!node.is_string() || offset > node.size()) {
    return text_->position(*start);
  }
  const std::string_view content = node.as_string();
  const char style = style_at(text_->bytes, *start);
  if (style == '|') {
    const Block block = block_at(text_->bytes, *start, content);
    const SourcePosition inside = seaworthy::position_of(content, offset);
    return {text_->position(block.offset).line + inside.line - 1, block.indent + inside.column};
  }
  std::size_t from = *start + (style == '\0' ? 0 : 1);
  if (style == '>') {
    const Block block = block_at(text_->bytes, *start, content);
    from = std::min(block.offset + (content.starts_with('\n') ? 0 : block.indent),
                    text_->bytes.size());
  }
  return text_->position(align(text_->bytes, from, content, offset, style).value_or(*start));
}

SourcePosition SourceDocument::position_of_path(std::string_view path) const {
  const auto parsed = Path::parse(path);
  return position_of_path(parsed ? *parsed : Path());
}

SourcePosition SourceDocument::position_of_path(const Path& path) const {
  const Node* node = root_;
  auto reached = offset_of(*root_);  // a place is reckoned once, at the end
  for (const PathStep& step : path.steps()) {
    const auto* index = std::get_if<std::size_t>(&step);
    if (node->is_list() && index != nullptr) {
      if (*index >= node->size()) {
        break;
      }
      node = &node->items()[*index];
      reached = offset_of(*node);
      continue;
    }
    const std::string name =
        index == nullptr ? std::get<std::string>(step) : std::to_string(*index);
    const auto member = std::ranges::find(node->members(), Key(name), &Member::key);
    if (member == node->members().end()) {
      break;
    }
    node = &member->value;
    reached = offset_of(*member);
  }
  return reached ? text_->position(*reached) : SourcePosition{};
}

Diagnostic SourceDocument::error_at(SourcePosition position, std::string message) const {
  const bool known = position.line > 0 && position.line <= text_->line_starts.size();
  Diagnostic diagnostic =
      text_->error(known ? text_->line_starts[position.line - 1] : 0, std::move(message));
  if (!known) {
    diagnostic.source_line.clear();
  }
  diagnostic.position = known ? position : SourcePosition{};
  return diagnostic;
}

}  // namespace seaworthy::document
