#pragma once

#include <string>
#include <vector>

#include "seaworthy/document/node.h"

namespace seaworthy::engine {

/// A field that differs between two versions of an object.
struct FieldChange {
  std::string path;        ///< `spec.containers[0].image`
  document::Node value;    ///< What it is now; null where it is gone.
  bool is_length = false;  ///< A list that has become longer or shorter; `value` is all of it.
};

/// The scalars, and the lists of another length, that differ; at most `count_max`.
std::vector<FieldChange> field_changes(const document::Node& before, const document::Node& after,
                                       std::size_t count_max);

}  // namespace seaworthy::engine
