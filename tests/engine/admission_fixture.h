#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/document/json.h"
#include "seaworthy/engine/admission_support.h"

namespace seaworthy::engine {

inline constexpr std::string_view kRules =
    "  matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: "
    "['*'], resources: ['*']}]}\n";

inline std::string validating(std::string_view spec, std::string_view name = "p") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
         "metadata: {name: " +
         std::string(name) + "}\nspec:\n" + std::string(kRules) + std::string(spec);
}

inline std::string binding(std::string_view spec, std::string_view name = "b") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: "
         "ValidatingAdmissionPolicyBinding\nmetadata: {name: " +
         std::string(name) + "}\nspec:\n  policyName: p\n" + std::string(spec);
}

inline std::string mutating(std::string_view name, std::string_view expression,
                            std::string_view more = "  reinvocationPolicy: Never\n") {
  const bool json = expression.starts_with('[');
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\n"
         "metadata: {name: " +
         std::string(name) + "}\nspec:\n" + std::string(kRules) + std::string(more) +
         "  mutations: [{patchType: " +
         (json ? "JSONPatch, jsonPatch" : "ApplyConfiguration, applyConfiguration") +
         ": {expression: \"" + std::string(expression) + "\"}}]\n";
}

inline constexpr std::string_view kObject =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o, labels: {app: web}}\ndata: {a: '1'}\n";

struct Ask {
  Door door = Door::kValidate;
  policy::Mode mode = policy::Mode::kDeny;
  bool dry_run = false;
  std::string object = std::string(kObject);
  std::string resource = {};  ///< Instead of the kind's.
  admission::Operation operation = admission::Operation::kCreate;
};

/// The answer to a request under policies of a text, which must be right.
struct Asked {
  Admission admission;
  Arena arena;
  std::shared_ptr<const policy::PolicySet> set;

  Asked(const std::string& text, const Ask& ask) {
    set = policy::load_policies({{"test.yaml", text}});
    const AdmissionSupport support(*set);
    const auto scope = support.scope(set->admission_policies());
    auto review = review_of_manifest(testing::yaml(ask.object, arena), "shop", arena);
    EXPECT_TRUE(review);
    review->operation = ask.operation;
    if (ask.operation == admission::Operation::kDelete) {
      std::swap(review->object, review->old_object);
    } else if (ask.operation == admission::Operation::kUpdate) {
      review->old_object = review->object;
    }
    if (!ask.resource.empty()) {
      review->resource.resource = ask.resource;
    }
    JudgeRequest request;
    request.door = ask.door;
    request.settings.mode = ask.mode;
    request.settings.dry_run = ask.dry_run;
    request.namespace_object = namespace_from_name("shop", arena);
    request.admission = &scope;
    request.enforcement = set->enforcement();
    auto made = admit(set->policies(), *review, request, arena);
    EXPECT_TRUE(made);
    admission = *std::move(made);
  }

  [[nodiscard]] std::string patch() const {
    return document::print_patch(admission.response.patch);
  }
};

}  // namespace seaworthy::engine
