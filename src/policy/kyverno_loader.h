#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/admission_reader.h"
#include "policy/fields.h"
#include "policy/kyverno_exception_reader.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Gathers Kyverno's documents while a load reads its sources, and brings policies and exceptions
/// together once all are there.
class KyvernoLoader {
 public:
  /// `base`: Environment::kubernetes(); outlives this.
  explicit KyvernoLoader(const cel::Environment& base) : base_(&base), in_tree_(base) {}

  /// True of every document of Kyverno's groups: those that are not supported are said to be so.
  static bool is_kind(std::string_view api_version);
  /// The context and the node stay until finish().
  void add(const ReadContext& context, std::string_view kind, const document::Node& root);

  struct Loaded {
    std::vector<std::shared_ptr<AdmissionPolicy>> policies;  ///< By kind, namespace, name.
    std::vector<std::string> set_aside;                      ///< Names.
  };

  Loaded finish(const std::shared_ptr<const Arena>& arena);

 private:
  struct Document {
    ReadContext context;
    const document::Node* root = nullptr;
    std::shared_ptr<AdmissionPolicy> policy;  ///< Null where it was set aside.
  };

  const AdmissionEnvironments& environments();
  void set_aside_duplicates();
  /// Of exceptions that name policies which are not there.
  void warn_of_strangers() const;
  /// Gives the policy its exceptions; answers what they were made of.
  std::string except(AdmissionPolicy& policy) const;

  const cel::Environment* base_;
  AdmissionEnvironmentCache in_tree_;
  std::optional<AdmissionEnvironments> environments_;  ///< Made when first asked for.
  std::vector<Document> documents_;
  std::vector<WrittenException> exceptions_;
};

}  // namespace seaworthy::policy
