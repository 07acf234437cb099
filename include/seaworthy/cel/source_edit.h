#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/diagnostic.h"

namespace seaworthy::cel {

// Expressions changed by their tokens: what stands in a string or a comment is never touched. A
// text that is no expression is left as it is where it makes no sense.

/// `object.FIELD` is `object.TO` from now on, for every root that it is done for.
struct FieldMove {
  std::string_view field;  ///< One step: "spec".
  std::string_view to;     ///< Steps joined by dots: "spec.template.spec".
  std::string_view stays;  ///< Not where this is the step behind it; empty: always.
};

/// `roots`: names that are moved, where they begin a path or follow `request.`. The first move of a
/// field counts. Neither `root.?field` nor `root["field"]` is moved.
std::string move_fields(std::string_view expression, std::span<const std::string_view> roots,
                        std::span<const FieldMove> moves);

/// What each literal `Object{…}` writes is written at `path` instead ("spec.template"):
/// `Object{spec: Object.spec{template: Object.spec.template{…}}}`. `Object{}` stays.
std::string nest_objects(std::string_view expression, std::string_view path);

/// A call `root.member(…)`.
struct MemberCall {
  std::string_view root;
  std::string_view member;
  SourcePosition position;  ///< Of the root: 1-based, in code points.
};

/// All calls on one of the names, in their order. Lifetime: the expression's.
std::vector<MemberCall> calls_on(std::string_view expression,
                                 std::span<const std::string_view> roots);

}  // namespace seaworthy::cel
