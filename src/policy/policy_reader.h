#pragma once

#include <vector>

#include "policy/fields.h"
#include "policy/native_environment.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// What the policies of one bundle share while they are read.
struct BundleContext {
  std::string name;
  std::string version;
  const std::vector<Parameter>* parameters = nullptr;
  const cel::Environment* base = nullptr;
};

/// Reads and compiles one policy; mistakes are reported under its name. The policy is complete only
/// where none was.
Policy read_policy(ReadContext context, const document::Node& node, const std::string& path,
                   const BundleContext& bundle);

}  // namespace seaworthy::policy
