#include "cli/eval.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/eval_batch.h"
#include "cli/eval_inputs.h"
#include "cli/eval_report.h"
#include "seaworthy/cel/explain.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kFooter =
    "An expression sees what those of ValidatingAdmissionPolicy see: object, oldObject, request, "
    "params, namespaceObject and variables; what is not given is null.\n\n"
    "  seaworthy eval \"object.spec.containers.all(c, has(c.livenessProbe))\" --object pod.yaml\n"
    "  seaworthy eval 'quantity(\"1.5Gi\").isGreaterThan(quantity(\"1Gi\"))'\n"
    "  kubectl get pod web -o yaml | seaworthy eval object.metadata.labels --object -\n"
    "  seaworthy eval --variable 'c=object.spec.containers' --object pod.yaml --explain \\\n"
    "    'variables.c.exists(x, x.image.endsWith(\":latest\"))'\n"
    "  seaworthy eval -f rule.cel --review review.json --cost -o json\n"
    "  seaworthy eval --batch < requests.jsonl\n\n"
    "Exit code: 0 a value, 1 it does not compile or ends with an error, 2 wrong usage, or an input "
    "that could not be read.";

void add_files(CLI::App& command, EvalOptions& options) {
  const auto add = [&](const char* name, std::string& path, const char* help) {
    command.add_option(name, path, help)->type_name("FILE");
  };
  add("--object", options.object, "YAML or JSON of object; - is standard input");
  add("--old-object", options.old_object, "The same of oldObject");
  add("--params", options.params, "The same of params");
  add("--request", options.request, "The same of request");
  add("--namespace", options.namespace_object, "The same of namespaceObject");
  add("--review", options.review,
      "An AdmissionReview: gives object, oldObject and request, where no other option does");
}

/// Declares the variables; answers those that do not compile, by name.
Result<std::vector<std::pair<std::string, std::string>>> declare(
    const std::vector<EvalVariable>& variables, EvalScope& scope) {
  std::vector<std::pair<std::string, std::string>> broken;
  for (const auto& variable : variables) {
    SEAWORTHY_TRY(std::string mistake, scope.add(variable));
    if (!mistake.empty()) {
      broken.emplace_back(variable.name, std::move(mistake));
    }
  }
  return broken;
}

Result<ExitCode> eval_one(const EvalOptions& options, const World& world) {
  Arena arena;
  SEAWORTHY_TRY(const std::string expression, read_expression(options, world));
  SEAWORTHY_TRY(const auto variables, read_variables(options));
  SEAWORTHY_TRY(const EvalInputs inputs, read_inputs(options, world, arena));
  EvalScope scope(eval_environment(policy::AdmissionAuthorizer::kDeclared), inputs, arena);
  EvalReport report;
  report.expression = expression;
  SEAWORTHY_TRY(report.broken_variables, declare(variables, scope));
  report.outcome = scope.evaluate(expression);
  report.variables_read = scope.variables_read();
  report.variables_cost = scope.variables_cost();
  const bool compiles = report.outcome.compile_error.empty();
  const bool failed = report.outcome.value.is_error();
  cel::ExplainedExpression explained;
  if (options.explain && compiles) {
    explained = explain(scope.environment(), expression, scope.slots(), &scope, arena);
    report.explanation = &explained.root;
  }
  if (options.output == "json") {
    report.json = document::print_json(to_node(report.outcome.value, arena));
    world.out(print_eval_json(report));
  } else {
    for (const auto& [name, error] : report.broken_variables) {
      world.err(fmt::format("variables.{}: {}\n", name, error));
    }
    if (!compiles) {
      world.err(report.outcome.compile_error + '\n');
      for (const auto& issue : report.outcome.issues) {
        if (!issue.hint.empty()) {
          world.err(fmt::format("hint: {}\n", issue.hint));
        }
      }
    } else {
      if (failed) {
        world.err(fmt::format("error: {}\n", report.outcome.value.as_error().message));
      }
      world.out(print_eval_text(report, options));
    }
  }
  return compiles && !failed && report.broken_variables.empty() ? ExitCode::kOk : ExitCode::kDenied;
}

}  // namespace

void EvalOptions::add_to(CLI::App& app) {
  auto* command = app.add_subcommand("eval", "Evaluates a CEL expression as the API server would");
  command->footer(kFooter);
  command
      ->add_option("expression", expression, "The expression; for one that begins with -, --file")
      ->type_name("EXPR");
  command->add_option("-f,--file", file, "Reads the expression from a file; - is standard input")
      ->type_name("FILE");
  add_files(*command, *this);
  command
      ->add_option("--variable", variables,
                   "Declares variables.NAME; sees those before it, evaluated when it is read; may "
                   "be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=EXPR");
  command->add_flag("--type", type, "Prints the type too");
  command->add_flag("--cost", cost,
                    "Prints the run-time cost too, and that of each variable that was read");
  command->add_flag("--explain", explain, "Prints the value of each part too, as a tree");
  command->add_option("-o,--output", output, "Form of the answer")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->type_name("text|json")
      ->default_str("text");
  command->add_flag("--batch", batch,
                    "Answers requests of standard input, a line of JSON each (docs/eval.md)");
}

ExitCode eval(const EvalOptions& options, const World& world) {
  if (options.batch) {
    return eval_batch(world);
  }
  const auto code = eval_one(options, world);
  if (!code) {
    world.err(fmt::format("seaworthy: {}\n", code.error().message));
    return ExitCode::kUsage;
  }
  return *code;
}

}  // namespace seaworthy::cli
