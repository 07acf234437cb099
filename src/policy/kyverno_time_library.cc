// time.* (libs/time). The time is the request's: nothing here looks at a clock, and within a
// request it stands still. While an expression is compiled there is none, so that no answer is
// computed ahead.
#include <array>
#include <chrono>
#include <string>

#include "policy/kyverno_libraries.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;
using cel::ValueKind;
using Arguments = std::span<const Value>;

constexpr std::int64_t kSecond = 1'000'000'000;

Value now(Arguments /*arguments*/, Evaluation& evaluation) {
  const Value* const time = kyverno_request_slot(evaluation, kKyvernoNowSlot);
  if (time == nullptr) {
    return evaluation.error("time.now: there is no request");
  }
  return time->is(ValueKind::kTimestamp) || time->is_error()
             ? *time
             : evaluation.error("time.now: the time is not known");
}

/// time.Truncate: a multiple of the duration since the year 1; at no duration the moment itself.
Value truncate(Arguments arguments, Evaluation& /*evaluation*/) {
  constexpr std::int64_t kYearOne = -62135596800;
  const Value& moment = arguments[0];
  const std::int64_t step = arguments[1].as_int();
  if (step <= 0) {
    return moment;
  }
  __extension__ using Wide = __int128;
  const Wide since =
      (Wide{moment.as_int()} - kYearOne) * kSecond + static_cast<Wide>(moment.nanoseconds());
  const Wide whole = since - since % step;
  return Value::timestamp(static_cast<std::int64_t>(whole / kSecond) + kYearOne,
                          static_cast<std::uint32_t>(whole % kSecond), moment.zone_minutes());
}

/// "minute hour day month weekday", Sunday being 0.
Value to_cron(Arguments arguments, Evaluation& evaluation) {
  using namespace std::chrono;
  const Value& moment = arguments[0];
  const sys_seconds at{seconds{moment.as_int() + std::int64_t{moment.zone_minutes()} * 60}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const std::string text = std::to_string(time.minutes().count()) + " " +
                           std::to_string(time.hours().count()) + " " +
                           std::to_string(static_cast<unsigned>(date.day())) + " " +
                           std::to_string(static_cast<unsigned>(date.month())) + " " +
                           std::to_string(weekday{day}.c_encoding());
  return Value::string(evaluation.arena().copy(text));
}

constexpr std::array kRows{
    FunctionRow{"time.now", "time_now", "() -> timestamp", now},
    FunctionRow{"time.truncate", "time_truncate", "(timestamp, duration) -> timestamp", truncate},
    FunctionRow{"time.toCron", "time_to_cron", "(timestamp) -> string", to_cron},
};

}  // namespace

cel::Library kyverno_time_functions() { return {"kyverno.time", kRows}; }

}  // namespace seaworthy::policy
