#include "document/source_scanner.h"

#include <algorithm>
#include <iterator>

namespace seaworthy::document {
namespace {

bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

bool is_space(char byte) { return is_blank(byte) || byte == '\n' || byte == '\r' || byte == '\0'; }

bool is_flow_mark(char byte) {
  return std::string_view(",[]{}").find(byte) != std::string_view::npos;
}

}  // namespace

SourceScanner::SourceScanner(std::string_view bytes) : bytes_(bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    line_breaks_.push_back(at);
  }
}

std::vector<std::size_t>::const_iterator SourceScanner::break_at(std::size_t offset) const {
  return std::ranges::lower_bound(line_breaks_, offset);
}

std::size_t SourceScanner::line_start(std::size_t offset) const {
  if (offset == 0) {
    return 0;
  }
  const auto next = break_at(offset);
  if (next != line_breaks_.begin()) {
    return *std::prev(next) + 1;
  }
  return bytes_.starts_with("\xEF\xBB\xBF") ? std::min<std::size_t>(3, offset) : 0;
}

std::size_t SourceScanner::line_end(std::size_t offset) const {
  const auto next = break_at(offset);
  const std::size_t found = next == line_breaks_.end() ? bytes_.size() : *next;
  return found < bytes_.size() && found > offset && bytes_[found - 1] == '\r' ? found - 1 : found;
}

std::size_t SourceScanner::next_line(std::size_t offset) const {
  const auto next = break_at(offset);
  return next == line_breaks_.end() ? bytes_.size() : *next + 1;
}

bool SourceScanner::is_first_on_line(std::size_t offset) const {
  return skip_blanks(line_start(offset)) >= offset;
}

std::size_t SourceScanner::skip_blanks(std::size_t offset) const {
  while (is_blank(at(offset))) {
    ++offset;
  }
  return offset;
}

std::size_t SourceScanner::skip_space(std::size_t offset) const {
  while (offset < bytes_.size()) {
    if (is_space(bytes_[offset])) {
      ++offset;
    } else if (bytes_[offset] == '#' && (offset == 0 || is_space(bytes_[offset - 1]))) {
      offset = line_end(offset);
    } else {
      break;
    }
  }
  return offset;
}

std::size_t SourceScanner::quote_end(std::size_t offset) const {
  const char quote = at(offset);
  for (std::size_t to = offset + 1; to < bytes_.size(); ++to) {
    if (bytes_[to] == '\\' && quote == '"') {
      ++to;
    } else if (bytes_[to] == quote) {
      if (quote == '"' || at(to + 1) != '\'') {
        return to + 1;
      }
      ++to;
    }
  }
  return bytes_.size();
}

std::size_t SourceScanner::flow_end(std::size_t offset) const {
  std::size_t depth = 0;
  while (offset < bytes_.size()) {
    const char byte = bytes_[offset];
    if (byte == '{' || byte == '[') {
      ++depth;
    } else if (byte == '}' || byte == ']') {
      if (--depth == 0) {
        return offset + 1;
      }
    } else if (byte == '"' || byte == '\'') {
      offset = quote_end(offset);
      continue;
    } else if (byte == '#' && is_space(at(offset - 1))) {
      offset = line_end(offset);
      continue;
    } else if (!is_space(byte) && byte != ',' && byte != ':') {
      offset = std::max(plain_line_end(offset, true), offset + 1);
      continue;
    }
    ++offset;
  }
  return bytes_.size();
}

/// Behind what of a plain scalar stands on this line.
std::size_t SourceScanner::plain_line_end(std::size_t offset, bool in_flow) const {
  std::size_t end = offset;
  for (std::size_t to = offset; to < bytes_.size() && bytes_[to] != '\n'; ++to) {
    const char byte = bytes_[to];
    if (byte == ':' && (is_space(at(to + 1)) || (in_flow && is_flow_mark(at(to + 1))))) {
      break;
    }
    if ((byte == '#' && to > offset && is_blank(bytes_[to - 1])) ||
        (in_flow && is_flow_mark(byte))) {
      break;
    }
    if (!is_space(byte)) {
      end = to + 1;
    }
  }
  return end;
}

std::size_t SourceScanner::plain_end(std::size_t offset, bool in_flow, std::size_t outer) const {
  std::size_t end = plain_line_end(offset, in_flow);
  for (;;) {
    if (skip_blanks(end) < line_end(end)) {
      return end;  // a comment, a ':' or a flow mark ends it
    }
    std::size_t next = next_line(end);
    while (next < bytes_.size() && skip_blanks(next) == line_end(next) && next_line(next) > next) {
      next = next_line(next);
    }
    const std::size_t text = skip_blanks(next);
    if (text >= bytes_.size() || bytes_[text] == '#' || (!in_flow && text - next <= outer) ||
        (in_flow && is_flow_mark(bytes_[text])) || (in_flow && bytes_[text] == ':')) {
      return end;
    }
    end = plain_line_end(text, in_flow);
  }
}

std::size_t SourceScanner::block_end(std::size_t offset, std::size_t outer) const {
  const std::size_t header_end = line_end(offset);
  const bool keeps =
      bytes_.substr(offset, std::min<std::size_t>(3, header_end - offset)).find('+') !=
      std::string_view::npos;
  std::size_t end = header_end;
  for (std::size_t line = next_line(offset); line < bytes_.size(); line = next_line(line)) {
    const std::size_t text = skip_blanks(line);
    if (text == line_end(line)) {
      end = keeps ? line_end(line) : end;
      continue;
    }
    if (text - line <= outer) {
      break;
    }
    end = line_end(line);
  }
  return end;
}

std::size_t SourceScanner::scalar_end(std::size_t offset, bool in_flow, std::size_t outer) const {
  switch (at(offset)) {
    case '"':
    case '\'':
      return quote_end(offset);
    case '|':
    case '>':
      return in_flow ? plain_end(offset, in_flow, outer) : block_end(offset, outer);
    case '*':
      return plain_line_end(offset, in_flow);
    default:
      return plain_end(offset, in_flow, outer);
  }
}

}  // namespace seaworthy::document
