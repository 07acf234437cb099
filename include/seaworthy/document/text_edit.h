#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/document/node.h"
#include "seaworthy/document/source.h"

namespace seaworthy::document {

/// What a document of a text is to read as.
struct Rewrite {
  std::size_t document = 0;  ///< Its place among the text's documents.
  Node root;
};

/// `length` bytes at `at` become `text`.
struct TextEdit {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string text;
};

struct EditedText {
  std::string text;
  std::vector<TextEdit> edits;  ///< What was done to the text that was given, in order of place.
  /// Documents that could not be changed so that the text is proven to read as wanted; there it is
  /// as it was.
  std::vector<std::size_t> unwritten;
};

/// The text with the rewrites written into it: comments, order, quoting, anchors, line ends and
/// everything that they do not touch stays, what is added looks like what is there. `text` is what
/// `documents` were read from (document::read_source, without mistakes); a null that a rewrite
/// leaves out stays. `rewrites` are in the order of their documents. The result has been read
/// again: each document is what was wanted.
EditedText edit_source(std::string_view text, std::string_view file,
                       std::span<const SourceDocument> documents,
                       std::span<const Rewrite> rewrites);

/// Equal where a member that is null is taken as absent: as the API server decodes a manifest.
bool equal_without_nulls(const Node& a, const Node& b);

}  // namespace seaworthy::document
