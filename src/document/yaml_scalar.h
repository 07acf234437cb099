#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// What a plain scalar means after its way through sigs.k8s.io/yaml, that is, as JSON: 1.0 is the
/// int 1. A string is `text` itself. The error says why there is no such JSON (.inf, .nan).
std::expected<Node, std::string> resolve_yaml(std::string_view text);

/// The same for a scalar with a tag, written out (tag:yaml.org,2002:int).
std::expected<Node, std::string> resolve_tagged_yaml(std::string_view text, std::string_view tag);

/// The key that a scalar is as sigs.k8s.io/yaml makes one: numbers and booleans become text.
/// Nothing for null. `text`: what stands there, for what does not change by being a key.
std::optional<std::string> yaml_key(const Node& value, std::string_view text);

}  // namespace seaworthy::document
