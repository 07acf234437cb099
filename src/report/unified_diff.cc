// The edits say where the lines differ, so that nothing needs to be searched for: edits in the same
// or in neighbouring lines make one change, of which equal lines at both ends are taken away, and
// changes that are near each other make one hunk.
#include "seaworthy/report/unified_diff.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "seaworthy/base/text.h"

namespace seaworthy::report {
namespace {

constexpr std::size_t kContext = 3;

/// Lines with their line breaks.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    lines.push_back(text.substr(start, end - start));
    start = end;
  }
  return lines;
}

/// Lines from `first` on, `count` of them, become others.
struct Change {
  std::size_t first = 0;
  std::size_t count = 0;
  std::vector<std::string_view> lines;
};

class Differ {
 public:
  Differ(std::string_view before, std::span<const document::TextEdit> edits)
      : before_(before), lines_(lines_of(before)) {
    starts_.reserve(lines_.size() + 1);
    std::size_t start = 0;
    for (const auto line : lines_) {
      starts_.push_back(start);
      start += line.size();
    }
    starts_.push_back(start);
    texts_.reserve(edits.size());
    for (std::size_t at = 0; at < edits.size();) {
      at = add_change(edits, at);
    }
  }

  std::string print(std::string_view name) const;

 private:
  std::size_t add_change(std::span<const document::TextEdit> edits, std::size_t at);
  void print_hunk(std::size_t from, std::size_t to, std::ptrdiff_t& shift, std::string& out) const;

  /// The line that `offset` is in; behind the last where the text ends before it.
  [[nodiscard]] std::size_t line_at(std::size_t offset) const {
    const auto next = std::ranges::upper_bound(starts_, offset) - starts_.begin();
    return static_cast<std::size_t>(next) - 1;
  }

  /// The lines that an edit concerns: first and behind the last.
  [[nodiscard]] std::pair<std::size_t, std::size_t> span_of(const document::TextEdit& edit) const {
    const std::size_t first = line_at(edit.at);
    const std::size_t end = edit.at + edit.length;
    const std::size_t last = line_at(end);
    const bool is_whole = starts_[first] == edit.at && starts_[last] == end &&
                          (edit.text.empty() || edit.text.ends_with('\n')) &&
                          (edit.at < before_.size() || before_.ends_with('\n'));
    if (is_whole) {
      return {first, last};
    }
    // At the end of a text without a line break its last line is meant.
    const std::size_t from = first == lines_.size() && first > 0 ? first - 1 : first;
    return {from, std::min(last + 1, lines_.size())};
  }

  std::string_view before_;
  std::vector<std::string_view> lines_;
  std::vector<std::size_t> starts_;  // of lines; the last is the text's end
  std::vector<std::string> texts_;   // of changes; never grows beyond what was reserved
  std::vector<Change> changes_;
};

std::size_t Differ::add_change(std::span<const document::TextEdit> edits, std::size_t at) {
  auto [first, last] = span_of(edits[at]);
  std::size_t end = at + 1;
  for (; end < edits.size(); ++end) {
    const auto [next_first, next_last] = span_of(edits[end]);
    if (next_first > last) {
      break;
    }
    last = std::max(last, next_last);
  }
  std::string& text = texts_.emplace_back();
  std::size_t done = starts_[first];
  for (; at < end; ++at) {
    text += before_.substr(done, edits[at].at - done);
    text += edits[at].text;
    done = edits[at].at + edits[at].length;
  }
  text += before_.substr(done, starts_[last] - done);
  Change change{.first = first, .count = last - first, .lines = lines_of(text)};
  auto& lines = change.lines;
  std::size_t same = 0;
  while (same < std::min(change.count, lines.size()) && lines_[first + same] == lines[same]) {
    ++same;
  }
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(same));
  change.first += same;
  change.count -= same;
  while (change.count > 0 && !lines.empty() &&
         lines_[change.first + change.count - 1] == lines.back()) {
    lines.pop_back();
    --change.count;
  }
  if (change.count > 0 || !lines.empty()) {
    changes_.push_back(std::move(change));
  }
  return end;
}

void print_line(char mark, std::string_view line, std::string& out) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) {
    out += "\n\\ No newline at end of file\n";
  }
}

/// "4,7", "4" of one line, "3,0" of none behind line 3.
std::string range_text(std::size_t first, std::size_t count) {
  if (count == 1) {
    return std::to_string(first + 1);
  }
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

void Differ::print_hunk(std::size_t from, std::size_t to, std::ptrdiff_t& shift,
                        std::string& out) const {
  const Change& head = changes_[from];
  const Change& tail = changes_[to - 1];
  const std::size_t first = head.first - std::min(head.first, kContext);
  const std::size_t last = std::min(tail.first + tail.count + kContext, lines_.size());
  std::ptrdiff_t grown = 0;
  std::string body;
  std::size_t line = first;
  for (std::size_t at = from; at < to; ++at) {
    const Change& change = changes_[at];
    for (; line < change.first; ++line) {
      print_line(' ', lines_[line], body);
    }
    for (; line < change.first + change.count; ++line) {
      print_line('-', lines_[line], body);
    }
    for (const auto added : change.lines) {
      print_line('+', added, body);
    }
    grown += std::ssize(change.lines) - static_cast<std::ptrdiff_t>(change.count);
  }
  for (; line < last; ++line) {
    print_line(' ', lines_[line], body);
  }
  const auto count = static_cast<std::ptrdiff_t>(last - first);
  out +=
      fmt::format("@@ -{} +{} @@\n{}", range_text(first, last - first),
                  range_text(static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first) + shift),
                             static_cast<std::size_t>(count + grown)),
                  body);
  shift += grown;
}

std::string Differ::print(std::string_view name) const {
  if (changes_.empty()) {
    return "";
  }
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", name);
  std::ptrdiff_t shift = 0;
  for (std::size_t from = 0; from < changes_.size();) {
    std::size_t to = from + 1;
    while (to < changes_.size() &&
           changes_[to].first <= changes_[to - 1].first + changes_[to - 1].count + 2 * kContext) {
      ++to;
    }
    print_hunk(from, to, shift, out);
    from = to;
  }
  return out;
}

}  // namespace

std::string unified_diff(std::string_view before, std::span<const document::TextEdit> edits,
                         std::string_view name) {
  const std::string path =
      one_line(std::filesystem::path(name).lexically_normal().string(), std::string_view::npos);
  return Differ(before, edits).print(path.starts_with('/') ? path.substr(1) : path);
}

}  // namespace seaworthy::report
