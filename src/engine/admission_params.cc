#include "engine/admission_params.h"

#include <algorithm>

namespace seaworthy::engine {

using document::Node;

Result<std::vector<Node>> collect_params(const policy::AdmissionPolicy& policy,
                                         const policy::AdmissionRule& rule,
                                         const policy::AdmissionBinding& binding,
                                         std::string_view request_namespace,
                                         const policy::ParamSource* source) {
  if (!rule.params && (!policy.param_kind || !binding.param_ref)) {
    return std::vector<Node>{Node()};
  }
  const auto& kind = rule.params ? rule.params->kind : *policy.param_kind;
  const auto& ref = rule.params ? rule.params->ref : *binding.param_ref;
  const auto namespaced = source == nullptr ? std::nullopt : source->is_namespaced(kind);
  std::vector<Node> params;
  if (namespaced) {
    if (!*namespaced && !ref.namespace_name.empty()) {
      return fail(ErrorCode::kInvalid,
                  "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
    }
    const std::string_view name_space =
        ref.namespace_name.empty() ? request_namespace : std::string_view(ref.namespace_name);
    if (*namespaced && name_space.empty()) {
      return fail(ErrorCode::kInvalid,
                  "cannot use namespaced paramRef in policy binding that matches cluster-scoped "
                  "resources");
    }
    params = source->list(kind, *namespaced ? name_space : std::string_view());
    std::erase_if(params, [&](const Node& param) {
      const Node& metadata = param["metadata"];
      return ref.selector ? !ref.selector->matches(metadata["labels"])
                          : metadata["name"].as_string() != ref.name;
    });
  }
  if (params.empty() && ref.deny_not_found) {
    return fail(ErrorCode::kInvalid,
                "no params found for policy binding with `Deny` parameterNotFoundAction");
  }
  return params;
}

}  // namespace seaworthy::engine
