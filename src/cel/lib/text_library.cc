// size, contains, startsWith, endsWith, matches (cel-go common/stdlib/standard.go). The evaluator
// has operations of its own for all but a `matches` whose pattern is not constant.

#include "cel/eval/operators.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "cel/lib/regex.h"

namespace seaworthy::cel {
namespace {

Value matches(std::span<const Value> arguments, Evaluation& evaluation) {
  if (!arguments[0].is(ValueKind::kString)) {
    if (!arguments[0].is(ValueKind::kDuration) && !arguments[0].is(ValueKind::kTimestamp)) {
      return evaluation.error("no such overload: matches");
    }
    return evaluation.no_such_overload();
  }
  if (!arguments[1].is(ValueKind::kString)) {
    return evaluation.no_such_overload();
  }
  const PatternCache::Entry pattern = pattern_of(arguments[1].as_text(), evaluation);
  if (!*pattern) {
    return evaluation.error(pattern->error().message);
  }
  return Value::boolean((*pattern)->found_in(arguments[0].as_text()));
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"size", "size_bytes", "(bytes) -> int"},
    {"size", "bytes_size", "bytes.() -> int"},
    {"size", "size_list", "(list(A)) -> int"},
    {"size", "list_size", "list(A).() -> int"},
    {"size", "size_map", "(map(A, B)) -> int"},
    {"size", "map_size", "map(A, B).() -> int"},
    {"size", "size_string", "(string) -> int"},
    {"size", "string_size", "string.() -> int"},
    {"contains", "contains_string", "string.(string) -> bool"},
    {"endsWith", "ends_with_string", "string.(string) -> bool"},
    {"startsWith", "starts_with_string", "string.(string) -> bool"},
    {"matches", "matches", "(string, string) -> bool", matches},
    {"matches", "matches_string", "string.(string) -> bool", matches, costs::regex},
};

}  // namespace

Library text_library() { return {"text", kRows}; }

}  // namespace seaworthy::cel
