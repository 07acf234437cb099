// Examples are the shortest of the policy's own tests: one that passes, one that fails. What the
// failing one is told, and the remedy, are what `check` would print of it, so that the page cannot
// say other than the program does.
#include "cli/policy_page.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"
#include "seaworthy/engine/self_test.h"
#include "seaworthy/policy/parameter_use.h"

namespace seaworthy::cli {
namespace {

using policy::Expectation;
using policy::Policy;
using policy::PolicyTest;

constexpr std::size_t kWidth = 96;

std::string yaml_block(const document::Node& node, std::string_view indent) {
  // Not trimmed at its beginning: that is where its indentation is.
  std::string out;
  const auto yaml = document::print_yaml(node);
  for (const auto line : split(yaml, '\n')) {
    out += line.empty() ? "" : fmt::format("{}{}\n", indent, line);
  }
  return out;
}

/// What of an object a policy is evaluated on, before its kind.
std::string_view about(policy::Each each) {
  switch (each) {
    case policy::Each::kPod:
      return "";
    case policy::Each::kContainer:
      return "each container of ";
    case policy::Each::kVolume:
      return "each volume of ";
    case policy::Each::kImage:
      return "each image of ";
  }
  return "";
}

std::string_view effect_of(policy::Severity severity) {
  return severity == policy::Severity::kLow ? "advice: warns where others deny"
                                            : "mode deny denies it";
}

std::string_view caution_of(policy::Safety safety) {
  switch (safety) {
    case policy::Safety::kSafe:
      return "it stops no workload; applied under --remedy safe and apply";
    case policy::Safety::kCareful:
      return "it may stop a workload that was wrong about itself; applied under --remedy apply";
    case policy::Safety::kNeedsFact:
      break;
  }
  return "it may keep a workload from starting, unless what it asks for is true already; applied "
         "under --remedy apply, and under safe where the manifest shows that it is";
}

/// What the policy selects, in a line.
std::string matched(const Policy& policy) {
  if (!policy.match) {
    return "Pods and Pod templates, on CREATE and UPDATE";
  }
  std::vector<std::string> rules;
  for (const auto& rule : policy.match->resource_rules) {
    rules.push_back(
        fmt::format("{} on {}", join(rule.resources, ", "), join(rule.operations, ", ")));
  }
  const bool narrowed = policy.match->namespace_selector || policy.match->object_selector ||
                        !policy.match->exclude_resource_rules.empty();
  return join(rules, "; ") + (narrowed ? ", narrowed by selectors or exclusions" : "");
}

void print_head(const Policy& policy, std::string& out) {
  out += fmt::format("{}: {}\n\n", policy.name, policy.title);
  auto row = [&](std::string_view name, const std::string& value) {
    out += value.empty() ? "" : fmt::format("  {:<10}{}\n", name, value);
  };
  row("severity",
      fmt::format("{} ({})", policy::word_of(policy.severity), effect_of(policy.severity)));
  row("category", policy.category);
  row("bundle", policy.bundle_version.empty()
                    ? policy.bundle
                    : fmt::format("{} {}", policy.bundle, policy.bundle_version));
  row("since", policy.since);
  row("looks at", fmt::format("{}{}", about(policy.each), matched(policy)));
  row("file", fmt::format("{}:{}", policy.file, policy.position.line));
}

void print_rule(const Policy& policy, std::string& out) {
  out += "\nThe rule (CEL)\n";
  for (const auto& variable : policy.variables) {
    out += fmt::format("  variables.{} =\n{}", variable.name,
                       code_block(variable.program->expression(), "    "));
  }
  if (policy.when != nullptr) {
    out += "  where\n" + code_block(policy.when->expression(), "    ");
  }
  out += "  it must be true that\n" + code_block(policy.require->expression(), "    ");
}

bool is_failing(const PolicyTest& test) {
  return test.expect == Expectation::kDeny || test.expect == Expectation::kWarn ||
         test.expect == Expectation::kMend;
}

/// A test to show, and what is said of it.
struct Example {
  const PolicyTest* test = nullptr;
  std::optional<engine::Illustration> told;
};

/// The shortest of the tests that `fits`, by its text.
template <class Fits>
std::vector<const PolicyTest*> shortest_first(const Policy& policy, Fits&& fits) {
  std::vector<std::pair<std::size_t, const PolicyTest*>> sized;
  for (const auto& test : policy.tests) {
    if (fits(test)) {
      sized.emplace_back(document::print_json(test.value).size(), &test);
    }
  }
  std::ranges::stable_sort(sized, {}, [](const auto& each) { return each.first; });
  std::vector<const PolicyTest*> tests;
  for (const auto& each : sized) {
    tests.push_back(each.second);
  }
  return tests;
}

/// Best one that a remedy mends, with the parameters as they are set, and of which the policy's
/// own message is said.
Example failing_example(const std::shared_ptr<const Policy>& policy, Arena& arena) {
  Example best;
  int best_rank = -1;
  for (const auto* test : shortest_first(*policy, is_failing)) {
    Example example{.test = test, .told = engine::illustrate(policy, *test, arena)};
    const int rank = (test->expect == Expectation::kMend ? 4 : 0) +
                     (test->parameters.empty() ? 2 : 0) +
                     (example.told && example.told->message != policy->title ? 1 : 0);
    if (rank > best_rank) {
      best = std::move(example);
      best_rank = rank;
    }
  }
  return best;
}

void print_remedy(const Policy& policy, const std::optional<engine::Illustration>& example,
                  std::string& out) {
  out += "\nHow to fix it\n";
  if (!policy.remedy) {
    out += "  There is no remedy that fits every workload: change what the message names.\n";
    return;
  }
  out += wrapped(fmt::format("The remedy is {}: {}.", policy::word_of(policy.remedy->safety),
                             caution_of(policy.remedy->safety)),
                 "  ");
  const auto& remedy = *policy.remedy;
  if (example && !example->remedy.is_null()) {
    out += yaml_block(example->remedy, "    ");
  } else {
    for (const auto& [name, fragment] :
         {std::pair{"container", &remedy.container}, std::pair{"pod", &remedy.pod},
          std::pair{"podMetadata", &remedy.pod_metadata}}) {
      if (!fragment->tree.is_null()) {
        out += fmt::format("    {}:\n{}", name, yaml_block(fragment->tree, "      "));
      }
    }
  }
  for (const auto& path : remedy.remove) {
    out += fmt::format("  It takes away {}.\n", path.text());
  }
  for (const auto& path : remedy.overwrite) {
    out += fmt::format("  It replaces {}.\n", path.text());
  }
}

void print_parameters(const Policy& policy, std::string& out) {
  const auto read = policy::parameters_read(policy);
  if (read.empty()) {
    return;
  }
  out += "\nParameters\n";
  for (const auto& parameter : policy.parameters) {
    if (std::ranges::find(read, parameter.name) == read.end()) {
      continue;
    }
    auto text = [](const document::Node& node) {
      return node.is_string() && node.size() != 0 ? std::string(node.as_string())
                                                  : document::print_json(node);
    };
    const bool is_set = !document::equal(parameter.value, parameter.default_value);
    const auto value = is_set ? fmt::format("{} (default {})", text(parameter.value),
                                            text(parameter.default_value))
                              : text(parameter.value) + " (the default)";
    out += wrapped(fmt::format("{} ({}): {}", parameter.name, parameter.type_word, value), "  ");
    out += wrapped(parameter.description, "    ");
  }
}

void print_examples(const Policy& policy, const Example& failing, std::string& out) {
  const auto passing = shortest_first(
      policy, [](const PolicyTest& test) { return test.expect == Expectation::kAllow; });
  if (passing.empty() && failing.test == nullptr) {
    return;
  }
  out += "\nExamples\n";
  if (failing.test != nullptr) {
    out += fmt::format("  It does not let pass ({}):\n{}", failing.test->name,
                       yaml_block(failing.test->value, "    "));
    if (failing.told) {
      out +=
          wrapped(fmt::format("and says: {}: {}", failing.told->path, failing.told->message), "  ");
    }
  }
  if (!passing.empty()) {
    out += fmt::format("  It lets pass ({}):\n{}", passing.front()->name,
                       yaml_block(passing.front()->value, "    "));
  }
}

}  // namespace

std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  std::size_t column = 0;
  std::string spaced(text);
  std::ranges::replace(spaced, '\n', ' ');
  for (const auto word : split(spaced, ' ')) {
    if (word.empty()) {
      continue;
    }
    const auto length = code_point_count(word);
    if (column == 0 || column + 1 + length > kWidth) {
      out += (column == 0 ? "" : "\n") + std::string(indent);
      column = indent.size();
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out.empty() ? out : out + '\n';
}

std::string code_block(std::string_view text, std::string_view indent) {
  std::string out;
  for (const auto line : split(trim(text), '\n')) {
    out += code_point_count(line) + indent.size() <= kWidth ? fmt::format("{}{}\n", indent, line)
                                                            : wrapped(line, indent);
  }
  return out;
}

std::string print_page(const std::shared_ptr<const Policy>& policy) {
  Arena arena;
  const auto failing = failing_example(policy, arena);
  std::string out;
  print_head(*policy, out);
  if (!policy->description.empty()) {
    out += "\nWhy\n" + wrapped(policy->description, "  ");
  }
  print_remedy(*policy, failing.told, out);
  print_parameters(*policy, out);
  print_examples(*policy, failing, out);
  print_rule(*policy, out);
  if (!policy->references.empty()) {
    out += "\nReferences\n";
    for (const auto& reference : policy->references) {
      out += fmt::format("  - {}\n", reference);
    }
  }
  return out;
}

}  // namespace seaworthy::cli
