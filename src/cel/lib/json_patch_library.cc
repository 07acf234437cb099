// jsonpatch.escapeKey (k8s.io/apiserver pkg/cel/library/jsonpatch.go).

#include <string>

#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

/// A key as one step of a JSON pointer: `~` is `~0`, `/` is `~1`.
Value escape_key(Arguments arguments, Evaluation& evaluation) {
  std::string escaped;
  for (const char c : arguments[0].as_text()) {
    if (c == '/') {
      escaped += "~1";
    } else if (c == '~') {
      escaped += "~0";
    } else {
      escaped += c;
    }
  }
  return Value::string(evaluation.arena().copy(escaped));
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", "(string) -> string", escape_key,
     costs::first_tenth},
};

}  // namespace

Library json_patch_library() { return {"kubernetes.jsonpatch", kRows}; }

}  // namespace seaworthy::cel
