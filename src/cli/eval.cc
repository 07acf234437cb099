#include "cli/eval.h"

#include <CLI/CLI.hpp>

#include "cli/eval_batch.h"

namespace seaworthy::cli {

void EvalOptions::add_to(CLI::App& app) {
  auto* command = app.add_subcommand("eval", "Evaluates a CEL expression");
  command->add_flag("--batch", batch, "Answers requests of standard input, a line of JSON each");
}

ExitCode eval(const EvalOptions&, const World& world) { return eval_batch(world); }

}  // namespace seaworthy::cli
