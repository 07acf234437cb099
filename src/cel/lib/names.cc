// What Kubernetes' names may be, in apimachinery's words: lengths in "characters" where
// util/validation counts them, in "bytes" where api/validate/content does.

#include "cel/lib/names.h"

#include <algorithm>

#include "seaworthy/base/text.h"

namespace seaworthy::cel::names {
namespace {

bool is_lower_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_alphanumeric(char c) { return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z'); }

/// [a-z0-9]([-a-z0-9]*[a-z0-9])?
bool is_dns_label(std::string_view text) {
  return !text.empty() && is_lower_alphanumeric(text.front()) &&
         is_lower_alphanumeric(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_alphanumeric(c) || c == '-'; });
}

bool is_dns_subdomain(std::string_view text) {
  return std::ranges::all_of(split(text, '.'), is_dns_label);
}

/// ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]
bool is_label_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::ranges::all_of(
             text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string too_long(std::size_t most, std::string_view unit) {
  return "must be no more than " + std::to_string(most) + " " + std::string(unit);
}

constexpr std::string_view kLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kSubdomainPattern =
    R"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)";

Messages dns1123_subdomain_of(std::string_view text, std::string_view unit) {
  Messages messages;
  if (text.size() > 253) {
    messages.push_back(too_long(253, unit));
  }
  if (!is_dns_subdomain(text)) {
    messages.push_back(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
        "'.', and must start "
        "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        "'" +
        std::string(kSubdomainPattern) + "')");
  }
  return messages;
}

}  // namespace

Messages dns1123_label(std::string_view text) {
  Messages messages;
  if (text.size() > 63) {
    messages.push_back(too_long(63, "characters"));
  }
  if (is_dns_label(text)) {
    return messages;
  }
  if (is_dns_subdomain(text)) {
    messages.emplace_back("must not contain dots");
  } else {
    messages.push_back(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        "must start and end "
        "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
        "is '" +
        std::string(kLabelPattern) + "')");
  }
  return messages;
}

Messages dns1123_subdomain(std::string_view text) {
  return dns1123_subdomain_of(text, "characters");
}

Messages dns1035_label(std::string_view text) {
  Messages messages;
  if (text.size() > 63) {
    messages.push_back(too_long(63, "characters"));
  }
  if (!is_dns_label(text) || (text.front() >= '0' && text.front() <= '9')) {
    messages.emplace_back(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        "alphabetic "
        "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex "
        "used for validation "
        "is '[a-z]([-a-z0-9]*[a-z0-9])?')");
  }
  return messages;
}

Messages qualified_name(std::string_view text) {
  constexpr std::string_view kName =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
      "alphanumeric character "
      "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  Messages messages;
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() > 2) {
    return {"a valid label key " + std::string(kName) +
            " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
  }
  if (parts.size() == 2) {
    if (parts[0].empty()) {
      messages.emplace_back("prefix part must be non-empty");
    } else {
      for (const std::string& message : dns1123_subdomain_of(parts[0], "bytes")) {
        messages.push_back("prefix part " + message);
      }
    }
  }
  const std::string_view name = parts.back();
  if (name.empty()) {
    messages.emplace_back("name part must be non-empty");
  } else if (name.size() > 63) {
    messages.push_back("name part " + too_long(63, "bytes"));
  }
  if (!is_label_name(name)) {
    messages.push_back("name part " + std::string(kName));
  }
  return messages;
}

Messages label_value(std::string_view text) {
  Messages messages;
  if (text.size() > 63) {
    messages.push_back(too_long(63, "bytes"));
  }
  if (!text.empty() && !is_label_name(text)) {
    messages.emplace_back(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
        "'.', and must start "
        "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
        "regex used for "
        "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
  }
  return messages;
}

}  // namespace seaworthy::cel::names
