// x509.* and gzip.*: certificates as maps, and compressed bytes (libs/x509, libs/gzip).
#include <array>
#include <string>

#include "policy/certificate_node.h"
#include "policy/gzip.h"
#include "policy/kyverno_libraries.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;
using cel::ValueKind;
using Arguments = std::span<const Value>;

std::uint64_t cost(Arguments arguments, const Value& result) {
  const auto size = [](const Value& value) {
    return value.is(ValueKind::kString) || value.is(ValueKind::kBytes) ? value.size() : 1U;
  };
  return (std::uint64_t{size(arguments[0])} + size(result) + 9) / 10;
}

/// Taking a key apart takes longer than reading its text.
std::uint64_t certificate_cost(Arguments arguments, const Value& /*result*/) {
  return arguments[0].is(ValueKind::kString) ? arguments[0].size() : 1;
}

std::uint64_t argument_cost(Arguments arguments, const Value& /*result*/) {
  return cost(arguments, Value::null());
}

Value decode_certificate(Arguments arguments, Evaluation& evaluation) {
  const auto node = certificate_node(arguments[0].as_text(), evaluation.arena());
  return node ? Value::of(*node) : evaluation.error(node.error().message);
}

Value decompress(Arguments arguments, Evaluation& evaluation) {
  std::size_t made = 0;
  const auto text = gunzip(arguments[0].as_text(), made);
  if (!evaluation.spend(made / 10)) {  // also where it was in vain
    return evaluation.limit_error();
  }
  return text ? Value::string(evaluation.arena().copy(*text))
              : evaluation.error(text.error().message);
}

Value compress(Arguments arguments, Evaluation& evaluation) {
  return arguments[0].is(ValueKind::kString)
             ? Value::bytes(evaluation.arena().copy(gzip(arguments[0].as_text())))
             : evaluation.no_such_overload();
}

constexpr std::array kRows{
    FunctionRow{"x509.decode", "x509_decode_string", "(string) -> dyn", decode_certificate,
                certificate_cost},
    FunctionRow{"gzip.decompress", "decompress_bytes_string", "(bytes) -> string", decompress,
                argument_cost},
    FunctionRow{"gzip.compress", "compress_any_bytes", "(dyn) -> bytes", compress, cost},
};

}  // namespace

cel::Library kyverno_bytes_functions() { return {"kyverno.bytes", kRows}; }

}  // namespace seaworthy::policy
