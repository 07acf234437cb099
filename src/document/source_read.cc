// A text is read as JSON where it is a stream of JSON documents, which is faster and keeps JSON's
// meaning, else as YAML: it is cut at its `---` lines, which no scalar can hold, so that a mistake
// in one document does not cost the others, and each piece is read by itself.
#include <algorithm>
#include <string>

#include "document/json_reader.h"
#include "document/source_builder.h"
#include "document/yaml_source.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/source.h"

namespace seaworthy::document {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Gives a JSON text's events to the builder.
class JsonSource : public JsonEvents {
 public:
  JsonSource(SourceBuilder& builder, std::size_t base) : builder_(builder), base_(base) {}

  void on_scalar(const Node& value, std::size_t offset) override {
    builder_.scalar(value, base_ + offset);
  }

  void on_key(std::string_view name, std::size_t offset) override {
    builder_.key(name, base_ + offset);
  }

  void on_map_start(std::size_t offset) override { builder_.start(true, base_ + offset); }

  void on_list_start(std::size_t offset) override { builder_.start(false, base_ + offset); }

  void on_map_end() override { builder_.end(); }

  void on_list_end() override { builder_.end(); }

 private:
  SourceBuilder& builder_;
  std::size_t base_;
};

/// The first character that go-yaml refuses (readerc.go), at or behind `from`; npos where there is
/// none.
std::size_t find_control(std::string_view bytes, std::size_t from) {
  for (std::size_t at = from; at < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte < 0x80) {
      if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
        return at;
      }
      ++at;
      continue;
    }
    const std::size_t length = utf8_length(bytes, at);
    const auto character = bytes.substr(at, length);
    if (length == 2 && byte == 0xC2 && static_cast<unsigned char>(bytes[at + 1]) < 0xA0 &&
        character != "\xC2\x85") {
      return at;
    }
    if (character == kByteOrderMark || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
      return at;
    }
    at += length;
  }
  return std::string_view::npos;
}

/// The first line break of go-yaml's (yamlprivateh.go, is_break) that is none here, at or behind
/// `from`: what stands behind it would be read as a line by kubectl and as a comment's or a text's
/// end by us. npos where there is none.
std::size_t find_foreign_break(std::string_view bytes, std::size_t from) {
  for (std::size_t at = bytes.find_first_of("\r\xC2\xE2", from); at != std::string_view::npos;
       at = bytes.find_first_of("\r\xC2\xE2", at + 1)) {
    const auto rest = bytes.substr(at);
    const bool is_lone = rest.front() == '\r' && !rest.starts_with("\r\n");
    if (is_lone || rest.starts_with("\u0085") || rest.starts_with("\u2028") ||
        rest.starts_with("\u2029")) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// Whether nothing stands there but blank lines, comments and directives.
bool is_preamble(std::string_view piece) {
  for (const auto line : split(piece, '\n')) {
    const auto text = trim(line);
    if (!text.empty() && text.front() != '#' && !line.starts_with('%')) {
      return false;
    }
  }
  return true;
}

/// Where the next line begins that is a `---`, from the line's start `from` on; the end where there
/// is none.
std::size_t find_separator(std::string_view bytes, std::size_t from) {
  for (std::size_t at = from; at < bytes.size();) {
    if (bytes.substr(at).starts_with("---") &&
        (at + 3 == bytes.size() ||
         std::string_view(" \t\r\n").find(bytes[at + 3]) != std::string_view::npos)) {
      return at;
    }
    at = bytes.find("\n---", at);
    if (at == std::string_view::npos) {
      break;
    }
    ++at;
  }
  return bytes.size();
}

class SourceReader {
 public:
  SourceReader(std::string_view text, std::string_view file, Arena& arena)
      : text_(std::make_shared<SourceText>(arena.copy(text), file)),
        builder_(text_, arena, documents_, diagnostics_) {}

  Parsed<std::vector<SourceDocument>> read();

 private:
  bool read_json(std::size_t from);
  void read_yaml(std::size_t from);

  std::shared_ptr<const SourceText> text_;
  std::vector<SourceDocument> documents_;
  std::vector<Diagnostic> diagnostics_;
  SourceBuilder builder_;
};

/// False where the text is no stream of JSON documents and may be YAML; then nothing is kept.
bool SourceReader::read_json(std::size_t from) {
  const std::string_view bytes = text_->bytes;
  constexpr std::string_view kSpace = " \t\r\n";
  from = bytes.find_first_not_of(kSpace, from);
  if (from == std::string_view::npos || (bytes[from] != '{' && bytes[from] != '[')) {
    return false;
  }
  while (from != std::string_view::npos) {
    builder_.start_document(from);
    JsonSource events(builder_, from);
    std::size_t length = 0;
    if (const auto fault = read_json_events(bytes.substr(from), limits::kDocumentDepthMax,
                                            builder_.arena(), events, &length)) {
      if (fault->code == ErrorCode::kInvalid && !text_->file.ends_with(".json")) {
        documents_.clear();
        diagnostics_.clear();
        return false;
      }
      const std::string what = fault->code == ErrorCode::kInvalid ? "not JSON: " : "";
      diagnostics_.push_back(text_->error(from + fault->offset, what + fault->message));
      return true;
    }
    builder_.end_document();
    from = bytes.find_first_not_of(kSpace, from + length);
  }
  return true;
}

void SourceReader::read_yaml(std::size_t from) {
  const std::string_view bytes = text_->bytes;
  if (const std::size_t control = find_control(bytes, from); control != std::string_view::npos) {
    diagnostics_.push_back(text_->error(
        control,
        "not YAML: a control character; in a double-quoted text it is written as an escape"));
    return;
  }
  if (const std::size_t found = find_foreign_break(bytes, from); found != std::string_view::npos) {
    diagnostics_.push_back(
        text_->error(found,
                     "not YAML as kubectl reads it: a line break that is neither LF nor CR "
                     "and LF; in a double-quoted text it is written as an escape"));
    return;
  }
  for (std::size_t start = from; start < bytes.size();) {
    std::size_t end = find_separator(bytes, start);
    if (end == start || is_preamble(bytes.substr(start, end - start))) {
      // The document that this `---` begins.
      end = end == bytes.size()
                ? end
                : find_separator(bytes, std::min(bytes.find('\n', end), bytes.size() - 1) + 1);
    }
    read_yaml_piece(bytes, start, end, builder_);
    start = end;
  }
}

Parsed<std::vector<SourceDocument>> SourceReader::read() {
  const std::string_view bytes = text_->bytes;
  const std::size_t start = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (bytes.size() > limits::kFileBytesMax) {
    diagnostics_.push_back(
        text_->error(0, "larger than " + std::to_string(limits::kFileBytesMax) + " bytes"));
  } else if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    diagnostics_.push_back(text_->error(0, "not UTF-8 but UTF-16: save it as UTF-8"));
  } else if (const std::size_t zero = bytes.find('\0'); zero != std::string_view::npos) {
    diagnostics_.push_back(text_->error(zero, "not text but binary: it holds a zero byte"));
  } else if (const std::size_t invalid = find_invalid_utf8(bytes);
             invalid != std::string_view::npos) {
    diagnostics_.push_back(text_->error(invalid, "not UTF-8: byte " + std::to_string(invalid)));
  } else if (!read_json(start)) {
    read_yaml(start);
  }
  return {std::move(documents_), std::move(diagnostics_)};
}

}  // namespace

Parsed<std::vector<SourceDocument>> read_source(std::string_view text, std::string_view file,
                                                Arena& arena) {
  return SourceReader(text, file, arena).read();
}

}  // namespace seaworthy::document
