#include "cli/test.h"

#include <fmt/format.h>

#include "seaworthy/engine/self_test.h"

namespace seaworthy::cli {

ExitCode test(const PolicyOptions& options, const World& world) {
  const auto policies = load(options, *world.files);
  for (const auto& text : policies.unreadable) {
    world.err(fmt::format("seaworthy: {}\n", text));
  }
  for (const auto& diagnostic : policies.set->diagnostics()) {
    world.err(render(diagnostic) + '\n');
  }
  std::size_t failed = 0;
  const auto results = engine::run_tests(*policies.set);
  for (const auto& result : results) {
    if (result.passed) {
      continue;
    }
    ++failed;
    world.out(fmt::format("{}:{}: {} / {}: expected {}, got {}{}{}\n", result.policy->file,
                          result.test->position.line, result.policy->name, result.test->name,
                          policy::word_of(result.test->expect), policy::word_of(result.got),
                          result.detail.empty() ? "" : ": ", result.detail));
  }
  world.out(fmt::format("{} policies: {} tests passed, {} failed\n",
                        policies.set->policies().size(), results.size() - failed, failed));
  if (policies.is_broken()) {
    return ExitCode::kUsage;
  }
  return failed == 0 ? ExitCode::kOk : ExitCode::kDenied;
}

}  // namespace seaworthy::cli
