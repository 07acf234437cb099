#include "cel/lib/libraries.h"

#include "cel/check/environment_state.h"
#include "cel/lib/regex.h"

namespace seaworthy::cel {

std::vector<Library> kubernetes_libraries() {
  // The order of the overloads behind one name is the order in which they are tried: Kubernetes'
  // order of introduction (apiserver pkg/cel/environment/base.go).
  return {operators_library(), conversions_library(), text_library(),    time_library(),
          url_library(),       regex_library(),       authz_library(),   list_aggregates_library(),
          optionals_library(), quantity_library(),    strings_library(), sets_library(),
          network_library(),   format_library(),      semver_library(),  lists_library()};
}

}  // namespace seaworthy::cel
