#pragma once

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

/// Nothing where `text` is no reference.
std::optional<Reference> parse_reference(std::string_view text);

}  // namespace seaworthy::image
