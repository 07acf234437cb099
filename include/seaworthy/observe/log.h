#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "seaworthy/base/clock.h"

namespace seaworthy::observe {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

/// Of "debug", "info", "warn" and "error"; nothing for anything else.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view name);

/// One key and its value beside a message. Lifetime: texts are borrowed for the call.
struct LogField {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}

  LogField(std::string_view field_name, const char* text)
      : name(field_name), value(std::string_view(text)) {}

  LogField(std::string_view field_name, const std::string& text)
      : name(field_name), value(std::string_view(text)) {}

  LogField(std::string_view field_name, std::same_as<bool> auto truth)
      : name(field_name), value(truth) {}

  LogField(std::string_view field_name, std::floating_point auto number)
      : name(field_name), value(static_cast<double>(number)) {}

  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  LogField(std::string_view field_name, Integer number) : name(field_name), value(widen(number)) {}

  std::string_view name;
  Value value;

 private:
  template <class Integer>
  static Value widen(Integer number) {
    if constexpr (std::signed_integral<Integer>) {
      return std::int64_t{number};
    } else {
      return std::uint64_t{number};
    }
  }
};

using LogFields = std::initializer_list<LogField>;

/// Where lines go.
class LogSink {
 public:
  virtual ~LogSink() = default;
  /// `line` is one JSON object and its newline. Threads: any, at the same time.
  virtual void write(std::string_view line) = 0;
};

/// Writes `{"time":"2026-01-01T00:00:00.000Z","level":"info","message":"…", fields…}`, a line each.
/// Texts are made valid UTF-8 and cut at limits::kLogValueBytesMax. What is written must hold no
/// secret; that is the caller's to see to. Threads: any.
class Log {
 public:
  /// Lifetime: `sink` and `clock` outlive it.
  Log(LogSink& sink, const Clock& clock, LogLevel lowest)
      : sink_(sink), clock_(clock), lowest_(lowest) {}

  void debug(std::string_view message, LogFields fields = {}) {
    write(LogLevel::kDebug, message, fields);
  }

  void info(std::string_view message, LogFields fields = {}) {
    write(LogLevel::kInfo, message, fields);
  }

  void warn(std::string_view message, LogFields fields = {}) {
    write(LogLevel::kWarn, message, fields);
  }

  void error(std::string_view message, LogFields fields = {}) {
    write(LogLevel::kError, message, fields);
  }

  void write(LogLevel level, std::string_view message, LogFields fields);

  /// To spare the work for a line that would not be written.
  [[nodiscard]] bool writes(LogLevel level) const { return level >= lowest_; }

 private:
  LogSink& sink_;
  const Clock& clock_;
  LogLevel lowest_;
};

}  // namespace seaworthy::observe
