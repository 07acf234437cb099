// Expressions and variables as the API server composes them (apiserver
// pkg/admission/plugin/cel/composition.go): a variable is compiled with those before it, typed by
// its expression, evaluated when it is first read, and read again without cost. Its error is the
// reader's, with its name, and can be absorbed there, the error of its limit too.
#include "cli/eval_scope.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/cel/linker.h"

namespace seaworthy::cli {
namespace {

using cel::Type;

/// A printed type in cel-go's other spelling.
std::string declared_text(const std::string& printed) {
  if (printed == "null") {
    return "null_type";
  }
  if (printed == "timestamp" || printed == "duration") {
    return (printed == "timestamp" ? Type::timestamp() : Type::duration()).declared_text();
  }
  return printed == "list" ? "list(dyn)" : printed;
}

}  // namespace

policy::AdmissionEnvironment eval_environment(policy::AdmissionAuthorizer authorizer) {
  auto made = policy::make_admission_environment(cel::Environment::kubernetes(),
                                                 policy::AdmissionParams::kDeclared, authorizer);
  made.environment.declare_patch_types();
  return made;
}

EvalScope::EvalScope(const policy::AdmissionEnvironment& base, const EvalInputs& inputs,
                     Arena& arena)
    : environment_(base.environment), arena_(&arena), slots_(environment_.slot_count()) {
  slots_[base.slots.object] = cel::Value::of(inputs.object);
  slots_[base.slots.old_object] = cel::Value::of(inputs.old_object);
  slots_[base.slots.request] = cel::Value::of(inputs.request);
  slots_[base.slots.namespace_object] = cel::Value::of(inputs.namespace_object);
  if (base.slots.params) {
    slots_[*base.slots.params] = cel::Value::of(inputs.params);
  }
  if (base.slots.authorizer) {
    slots_[base.slots.authorizer->authorizer] = cel::authorizer_value(nullptr, user_, arena);
    slots_[base.slots.authorizer->request_resource] =
        cel::request_resource_value(nullptr, user_, resource_, arena);
  }
}

Result<std::string> EvalScope::add(const EvalVariable& variable) {
  if (std::ranges::find(variables_, variable.name, &Variable::name) != variables_.end()) {
    return fail(ErrorCode::kInvalid, fmt::format("variable '{}' is there twice", variable.name));
  }
  if (variables_.size() >= limits::kVariablesPerPolicyMax) {
    return fail(ErrorCode::kOverLimit,
                fmt::format("more than {} variables", limits::kVariablesPerPolicyMax));
  }
  auto compiled = environment_.compile(variable.expression);
  Variable added;
  added.name = variable.name;
  Type type;
  if (compiled.program != nullptr) {
    type = policy::variable_type(compiled.program->result_type());
    added.program = std::move(compiled.program);
  } else {
    added.compile_error =
        policy::compile_error_text(variable.expression, compiled.issues, compiled.more_issues);
  }
  added.slot = environment_.declare_field("variables", added.name, std::move(type));
  slots_.resize(environment_.slot_count());
  variables_.push_back(std::move(added));
  return variables_.back().compile_error;
}

cel::Value EvalScope::resolve(std::uint32_t slot, cel::Evaluation& evaluation) {
  const auto found = std::ranges::find(variables_, slot, &Variable::slot);
  if (found == variables_.end()) {
    return {};
  }
  if (found->program == nullptr) {
    return evaluation.error(fmt::format("composited variable \"{}\" fails to compile: {}",
                                        found->name, found->compile_error));
  }
  cel::Evaluation inner(evaluation.arena(), evaluation.slots(), this);
  inner.start();
  const cel::Value value = found->program->evaluate(inner);
  found->cost = inner.cost();
  variables_cost_ += inner.cost();
  if (value.is_error()) {
    return evaluation.error(fmt::format("composited variable \"{}\" fails to evaluate: {}",
                                        found->name, value.as_error().message));
  }
  return value;
}

std::vector<EvalScope::Read> EvalScope::variables_read() const {
  std::vector<Read> read;
  for (const auto& variable : variables_) {
    if (!slots_[variable.slot].is(cel::ValueKind::kUnset)) {
      read.push_back({&variable.name, &slots_[variable.slot], variable.cost});
    }
  }
  return read;
}

void EvalScope::run(EvalOutcome& outcome) {
  std::optional<cel::Memo> memo;
  cel::MemoLayout layout;
  if (sharing_) {
    cel::Linker linker({.everything = true});
    std::vector<cel::SlotIdentity> identities;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      identities.push_back({std::to_string(slot), 0});
    }
    linker.add(outcome.program, identities);
    layout = linker.link();
    memo.emplace(layout, *arena_);
  }
  cel::Evaluation evaluation(*arena_, slots_, this, memo ? &*memo : nullptr);
  for (int runs = sharing_ ? 2 : 1; runs > 0; --runs) {
    evaluation.start();
    outcome.value = outcome.program->evaluate(evaluation);
    outcome.cost = evaluation.cost();
  }
}

EvalOutcome EvalScope::evaluate(const std::string& expression, const std::string& returns) {
  EvalOutcome outcome;
  auto compiled = environment_.compile(expression);
  if (compiled.type && !returns.empty()) {
    const std::string wanted = declared_text(returns);
    if (const std::string got = compiled.type->declared_text(); wanted != got) {
      outcome.compile_error = fmt::format("must evaluate to {} but got {}", wanted, got);
      return outcome;
    }
  }
  if (compiled.program == nullptr) {
    outcome.compile_error =
        policy::compile_error_text(expression, compiled.issues, compiled.more_issues);
    outcome.issues = std::move(compiled.issues);
    return outcome;
  }
  outcome.program = std::move(compiled.program);
  outcome.type = *std::move(compiled.type);
  run(outcome);
  return outcome;
}

}  // namespace seaworthy::cli
