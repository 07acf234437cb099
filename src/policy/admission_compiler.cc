// One expression as the API server compiles it (apiserver pkg/admission/plugin/cel/compile.go): its
// mistakes first, then its type, which must be one of those asked for exactly, then what shows when
// the program is made. Variables are declared one by one, so that each sees those before it; one
// that does not compile is declared as dyn all the same, and is an error where it is read.
#include "policy/admission_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/expression.h"

namespace seaworthy::policy {
namespace {

using cel::Type;

/// In the API server's words.
std::string type_fault(std::span<const Type> wanted, const Type& got) {
  if (wanted.size() == 1) {
    return fmt::format("must evaluate to {} but got {}", wanted[0].declared_text(),
                       got.declared_text());
  }
  std::vector<std::string> names;
  for (const Type& each : wanted) {
    names.push_back(each.declared_text());
  }
  return fmt::format("must evaluate to one of [{}] but got {}", fmt::join(names, " "),
                     got.declared_text());
}

/// What its author can do about it.
std::string hint_for(std::span<const Type> wanted, const Type& got) {
  if (!got.is(cel::TypeKind::kDyn) || wanted.empty()) {
    return "";
  }
  if (wanted[0].is(cel::TypeKind::kBool)) {
    return "compare it (`… == true`) or write bool(…)";
  }
  return wanted[0].is(cel::TypeKind::kString) ? "write string(…)" : "";
}

}  // namespace

AdmissionExpression AdmissionCompiler::compile(const cel::Environment& environment,
                                               const WrittenExpression& written,
                                               std::span<const Type> wanted) {
  AdmissionExpression made;
  made.text = written.text;
  made.position = context_->source->content_position_of(*written.node);
  if (made.position.line == 0) {
    made.position = context_->source->position_of(*written.node);
  }
  auto compiled = environment.compile(written.text);
  if (compiled.type && !wanted.empty() &&
      std::ranges::find(wanted, *compiled.type) == wanted.end()) {
    made.compile_error = type_fault(wanted, *compiled.type);
    compiled.issues = {{.position = {1, 1},
                        .message = made.compile_error,
                        .hint = hint_for(wanted, *compiled.type)}};
  } else if (compiled.program == nullptr) {
    made.compile_error = compile_error_text(written.text, compiled.issues, compiled.more_issues);
  } else {
    made.program = std::move(compiled.program);
    return made;
  }
  broken_ = true;
  if (written.node->as_string() != written.text) {
    for (auto& issue : compiled.issues) {
      issue.position = {1, 1};
    }
  }
  report_issues(*context_, *written.node, written.field, compiled.issues);
  return made;
}

AdmissionExpression AdmissionCompiler::condition(const WrittenExpression& written) {
  return compile(environments_.conditions, written, std::array{Type::boolean()});
}

AdmissionExpression AdmissionCompiler::validation(const WrittenExpression& written) {
  return compile(environments_.expressions, written, std::array{Type::boolean()});
}

AdmissionExpression AdmissionCompiler::message(const WrittenExpression& written) {
  return compile(environments_.messages, written, std::array{Type::string()});
}

AdmissionExpression AdmissionCompiler::audit_annotation(const WrittenExpression& written) {
  return compile(environments_.expressions, written, std::array{Type::string(), Type::null()});
}

AdmissionExpression AdmissionCompiler::mutation(PatchType type, const WrittenExpression& written) {
  cel::Environment environment = environments_.expressions;
  environment.declare_patch_types();
  return compile(environment, written, std::array{result_type(type)});
}

AdmissionVariable AdmissionCompiler::variable(std::string name, const WrittenExpression& written) {
  AdmissionVariable made;
  made.name = std::move(name);
  made.expression = compile(environments_.expressions, written, {});
  const Type type = made.expression.program == nullptr
                        ? Type::dyn()
                        : variable_type(made.expression.program->result_type());
  made.slot = environments_.expressions.declare_field("variables", made.name, type);
  environments_.messages.declare_field("variables", made.name, type);
  return made;
}

void AdmissionCompiler::finish(AdmissionRule& rule) const {
  rule.slots = environments_.slots;
  rule.slot_count = environments_.expressions.slot_count();
}

}  // namespace seaworthy::policy
