#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// What became of a part of an expression, and of the parts in it.
struct Explanation {
  enum class Kind : std::uint8_t {
    kValue,         ///< `source` has `value`, which may be an error.
    kNotEvaluated,  ///< `source` was not needed: `value` is kUnset.
    kElement,  ///< A macro's variable `source` is bound to `value`; the parts are evaluated with
               ///< it. A second variable is a kElement before them.
    kLeftOut,  ///< `left_out` more elements, or parts, that are not shown.
  };

  Kind kind = Kind::kValue;
  std::string source;
  Value value;
  std::uint64_t left_out = 0;
  std::vector<Explanation> parts;
};

/// An explanation and what its values point to besides the arena.
struct ExplainedExpression {
  Explanation root;
  std::vector<std::shared_ptr<const Program>> programs;
};

/// Evaluates an expression's parts one by one, for its author: attributes (`object.spec.x`) as a
/// whole, literals not at all. `expression` must compile in `environment`; `slots` are that
/// environment's values, and those that are kUnset are asked of `lazy`. Slow: each part is
/// evaluated on its own, with limits::kExpressionCostMax each and limits::kPolicyCostMax in all.
/// Bounds: limits::kExplainedElementsMax of a macro (and the one that decides),
/// limits::kExplainedPartsMax.
ExplainedExpression explain(const Environment& environment, std::string_view expression,
                            std::span<const Value> slots, LazySlots* lazy, Arena& arena);

/// `value` as CEL that evaluates to it: strings quoted, 1u, 1.0, b"…", duration("1s"),
/// optional.of(1), quantity("1Gi"), Object{a: 1}; what has no such form as its type in angle
/// brackets.
std::string to_source(const Value& value);

}  // namespace seaworthy::cel
