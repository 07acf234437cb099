#pragma once

#include <string_view>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::policy {

/// The fields of the first certificate in a PEM text, named and typed as Go's crypto/x509 has them
/// in JSON; its key must be RSA. Only read: nothing is verified. Errors: kInvalid.
/// Source: kyverno/sdk extensions/cel/libs/x509.
Result<document::Node> certificate_node(std::string_view pem, Arena& arena);

}  // namespace seaworthy::policy
