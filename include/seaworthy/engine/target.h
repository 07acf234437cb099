#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "seaworthy/admission/review.h"
#include "seaworthy/admission/workload.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/engine/finding.h"

namespace seaworthy::engine {

/// What policies look at in one request: the object, the Pod in it and its parts, taken apart once
/// for all policies. Lifetime: the review's document and `arena`.
class Target {
 public:
  /// Errors: kInvalid where the object should hold a Pod spec and does not.
  static Result<Target> make(const admission::Review& review,
                             const document::Node& namespace_object, Arena& arena);
  /// The same request with a changed object.
  [[nodiscard]] Result<Target> with_object(const document::Node& object, Arena& arena) const;

  struct Part {
    Item item;
    document::Node node;
    admission::ContainerKind container_kind = admission::ContainerKind::kMain;
    std::string_view image;  ///< The reference as written; for containers and images.
  };

  [[nodiscard]] const admission::Review& review() const { return review_; }

  [[nodiscard]] const document::Node& object() const { return review_.object; }

  [[nodiscard]] const std::optional<admission::PodSubject>& pod() const { return pod_; }

  [[nodiscard]] const document::Node& namespace_object() const { return namespace_; }

  /// The `request` variable: the AdmissionRequest without objects, uid and what is empty (cel.md
  /// section 3, Variables visible).
  /// Made when first asked for. Threads: one at a time.
  [[nodiscard]] const document::Node& request() const;

  [[nodiscard]] std::span<const Part> parts(policy::Each each) const;

 private:
  void find_parts(Arena& arena);

  admission::Review review_;
  document::Node namespace_;
  Arena* arena_ = nullptr;
  mutable std::optional<document::Node> request_;
  std::optional<admission::PodSubject> pod_;
  std::span<const Part> pods_;
  std::span<const Part> containers_;
  std::span<const Part> volumes_;
  std::span<const Part> images_;
};

/// The namespace as far as it is known without asking the API server: its name and the label
/// kubernetes.io/metadata.name.
document::Node namespace_from_name(std::string_view name, Arena& arena);

}  // namespace seaworthy::engine
