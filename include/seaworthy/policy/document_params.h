#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/policy/param_source.h"

namespace seaworthy::policy {

/// Params that were read from files. An object of a namespaced kind that names no namespace is in
/// `default`, where kubectl would put it. Scopes are Kubernetes' own kinds', and those that a
/// CustomResourceDefinition among the objects says; of another kind, objects live in namespaces
/// where one of them names one.
class DocumentParams final : public ParamSource {
 public:
  /// Lifetime: the objects'; `arena`, where there is one, is kept.
  explicit DocumentParams(std::span<const document::Node> objects,
                          std::shared_ptr<const Arena> arena = nullptr);

  [[nodiscard]] std::optional<bool> is_namespaced(const ParamKind& kind) const override;
  [[nodiscard]] std::vector<document::Node> list(const ParamKind& kind,
                                                 std::string_view namespace_name) const override;

  /// As they were given.
  [[nodiscard]] const std::vector<document::Node>& objects() const { return objects_; }

 private:
  std::vector<document::Node> objects_;
  std::map<ParamKind, std::vector<document::Node>> by_kind_;    ///< By namespace, then name.
  std::map<std::pair<std::string, std::string>, bool> custom_;  ///< Group and kind: is namespaced.
  std::shared_ptr<const Arena> arena_;
};

}  // namespace seaworthy::policy
