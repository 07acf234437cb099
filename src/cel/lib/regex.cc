#include "cel/lib/regex.h"

#include <limits>
#include <string>

#include "cel/lib/costs.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value illegal(const Error& error, Evaluation& evaluation) {
  return evaluation.error("Illegal regex: " + error.message);
}

Value find(Arguments arguments, Evaluation& evaluation) {
  const PatternCache::Entry pattern = pattern_of(arguments[1].as_text(), evaluation);
  return *pattern ? find_by_pattern(**pattern, arguments, evaluation)
                  : illegal(pattern->error(), evaluation);
}

Value find_all(Arguments arguments, Evaluation& evaluation) {
  const PatternCache::Entry pattern = pattern_of(arguments[1].as_text(), evaluation);
  return *pattern ? find_all_by_pattern(**pattern, arguments, evaluation)
                  : illegal(pattern->error(), evaluation);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"find", "string_find_string", "string.(string) -> string", find, costs::regex},
    {"findAll", "string_find_all_string", "string.(string) -> list(string)", find_all,
     costs::regex},
    {"findAll", "string_find_all_string_int", "string.(string, int) -> list(string)", find_all,
     costs::regex},
};

}  // namespace

PatternCache::Entry pattern_of(std::string_view expression, Evaluation& evaluation) {
  PatternCache* const kept = evaluation.patterns();
  return kept != nullptr ? kept->get(expression)
                         : std::make_shared<const Result<Pattern>>(Pattern::compile(expression));
}

Library regex_library() { return {"kubernetes.regex", kRows}; }

Value find_by_pattern(const Pattern& pattern, Arguments arguments, Evaluation& evaluation) {
  if (!arguments[0].is(ValueKind::kString)) {
    return evaluation.no_such_overload();
  }
  return Value::string(pattern.find(arguments[0].as_text()).value_or(std::string_view()));
}

Value find_all_by_pattern(const Pattern& pattern, Arguments arguments, Evaluation& evaluation) {
  if (!arguments[0].is(ValueKind::kString)) {
    return evaluation.no_such_overload();
  }
  std::size_t most = std::numeric_limits<std::size_t>::max();
  if (arguments.size() > 2) {
    if (!arguments[2].is(ValueKind::kInt)) {
      return evaluation.no_such_overload();
    }
    if (arguments[2].as_int() >= 0) {
      most = static_cast<std::size_t>(arguments[2].as_int());
    }
  }
  const std::vector<std::string_view> found = pattern.find_all(arguments[0].as_text(), most);
  Value* items = evaluation.arena().allocate_array<Value>(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    new (&items[i]) Value(Value::string(found[i]));
  }
  return Value::string_list({items, found.size()});
}

}  // namespace seaworthy::cel
