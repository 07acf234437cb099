#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// A JSON document that is kept to read its likes: documents that are the same to the byte but for
/// what some strings in them say. That takes a comparison instead of a parser. Only strings that
/// are values may differ, neither keys nor numbers. Threads: one at a time.
class KeptJson {
 public:
  /// A string of the document, counted in the order of the text, and what it is in the other one.
  struct Change {
    std::uint32_t text = 0;
    Node value;
  };

  /// Nothing where the document is no list and no map, or has a key twice in one map. Errors: as
  /// JsonParser::parse.
  static Result<std::optional<KeptJson>> make(std::string_view bytes, JsonParser& parser);

  /// Whether `bytes` is a like: then `changes` says in which strings. Their values lie in `bytes`
  /// or in `arena`. False too where more than `changes_max` strings differ; `changes` is then
  /// spoilt.
  [[nodiscard]] bool compare(std::string_view bytes, std::size_t changes_max, JsonParser& parser,
                             Arena& arena, std::vector<Change>& changes) const;

  /// The document; that of the changes while one of this class lives.
  class Reading {
   public:
    Reading(KeptJson& kept, std::span<const Change> changes);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    Reading(Reading&&) = delete;
    Reading& operator=(Reading&&) = delete;

    [[nodiscard]] const Node& root() const { return kept_->root_; }

   private:
    KeptJson* kept_;
    std::span<const Change> changes_;
  };

  [[nodiscard]] const Node& root() const { return root_; }

  /// Where the string stands: the names of members from the root on, "*" for an item of a list.
  [[nodiscard]] std::vector<std::string_view> path(std::uint32_t text) const;

  /// Bytes that it takes.
  [[nodiscard]] std::size_t held_bytes() const;

 private:
  friend class KeptJsonIndexer;

  /// A step into a container; the root has none.
  struct Step {
    std::uint32_t parent = 0;  ///< Into steps_; its own place: the root.
    std::string_view name;
  };

  struct Text {
    std::uint32_t begin = 0;  ///< Behind the quote.
    std::uint32_t end = 0;    ///< Where the closing quote is.
    std::uint32_t step = 0;   ///< Of the container that it is in.
    std::string_view name;
    Node* node = nullptr;
    Node original;
  };

  KeptJson() = default;

  std::string bytes_;
  Arena arena_;
  Node root_;
  std::vector<Step> steps_;
  std::vector<Text> texts_;
};

}  // namespace seaworthy::document
