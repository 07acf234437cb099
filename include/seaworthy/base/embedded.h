#pragma once

#include <span>
#include <string_view>

namespace seaworthy {

/// A file of the source tree that is compiled in (cmake/embed.cmake).
struct EmbeddedFile {
  std::string_view path;  ///< From the source tree's root.
  std::string_view contents;
};

namespace embedded {
/// policies/*.yaml and policies/production/*.yaml, in order of name.
std::span<const EmbeddedFile> policies();
/// src/document/merge_schema.txt.
std::span<const EmbeddedFile> merge_schema();
}  // namespace embedded

}  // namespace seaworthy
