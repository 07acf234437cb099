#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  std::string path_prefix;          ///< "items[3]." within a List; empty otherwise.
  std::size_t document = 0;         ///< Its document's place among those of the file.
  std::optional<std::size_t> item;  ///< Its place within a List.
  bool is_kind_of_list = false;     ///< It says no kind itself: its list does.

  /// Where `path` (from the resource's root) is, or its nearest parent.
  [[nodiscard]] SourcePosition place_of(const std::string& path) const;

  [[nodiscard]] std::uint32_t line_of(const std::string& path) const { return place_of(path).line; }

  /// What became of `object` as it would be written: with the kind that it was written with, or
  /// without any.
  [[nodiscard]] document::Node as_written(const document::Node& changed, Arena& arena) const;
};

/// What a text holds. Lifetime: the arena that it was read into.
struct Manifests {
  /// Those that could be read, whatever they are.
  std::shared_ptr<const std::vector<document::SourceDocument>> documents;
  std::vector<Manifest> manifests;
  std::vector<Diagnostic> diagnostics;  ///< Of documents that could not be read.
};

/// Reads a text; a List's items are resources of their own, of the list's kind where they have
/// none. Diagnostics do not show the text's lines, which may hold a secret. Where a template's
/// action seems to be what is no YAML, that is said.
Manifests read_manifests(const std::string& text, const std::string& file, Arena& arena);

/// A file that was asked for, or that a folder held.
struct InputFile {
  std::string path;                         ///< "-": standard input.
  std::optional<Result<std::string>> text;  ///< Of what can be read only once, and not replaced.
};

struct InputFiles {
  std::vector<InputFile> files;         ///< Sorted by path, each once, by the first of its names.
  std::vector<std::string> unreadable;  ///< Of folders that could not be listed, or hold nothing.
};

/// Finds files, the .yaml, .yml and .json files of folders, and "-" (standard input, which is read
/// at once, as is what is no regular file).
InputFiles find_inputs(const std::vector<std::string>& inputs, const World& world);

Result<std::string> text_of(const InputFile& file, const World& world);

}  // namespace seaworthy::cli
