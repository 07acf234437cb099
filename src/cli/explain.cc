#include "cli/explain.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/policy_page.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cli {
namespace {

/// A policy of any kind, as lists name it.
struct Entry {
  std::string name;
  std::string severity;
  std::string title;
};

std::vector<Entry> entries_of(const policy::PolicySet& set) {
  std::vector<Entry> entries;
  for (const auto& policy : set.policies()) {
    entries.push_back(
        {policy->name, std::string(policy::word_of(policy->severity)), policy->title});
  }
  for (const auto& policy : set.admission_policies()) {
    entries.push_back(
        {policy->name, std::string(policy::word_of(policy->severity)),
         policy->title.empty() ? std::string(policy::name_of(policy->kind)) : policy->title});
  }
  std::ranges::stable_sort(entries, {}, &Entry::name);
  return entries;
}

std::string print_list(const std::vector<Entry>& entries) {
  std::size_t width = 0;
  for (const auto& entry : entries) {
    width = std::max(width, entry.name.size());
  }
  std::string out;
  for (const auto& entry : entries) {
    out += fmt::format("{:<{}}  {:<8}  {}\n", entry.name, width, entry.severity, entry.title);
  }
  return out;
}

/// The pages of all policies of that name: of different kinds there may be several.
std::string pages_of(const policy::PolicySet& set, const std::string& name) {
  std::string out;
  for (const auto& policy : set.policies()) {
    out += policy->name == name ? print_page(policy) : "";
  }
  for (const auto& policy : set.admission_policies()) {
    if (policy->name == name) {
      out += (out.empty() ? "" : "\n") + print_page(*policy);
    }
  }
  return out;
}

/// The names that may be meant: those that hold the word or are held by it, and the nearest one.
std::vector<std::string> suggestions(const std::string& word, const std::vector<Entry>& entries) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> found;
  std::vector<std::string_view> names;
  for (const auto& entry : entries) {
    names.emplace_back(entry.name);
    const bool related = word.size() > 2 && (entry.name.find(word) != std::string::npos ||
                                             word.find(entry.name) != std::string::npos);
    if (related && found.size() < kMost) {
      found.push_back(entry.name);
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
  const auto entries = entries_of(*loaded.set);
  if (options.name.empty()) {
    world.out(print_list(entries));
    return exit_code;
  }
  if (const auto pages = pages_of(*loaded.set, options.name); !pages.empty()) {
    world.out(pages);
    return exit_code;
  }
  const auto& aside = loaded.set->set_aside();
  if (std::ranges::find(aside, options.name) != aside.end()) {
    world.err(fmt::format("seaworthy: policy '{}' is set aside: it has mistakes\n", options.name));
    return ExitCode::kUsage;
  }
  const auto near = suggestions(options.name, entries);
  world.err(fmt::format("seaworthy: no policy is named '{}'{}\n", options.name,
                        near.empty() ? "; `seaworthy explain` lists all"
                                     : fmt::format("; did you mean '{}'?", join(near, "', '"))));
  return ExitCode::kUsage;
}

}  // namespace seaworthy::cli
