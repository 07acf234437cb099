#pragma once

#include "seaworthy/cel/function.h"

namespace seaworthy::cel {

// One function per family; each answers rows that live as long as the program.

Library operators_library();
Library authz_library();  ///< The authorizer and its selectors.
Library conversions_library();
Library text_library();  ///< size, contains, startsWith, endsWith, matches.
Library time_library();
Library optionals_library();
Library strings_library();  ///< cel-go ext/strings.go, version 2.
Library lists_library();    ///< cel-go ext/lists.go, version 3.
Library
list_aggregates_library();  ///< Kubernetes' lists: sum, min, max, isSorted, indexOf, lastIndexOf.
Library sets_library();
Library quantity_library();
Library url_library();
Library network_library();  ///< ip and cidr.
Library format_library();
Library semver_library();
Library json_patch_library();  ///< Only with Environment::declare_patch_types().

}  // namespace seaworthy::cel
