#pragma once

#include <string>
#include <string_view>

#include "seaworthy/admission/review.h"

namespace seaworthy::admission {

/// The plural that a kind's objects are served under: "pods", "ingresses", "networkpolicies",
/// "gateways". Right for all of Kubernetes' own kinds; for others as their authors' tools make it.
std::string resource_name_of(std::string_view kind);

/// Whether objects of the kind live in no namespace. Of kinds that are not Kubernetes' own: false.
/// Rule: api/discovery of Kubernetes 1.36.
bool is_cluster_scoped(std::string_view group, std::string_view kind);

/// "apps/v1" as its group and version; the group of "v1" is empty. Lifetime: the text's.
std::pair<std::string_view, std::string_view> split_api_version(std::string_view api_version);

}  // namespace seaworthy::admission
