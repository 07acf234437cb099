// simdjson's first stage finds where the tokens are: brackets, commas, colons, the beginnings of
// strings, numbers and words, and checks UTF-8. One walk over those places makes the tree, with
// strings that lie in a copy of the text. Its second stage, which would write a tape for us to read
// again, costs more than all the rest. Whatever the walk will not do is left to the slower reader,
// which either can or says why not, so there is one source of messages.
#include <algorithm>
#include <cstring>
#include <vector>

#include <simdjson.h>

#include "document/json_reader.h"
#include "document/member_index.h"
#include "document/token_walker.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

constexpr std::uint32_t kDepthMax = 1000;
/// Buffers that grew over this for one document are given back after it.
constexpr std::size_t kKeptBytes = std::size_t{256} * 1024;

using Tokens = simdjson::internal::dom_parser_implementation;

/// Makes the tree out of the slower reader's events.
class TreeBuilder : public JsonEvents {
 public:
  explicit TreeBuilder(Arena& arena) : arena_(arena) {}

  void on_scalar(const Node& value, std::size_t) override {
    values_.push_back({std::exchange(key_, Key()), value});
  }

  void on_key(std::string_view name, std::size_t) override { key_ = Key(name); }

  void on_map_start(std::size_t) override { open(); }

  void on_list_start(std::size_t) override { open(); }

  void on_map_end() override {
    const std::size_t count = values_.size() - starts_.back().first_value;
    Member* members = arena_.allocate_array<Member>(count);
    std::uninitialized_copy(values_.end() - static_cast<std::ptrdiff_t>(count), values_.end(),
                            members);
    close(Node::map({members, unite_duplicates(members, count)}));
  }

  void on_list_end() override {
    const std::size_t first = starts_.back().first_value;
    Node* items = arena_.allocate_array<Node>(values_.size() - first);
    for (std::size_t at = first; at < values_.size(); ++at) {
      std::construct_at(items + (at - first), values_[at].value);
    }
    close(Node::list({items, values_.size() - first}));
  }

  [[nodiscard]] Node root() const { return values_.front().value; }

 private:
  struct Start {
    std::size_t first_value = 0;
    Key key;  // of the container itself
  };

  void open() { starts_.push_back({values_.size(), std::exchange(key_, Key())}); }

  void close(const Node& node) {
    values_.resize(starts_.back().first_value);
    values_.push_back({starts_.back().key, node});
    starts_.pop_back();
  }

  Arena& arena_;
  std::vector<Member> values_;  // of all open containers, one after the other
  std::vector<Start> starts_;
  Key key_;
};

Result<Node> parse_slowly(std::string_view bytes, std::uint32_t depth_max, Arena& arena) {
  if (const std::size_t invalid = find_invalid_utf8(bytes); invalid != std::string_view::npos) {
    return fail(ErrorCode::kInvalid, "not UTF-8: byte " + std::to_string(invalid));
  }
  TreeBuilder builder(arena);
  if (const auto fault = read_json_events(bytes, depth_max, arena, builder)) {
    const std::string_view what =
        fault->code == ErrorCode::kOverLimit ? "JSON over a limit" : "not JSON";
    return fail(fault->code, std::string(what) + ": byte " + std::to_string(fault->offset) + ": " +
                                 fault->message);
  }
  return builder.root();
}

}  // namespace

struct JsonParser::Buffers {
  std::unique_ptr<Tokens> tokens;
  OpenValues open;

  /// False where simdjson cannot read it.
  bool find_tokens(std::string_view text) {
    if (tokens == nullptr) {
      if (simdjson::get_active_implementation()->create_dom_parser_implementation(
              text.size() + text.size() / 2, 1, tokens) != simdjson::SUCCESS) {
        return false;
      }
    } else if (tokens->capacity() < text.size() &&
               tokens->set_capacity(text.size() + text.size() / 2) != simdjson::SUCCESS) {
      return false;
    }
    return tokens->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                          simdjson::stage1_mode::regular) == simdjson::SUCCESS;
  }
};

JsonParser::JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;
JsonParser::~JsonParser() = default;

Result<Node> JsonParser::parse(std::string_view bytes, Arena& arena, const JsonOptions& options) {
  const std::uint32_t depth_max = std::min(options.depth_max, kDepthMax);
  if (!buffers_) {
    buffers_ = std::make_unique<Buffers>();
  }
  // The tree's strings lie in this copy, which also has the padding that simdjson wants.
  char* const copy = arena.allocate_array<char>(bytes.size() + simdjson::SIMDJSON_PADDING);
  if (!bytes.empty()) {
    std::memcpy(copy, bytes.data(), bytes.size());
  }
  std::memset(copy + bytes.size(), 0, simdjson::SIMDJSON_PADDING);
  const std::string_view text(copy, bytes.size());
  Node tree;
  const bool read =
      buffers_->find_tokens(text) &&
      walk_tokens(text, *buffers_->tokens, {.depth_max = depth_max, .skipped = options.skipped},
                  arena, buffers_->open, tree);
  buffers_->open.drop_from(0);
  if (bytes.size() > kKeptBytes) {
    buffers_.reset();
  }
  if (read) {
    return tree;
  }
  return parse_slowly(bytes, depth_max, arena);
}

Result<Node> parse_json(std::string_view bytes, Arena& arena, const JsonOptions& options) {
  return JsonParser().parse(bytes, arena, options);
}

}  // namespace seaworthy::document
