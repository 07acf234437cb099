#include "cli/explain.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/policy_page.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cli {
namespace {

using policy::Policy;
using Policies = std::vector<std::shared_ptr<const Policy>>;

std::string print_list(Policies policies) {
  std::ranges::sort(policies, {}, [](const auto& policy) { return policy->name; });
  std::size_t width = 0;
  for (const auto& policy : policies) {
    width = std::max(width, policy->name.size());
  }
  std::string out;
  for (const auto& policy : policies) {
    out += fmt::format("{:<{}}  {:<8}  {}\n", policy->name, width,
                       policy::word_of(policy->severity), policy->title);
  }
  return out;
}

/// The names that may be meant: those that hold the word or are held by it, and the nearest one.
std::vector<std::string> suggestions(const std::string& word, const Policies& policies) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> found;
  std::vector<std::string_view> names;
  for (const auto& policy : policies) {
    names.emplace_back(policy->name);
    const bool related = word.size() > 2 && (policy->name.find(word) != std::string::npos ||
                                             word.find(policy->name) != std::string::npos);
    if (related && found.size() < kMost) {
      found.push_back(policy->name);
    }
  }
  const std::string near(nearest(word, names));
  if (!near.empty() && std::ranges::find(found, near) == found.end()) {
    found.insert(found.begin(), near);
  }
  return found;
}

}  // namespace

void ExplainOptions::add_to(CLI::App& app) {
  auto* command = app.add_subcommand(
      "explain", "Says what a policy asks for, why, and how to fix what it finds");
  command->footer(
      "Exit code: 0, or 2: wrong usage, no such policy, or policies that could not be read.");
  policy.add_sources_to(*command);
  command->add_option("policy", name, "The policy's name; without it all are listed")
      ->type_name("POLICY");
}

ExitCode explain(const ExplainOptions& options, const World& world) {
  const auto loaded = load(options.policy, *world.files, world.clock->now());
  for (const auto& text : loaded.unreadable) {
    world.err(fmt::format("seaworthy: {}\n", text));
  }
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    world.err(render(diagnostic) + '\n');
  }
  const auto exit_code = loaded.is_broken() ? ExitCode::kUsage : ExitCode::kOk;
  const auto& policies = loaded.set->policies();
  if (options.name.empty()) {
    world.out(print_list(policies));
    return exit_code;
  }
  const auto found =
      std::ranges::find(policies, options.name, [](const auto& policy) { return policy->name; });
  if (found != policies.end()) {
    world.out(print_page(*found));
    return exit_code;
  }
  const auto& aside = loaded.set->set_aside();
  if (std::ranges::find(aside, options.name) != aside.end()) {
    world.err(fmt::format("seaworthy: policy '{}' is set aside: it has mistakes\n", options.name));
    return ExitCode::kUsage;
  }
  const auto near = suggestions(options.name, policies);
  world.err(fmt::format("seaworthy: no policy is named '{}'{}\n", options.name,
                        near.empty() ? "; `seaworthy explain` lists all"
                                     : fmt::format("; did you mean '{}'?", join(near, "', '"))));
  return ExitCode::kUsage;
}

}  // namespace seaworthy::cli
