#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/manifest_checker.h"
#include "seaworthy/document/text_edit.h"

namespace seaworthy::cli {

/// What was made of a file's text. Lifetime: remedies in rows lie in the arena that was given.
struct FixedText {
  std::string text;
  std::vector<document::TextEdit> edits;
  std::size_t remedies = 0;            ///< That were written.
  bool is_broken = false;              ///< Something of it could not be read or judged.
  std::vector<std::string> notes;      ///< What people should know of it, a line each.
  std::vector<std::string> unwritten;  ///< What could not be written, a line each.
  Checked checked;                     ///< What is left in the text as it is now.
  std::string yaml;                    ///< The documents as YAML; only where asked for.
};

/// Writes what judging makes of manifests into their text, and tells what that leaves.
/// Threads: any; an arena belongs to one.
class ManifestFixer {
 public:
  /// `checker` judges and mends; `critic` judges as it is written what could not be written.
  ManifestFixer(const ManifestChecker& checker, const ManifestChecker& critic,
                policy::RemedyLevel level, bool wants_yaml)
      : checker_(&checker), critic_(&critic), level_(level), wants_yaml_(wants_yaml) {}

  /// A text of which something cannot be read is left alone.
  [[nodiscard]] FixedText fix(const std::string& text, const std::string& file, Arena& arena) const;

 private:
  const ManifestChecker* checker_;
  const ManifestChecker* critic_;
  policy::RemedyLevel level_;
  bool wants_yaml_;
};

}  // namespace seaworthy::cli
