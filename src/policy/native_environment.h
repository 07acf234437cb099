#pragma once

#include <vector>

#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// What a native policy's expressions may name.
struct NativeEnvironment {
  cel::Environment environment;
  NativeSlots slots;
};

/// The environment of policies that look at `each`, with the bundle's parameters; the policy adds
/// its variables to a copy. `base` is Environment::kubernetes(), made once a load.
NativeEnvironment make_native_environment(const cel::Environment& base, Each each,
                                          const std::vector<Parameter>& parameters);

}  // namespace seaworthy::policy
