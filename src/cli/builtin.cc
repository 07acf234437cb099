#include "cli/builtin.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/embedded.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cli {
namespace {

constexpr std::string_view kPrefix = "builtin:";
constexpr std::string_view kProduction = "builtin:production";

/// `builtin:pss-baseline` of policies/pss-baseline.yaml, `builtin:production` of
/// policies/production/….
std::string bundle_of(const EmbeddedFile& file) {
  constexpr std::string_view kFolder = "policies/";
  auto name = file.path.substr(kFolder.size());
  name = name.substr(0, name.find_first_of("./"));
  return std::string(kPrefix) + std::string(name);
}

}  // namespace

bool is_builtin(std::string_view path) { return path.starts_with(kPrefix); }

std::vector<std::string> builtin_bundles() {
  std::vector<std::string> names;
  for (const auto& file : embedded::policies()) {
    names.push_back(bundle_of(file));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

Result<std::vector<policy::SourceText>> builtin_bundle(std::string_view name) {
  std::vector<policy::SourceText> sources;
  for (const auto& file : embedded::policies()) {
    if (bundle_of(file) == name) {
      sources.push_back({std::string(file.path), std::string(file.contents)});
    }
  }
  if (sources.empty()) {
    const auto names = builtin_bundles();
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto near = nearest(name, known);
    return fail(ErrorCode::kNotFound,
                fmt::format("{}: no bundle of this name is built in; {}", name,
                            near.empty() ? "there are " + join(names, ", ")
                                         : fmt::format("did you mean '{}'?", near)));
  }
  return sources;
}

std::vector<policy::SourceText> production_bundle() {
  return builtin_bundle(kProduction).value_or(std::vector<policy::SourceText>{});
}

}  // namespace seaworthy::cli
