#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/policy/subject.h"

namespace seaworthy::policy {

/// The names that Enforcement and PolicyException documents may call.
struct KnownNames {
  std::vector<std::string_view> policies;  ///< Those that were set aside too.
};

/// Reads a list of globs. Reported: what is no text, empty, too long or too many of them.
std::vector<std::string> read_patterns(Fields& fields, std::string_view name);

/// The same for names of policies; one that no policy has is warned of, with the nearest.
std::vector<std::string> read_policy_patterns(Fields& fields, std::string_view name,
                                              const KnownNames& known);

/// Reads `workloads: [{kind, name}]`.
std::vector<WorkloadPattern> read_workloads(Fields& fields);

/// The name of a document's `metadata`; labels, annotations and a namespace may stand beside it.
std::string read_document_name(const ReadContext& context, const document::Node& metadata);

}  // namespace seaworthy::policy
