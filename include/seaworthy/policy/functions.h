#pragma once

#include "seaworthy/cel/function.h"
#include "seaworthy/cel/type.h"

namespace seaworthy::policy {

/// `image(string) seaworthy.Image` and `entropy(string) double`.
const cel::Library& native_functions();

/// The object type of an image reference's parts.
cel::StructType image_type();

/// The parts of `reference` as the object that image_type() describes; of a text that is no
/// reference all parts are empty and `valid` is false.
document::Node image_node(std::string_view reference, Arena& arena);

}  // namespace seaworthy::policy
