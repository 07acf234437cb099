#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/admission_reader.h"
#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/document_params.h"

namespace seaworthy::policy {

/// Gathers the documents of in-tree policies while a load reads its sources: policies, bindings,
/// and objects that may be params. Brings them together once all are there.
class AdmissionLoader {
 public:
  /// `base`: Environment::kubernetes(); outlives this.
  explicit AdmissionLoader(const cel::Environment& base) : environments_(base) {}

  /// True of the kinds that add() takes.
  static bool is_kind(std::string_view api_version, std::string_view kind);
  /// The context and the nodes stay until finish().
  void add(const ReadContext& context, std::string_view kind, const document::Node& root);
  /// A document of any other kind: a param, or a mistake, which finish() reports.
  void add_object(const ReadContext& context, const document::Node& root);
  /// Says of a document that it is of no use here.
  static void report_foreign(const ReadContext& context, const document::Node& root);

  struct Loaded {
    std::vector<std::shared_ptr<AdmissionPolicy>> policies;  ///< By kind, then name.
    std::vector<std::string> set_aside;                      ///< Names.
    std::shared_ptr<const DocumentParams> params;
  };

  Loaded finish(const std::shared_ptr<const Arena>& arena);

 private:
  /// A policy's name within its kind.
  struct Key {
    AdmissionKind kind = AdmissionKind::kValidatingAdmissionPolicy;
    std::string name;

    friend auto operator<=>(const Key&, const Key&) = default;
  };

  struct PolicyDocument {
    ReadContext context;
    const document::Node* root = nullptr;
    Key key;
    std::shared_ptr<AdmissionPolicy> policy;  ///< Null where it was set aside.
  };

  struct BindingDocument {
    ReadContext context;
    const document::Node* root = nullptr;
    Key policy;  ///< The one that it binds.
    AdmissionBinding binding;
    bool broken = false;
  };

  struct Object {
    ReadContext context;
    const document::Node* root = nullptr;
  };

  void report_twice(const ReadContext& context, const document::Node& root,
                    const ReadContext& other, const document::Node& other_root) const;
  void set_aside_duplicates();
  void report_orphans();
  void bind(PolicyDocument& document);
  [[nodiscard]] std::shared_ptr<const DocumentParams> make_params(
      const std::shared_ptr<const Arena>& arena) const;
  [[nodiscard]] bool explain_wrong_param(const Object& object) const;

  AdmissionEnvironmentCache environments_;
  std::vector<PolicyDocument> policies_;
  std::vector<BindingDocument> bindings_;
  std::vector<Object> objects_;
};

}  // namespace seaworthy::policy
