#pragma once

#include <cstddef>
#include <string_view>

#include "document/source_builder.h"

namespace seaworthy::document {

/// Reads the YAML documents between `start` and `end` of `bytes`, and gives them and their mistakes
/// to the builder. At most one `---` line, the first; the text is UTF-8 without control characters.
void read_yaml_piece(std::string_view bytes, std::size_t start, std::size_t end,
                     SourceBuilder& builder);

}  // namespace seaworthy::document
