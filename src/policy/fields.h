#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/source.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::policy {

/// One document that is being read, and where its mistakes go.
struct ReadContext {
  const document::SourceDocument* source = nullptr;
  std::string_view text;  ///< Of the whole file.
  std::string file;
  std::string subject;  ///< The policy that is being read; empty outside of one.
  std::vector<Diagnostic>* diagnostics = nullptr;
  Arena* arena = nullptr;  ///< Of the set that is being made.

  void error(SourcePosition position, std::string message) const;

  /// At the value.
  void error(const document::Node& node, std::string message) const {
    error(source->position_of(node), std::move(message));
  }

  /// What is legal, but may not be what was meant.
  void warn(SourcePosition position, std::string message) const;

  void warn(const document::Node& node, std::string message) const {
    warn(source->position_of(node), std::move(message));
  }

 private:
  void report(Diagnostic::Severity severity, SourcePosition position, std::string message) const;
};

/// Whether there was an error since there were `before` diagnostics.
bool has_errors_since(const ReadContext& context, std::size_t before);

/// The fields of a map, taken one by one; finish() reports those that nobody took, with the near
/// name that was meant. A field of a wrong type is reported and answered as absent.
class Fields {
 public:
  /// `path` is what messages call the map: "spec.policies[0].remedy"; empty for the document.
  Fields(const ReadContext& context, const document::Node& map, std::string path);

  /// Null where absent or null.
  const document::Node* take(std::string_view name);
  const document::Node* take_map(std::string_view name);
  const document::Node* take_list(std::string_view name);
  /// Empty where absent; with `required`, absence and emptiness are reported.
  std::string text(std::string_view name, bool required = false);
  std::vector<std::string> texts(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);

  template <class E>
  std::optional<E> word(std::string_view name) {
    const document::Node* node = take(name);
    if (node == nullptr) {
      return std::nullopt;
    }
    auto found = from_word<E>(node->as_string());
    if (!found) {
      report_word(name, *node, words<E>());
    }
    return found;
  }

  /// Calls `read` with the fields of each item of a list of maps and their number in it. What is no
  /// map is reported.
  template <class Read>
  void each_map(std::string_view name, const Read& read) {
    const document::Node* list = take_list(name);
    for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
      const document::Node& item = list->items()[index];
      std::string path = path_of(name) + "[" + std::to_string(index) + "]";
      if (!item.is_map()) {
        context_->error(item, path + " must be a map");
        continue;
      }
      Fields fields(*context_, item, std::move(path));
      read(fields, index);
    }
  }

  /// A required field that take() did not find.
  void report_missing(std::string_view name) const;
  void finish() const;
  /// The same as warnings: what the API server would drop without a word.
  void warn_unknown() const;
  [[nodiscard]] std::string path_of(std::string_view name) const;

  [[nodiscard]] const ReadContext& context() const { return *context_; }

  [[nodiscard]] const document::Node& map() const { return *map_; }

 private:
  void report_unknown(Diagnostic::Severity severity) const;
  void report_word(std::string_view name, const document::Node& node,
                   std::span<const std::string_view> allowed) const;
  const document::Node* take_kind(std::string_view name, document::Kind kind);

  const ReadContext* context_;
  const document::Node* map_;
  std::string path_;
  std::set<std::string_view> known_;
};

}  // namespace seaworthy::policy
