#include "seaworthy/policy/functions.h"

#include <array>
#include <cmath>
#include <map>
#include <memory>

#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/image/reference.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Type;
using cel::Value;

Value run_image(std::span<const Value> arguments, Evaluation& evaluation) {
  const document::Node node = image_node(arguments[0].as_text(), evaluation.arena());
  return Value::of(node);
}

/// Shannon's entropy over the code points.
Value run_entropy(std::span<const Value> arguments, Evaluation&) {
  const auto text = arguments[0].as_text();
  std::map<std::string_view, std::size_t> counts;
  std::size_t total = 0;
  for (std::size_t at = 0; at < text.size(); ++total) {
    const auto length = utf8_length(text, at);
    ++counts[text.substr(at, length)];
    at += length;
  }
  double bits = 0;
  for (const auto& entry : counts) {
    const double share = static_cast<double>(entry.second) / static_cast<double>(total);
    bits -= share * std::log2(share);
  }
  return Value::number(bits);
}

/// A tenth of the text's code points, as functions that read all of it cost in cel-go.
std::uint64_t traversal_cost(std::span<const Value> arguments, const Value&) {
  return (code_point_count(arguments[0].as_text()) + 9) / 10;
}

// A signature cannot name an object type, so that image() answers dyn: a misspelt field is an error
// when the expression runs.
constexpr std::array kRows{
    FunctionRow{"image", "image_string", "(string) -> dyn", run_image, traversal_cost},
    FunctionRow{"entropy", "entropy_string", "(string) -> double", run_entropy, traversal_cost},
};

constexpr cel::Library kLibrary{"seaworthy", kRows};

}  // namespace

const cel::Library& native_functions() { return kLibrary; }

cel::StructType image_type() {
  return {"seaworthy.Image",
          {{"reference", Type::string()},
           {"registry", Type::string()},
           {"repository", Type::string()},
           {"tag", Type::string()},
           {"digest", Type::string()},
           {"valid", Type::boolean()}}};
}

document::Node image_node(std::string_view text, Arena& arena) {
  using document::Key;
  using document::Node;
  static constexpr Key kReference("reference");
  static constexpr Key kRegistry("registry");
  static constexpr Key kRepository("repository");
  static constexpr Key kTag("tag");
  static constexpr Key kDigest("digest");
  static constexpr Key kValid("valid");
  constexpr std::size_t kFields = 6;
  const auto parsed = image::parse_reference_parts(text);
  const auto parts = parsed.value_or(image::ReferenceParts{});
  std::string_view repository;
  if (parsed) {
    char* const room = arena.allocate_array<char>(parts.repository_size());
    parts.write_repository(room);
    repository = {room, parts.repository_size()};
  }
  auto* const members = arena.allocate_array<document::Member>(kFields);
  std::size_t count = 0;
  const auto add = [&](const Key& key, const Node& value) {
    std::construct_at(members + count++, key, value);
  };
  add(kReference, Node::string(text));
  add(kRegistry, Node::string(parts.registry));
  add(kRepository, Node::string(repository));
  add(kTag, Node::string(parts.tag));
  add(kDigest, Node::string(parts.digest));
  add(kValid, Node::boolean(parsed.has_value()));
  return Node::map({members, count});
}

}  // namespace seaworthy::policy
