// simdjson's DOM reads the text onto its tape; one walk over the tape makes the tree. The tape
// knows each container's count beforehand, so members and items go straight to their place in the
// arena. Whatever the walk or simdjson will not do is left to the slower reader, which either can
// or says why not, so there is one source of messages.
#include <cstring>
#include <vector>

#include <simdjson.h>

#include "document/json_reader.h"
#include "document/member_index.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

constexpr std::uint32_t kDepthMax = 1000;
/// Buffers that grew over this for one document are given back after it.
constexpr std::size_t kKeptBytes = std::size_t{256} * 1024;

/// Makes the tree out of simdjson's tape (its layout: simdjson's doc/tape.md).
class TapeWalker {
 public:
  TapeWalker(const simdjson::dom::document& document, std::size_t text_bytes,
             std::uint32_t depth_max, Arena& arena)
      : tape_(document.tape.get()),
        strings_(document.string_buf.get()),
        // All strings together are no longer than the text; copies of whole chunks write behind the
        // last.
        text_(arena.allocate_array<char>(text_bytes + kChunk)),
        depth_left_(depth_max),
        arena_(arena) {}

  /// False where a limit is met.
  bool walk(Node& out) { return value(out); }

 private:
  static constexpr std::size_t kChunk = 16;
  static constexpr std::uint64_t kPayload = 0x00FFFFFFFFFFFFFFU;
  static constexpr std::uint32_t kCountMax = 0xFFFFFF;  // where the tape's count stops counting

  /// Copies in whole chunks: no call, and nearly all strings are one or two. simdjson pads its
  /// buffer by more than one.
  std::string_view string(std::uint64_t word) {
    const std::uint8_t* from = strings_ + (word & kPayload);
    std::uint32_t size = 0;
    std::memcpy(&size, from, sizeof size);
    from += sizeof size;
    char* const start = text_;
    for (std::size_t done = 0; done < size; done += kChunk) {
      std::memcpy(start + done, from + done, kChunk);
    }
    text_ += size;
    return {start, size};
  }

  bool list(std::uint64_t word, Node& out);
  bool map(std::uint64_t word, Node& out);
  bool value(Node& out);

  const std::uint64_t* tape_;
  const std::uint8_t* strings_;
  char* text_;
  std::uint32_t depth_left_;
  Arena& arena_;
  std::size_t at_ = 1;  // behind the root
  std::size_t nodes_ = 0;
};

bool TapeWalker::list(std::uint64_t word, Node& out) {
  const auto count = static_cast<std::uint32_t>((word & kPayload) >> 32);
  if (count == kCountMax || depth_left_ == 0) {
    return false;
  }
  --depth_left_;
  Node* items = arena_.allocate_array<Node>(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!value(*std::construct_at(items + i))) {
      return false;
    }
  }
  ++at_;  // the closing bracket
  ++depth_left_;
  out = Node::list({items, count});
  return true;
}

bool TapeWalker::map(std::uint64_t word, Node& out) {
  const auto count = static_cast<std::uint32_t>((word & kPayload) >> 32);
  if (count == kCountMax || depth_left_ == 0) {
    return false;
  }
  --depth_left_;
  Member* members = arena_.allocate_array<Member>(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    Member* member = std::construct_at(members + i, Key(string(tape_[at_++])), Node());
    if (!value(member->value)) {
      return false;
    }
  }
  ++at_;
  ++depth_left_;
  out = Node::map({members, count < 2 ? count : unite_duplicates(members, count)});
  return true;
}

bool TapeWalker::value(Node& out) {
  if (++nodes_ > limits::kDocumentNodesMax) {
    return false;
  }
  const std::uint64_t word = tape_[at_++];
  switch (static_cast<simdjson::internal::tape_type>(word >> 56)) {
    using enum simdjson::internal::tape_type;
    case STRING:
      out = Node::string(string(word));
      return true;
    case START_OBJECT:
      return map(word, out);
    case START_ARRAY:
      return list(word, out);
    case INT64:
      out = Node::integer(static_cast<std::int64_t>(tape_[at_++]));
      return true;
    case UINT64:  // Only what is over int64: a double, correctly rounded as from its digits.
      out = Node::number(static_cast<double>(tape_[at_++]));
      return true;
    case DOUBLE: {
      double number = 0;
      std::memcpy(&number, &tape_[at_++], sizeof number);
      out = Node::number(number);
      return true;
    }
    case TRUE_VALUE:
      out = Node::boolean(true);
      return true;
    case FALSE_VALUE:
      out = Node::boolean(false);
      return true;
    case NULL_VALUE:
      return true;
    default:
      return false;
  }
}

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
  simdjson::dom::parser parser;
  std::vector<char> padded;
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
  // Copying costs a fiftieth of reading, and frees callers from simdjson's padding.
  auto& padded = buffers_->padded;
  if (padded.size() < bytes.size() + simdjson::SIMDJSON_PADDING) {
    padded.resize(bytes.size() + bytes.size() / 2 + simdjson::SIMDJSON_PADDING);
  }
  if (!bytes.empty()) {
    std::memcpy(padded.data(), bytes.data(), bytes.size());
  }
  simdjson::dom::element root;
  Node tree;
  const bool read =
      buffers_->parser.parse(padded.data(), bytes.size(), false).get(root) == simdjson::SUCCESS &&
      TapeWalker(buffers_->parser.doc, bytes.size(), depth_max, arena).walk(tree);
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
