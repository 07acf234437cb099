#include "policy/fields.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {

using document::Kind;
using document::Node;

void ReadContext::error(SourcePosition position, std::string message) const {
  report(Diagnostic::Severity::kError, position, std::move(message));
}

void ReadContext::warn(SourcePosition position, std::string message) const {
  report(Diagnostic::Severity::kWarning, position, std::move(message));
}

void ReadContext::report(Diagnostic::Severity severity, SourcePosition position,
                         std::string message) const {
  diagnostics->push_back({.severity = severity,
                          .file = file,
                          .position = position,
                          .message = std::move(message),
                          .source_line = std::string(line_of(text, position.line)),
                          .subject = subject});
}

bool has_errors_since(const ReadContext& context, std::size_t before) {
  const auto& all = *context.diagnostics;
  return std::any_of(
      all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
      [](const Diagnostic& each) { return each.severity == Diagnostic::Severity::kError; });
}

Fields::Fields(const ReadContext& context, const Node& map, std::string path)
    : context_(&context), map_(&map), path_(std::move(path)) {}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

const Node* Fields::take(std::string_view name) {
  known_.insert(name);
  const Node* node = map_->find(name);
  return node == nullptr || node->is_null() ? nullptr : node;
}

const Node* Fields::take_kind(std::string_view name, Kind kind) {
  const Node* node = take(name);
  if (node != nullptr && node->kind() != kind) {
    // YAML 1.1 reads y, no, on and bare numbers as what an author often meant as text.
    const bool unquoted = kind == Kind::kString && !node->is_map() && !node->is_list();
    context_->error(*node, fmt::format("{} must be {} {}, not {}{}", path_of(name),
                                       kind == Kind::kInt ? "an" : "a", document::name_of(kind),
                                       document::name_of(node->kind()),
                                       unquoted ? "; write it in quotes" : ""));
    return nullptr;
  }
  return node;
}

const Node* Fields::take_map(std::string_view name) { return take_kind(name, Kind::kMap); }

const Node* Fields::take_list(std::string_view name) { return take_kind(name, Kind::kList); }

std::string Fields::text(std::string_view name, bool required) {
  const Node* node = take_kind(name, Kind::kString);
  const bool absent = map_->find(name) == nullptr || map_->find(name)->is_null();
  if (required && absent) {
    report_missing(name);
  } else if (required && node != nullptr && node->size() == 0) {
    context_->error(*node, path_of(name) + " must not be empty");
  }
  return node == nullptr ? std::string() : std::string(node->as_string());
}

std::vector<std::string> Fields::texts(std::string_view name) {
  std::vector<std::string> texts;
  const Node* list = take_list(name);
  if (list == nullptr) {
    return texts;
  }
  for (const Node& item : list->items()) {
    if (item.is_string()) {
      texts.emplace_back(item.as_string());
    } else {
      context_->error(item, fmt::format("{} must hold strings, not {}", path_of(name),
                                        document::name_of(item.kind())));
    }
  }
  return texts;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const Node* node = take_kind(name, Kind::kBool);
  return node == nullptr ? std::nullopt : std::optional(node->as_bool());
}

std::optional<std::int64_t> Fields::integer(std::string_view name) {
  const Node* node = take_kind(name, Kind::kInt);
  return node == nullptr ? std::nullopt : std::optional(node->as_int());
}

void Fields::report_missing(std::string_view name) const {
  context_->error(*map_, path_of(name) + " is missing");
}

void Fields::report_word(std::string_view name, const Node& node,
                         std::span<const std::string_view> allowed) const {
  context_->error(
      node, fmt::format("{} must be one of {}, not '{}'", path_of(name), fmt::join(allowed, ", "),
                        node.is_string() ? node.as_string() : document::name_of(node.kind())));
}

void Fields::report_unknown(Diagnostic::Severity severity) const {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& member : map_->members()) {
    const auto name = member.key.text();
    if (known_.contains(name)) {
      continue;
    }
    const auto near = nearest(name, known);
    const auto position = context_->source->position_of(member);
    auto message = near.empty()
                       ? fmt::format("unknown field '{}'; here may stand {}", path_of(name),
                                     fmt::join(known, ", "))
                       : fmt::format("unknown field '{}'; did you mean '{}'?", path_of(name), near);
    if (severity == Diagnostic::Severity::kError) {
      context_->error(position, std::move(message));
    } else {
      context_->warn(position, std::move(message));
    }
  }
}

void Fields::finish() const { report_unknown(Diagnostic::Severity::kError); }

void Fields::warn_unknown() const { report_unknown(Diagnostic::Severity::kWarning); }

}  // namespace seaworthy::policy
