#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Where the objects are that paramRef names: files now, a cluster's cache where there is one.
/// Threads: any, at the same time.
class ParamSource {
 public:
  ParamSource() = default;
  ParamSource(const ParamSource&) = delete;
  ParamSource& operator=(const ParamSource&) = delete;
  ParamSource(ParamSource&&) = delete;
  ParamSource& operator=(ParamSource&&) = delete;
  virtual ~ParamSource() = default;

  /// Whether objects of the kind live in namespaces; nothing where the kind is not known.
  [[nodiscard]] virtual std::optional<bool> is_namespaced(const ParamKind& kind) const = 0;
  /// Objects of the kind, by namespace and name; of one namespace where `namespace_name` is not
  /// empty. Lifetime: the source's.
  [[nodiscard]] virtual std::vector<document::Node> list(const ParamKind& kind,
                                                         std::string_view namespace_name) const = 0;
};

}  // namespace seaworthy::policy
