#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/source.h"

namespace seaworthy::cli {

/// One resource of the inputs.
struct Manifest {
  std::string file;
  std::shared_ptr<const document::SourceDocument> source;
  const document::Node* object = nullptr;
  std::string path_prefix;  ///< "items[3]." within a List; empty otherwise.

  /// The line of `path` (from the resource's root), or of the nearest parent.
  [[nodiscard]] std::uint32_t line_of(const std::string& path) const;
};

struct Manifests {
  std::vector<Manifest> manifests;
  std::vector<Diagnostic> diagnostics;  ///< Of documents that could not be read.
  std::vector<std::string> unreadable;  ///< Of paths that could not be read.
};

/// Reads files, folders (their .yaml, .yml and .json files) and "-" (standard input). A List's
/// items are resources of their own. Everything lies in `arena`.
Manifests read_manifests(const std::vector<std::string>& inputs, const World& world, Arena& arena);

}  // namespace seaworthy::cli
