#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

struct JsonOptions {
  /// Lists and maps inside each other; 1,000 at most, whatever is asked.
  std::uint32_t depth_max = limits::kDocumentDepthMax;
  /// The path of members that the reader may leave out, names from the root on, "*" for any: what
  /// nobody will ask for. Of their values only the brackets are looked at.
  std::span<const std::string_view> skipped = {};
};

/// Reads JSON documents one after the other and keeps the buffers that this takes. Threads: one at
/// a time, so that a server has one per thread.
class JsonParser {
 public:
  JsonParser();
  JsonParser(JsonParser&&) noexcept;
  JsonParser& operator=(JsonParser&&) noexcept;
  ~JsonParser();

  /// Reads one JSON document as the API server's decoder means it: numbers as Kind says, a lone
  /// surrogate is U+FFFD, of duplicate keys the last wins (and keeps the first's place). simdjson
  /// reads; what it refuses but Go accepts (integers over uint64, lone surrogates) takes a slower
  /// path of ours. Strings are copied into `arena`: `bytes` need not outlive the call. Errors:
  /// kInvalid (not JSON, not UTF-8, a number over double; says the byte offset), kOverLimit (depth,
  /// nodes).
  Result<Node> parse(std::string_view bytes, Arena& arena, const JsonOptions& options = {});

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

/// JsonParser::parse with a parser for this call only: for what is read once.
Result<Node> parse_json(std::string_view bytes, Arena& arena, const JsonOptions& options = {});

/// Compact JSON: members in their order, doubles as Go's encoding/json prints them (no fraction
/// where there is none, an exponent below 1e-6 and from 1e21 on), no escapes for HTML's sake.
/// Always UTF-8: an invalid byte becomes U+FFFD.
std::string print_json(const Node& node);
/// Appends the same to `out`.
void print_json(const Node& node, std::string& out);
/// Indented by two blanks, for people.
std::string print_json_pretty(const Node& node);

/// `text` as a JSON string with its quotes.
void print_json_string(std::string_view text, std::string& out);

}  // namespace seaworthy::document
