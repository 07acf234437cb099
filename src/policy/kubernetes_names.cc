#include "policy/kubernetes_names.h"

#include <algorithm>
#include <array>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_dns_label(std::string_view label) {
  auto good = [](char c) { return is_lower(c) || is_digit(c); };
  return !label.empty() && good(label.front()) && good(label.back()) &&
         std::ranges::all_of(label, [&](char c) { return good(c) || c == '-'; });
}

bool is_name_part(std::string_view name) {
  constexpr std::size_t kBytesMax = 63;
  auto good = [](char c) { return is_letter(c) || is_digit(c); };
  return !name.empty() && name.size() <= kBytesMax && good(name.front()) && good(name.back()) &&
         std::ranges::all_of(name,
                             [&](char c) { return good(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

bool is_dns_subdomain(std::string_view name) {
  constexpr std::size_t kBytesMax = 253;
  return !name.empty() && name.size() <= kBytesMax &&
         std::ranges::all_of(split(name, '.'), is_dns_label);
}

bool is_qualified_name(std::string_view name) {
  if (const auto slash = name.find('/'); slash != std::string_view::npos) {
    if (!is_dns_subdomain(name.substr(0, slash))) {
      return false;
    }
    name.remove_prefix(slash + 1);
  }
  return is_name_part(name);
}

bool is_label_value(std::string_view value) { return value.empty() || is_name_part(value); }

bool is_cel_identifier(std::string_view name) {
  constexpr std::array<std::string_view, 21> kReserved{
      "true",     "false",   "null",      "in",       "as",  "break",  "const",
      "continue", "else",    "for",       "function", "if",  "import", "let",
      "loop",     "package", "namespace", "return",   "var", "void",   "while"};
  return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  }) && std::ranges::find(kReserved, name) == kReserved.end();
}

}  // namespace seaworthy::policy
