#pragma once

#include <string_view>

/// What the API server takes for a name.
namespace seaworthy::policy {

/// RFC 1123 labels joined by dots, at most 253 bytes. Rule: apimachinery IsDNS1123Subdomain.
bool is_dns_subdomain(std::string_view name);

/// `name` or `prefix/name`: 63 bytes of [A-Za-z0-9._-], beginning and ending with one of
/// [A-Za-z0-9]; the prefix a DNS subdomain. Rule: apimachinery IsQualifiedName.
bool is_qualified_name(std::string_view name);

/// Empty, or 63 bytes of [A-Za-z0-9._-], beginning and ending with one of [A-Za-z0-9]. Rule:
/// apimachinery IsValidLabelValue.
bool is_label_value(std::string_view value);

/// What may be a variable's name: no reserved word of CEL. Rule: admissionregistration validation,
/// isCELIdentifier.
bool is_cel_identifier(std::string_view name);

}  // namespace seaworthy::policy
