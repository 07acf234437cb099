// yaml-cpp's marks are byte offsets; they stand before a node's anchor and tag, and for a value
// that is left out at the next token. What yaml-cpp 0.7 lets pass and YAML does not is refused
// here: a quote that nothing closes, text behind the end of a document. Its exceptions end here.
#include "document/yaml_source.h"

#include <algorithm>
#include <optional>
#include <spanstream>
#include <string>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "document/yaml_scalar.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

/// Gives yaml-cpp's events to the builder.
class YamlSource : public YAML::EventHandler {
 public:
  YamlSource(std::string_view bytes, std::size_t base, SourceBuilder& builder)
      : bytes_(bytes), base_(base), builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override;

  void OnDocumentEnd() override { builder_.end_document(); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(false, mark, tag, anchor);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(true, mark, tag, anchor);
  }

  void OnSequenceEnd() override { builder_.end(); }

  void OnMapEnd() override { builder_.end(); }

  /// yaml-cpp goes on with whatever it finds behind the end of a document; YAML asks for a `...`
  /// between. Without one, takes the document back that ended last and answers true.
  bool drop_unended(std::size_t offset);

  /// Whether there was such a document: what follows it is not worth reading.
  [[nodiscard]] bool has_stray() const { return has_stray_; }

  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return std::min(base_ + static_cast<std::size_t>(std::max(mark.pos, 0)), bytes_.size());
  }

 private:
  void start(bool is_map, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  [[nodiscard]] std::size_t behind_properties(std::size_t offset) const;
  [[nodiscard]] bool is_null_at(std::size_t offset) const;
  std::size_t find_scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          bool is_empty) const;
  void key(const Node& value, std::string_view text, std::size_t at);
  [[nodiscard]] bool is_open_quote(std::size_t offset) const;

  std::string_view bytes_;  // up to the piece's end
  std::size_t base_;
  SourceBuilder& builder_;
  std::optional<std::size_t> document_start_;  // of the document before
  bool has_stray_ = false;
};

/// yaml-cpp 0.7 makes of \N and \_ the bytes 0x85 and 0xA0, which are U+0085 and U+00A0 in Latin-1
/// and not in UTF-8.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length == 1 && byte >= 0x80) {
      append_utf8(out, byte);
    } else {
      out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

/// Whether a quote begins there that nothing closes: yaml-cpp 0.7 lets the text's end close it.
bool YamlSource::is_open_quote(std::size_t offset) const {
  if (offset >= bytes_.size() || (bytes_[offset] != '"' && bytes_[offset] != '\'')) {
    return false;
  }
  const char quote = bytes_[offset];
  for (std::size_t at = offset + 1; at < bytes_.size(); ++at) {
    if (bytes_[at] == '\\' && quote == '"') {
      ++at;
    } else if (bytes_[at] == quote) {
      if (quote == '"' || at + 1 == bytes_.size() || bytes_[at + 1] != '\'') {
        return false;
      }
      ++at;
    }
  }
  return true;
}

void YamlSource::OnDocumentStart(const YAML::Mark& mark) {
  const std::size_t at = offset(mark);
  has_stray_ = drop_unended(at);
  builder_.start_document(at);
  if (has_stray_) {
    builder_.give_up(at, "not YAML: this stands behind the end of the document");
  }
  document_start_ = at;
}

bool YamlSource::drop_unended(std::size_t offset) {
  if (!document_start_ ||
      bytes_.substr(0, offset).find("\n...", *document_start_) != std::string_view::npos) {
    return false;
  }
  builder_.drop_last_document();
  return true;
}

/// Skips anchors, tags, and what blank space and comments follow them.
std::size_t YamlSource::behind_properties(std::size_t offset) const {
  while (offset < bytes_.size() && (bytes_[offset] == '&' || bytes_[offset] == '!')) {
    offset = std::min(bytes_.find_first_of(" \t\r\n", offset), bytes_.size());
    offset = std::min(bytes_.find_first_not_of(" \t\r\n", offset), bytes_.size());
    while (offset < bytes_.size() && bytes_[offset] == '#') {
      offset = std::min(bytes_.find('\n', offset), bytes_.size());
      offset = std::min(bytes_.find_first_not_of(" \t\r\n", offset), bytes_.size());
    }
  }
  return offset;
}

/// Whether a null is written there, and not left out.
bool YamlSource::is_null_at(std::size_t offset) const {
  const auto end = std::min(bytes_.find_first_of(" \t\r\n,]}:", offset), bytes_.size());
  const auto word = bytes_.substr(offset, end - offset);
  return word == "~" || word == "null" || word == "Null" || word == "NULL";
}

std::size_t YamlSource::find_scalar(const YAML::Mark& mark, const std::string& tag,
                                    YAML::anchor_t anchor, bool is_empty) const {
  const std::size_t marked = offset(mark);
  if (anchor == 0 &&
      (tag == "?" || (tag == "!" && marked < bytes_.size() && bytes_[marked] != '!'))) {
    return marked;
  }
  const std::size_t found = behind_properties(marked);
  const bool written = found < bytes_.size() &&
                       std::string_view("\"'|>").find(bytes_[found]) != std::string_view::npos;
  return is_empty && !written ? marked : found;
}

void YamlSource::key(const Node& value, std::string_view text, std::size_t at) {
  const auto name = yaml_key(value, text);
  if (!name) {
    const bool is_null = value.is_null();
    builder_.report(at, is_null ? "a key is missing, or null: quote it if it is meant as text"
                                : "the key " + std::string(text) + " is no text: quote it");
  }
  builder_.key(builder_.arena().copy(name.value_or("")), at);
}

void YamlSource::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (builder_.has_given_up()) {
    return;
  }
  const std::size_t at = behind_properties(offset(mark));
  const std::size_t place = is_null_at(at) ? at : builder_.near_offset();
  if (builder_.expects_key()) {
    return key(Node(), "null", is_null_at(at) ? at : offset(mark));
  }
  builder_.scalar(Node(), place, anchor);
}

void YamlSource::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (builder_.has_given_up()) {
    return;
  }
  const std::size_t at = offset(mark);
  if (!builder_.expects_key()) {
    return builder_.alias(anchor, at);
  }
  const Node* node = builder_.anchored(anchor);
  if (node == nullptr || node->is_list() || node->is_map()) {
    return builder_.give_up(at, "a key is text, and this alias stands for a list or map");
  }
  key(*node, node->is_string() ? node->as_string() : std::string_view(), at);
}

void YamlSource::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          const std::string& value) {
  if (builder_.has_given_up()) {
    return;
  }
  const std::size_t at = find_scalar(mark, tag, anchor, value.empty());
  if (builder_.expects_key() && value == "<<" && (tag == "?" || tag == "tag:yaml.org,2002:merge")) {
    return builder_.key("<<", at, true);
  }
  if (is_open_quote(at)) {
    return builder_.give_up(at, "not YAML: a quote that is not closed");
  }
  const std::string_view text =
      builder_.arena().copy(is_valid_utf8(value) ? value : repaired(value));
  std::expected<Node, std::string> node = Node::string(text);
  if (tag == "?") {
    node = resolve_yaml(text);
  } else if (tag != "!") {
    node = resolve_tagged_yaml(text, tag);
  }
  if (!node) {
    builder_.report(at, node.error());
  }
  const Node resolved = node.value_or(Node::string(text));
  if (builder_.expects_key()) {
    return key(resolved, text, at);
  }
  builder_.scalar(resolved, at, anchor);
}

void YamlSource::start(bool is_map, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor) {
  if (builder_.has_given_up()) {
    return;
  }
  const std::size_t at = anchor == 0 && tag == "?" ? offset(mark) : behind_properties(offset(mark));
  if (builder_.expects_key()) {
    const bool is_template = bytes_.substr(at).starts_with("{") && at > 0 && bytes_[at - 1] == '{';
    return builder_.give_up(at, std::string("a key is text, and this is a ") +
                                    (is_map ? "map" : "list") +
                                    (is_template ? ": quote the text if '{{' belongs to it" : ""));
  }
  builder_.start(is_map, at, anchor);
}

/// What yaml-cpp says, and what to do about it where that is known.
std::string explain(const YAML::Exception& fault, std::string_view bytes, std::size_t at) {
  const std::size_t start = at == 0 ? 0 : bytes.rfind('\n', at - 1) + 1;
  const auto line = bytes.substr(start, std::min(bytes.find('\n', start), bytes.size()) - start);
  const auto lead = line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
  if (lead.find('\t') != std::string_view::npos) {
    return "not YAML: a tab cannot indent, write blanks";
  }
  if (fault.msg == YAML::ErrorMsg::MAP_VALUE) {
    return "not YAML: a ':' cannot stand here: quote the text if it is part of a value, or check "
           "the indentation";
  }
  if (fault.msg == YAML::ErrorMsg::END_OF_MAP || fault.msg == YAML::ErrorMsg::END_OF_SEQ) {
    return "not YAML: this line's indentation is that of no map or list above, or a ':' or '-' is "
           "missing";
  }
  if (fault.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) {
    return "not YAML: a '[' before this is not closed by a ']'";
  }
  if (fault.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
    return "not YAML: a '{' before this is not closed by a '}'";
  }
  if (fault.msg == YAML::ErrorMsg::UNKNOWN_TOKEN && at < bytes.size()) {
    return "not YAML: a value cannot begin with " + std::string(1, bytes[at]) +
           ": quote it if it is text";
  }
  if (fault.msg == YAML::ErrorMsg::BAD_FILE) {
    return "not YAML: too many levels";  // yaml-cpp's guard of 500
  }
  return "not YAML: " + fault.msg;
}

}  // namespace

void read_yaml_piece(std::string_view bytes, std::size_t start, std::size_t end,
                     SourceBuilder& builder) {
  YamlSource events(bytes.substr(0, end), start, builder);
  try {
    std::ispanstream stream(std::span<const char>(bytes.substr(start, end - start)));
    YAML::Parser parser(stream);
    // A token that can begin no node makes yaml-cpp 0.7 answer empty documents for ever.
    while (!events.has_stray() && parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& fault) {
    if (builder.has_given_up()) {
      return;  // What it met behind a mistake that is reported already.
    }
    const std::size_t at = fault.mark.is_null() ? start : events.offset(fault.mark);
    events.drop_unended(at);
    builder.report(at, explain(fault, bytes, at));
  }
}

}  // namespace seaworthy::document
