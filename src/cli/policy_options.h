#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/builtin.h"
#include "cli/streams.h"
#include "seaworthy/base/result.h"
#include "seaworthy/engine/settings.h"
#include "seaworthy/policy/policy_set.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

/// The flags that say what is judged by, the same for every command.
struct PolicyOptions {
  /// Files, folders and names of built-in bundles; none: the built-in production bundle.
  std::vector<std::string> policies;
  std::vector<std::string> enforcement;  ///< Files or folders of Enforcement and PolicyException.
  std::vector<std::string> parameters;   ///< name=value
  engine::Settings settings;

  /// Policies, Enforcement and parameters.
  void add_sources_to(CLI::App& command);
  /// These and how hard they bite. `defaults`: what stands in the help text.
  void add_to(CLI::App& command, const engine::Settings& defaults);

  /// `--policies` alone.
  void add_policies_to(CLI::App& command);
};

/// What was loaded; `unreadable` says which paths could not be read.
struct LoadedPolicies {
  std::shared_ptr<const policy::PolicySet> set;
  std::vector<std::string> unreadable;
  std::vector<std::string> unreadable_paths;  ///< Files and folders that `unreadable` is about.
  [[nodiscard]] bool is_broken() const;
};

/// Reads, compiles and proves. Never fails as a whole: what can be used is in the set. `now`:
/// exceptions that have expired by then are warned of.
LoadedPolicies load(const PolicyOptions& options, const FileSystem& files,
                    std::optional<std::chrono::system_clock::time_point> now = {});

/// "YAML or JSON": the files of a folder that hold documents.
bool is_document_file(std::string_view path);

}  // namespace seaworthy::cli
