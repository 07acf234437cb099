// user.*: who a service account is, from its user's name (libs/user). What is no service account's
// name has two empty parts. Kyverno's type of two fields is a map of two keys here.
#include <array>

#include "policy/kyverno_libraries.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;

Value parse_service_account(std::span<const Value> arguments, Evaluation& evaluation) {
  constexpr std::string_view kPrefix = "system:serviceaccount:";
  std::string_view user = arguments[0].as_text();
  std::string_view name;
  std::string_view namespace_name;
  if (user.starts_with(kPrefix)) {
    user.remove_prefix(kPrefix.size());
    if (const auto colon = user.find(':'); colon != std::string_view::npos) {
      namespace_name = user.substr(0, colon);
      name = user.substr(colon + 1);
    }
  }
  return Value::of(document::MapBuilder(evaluation.arena())
                       .add("Name", document::Node::string(name))
                       .add("Namespace", document::Node::string(namespace_name))
                       .build());
}

constexpr std::array kRows{
    FunctionRow{"parseServiceAccount", "parse_service_account_string_non_prefixed",
                "(string) -> map(string, string)", parse_service_account, kyverno_text_cost},
    FunctionRow{"user.parseServiceAccount", "parse_service_account_string_prefixed",
                "(string) -> map(string, string)", parse_service_account, kyverno_text_cost},
};

}  // namespace

cel::Library kyverno_identity_functions() { return {"kyverno.user", kRows}; }

}  // namespace seaworthy::policy
