#include "cli/manifests.h"

#include <fmt/format.h>

#include "cli/policy_options.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// `v1 List`, and any other kind that ends so and has items: PodList, DeploymentList.
bool is_list(const Node& object) {
  return object["kind"].as_string().ends_with("List") && object["items"].is_list();
}

void add_document(const std::string& file,
                  const std::shared_ptr<const document::SourceDocument>& source, Manifests& found) {
  const Node& root = source->root();
  if (!is_list(root)) {
    found.manifests.push_back({file, source, &root, ""});
    return;
  }
  const auto items = root["items"].items();
  for (std::size_t index = 0; index < items.size(); ++index) {
    found.manifests.push_back({file, source, &items[index], fmt::format("items[{}].", index)});
  }
}

void add_text(const std::string& file, const std::string& text, Arena& arena, Manifests& found) {
  auto parsed = document::read_source(text, file, arena);
  for (auto& diagnostic : parsed.diagnostics) {
    diagnostic.source_line.clear();  // it may hold a secret: the place is enough
  }
  found.diagnostics.insert(found.diagnostics.end(), parsed.diagnostics.begin(),
                           parsed.diagnostics.end());
  if (parsed.value) {
    for (auto& document : *parsed.value) {
      add_document(file, std::make_shared<const document::SourceDocument>(std::move(document)),
                   found);
    }
  }
}

void add_file(const std::string& path, const Result<std::string>& text, Arena& arena,
              Manifests& found) {
  if (text) {
    add_text(path, *text, arena, found);
  } else {
    found.unreadable.push_back(text.error().message);
  }
}

}  // namespace

std::uint32_t Manifest::line_of(const std::string& path) const {
  std::string full = path_prefix + path;
  if (full.ends_with('.')) {
    full.pop_back();
  }
  return source->position_of_path(full).line;
}

Manifests read_manifests(const std::vector<std::string>& inputs, const World& world, Arena& arena) {
  Manifests found;
  for (const auto& input : inputs) {
    if (input == "-") {
      add_file("-", world.read_stdin(), arena, found);
      continue;
    }
    if (!world.files->is_folder(input)) {
      add_file(input, world.files->read(input), arena, found);
      continue;
    }
    const auto below = world.files->files_below(input);
    if (!below) {
      found.unreadable.push_back(below.error().message);
      continue;
    }
    for (const auto& file : *below) {
      if (is_document_file(file)) {
        add_file(file, world.files->read(file), arena, found);
      }
    }
  }
  return found;
}

}  // namespace seaworthy::cli
