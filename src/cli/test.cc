// Every set of policies that a test needs is loaded once; the tests that its policies carry are run
// then, and the cases of PolicyTest documents as they come.
#include "cli/test.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/test_report.h"
#include "cli/test_suites.h"
#include "seaworthy/base/text.h"
#include "seaworthy/engine/case_run.h"
#include "seaworthy/engine/coverage.h"
#include "seaworthy/engine/self_test.h"

namespace seaworthy::cli {
namespace {

std::string normal(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

/// Of a set of policies, however its paths are spelled. What parameters are set to is part of it.
std::string key_of(const PolicyOptions& options) {
  std::string key;
  for (const auto* paths : {&options.policies, &options.enforcement}) {
    for (const auto& path : *paths) {
      key += normal(path) + '\n';
    }
    key += '\n';
  }
  return key + join(options.parameters, "\n");
}

class TestRun {
 public:
  TestRun(const TestOptions& options, const World& world)
      : options_(&options), world_(&world), now_(world.clock->now()) {}

  void run_command_set() { set_of(options_->policy); }

  void run_suite(const policy::TestSuite& suite) {
    const auto& set = *set_for(suite).set;
    for (const auto& test : suite.cases) {
      run_case(suite, test, set);
    }
  }

  void tell(const std::string& problem) {
    is_broken_ = true;
    world_->err(fmt::format("seaworthy: {}\n", problem));
  }

  /// Once each: files are read for their policies and again for their tests.
  void tell(const Diagnostic& diagnostic) {
    auto text = render(diagnostic);
    is_broken_ = is_broken_ || diagnostic.severity == Diagnostic::Severity::kError;
    if (told_.insert(text).second) {
      world_->err(text + '\n');
    }
  }

  TestReport report() {
    return {.records = std::move(records_),
            .policies = policies_,
            .gaps = coverage_.gaps(policies_),
            .require_coverage = options_->require_coverage,
            .started = now_};
  }

  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  const LoadedPolicies& set_for(const policy::TestSuite& suite) {
    if (suite.policies.empty() && suite.enforcement.empty()) {
      return set_of(options_->policy);
    }
    PolicyOptions own;
    for (const auto& path : suite.policies) {
      own.policies.push_back(resolve_beside(suite.file, path));
    }
    for (const auto& path : suite.enforcement) {
      own.enforcement.push_back(resolve_beside(suite.file, path));
    }
    if (suite.policies.empty()) {
      own.policies = options_->policy.policies;
      own.parameters = options_->policy.parameters;
      own.enforcement.insert(own.enforcement.end(), options_->policy.enforcement.begin(),
                             options_->policy.enforcement.end());
    }
    return set_of(own);
  }

  /// Loads the set and runs what its policies carry, the first time that it is asked for.
  const LoadedPolicies& set_of(const PolicyOptions& options) {
    const auto key = key_of(options);
    const auto known = sets_.find(key);
    if (known != sets_.end()) {
      return known->second;
    }
    const auto& loaded = sets_.emplace(key, load(options, *world_->files, now_)).first->second;
    for (const auto& text : loaded.unreadable) {
      tell(text);
    }
    for (const auto& diagnostic : loaded.set->diagnostics()) {
      tell(diagnostic);
    }
    is_broken_ = is_broken_ || loaded.is_broken();
    for (const auto& policy : loaded.set->policies()) {
      run_own_tests(policy);
    }
    for (const auto& policy : loaded.set->admission_policies()) {
      add_policy(policy->name);
    }
    return loaded;
  }

  void run_own_tests(const std::shared_ptr<const policy::Policy>& policy) {
    if (!tested_.insert(normal(policy->file) + '\n' + policy->name).second) {
      return;  // of another set too
    }
    add_policy(policy->name);
    for (const auto& test : policy->tests) {
      const auto before = world_->clock->monotonic();
      const auto result = engine::run_test(policy, test);
      TestRecord record{.suite = policy->name,
                        .name = test.name,
                        .file = policy->file,
                        .line = test.position.line,
                        .failures = {},
                        .can_run = true,
                        .time = world_->clock->monotonic() - before};
      if (result.passed) {
        coverage_.add(policy->name, test.expect);
      } else {
        record.failures.push_back(fmt::format(
            "expected {}, got {}{}{}", policy::word_of(test.expect), policy::word_of(result.got),
            result.detail.empty() ? "" : ": ", result.detail));
      }
      records_.push_back(std::move(record));
    }
  }

  void add_policy(const std::string& name) {
    if (std::ranges::find(policies_, name) == policies_.end()) {
      policies_.push_back(name);
    }
  }

  void run_case(const policy::TestSuite& suite, const policy::TestCase& test,
                const policy::PolicySet& set) {
    const auto before = world_->clock->monotonic();
    std::vector<Diagnostic> diagnostics;
    const auto own = policy::enforcement_of(suite, test, set, diagnostics);
    for (const auto& diagnostic : diagnostics) {
      if (diagnostic.severity == Diagnostic::Severity::kError) {
        tell(diagnostic);  // what is legal and unwise is what a case may be about
      }
    }
    TestRecord record{.suite = suite.name,
                      .name = test.name,
                      .file = suite.file,
                      .line = test.position.line,
                      .failures = {},
                      .can_run = !has_errors(diagnostics),
                      .time = {}};
    if (!record.can_run) {
      const auto first =
          std::ranges::find(diagnostics, Diagnostic::Severity::kError, &Diagnostic::severity);
      record.failures.push_back("cannot run: " + first->message);
    } else {
      auto result =
          engine::run_case(suite, test, set, own == nullptr ? set.enforcement() : own.get(), now_);
      for (const auto& [policy, verdict] : result.confirmed) {
        coverage_.add(policy, verdict);
      }
      record.failures = std::move(result.failures);
      record.can_run = result.can_run;
    }
    record.time = world_->clock->monotonic() - before;
    records_.push_back(std::move(record));
  }

  const TestOptions* options_;
  const World* world_;
  std::chrono::system_clock::time_point now_;
  std::map<std::string, LoadedPolicies> sets_;
  std::set<std::string> told_;
  std::set<std::string> tested_;
  std::vector<std::string> policies_;
  std::vector<TestRecord> records_;
  engine::Coverage coverage_;
  bool is_broken_ = false;
};

}  // namespace

void TestOptions::add_to(CLI::App& app) {
  auto* command = app.add_subcommand(
      "test", "Runs the tests that policies carry, and those of PolicyTest documents");
  command->footer(
      "Exit code: 0 all passed, 1 one failed or coverage is wanting, 2 wrong usage, or policies or "
      "tests that could not be read.");
  policy.add_sources_to(*command);
  command->add_flag("--require-coverage", require_coverage,
                    "Fail where a policy has no test that sees it pass, or none that sees it fail");
  command->add_option("-o,--output", output, "Form of the report")
      ->check(CLI::IsMember({"text", "junit"}).description(""))
      ->type_name("text|junit")
      ->default_str("text");
  command
      ->add_option("input", inputs,
                   "Files and folders with PolicyTest documents (those among the policies are run "
                   "too)")
      ->type_name("FILE|DIR");
}

ExitCode test(const TestOptions& options, const World& world) {
  TestRun run(options, world);
  const auto suites = read_suites(options.inputs, options.policy.policies, *world.files);
  for (const auto& text : suites.unreadable) {
    run.tell(text);
  }
  if (options.inputs.empty() || !options.policy.policies.empty()) {
    run.run_command_set();
  }
  for (const auto& diagnostic : suites.diagnostics) {
    run.tell(diagnostic);
  }
  for (const auto& suite : suites.suites) {
    run.run_suite(suite);
  }
  const auto report = run.report();
  world.out(options.output == "junit" ? print_junit(report) : print_text(report));
  if (run.is_broken()) {
    return ExitCode::kUsage;
  }
  const bool wanting = options.require_coverage && !report.gaps.empty();
  return report.failed() == 0 && !wanting ? ExitCode::kOk : ExitCode::kDenied;
}

}  // namespace seaworthy::cli
