#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.h"
#include "policy/pattern_reader.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/enforcement.h"

namespace seaworthy::policy {

/// The parameters of all bundles, by the bundle's name.
struct DeclaredParameters {
  std::map<std::string_view, const std::vector<Parameter>*> bundles;
  const cel::Environment* base = nullptr;
};

/// Reads an Enforcement; mistakes are reported. It is complete only where none was. Reported as
/// mistakes too: rules that loosen for the controllers that make Pods for everybody. Rule: DESIGN
/// section 5, item 8.
Enforcement read_enforcement(const ReadContext& context, const document::Node& metadata,
                             const document::Node& spec, const KnownNames& known,
                             const DeclaredParameters& parameters);

/// Reads values of parameters, `path` being what messages call them, into `rule`; mistakes are
/// reported.
void read_parameter_values(const ReadContext& context, const document::Node& parameters,
                           const std::string& path, const DeclaredParameters& declared,
                           EnforcementRule& rule);

}  // namespace seaworthy::policy
