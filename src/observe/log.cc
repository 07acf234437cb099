// A line is built in one string and given to the sink as a whole. No library: the format is JSON,
// which document prints, and a time.
#include "seaworthy/observe/log.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

namespace seaworthy::observe {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};

/// RFC 3339 in UTC with milliseconds.
void append_time(std::string& out, std::chrono::system_clock::time_point time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(ms);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(ms - day);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                 clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                 clock.subseconds().count());
}

void append_text(std::string& out, std::string_view text) {
  constexpr std::string_view kEllipsis = "…";
  if (text.size() <= limits::kLogValueBytesMax) {
    document::print_json_string(to_valid_utf8(text), out);
    return;
  }
  std::size_t end = limits::kLogValueBytesMax - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;  // Not within a code point.
  }
  document::print_json_string(to_valid_utf8(text.substr(0, end)).append(kEllipsis), out);
}

struct AppendValue {
  void operator()(std::string_view text) const { append_text(out, text); }

  void operator()(bool truth) const { out += truth ? "true" : "false"; }

  void operator()(double number) const {
    if (!std::isfinite(number)) {
      out += "null";  // JSON has no word for it.
      return;
    }
    append_number(number);
  }

  void operator()(std::int64_t number) const { append_number(number); }

  void operator()(std::uint64_t number) const { append_number(number); }

  void append_number(auto number) const {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
  }

  std::string& out;
};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames.at(i) == name) {
      return static_cast<LogLevel>(i);
    }
  }
  return std::nullopt;
}

void Log::write(LogLevel level, std::string_view message, LogFields fields) {
  if (!writes(level)) {
    return;
  }
  std::string line = "{\"time\":\"";
  append_time(line, clock_.now());
  line += "\",\"level\":\"";
  line += kLevelNames.at(static_cast<std::size_t>(level));
  line += "\",\"message\":";
  append_text(line, message);
  for (const LogField& field : fields) {
    line += ',';
    append_text(line, field.name);
    line += ':';
    std::visit(AppendValue{line}, field.value);
  }
  line += "}\n";
  sink_.write(line);
}

}  // namespace seaworthy::observe
