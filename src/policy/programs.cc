#include "policy/programs.h"

#include <memory>

namespace seaworthy::policy {
namespace {

void add(const std::shared_ptr<const cel::Program>& program, Programs& programs) {
  if (program != nullptr) {
    programs.push_back(program.get());
  }
}

}  // namespace

void add_programs(const TextTemplate& text, Programs& programs) {
  for (const auto& part : text.parts()) {
    add(part.program, programs);
  }
}

Programs rule_programs(const Policy& policy) {
  Programs programs;
  for (const auto& variable : policy.variables) {
    add(variable.program, programs);
  }
  add(policy.when, programs);
  add(policy.require, programs);
  return programs;
}

Programs word_programs(const Policy& policy) {
  Programs programs;
  add_programs(policy.message, programs);
  if (policy.remedy) {
    add(policy.remedy->fact, programs);
    for (const auto* fragment :
         {&policy.remedy->container, &policy.remedy->pod, &policy.remedy->pod_metadata}) {
      for (const auto& leaf : fragment->leaves) {
        add_programs(leaf.second, programs);
      }
    }
  }
  return programs;
}

Programs programs_of(const AdmissionRule& rule) {
  Programs programs;
  for (const auto& condition : rule.match_conditions) {
    add(condition.expression.program, programs);
  }
  for (const auto& variable : rule.variables) {
    add(variable.expression.program, programs);
  }
  for (const auto& validation : rule.validations) {
    add(validation.expression.program, programs);
    if (validation.message_expression) {
      add(validation.message_expression->program, programs);
    }
  }
  for (const auto& annotation : rule.audit_annotations) {
    add(annotation.expression.program, programs);
  }
  return programs;
}

}  // namespace seaworthy::policy
