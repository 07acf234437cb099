#include "cli/manifests.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/policy_options.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// `v1 List`, and any other kind that ends so and has items: PodList, DeploymentList.
bool is_list(const Node& object) {
  return object["kind"].as_string().ends_with("List") && object["items"].is_list();
}

void add_document(const std::string& file, std::size_t index, Manifests& found) {
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
    manifest.object = &items[item];
    manifest.path_prefix = fmt::format("items[{}].", item);
    manifest.item = item;
    found.manifests.push_back(manifest);
  }
}

/// The first line with a template's action that is in no comment; 0 where there is none.
std::uint32_t line_of_template(std::string_view text) {
  std::uint32_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const auto line = text.substr(start, end - start);
    const std::size_t action = line.find("{{");
    if (action != std::string_view::npos &&
        line.substr(0, action).find('#') == std::string_view::npos) {
      return number;
    }
    start = end + 1;
  }
  return 0;
}

/// What is wrong with a template's YAML says nothing: that it is one does.
void tell_template(const std::string& text, Manifests& found) {
  const std::uint32_t line = has_errors(found.diagnostics) ? line_of_template(text) : 0;
  if (line == 0) {
    return;
  }
  Diagnostic diagnostic = found.diagnostics.front();
  diagnostic.position = {line, 1};
  diagnostic.message =
      "a Helm template, not a manifest: render it first, as in `helm template CHART | seaworthy "
      "check -`";
  found.diagnostics = {diagnostic};
  found.manifests.clear();
  found.documents = std::make_shared<const std::vector<document::SourceDocument>>();
}

/// What the shell and the kernel make up, which can be read only once.
bool is_passing(const std::string& path) {
  return path.starts_with("/dev/") || path.starts_with("/proc/");
}

}  // namespace

SourcePosition Manifest::place_of(const std::string& path) const {
  std::string full = path_prefix + path;
  if (full.ends_with('.')) {
    full.pop_back();
  }
  return source->position_of_path(full);
}

Manifests read_manifests(const std::string& text, const std::string& file, Arena& arena) {
  Manifests found;
  auto parsed = document::read_source(text, file, arena);
  for (auto& diagnostic : parsed.diagnostics) {
    diagnostic.source_line.clear();  // it may hold a secret: the place is enough
  }
  found.diagnostics = std::move(parsed.diagnostics);
  found.documents = std::make_shared<const std::vector<document::SourceDocument>>(
      std::move(parsed.value).value_or(std::vector<document::SourceDocument>()));
  for (std::size_t index = 0; index < found.documents->size(); ++index) {
    add_document(file, index, found);
  }
  tell_template(text, found);
  return found;
}

InputFiles find_inputs(const std::vector<std::string>& inputs, const World& world) {
  InputFiles found;
  std::set<std::string> seen;
  auto add = [&](const std::string& path) {
    if (seen.insert(path).second) {
      found.files.push_back({path, std::nullopt});
    }
  };
  for (const auto& input : inputs) {
    if (input == "-" || !world.files->is_folder(input)) {
      add(input);
      continue;
    }
    const auto below = world.files->files_below(input);
    if (!below) {
      found.unreadable.push_back(below.error().message);
      continue;
    }
    for (const auto& file : *below) {
      if (is_document_file(file)) {
        add(file);
      }
    }
  }
  std::ranges::sort(found.files, {}, &InputFile::path);
  for (auto& file : found.files) {
    if (file.path == "-" || is_passing(file.path)) {
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
