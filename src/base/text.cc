#include "seaworthy/base/text.h"

#include <algorithm>
#include <array>

#include "base/edit_distance.h"

namespace seaworthy {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes of the valid sequence at `at`, or 0.
std::size_t valid_length(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(at + i < text.size() ? text[at + i] : 0);
  };
  auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return at + i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return continues(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(1, valid_length(text, at));
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = valid_length(text, at);
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = valid_length(text, at);
    out += length == 0 ? kReplacement : text.substr(at, length);
    at += std::max<std::size_t>(1, length);
  }
  return out;
}

std::size_t code_point_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += utf8_length(text, at)) {
    ++count;
  }
  return count;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  auto put = [&](std::uint32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    out += kReplacement;
  } else if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string one_line(std::string_view text, std::size_t code_points_max) {
  const auto printable = [](char byte) { return byte >= 0x20 && byte < 0x7F; };
  if (text.size() <= code_points_max && std::ranges::all_of(text, printable)) {
    return std::string(text);  // nearly always
  }
  std::string out;
  std::size_t count = 0;
  std::size_t last_kept = 0;  // where the text ends if the ellipsis has to fit
  for (std::size_t at = 0; at < text.size();) {
    if (count == code_points_max) {
      out.resize(last_kept);
      return out + "…";
    }
    const std::size_t length = valid_length(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are control characters too.
    const bool control =
        first < 0x20 || first == 0x7F ||
        (length == 2 && first == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (count + 1 == code_points_max) {
      last_kept = out.size();
    }
    if (length == 0) {
      out += kReplacement;
    } else if (control) {
      out += ' ';
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(1, length);
    ++count;
  }
  return out;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const std::size_t limit = std::clamp<std::size_t>(word.size() / 2, 1, 3);
  std::string_view best;
  std::size_t best_distance = limit + 1;
  for (auto candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate, limit);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != parts.data()) {
      out += separator;
    }
    out += part;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  // Greedy with one point of return (the last `*`): linear in practice, quadratic at worst, never
  // exponential.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

bool globs_overlap(std::string_view first, std::string_view second) {
  // row[j]: what is left of `first` and the end of `second` from j on have a text in common.
  std::vector<bool> below(second.size() + 1);
  std::vector<bool> row(second.size() + 1);
  for (std::size_t i = first.size() + 1; i-- > 0;) {
    for (std::size_t j = second.size() + 1; j-- > 0;) {
      const bool more_first = i < first.size();
      const bool more_second = j < second.size();
      bool overlap = !more_first && !more_second;
      if (more_first && first[i] == '*') {
        overlap = below[j] || (more_second && row[j + 1]);
      } else if (more_second && second[j] == '*') {
        overlap = row[j + 1] || (more_first && below[j]);
      } else if (more_first && more_second) {
        const bool same = first[i] == second[j] || first[i] == '?' || second[j] == '?';
        overlap = same && below[j + 1];
      }
      row[j] = overlap;
    }
    std::swap(row, below);
  }
  return below.front();
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace seaworthy
