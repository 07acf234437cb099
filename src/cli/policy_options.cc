#include "cli/policy_options.h"

#include <algorithm>
#include <map>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "seaworthy/engine/self_test.h"

namespace seaworthy::cli {
namespace {

/// `--mode deny`: one of an enumeration's words.
template <class E>
void add_word(CLI::App& command, const std::string& flag, E& target, const std::string& help) {
  std::map<std::string, E> words;
  for (const auto word : policy::words<E>()) {
    words.emplace(word, *policy::from_word<E>(word));
  }
  // Not CLI11's own transformers, which take the numbers behind the words as well.
  auto to_number = [words](std::string& text) -> std::string {
    const auto found = words.find(CLI::detail::to_lower(text));
    if (found == words.end()) {
      return fmt::format("must be one of {}", fmt::join(policy::words<E>(), ", "));
    }
    text = fmt::format("{}", static_cast<int>(found->second));
    return "";
  };
  command.add_option(flag, target, help)
      ->transform(CLI::Validator(to_number, ""))
      ->type_name(fmt::format("{}", fmt::join(policy::words<E>(), "|")))
      ->default_str(std::string(policy::word_of(target)));
}

Result<std::map<std::string, std::string>> read_assignments(
    const std::vector<std::string>& assignments) {
  std::map<std::string, std::string> values;
  for (const auto& assignment : assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::kInvalid, fmt::format("--param {}: write name=value", assignment));
    }
    values.insert_or_assign(assignment.substr(0, equals), assignment.substr(equals + 1));
  }
  return values;
}

/// Reads files, and the documents of folders, into `sources`. Enforcement that lies among the
/// policies, and was read with them, is not read again.
class SourceReader {
 public:
  SourceReader(const FileSystem& files, std::vector<policy::SourceText>& sources,
               LoadedPolicies& loaded)
      : files_(&files), sources_(&sources), loaded_(&loaded) {}

  void read(const std::string& path, bool may_hold_policies) {
    if (!files_->is_folder(path)) {
      read_file(path, may_hold_policies);
      return;
    }
    const auto below = files_->files_below(path);
    for (const auto& each : below.unreadable) {
      unreadable(each.path, each.error.message);
    }
    bool any = !below.unreadable.empty();
    for (const auto& file : below.files) {
      if (is_document_file(file)) {
        read_file(file, may_hold_policies);
        any = true;
      }
    }
    if (!any) {
      unreadable(path, fmt::format("{}: holds no .yaml, .yml or .json file", path));
    }
  }

 private:
  void read_file(const std::string& path, bool may_hold_policies) {
    if (!seen_.insert(path).second && !may_hold_policies) {
      return;
    }
    if (auto text = files_->read(path)) {
      sources_->push_back({path, *std::move(text), may_hold_policies});
    } else {
      unreadable(path, text.error().message);
    }
  }

  void unreadable(const std::string& path, std::string reason) {
    loaded_->unreadable.push_back(std::move(reason));
    loaded_->unreadable_paths.push_back(path);
  }

  const FileSystem* files_;
  std::vector<policy::SourceText>* sources_;
  LoadedPolicies* loaded_;
  std::set<std::string> seen_;
};

}  // namespace

void PolicyOptions::add_policies_to(CLI::App& command) {
  command
      .add_option("--policies", policies,
                  fmt::format("A file or folder of policies, or a built-in bundle: {}; may be "
                              "repeated (default: the production bundle)",
                              fmt::join(builtin_bundles(), ", ")))
      ->allow_extra_args(false)
      ->type_name("PATH");
}

void PolicyOptions::add_sources_to(CLI::App& command) {
  add_policies_to(command);
  command
      .add_option("--enforcement", enforcement,
                  "A file or folder of Enforcement and PolicyException documents, which may also "
                  "lie among the policies; may be repeated")
      ->allow_extra_args(false)
      ->type_name("PATH");
  command
      .add_option_function<std::vector<std::string>>(
          "--param", [this](const std::vector<std::string>& values) { parameters = values; },
          "Sets a parameter of the policies; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE")
      ->check([](const std::string& text) -> std::string {
        return text.find('=') == std::string::npos || text.starts_with('=') ? "write NAME=VALUE"
                                                                            : "";
      });
}

void PolicyOptions::add_to(CLI::App& command, const engine::Settings& defaults) {
  settings = defaults;
  add_sources_to(command);
  add_word(command, "--mode", settings.mode, "What a violation leads to");
  add_word(command, "--remedy", settings.remedy, "How far remedies are applied");
  add_word(command, "--deny-from", settings.deny_from,
           "The lowest severity that deny denies; lower ones warn");
}

bool LoadedPolicies::is_broken() const {
  return !unreadable.empty() || has_errors(set->diagnostics()) || set->empty();
}

bool is_document_file(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

LoadedPolicies load(const PolicyOptions& options, const FileSystem& files,
                    std::optional<std::chrono::system_clock::time_point> now) {
  LoadedPolicies loaded;
  std::vector<policy::SourceText> sources;
  if (options.policies.empty()) {
    sources = production_bundle();
  }
  SourceReader reader(files, sources, loaded);
  for (const auto& path : options.policies) {
    if (!is_builtin(path)) {
      reader.read(path, true);
    } else if (auto bundle = builtin_bundle(path)) {
      std::ranges::move(*bundle, std::back_inserter(sources));
    } else {
      loaded.unreadable.push_back(bundle.error().message);
    }
  }
  for (const auto& path : options.enforcement) {
    reader.read(path, false);
  }
  policy::LoadOptions load_options{.parameters = {}, .now = now};
  if (auto values = read_assignments(options.parameters)) {
    load_options.parameters = *std::move(values);
  } else {
    loaded.unreadable.push_back(values.error().message);
  }
  loaded.set = engine::prove_remedies(policy::load_policies(sources, load_options));
  return loaded;
}

}  // namespace seaworthy::cli
