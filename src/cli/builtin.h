#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/result.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::cli {

/// Whether `--policies` is given a bundle that is compiled in, `builtin:production`, and no path. A
/// file of such a name is given as `./builtin:production`.
bool is_builtin(std::string_view path);

/// What may be given: `builtin:` and the name of a file or folder of policies/.
std::vector<std::string> builtin_bundles();

/// The bundle's documents. Errors: kNotFound, naming those that there are.
Result<std::vector<policy::SourceText>> builtin_bundle(std::string_view name);

/// The documents of `builtin:production`, which holds where no policies are named.
std::vector<policy::SourceText> production_bundle();

}  // namespace seaworthy::cli
