#include <string>

#include "entries.h"
#include "production.h"
#include "seaworthy/engine/self_test.h"

namespace seaworthy::fuzz {
namespace {

void look_at_diagnostics(const policy::PolicySet& set) {
  for (const auto& diagnostic : set.diagnostics()) {
    SEAWORTHY_CHECK(!diagnostic.message.empty() && !diagnostic.message.ends_with('\n'));
    SEAWORTHY_CHECK(!render(diagnostic).empty());
  }
  SEAWORTHY_CHECK(set.set_aside().empty() || has_errors(set.diagnostics()));
}

}  // namespace

void bundle(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto set = policy::load_policies({{"bundle.yaml", text}},
                                         {.parameters = {}, .now = StoppedClock().now()});
  look_at_diagnostics(*set);
  for (const auto& policy : set->policies()) {
    SEAWORTHY_CHECK(!policy->name.empty() && policy->require != nullptr);
    SEAWORTHY_CHECK(set->find(policy->name) == policy.get());
    for (const auto& variable : policy->variables) {
      SEAWORTHY_CHECK(variable.program != nullptr);
    }
    for (const auto& part : policy->message.parts()) {
      SEAWORTHY_CHECK(part.program != nullptr || !part.text.empty());
    }
  }
  const auto proven = engine::prove_remedies(set);
  look_at_diagnostics(*proven);
  SEAWORTHY_CHECK(proven->policies().size() <= set->policies().size());
  for (const auto& result : engine::run_tests(*proven)) {
    SEAWORTHY_CHECK(result.policy != nullptr && result.test != nullptr);
  }
}

}  // namespace seaworthy::fuzz
