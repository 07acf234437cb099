// Since when an API server takes what in new expressions. It compiles those with what the version
// before its own had, so that it can be rolled back: each library is taken one version after the
// one that it came with. Source: k8s.io/apiserver pkg/cel/environment/base.go (baseOpts and
// DefaultCompatibilityVersion). What is not listed is older than 1.29: all that 1.30 takes.
#include "translate/features.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace seaworthy::translate {
namespace {

struct Feature {
  std::string_view name;
  std::int64_t came;  ///< With which minor version of the API server.
};

constexpr std::array kFeatures{
    // library.IP and library.CIDR; what their values can do needs one of these.
    Feature{"ip", 30},
    Feature{"isIP", 30},
    Feature{"ip.isCanonical", 30},
    Feature{"cidr", 30},
    Feature{"isCIDR", 30},
    // library.Format
    Feature{"format.named", 31},
    Feature{"format.dns1123Label", 31},
    Feature{"format.dns1123Subdomain", 31},
    Feature{"format.dns1035Label", 31},
    Feature{"format.qualifiedName", 31},
    Feature{"format.dns1123LabelPrefix", 31},
    Feature{"format.dns1123SubdomainPrefix", 31},
    Feature{"format.dns1035LabelPrefix", 31},
    Feature{"format.labelValue", 31},
    Feature{"format.uri", 31},
    Feature{"format.uuid", 31},
    Feature{"format.byte", 31},
    Feature{"format.date", 31},
    Feature{"format.datetime", 31},
    // library.AuthzSelectors
    Feature{"fieldSelector", 31},
    Feature{"labelSelector", 31},
    // ext.TwoVarComprehensions
    Feature{"all/2", 32},
    Feature{"exists/2", 32},
    Feature{"exists_one/2", 32},
    Feature{"transformList", 32},
    Feature{"transformMap", 32},
    Feature{"transformMapEntry", 32},
    // library.SemverLib
    Feature{"semver", 33},
    Feature{"isSemver", 33},
    // ext.Lists, and what cel-go 0.26 has added to the optionals (k8s.io/apiserver v0.34 go.mod)
    Feature{"distinct", 34},
    Feature{"flatten", 34},
    Feature{"lists.range", 34},
    Feature{"reverse", 34},
    Feature{"slice", 34},
    Feature{"sort", 34},
    Feature{"sortBy", 34},
    Feature{"first", 34},
    Feature{"last", 34},
    Feature{"unwrap", 34},
    Feature{"unwrapOpt", 34},
};

}  // namespace

std::string unavailable(const std::set<std::string>& features, std::int64_t minor) {
  const Feature* latest = nullptr;
  for (const auto& feature : kFeatures) {
    if (features.contains(std::string(feature.name)) && feature.came >= minor &&
        (latest == nullptr || feature.came > latest->came)) {
      latest = &feature;
    }
  }
  return latest == nullptr ? std::string()
                           : fmt::format("uses {}, which new policies may from Kubernetes 1.{} on",
                                         latest->name, latest->came + 1);
}

}  // namespace seaworthy::translate
