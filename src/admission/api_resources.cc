// Names and scopes of resources, where no API server can be asked. A plural is made as
// apimachinery's UnsafeGuessKindToResource and the generators of custom resources make it; of
// Kubernetes' own kinds only Endpoints is none of that.
#include "seaworthy/admission/api_resources.h"

#include <algorithm>
#include <array>
#include <utility>

namespace seaworthy::admission {
namespace {

struct ClusterKinds {
  std::string_view group;
  std::string_view kinds;  ///< Each with a space before and behind it.
};

constexpr std::array<ClusterKinds, 16> kClusterKinds{{
    {"", " ComponentStatus Namespace Node PersistentVolume "},
    {"admissionregistration.k8s.io",
     " MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration "
     "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration "},
    {"apiextensions.k8s.io", " CustomResourceDefinition "},
    {"apiregistration.k8s.io", " APIService "},
    {"authentication.k8s.io", " SelfSubjectReview TokenReview "},
    {"authorization.k8s.io",
     " SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview "},
    {"certificates.k8s.io", " CertificateSigningRequest ClusterTrustBundle "},
    {"flowcontrol.apiserver.k8s.io", " FlowSchema PriorityLevelConfiguration "},
    {"internal.apiserver.k8s.io", " StorageVersion "},
    {"networking.k8s.io", " IPAddress IngressClass ServiceCIDR "},
    {"node.k8s.io", " RuntimeClass "},
    {"rbac.authorization.k8s.io", " ClusterRole ClusterRoleBinding "},
    {"resource.k8s.io", " DeviceClass DeviceTaintRule ResourcePoolStatusRequest ResourceSlice "},
    {"scheduling.k8s.io", " PriorityClass "},
    {"storage.k8s.io", " CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass "},
    {"storagemigration.k8s.io", " StorageVersionMigration "},
}};

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

}  // namespace

std::string resource_name_of(std::string_view kind) {
  std::string name;
  for (const char c : kind) {
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (name == "endpoints") {
    return name;
  }
  if (name.ends_with('y') && name.size() > 1 && !is_vowel(name[name.size() - 2])) {
    return name.substr(0, name.size() - 1) + "ies";
  }
  const bool hisses =
      name.ends_with('s') || name.ends_with('x') || name.ends_with("ch") || name.ends_with("sh");
  return name + (hisses ? "es" : "s");
}

bool is_cluster_scoped(std::string_view group, std::string_view kind) {
  const auto* found = std::ranges::find(kClusterKinds, group, &ClusterKinds::group);
  return found != kClusterKinds.end() && !kind.empty() &&
         found->kinds.find(" " + std::string(kind) + " ") != std::string_view::npos;
}

std::pair<std::string_view, std::string_view> split_api_version(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos
             ? std::pair(std::string_view(), api_version)
             : std::pair(api_version.substr(0, slash), api_version.substr(slash + 1));
}

}  // namespace seaworthy::admission
