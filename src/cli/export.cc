// What is printed depends on the policies and the flags alone: in bundle order, without a date.
#include "cli/export.h"

#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "seaworthy/document/source.h"
#include "seaworthy/translate/admission_policy.h"

namespace seaworthy::cli {
namespace {

/// The first version whose API server has ValidatingAdmissionPolicy as v1.
constexpr std::int64_t kOldestMinor = 30;

/// "1.30" and "v1.30".
std::string read_version(std::string_view text, std::int64_t& minor) {
  auto rest = text;
  if (rest.starts_with('v')) {
    rest.remove_prefix(1);
  }
  constexpr std::string_view kMajor = "1.";
  std::int64_t read = 0;
  const auto digits = rest.starts_with(kMajor) ? rest.substr(kMajor.size()) : std::string_view{};
  const auto* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, read);
  if (digits.empty() || error != std::errc{} || at != end || read < kOldestMinor) {
    return fmt::format("write a version from 1.{} on", kOldestMinor);
  }
  minor = read;
  return {};
}

}  // namespace

void ExportOptions::add_to(CLI::App& app) {
  auto* command = app.add_subcommand(
      "export", "Prints policies as ValidatingAdmissionPolicies, for what CEL alone can say");
  command->footer(
      "Says on standard error what is left out and why, rule by rule. Exit code: 0 done, 2 wrong "
      "usage, or policies that could not be read.");
  policy.add_to(*command, {.mode = policy::Mode::kDeny, .remedy = policy::RemedyLevel::kSafe});
  command->add_flag("--mutating", mutating,
                    "Remedies too, as MutatingAdmissionPolicies (Kubernetes 1.36 and later)");
  command
      ->add_option_function<std::string>(
          "--kube-version", [this](const std::string& text) { read_version(text, minor); },
          "The oldest Kubernetes that must take them")
      ->check([](const std::string& text) {
        std::int64_t unused = 0;
        return read_version(text, unused);
      })
      ->type_name("1.MINOR")
      ->default_str("1.36");
}

ExitCode export_policies(const ExportOptions& options, const World& world) {
  const auto loaded = load(options.policy, *world.files);
  for (const auto& text : loaded.unreadable) {
    world.err(fmt::format("seaworthy: {}\n", text));
  }
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    world.err(render(diagnostic) + '\n');
  }
  if (options.policy.settings.mode == policy::Mode::kOff) {
    world.err("seaworthy: --mode off: nothing is exported\n");
    return loaded.is_broken() ? ExitCode::kUsage : ExitCode::kOk;
  }
  Arena arena;
  const auto translation = translate::translate(
      loaded.set->policies(),
      {.minor = options.minor,
       .mode = options.policy.settings.mode,
       .deny_from = options.policy.settings.deny_from,
       .remedy = options.mutating ? options.policy.settings.remedy : policy::RemedyLevel::kSuggest},
      arena);
  for (const auto& document : translation.documents) {
    world.out("---\n" + document::print_yaml(document));
  }
  for (const auto& each : translation.left_out) {
    const auto place = fmt::format("{}:{}", each.file, each.position.line);
    world.err(each.what.empty()
                  ? fmt::format("seaworthy: {}: policy '{}' is left out: it {}\n", place,
                                each.policy, each.why)
                  : fmt::format("seaworthy: {}: policy '{}' is exported without {}, which {}\n",
                                place, each.policy, each.what, each.why));
  }
  for (const auto& policy : loaded.set->admission_policies()) {
    world.err(
        fmt::format("seaworthy: {} '{}' is left out: only Seaworthy's own policies are exported\n",
                    policy::name_of(policy->kind), policy->name));
  }
  if (loaded.set->enforcement() != nullptr) {
    world.err(
        "seaworthy: Enforcement and PolicyException documents are left out: bindings say "
        "--mode for everything\n");
  }
  return loaded.is_broken() ? ExitCode::kUsage : ExitCode::kOk;
}

}  // namespace seaworthy::cli
