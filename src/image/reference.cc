// The grammar of distribution/reference (reference.go), by hand: digest from the right, then the
// tag behind the last slash, then the registry before the first slash if it looks like a host.
#include "seaworthy/image/reference.h"

#include <algorithm>

namespace seaworthy::image {
namespace {

constexpr std::size_t kNameBytesMax =
    255;  // Source: distribution/reference RepositoryNameTotalLengthMax.
constexpr std::size_t kTagBytesMax = 128;

bool is_lower_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_alphanumeric(char c) { return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z'); }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_alphanumeric(text.front()) || !is_lower_alphanumeric(text.back())) {
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    if (is_lower_alphanumeric(text[at])) {
      ++at;
      continue;
    }
    const char separator = text[at];
    std::size_t length = 0;
    while (at < text.size() && text[at] == separator) {
      ++at;
      ++length;
    }
    const bool legal =
        (separator == '.' && length == 1) || (separator == '_' && length <= 2) || separator == '-';
    if (!legal || !is_lower_alphanumeric(text[at])) {
      return false;
    }
  }
  return true;
}

/// `\w[\w.-]{0,127}`
bool is_tag(std::string_view text) {
  auto word = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return !text.empty() && text.size() <= kTagBytesMax && word(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

/// `algorithm:hex`, of at least 32 digits; sha256 and sha512 of exactly theirs.
bool is_digest(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return false;
  }
  const auto algorithm = text.substr(0, colon);
  const auto hex = text.substr(colon + 1);
  if (algorithm == "sha256" && hex.size() != 64) {
    return false;
  }
  if (algorithm == "sha512" && hex.size() != 128) {
    return false;
  }
  return hex.size() >= 32 && std::ranges::all_of(hex, is_hex) &&
         is_alphanumeric(algorithm.front()) && std::ranges::all_of(algorithm, [](char c) {
           return is_alphanumeric(c) || c == '+' || c == '.' || c == '-' || c == '_';
         });
}

/// A host name, IPv4 or bracketed IPv6 address, with a port or without.
bool is_registry(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(end + 1);
    return text.empty() || (text.starts_with(':') && text.size() > 1);
  }
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto port = text.substr(colon + 1);
    if (port.empty() || !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) {
      return false;
    }
  }
  return !host.empty() && is_alphanumeric(host.front()) && is_alphanumeric(host.back()) &&
         std::ranges::all_of(host,
                             [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
}

bool looks_like_registry(std::string_view first_part) {
  return first_part.find_first_of(".:") != std::string_view::npos || first_part == "localhost" ||
         std::ranges::any_of(first_part, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_path(std::string_view path) {
  for (;;) {
    const auto slash = path.find('/');
    if (!is_path_component(path.substr(0, slash))) {
      return false;
    }
    if (slash == std::string_view::npos) {
      return true;
    }
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

std::optional<Reference> parse_reference(std::string_view text) {
  Reference reference;
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
    if (!is_digest(reference.digest)) {
      return std::nullopt;
    }
    text = text.substr(0, at);
  }
  const auto slash = text.rfind('/');
  const auto colon = text.find(':', slash == std::string_view::npos ? 0 : slash + 1);
  if (colon != std::string_view::npos) {
    reference.tag = text.substr(colon + 1);
    if (!is_tag(reference.tag)) {
      return std::nullopt;
    }
    text = text.substr(0, colon);
  }
  const auto first = text.find('/');
  std::string path(text);
  reference.registry = "docker.io";
  if (first != std::string_view::npos && looks_like_registry(text.substr(0, first))) {
    reference.registry = text.substr(0, first);
    path = text.substr(first + 1);
    if (!is_registry(reference.registry)) {
      return std::nullopt;
    }
    if (reference.registry == "index.docker.io") {
      reference.registry = "docker.io";
    }
  }
  if (reference.registry == "docker.io" && path.find('/') == std::string::npos) {
    path.insert(0, "library/");
  }
  if (!is_path(path)) {
    return std::nullopt;
  }
  reference.repository = reference.registry + "/" + path;
  if (reference.repository.size() > kNameBytesMax) {
    return std::nullopt;
  }
  return reference;
}

}  // namespace seaworthy::image
