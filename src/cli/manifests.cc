#include "cli/manifests.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "cli/policy_options.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// `v1 List`, and any other kind that ends so and has items: PodList, DeploymentList.
bool is_list(const Node& object) {
  return object["kind"].as_string().ends_with("List") && object["items"].is_list();
}

constexpr std::array<std::string_view, 2> kKindFields = {"apiVersion", "kind"};

/// An item of a PodList is a Pod, whether it says so or not. Rule: UnstructuredJSONScheme,
/// decodeToList: an item with neither field gets the list's.
const Node* with_kind_of_list(const Node& item, const Node& list, Arena& arena) {
  const auto kind = list["kind"].as_string();
  const bool says_none = item["apiVersion"].as_string().empty() && item["kind"].as_string().empty();
  if (!item.is_map() || !says_none || kind == "List") {
    return nullptr;
  }
  const Node versioned = document::with_member(item, "apiVersion", list["apiVersion"], arena);
  return arena.create<Node>(document::with_member(
      versioned, "kind",
      Node::string(kind.substr(0, kind.size() - std::string_view("List").size())), arena));
}

void add_document(const std::string& file, std::size_t index, Manifests& found, Arena& arena) {
  const std::shared_ptr<const document::SourceDocument> source(found.documents,
                                                               &(*found.documents)[index]);
  const Node& root = source->root();
  Manifest manifest{.file = file,
                    .source = source,
                    .object = &root,
                    .path_prefix = "",
                    .document = index,
                    .item = std::nullopt};
  if (!is_list(root)) {
    found.manifests.push_back(std::move(manifest));
    return;
  }
  const auto items = root["items"].items();
  for (std::size_t item = 0; item < items.size(); ++item) {
    const Node* completed = with_kind_of_list(items[item], root, arena);
    manifest.object = completed == nullptr ? &items[item] : completed;
    manifest.path_prefix = fmt::format("items[{}].", item);
    manifest.item = item;
    manifest.is_kind_of_list = completed != nullptr;
    found.manifests.push_back(manifest);
  }
}

/// Whether the line holds a template's action that is in no comment and in no quotes.
bool has_action(std::string_view line) {
  const auto before = line.substr(0, line.find("{{"));
  return before.size() < line.size() && before.find_first_of("#'\"") == std::string_view::npos;
}

/// Where the mistake is at a template's action, says what to do about templates.
void add_hint(std::string_view text, Diagnostic& diagnostic) {
  const auto line = diagnostic.position.line;
  if (diagnostic.severity == Diagnostic::Severity::kError && line > 0 &&
      (has_action(line_of(text, line)) || (line > 1 && has_action(line_of(text, line - 1))))) {
    diagnostic.message +=
        " (a Helm template is rendered first: `helm template CHART | seaworthy check -`)";
  }
}

}  // namespace

SourcePosition Manifest::place_of(const std::string& path) const {
  std::string full = path_prefix + path;
  if (full.ends_with('.')) {
    full.pop_back();
  }
  return source->position_of_path(full);
}

Node Manifest::as_written(const Node& changed, Arena& arena) const {
  if (!is_kind_of_list || !changed.is_map()) {
    return changed;
  }
  const Node& before = source->root()["items"].items()[*item];
  Node written = changed;
  for (const auto field : kKindFields) {
    const Node* old = before.find(field);
    written = old == nullptr ? document::without_member(written, field, arena)
                             : document::with_member(written, field, *old, arena);
  }
  return written;
}

Manifests read_manifests(const std::string& text, const std::string& file, Arena& arena) {
  Manifests found;
  auto parsed = document::read_source(text, file, arena);
  for (auto& diagnostic : parsed.diagnostics) {
    diagnostic.source_line.clear();  // it may hold a secret: the place is enough
    add_hint(text, diagnostic);
  }
  found.diagnostics = std::move(parsed.diagnostics);
  found.documents = std::make_shared<const std::vector<document::SourceDocument>>(
      std::move(parsed.value).value_or(std::vector<document::SourceDocument>()));
  for (std::size_t index = 0; index < found.documents->size(); ++index) {
    add_document(file, index, found, arena);
  }
  return found;
}

InputFiles find_inputs(const std::vector<std::string>& inputs, const World& world) {
  InputFiles found;
  std::set<std::string> seen;
  auto add = [&](const std::string& path) {
    if (seen.insert(path == "-" ? path : world.files->real_path(path)).second) {
      found.files.push_back({path, std::nullopt});
    }
  };
  for (const auto& input : inputs) {
    if (input == "-" || !world.files->is_folder(input)) {
      add(input);
      continue;
    }
    const auto below = world.files->files_below(input);
    for (const auto& each : below.unreadable) {
      found.unreadable.push_back(each.error.message);
    }
    bool any = !below.unreadable.empty();
    for (const auto& file : below.files) {
      if (is_document_file(file)) {
        add(file);
        any = true;
      }
    }
    if (!any) {
      found.unreadable.push_back(fmt::format("{}: holds no .yaml, .yml or .json file", input));
    }
  }
  std::ranges::sort(found.files, {}, &InputFile::path);
  for (auto& file : found.files) {
    if (file.path == "-" || world.files->is_stream(file.path)) {
      file.text = text_of(file, world);
    }
  }
  return found;
}

Result<std::string> text_of(const InputFile& file, const World& world) {
  if (file.text) {
    return *file.text;
  }
  return file.path == "-" ? world.read_stdin() : world.files->read(file.path);
}

}  // namespace seaworthy::cli
