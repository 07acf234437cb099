#include "seaworthy/admission/api_resources.h"

#include <gtest/gtest.h>

namespace seaworthy::admission {
namespace {

TEST(ApiResourcesTest, PluralsAreTheApisOwn) {
  const std::pair<const char*, const char*> cases[] = {
      {"Pod", "pods"},
      {"Endpoints", "endpoints"},
      {"Ingress", "ingresses"},
      {"NetworkPolicy", "networkpolicies"},
      {"Gateway", "gateways"},
      {"PriorityClass", "priorityclasses"},
      {"CSIDriver", "csidrivers"},
      {"EndpointSlice", "endpointslices"},
      {"Mesh", "meshes"},
      {"Box", "boxes"},
      {"Y", "ys"},
      {"IPAddress", "ipaddresses"},
  };
  for (const auto& [kind, plural] : cases) {
    EXPECT_EQ(resource_name_of(kind), plural);
  }
}

TEST(ApiResourcesTest, ScopesAreKubernetesOwn) {
  EXPECT_TRUE(is_cluster_scoped("", "Node"));
  EXPECT_TRUE(is_cluster_scoped("rbac.authorization.k8s.io", "ClusterRole"));
  EXPECT_FALSE(is_cluster_scoped("rbac.authorization.k8s.io", "Role"));
  EXPECT_FALSE(is_cluster_scoped("example.com", "Node"));
  EXPECT_FALSE(is_cluster_scoped("", "Nod"));
  EXPECT_FALSE(is_cluster_scoped("", ""));
}

TEST(ApiResourcesTest, VersionsAreSplitFromGroups) {
  EXPECT_EQ(split_api_version("v1"), (std::pair<std::string_view, std::string_view>("", "v1")));
  EXPECT_EQ(split_api_version("apps/v1"),
            (std::pair<std::string_view, std::string_view>("apps", "v1")));
}

}  // namespace
}  // namespace seaworthy::admission
