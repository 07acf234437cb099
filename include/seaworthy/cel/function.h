#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// Runs an overload: the receiver, if any, is the first argument. No argument is an error, and each
/// is of the kind that its signature says unless that is dyn or a type parameter. Answers a value
/// or an error value.
using Implementation = Value (*)(std::span<const Value> arguments, Evaluation& evaluation);

/// Cost units of a call beyond its arguments' own, from arguments and result (cel.md section 2,
/// run-time cost).
using CallCost = std::uint64_t (*)(std::span<const Value> arguments, const Value& result);

/// One overload of a function: a function is declared here and nowhere else.
struct FunctionRow {
  std::string_view name;       ///< "startsWith", "ip.isCanonical", "_+_".
  std::string_view overload;   ///< "starts_with_string": unique; Kubernetes' and cel-go's own where
                               ///< they have one.
  std::string_view signature;  ///< Receiver, parameters, result: "string.(string) -> bool", "(T,
                               ///< list(T)) -> bool".
  Implementation run = nullptr;
  CallCost cost = nullptr;  ///< Null: 1.
};

/// A family of functions: what one file of cel/lib/ offers.
struct Library {
  std::string_view name;
  std::span<const FunctionRow> functions;
};

}  // namespace seaworthy::cel
