// The grammar of distribution/reference (reference.go), by hand: digest from the right, then the
// tag behind the last slash, then the registry before the first slash if it looks like a host.
#include "seaworthy/image/reference.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace seaworthy::image {
namespace {

constexpr std::size_t kNameBytesMax =
    255;  // Source: distribution/reference RepositoryNameTotalLengthMax.
constexpr std::size_t kTagBytesMax = 128;

/// What a byte may be part of.
enum Class : std::uint8_t { kLower = 1, kUpper = 2, kDigit = 4, kHex = 8 };

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < classes.size(); ++byte) {
    const bool lower = byte >= 'a' && byte <= 'z';
    const bool digit = byte >= '0' && byte <= '9';
    const bool hex = digit || (byte >= 'a' && byte <= 'f');
    const bool upper = byte >= 'A' && byte <= 'Z';
    classes[byte] = static_cast<std::uint8_t>((lower ? kLower : 0) | (upper ? kUpper : 0) |
                                              (digit ? kDigit : 0) | (hex ? kHex : 0));
  }
  return classes;
}();

bool is(char byte, unsigned classes) {
  return (kClasses[static_cast<unsigned char>(byte)] & classes) != 0;
}

bool is_lower_alphanumeric(char c) { return is(c, kLower | kDigit); }

bool is_alphanumeric(char c) { return is(c, kLower | kUpper | kDigit); }

bool is_hex(char c) { return is(c, kHex); }

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

namespace {

constexpr std::string_view kLibrary = "library/";

char* append(char* room, std::string_view text) { return std::ranges::copy(text, room).out; }

}  // namespace

std::size_t ReferenceParts::repository_size() const {
  return registry.size() + 1 + (is_in_library ? kLibrary.size() : 0) + path.size();
}

void ReferenceParts::write_repository(char* room) const {
  room = append(room, registry);
  room = append(room, "/");
  room = append(room, is_in_library ? kLibrary : std::string_view());
  append(room, path);
}

std::optional<ReferenceParts> parse_reference_parts(std::string_view text) {
  ReferenceParts parts;
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    parts.digest = text.substr(at + 1);
    if (!is_digest(parts.digest)) {
      return std::nullopt;
    }
    text = text.substr(0, at);
  }
  const auto slash = text.rfind('/');
  const auto colon = text.find(':', slash == std::string_view::npos ? 0 : slash + 1);
  if (colon != std::string_view::npos) {
    parts.tag = text.substr(colon + 1);
    if (!is_tag(parts.tag)) {
      return std::nullopt;
    }
    text = text.substr(0, colon);
  }
  const auto first = text.find('/');
  parts.path = text;
  parts.registry = "docker.io";
  if (first != std::string_view::npos && looks_like_registry(text.substr(0, first))) {
    parts.registry = text.substr(0, first);
    parts.path = text.substr(first + 1);
    if (!is_registry(parts.registry)) {
      return std::nullopt;
    }
    if (parts.registry == "index.docker.io") {
      parts.registry = "docker.io";
    }
  }
  parts.is_in_library = parts.registry == "docker.io" && !parts.path.contains('/');
  if (!is_path(parts.path) || parts.repository_size() > kNameBytesMax) {
    return std::nullopt;
  }
  return parts;
}

std::optional<Reference> parse_reference(std::string_view text) {
  const auto parts = parse_reference_parts(text);
  if (!parts) {
    return std::nullopt;
  }
  Reference reference{.registry = std::string(parts->registry),
                      .repository = std::string(parts->repository_size(), '\0'),
                      .tag = std::string(parts->tag),
                      .digest = std::string(parts->digest)};
  parts->write_repository(reference.repository.data());
  return reference;
}

}  // namespace seaworthy::image
