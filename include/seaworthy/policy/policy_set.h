#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/base/result.h"
#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/document_params.h"
#include "seaworthy/policy/enforcement.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// Everything that judges: compiled, immutable, shared by threads, swapped as a whole.
class PolicySet {
 public:
  /// In bundle order: files by name, policies as written.
  [[nodiscard]] const std::vector<std::shared_ptr<const Policy>>& policies() const {
    return policies_;
  }

  [[nodiscard]] const Policy* find(std::string_view name) const;

  /// In-tree policies and others that were not written for us: by kind, then name.
  [[nodiscard]] const std::vector<std::shared_ptr<const AdmissionPolicy>>& admission_policies()
      const {
    return admission_policies_;
  }

  [[nodiscard]] const AdmissionPolicy* find(AdmissionKind kind, std::string_view namespace_name,
                                            std::string_view name) const;

  /// The objects among the sources that bindings may take as params.
  [[nodiscard]] const std::shared_ptr<const DocumentParams>& params() const { return params_; }

  /// True where there is nothing to judge by.
  [[nodiscard]] bool empty() const { return policies_.empty() && admission_policies_.empty(); }

  /// Names of the policies that were set aside, with the diagnostics that say why.
  [[nodiscard]] const std::vector<std::string>& set_aside() const { return set_aside_; }

  /// Where and how hard the policies bite, and what is excused; null where no document says so and
  /// the flags alone decide.
  [[nodiscard]] const EnforcementSet* enforcement() const { return enforcement_.get(); }

  /// True where an Enforcement or a PolicyException was set aside.
  [[nodiscard]] bool enforcement_is_broken() const { return enforcement_is_broken_; }

  /// Everything that the load found, sorted by file and place.
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

  /// The same without these policies, which are set aside for `diagnostics`.
  [[nodiscard]] std::shared_ptr<const PolicySet> without(
      const std::vector<std::string>& names, const std::vector<Diagnostic>& diagnostics) const;

  /// The same with these policies instead of its own.
  [[nodiscard]] std::shared_ptr<const PolicySet> with(
      std::vector<std::shared_ptr<const Policy>> policies) const;

  /// The same with these instead of its own admission_policies().
  [[nodiscard]] std::shared_ptr<const PolicySet> with(
      std::vector<std::shared_ptr<const AdmissionPolicy>> policies) const;

  /// The same with another's Enforcement and PolicyException documents instead of its own.
  [[nodiscard]] std::shared_ptr<const PolicySet> with_enforcement_of(const PolicySet& other) const;

 private:
  friend class Loader;

  std::shared_ptr<const Arena> arena_;
  std::vector<std::shared_ptr<const Policy>> policies_;
  std::vector<std::shared_ptr<const AdmissionPolicy>> admission_policies_;
  std::shared_ptr<const DocumentParams> params_;
  std::shared_ptr<const EnforcementSet> enforcement_;
  bool enforcement_is_broken_ = false;
  std::vector<std::string> set_aside_;
  std::vector<Diagnostic> diagnostics_;
};

/// A text of policies and the name that its diagnostics carry.
struct SourceText {
  std::string file;
  std::string text;
  bool may_hold_policies = true;  ///< False: only Enforcement and PolicyException.
};

struct LoadOptions {
  /// `--param name=value`: texts, read as the parameter's type. A name that no bundle declares is
  /// an error.
  std::map<std::string, std::string> parameters;
  /// Exceptions that have expired by then are warned of; without it none is.
  std::optional<std::chrono::system_clock::time_point> now = {};
};

/// Reads, checks and compiles. Never stops at the first mistake: what compiles is in the set, what
/// does not is set aside with its diagnostics (file, line, column, caret). Documents of one bundle
/// name are one bundle. Two policies of one name: both set aside; the same goes for two
/// Enforcements and two PolicyExceptions. ValidatingAdmissionPolicy, MutatingAdmissionPolicy and
/// their bindings are taken in v1, v1beta1 and v1alpha1; one that no binding among the sources
/// names counts as bound everywhere, with [Deny]. Objects of a policy's paramKind are params. Other
/// kinds of documents are reported: no policy is dropped silently.
std::shared_ptr<const PolicySet> load_policies(const std::vector<SourceText>& sources,
                                               const LoadOptions& options = {});

/// The parameter with another value, as a policy's test or a flag sets it. Errors: kInvalid: a
/// value of another type.
Result<Parameter> with_parameter_value(const Parameter& parameter, const document::Node& value);

}  // namespace seaworthy::policy
