#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"

namespace seaworthy::testing {

/// The tree of a JSON text that is right.
inline document::Node json(std::string_view text, Arena& arena) {
  auto node = document::parse_json(text, arena);
  if (!node) {
    ADD_FAILURE() << node.error().message << "\nin " << text;
    return {};
  }
  return *node;
}

/// The tree of a YAML text of one document that is right.
inline document::Node yaml(std::string_view text, Arena& arena) {
  auto parsed = document::read_source(text, "test.yaml", arena);
  for (const auto& diagnostic : parsed.diagnostics) {
    ADD_FAILURE() << render(diagnostic);
  }
  return parsed.value && parsed.value->size() == 1 ? parsed.value->front().root()
                                                   : document::Node();
}

}  // namespace seaworthy::testing
