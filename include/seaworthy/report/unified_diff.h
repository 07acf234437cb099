#pragma once

#include <span>
#include <string>
#include <string_view>

#include "seaworthy/document/text_edit.h"

namespace seaworthy::report {

/// What edits (in order of place, none into another) make of a text, as `diff -u` and `git apply`
/// write and read it, with three lines around; empty where they change nothing. `name`: the
/// file's, which gets a/ and b/ before it.
std::string unified_diff(std::string_view before, std::span<const document::TextEdit> edits,
                         std::string_view name);

}  // namespace seaworthy::report
