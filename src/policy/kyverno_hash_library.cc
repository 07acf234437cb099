// hash.*: digests of strings, in hexadecimal (libs/hash).
#include <array>

#include "policy/digest.h"
#include "policy/kyverno_libraries.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;
using Arguments = std::span<const Value>;

template <std::string (*digest)(std::string_view)>
Value run(Arguments arguments, Evaluation& evaluation) {
  return Value::string(evaluation.arena().copy(digest(arguments[0].as_text())));
}

constexpr std::array kRows{
    FunctionRow{"md5", "md5_string_non_prefixed", "(string) -> string", run<md5_hex>,
                kyverno_text_cost},
    FunctionRow{"sha1", "sha1_string_non_prefixed", "(string) -> string", run<sha1_hex>,
                kyverno_text_cost},
    FunctionRow{"sha256", "sha256_string_non_prefixed", "(string) -> string", run<sha256_hex>,
                kyverno_text_cost},
    FunctionRow{"hash.md5", "md5_string_prefixed", "(string) -> string", run<md5_hex>,
                kyverno_text_cost},
    FunctionRow{"hash.sha1", "sha1_string_prefixed", "(string) -> string", run<sha1_hex>,
                kyverno_text_cost},
    FunctionRow{"hash.sha256", "sha256_string_prefixed", "(string) -> string", run<sha256_hex>,
                kyverno_text_cost},
};

}  // namespace

cel::Library kyverno_hash_functions() { return {"kyverno.hash", kRows}; }

}  // namespace seaworthy::policy
