#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace seaworthy::image {

/// An image reference in its parts, normalised as container runtimes read it.
/// Rule: distribution/reference ParseNormalizedNamed: no registry means docker.io, a single name
/// there library/<name>; `name:tag@digest` is legal and the digest decides. A tag that is not
/// written is not invented.
struct Reference {
  std::string registry;    ///< "docker.io", "registry.example.com:5000"
  std::string repository;  ///< With the registry: "docker.io/library/nginx"
  std::string tag;         ///< Empty where none is written.
  std::string digest;      ///< "sha256:…", or empty.
};

/// The same as parts of its text: what costs no memory. Lifetime: the text's.
struct ReferenceParts {
  std::string_view registry;   ///< "docker.io" where none is written.
  bool is_in_library = false;  ///< "library/" belongs before the path and is not written.
  std::string_view path;       ///< The repository without registry and "library/".
  std::string_view tag;        ///< Empty where none is written.
  std::string_view digest;     ///< "sha256:…", or empty.

  /// The length of the repository's name with the registry.
  [[nodiscard]] std::size_t repository_size() const;
  /// Writes it; `room` has repository_size() bytes.
  void write_repository(char* room) const;
};

/// Nothing where `text` is no reference.
std::optional<ReferenceParts> parse_reference_parts(std::string_view text);
std::optional<Reference> parse_reference(std::string_view text);

}  // namespace seaworthy::image
