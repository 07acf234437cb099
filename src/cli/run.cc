// The commands and their flags; each command's work is in a file of its own.
#include "seaworthy/cli/run.h"

#include <cstdio>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/check.h"
#include "cli/exit_code.h"
#include "cli/serve.h"
#include "cli/test.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/cli/version.h"
#include "seaworthy/system/disk_file_system.h"
#include "seaworthy/system/real_clock.h"

namespace seaworthy::cli {
namespace {

/// Standard input to its end, within the limit of a file.
Result<std::string> read_stdin() {
  std::string text;
  std::string buffer(std::size_t{64} * 1024, '\0');
  for (;;) {
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0) {
      return fail(ErrorCode::kUnavailable, "standard input could not be read");
    }
    if (count == 0) {
      return text;
    }
    text.append(buffer, 0, static_cast<std::size_t>(count));
    if (text.size() > limits::kFileBytesMax) {
      return fail(ErrorCode::kOverLimit, "standard input is larger than 32 MiB");
    }
  }
}

void write_to(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

void add_check(CLI::App& app, CheckOptions& options) {
  auto* command = app.add_subcommand("check", "Judges manifests as the server would in the end");
  command->footer(
      "Exit code: 0 nothing denied, 1 something denied, 2 wrong usage, or input or policies that "
      "could not be read.");
  // What a linter is asked for: everything, as written.
  options.policy.add_to(*command, {.mode = policy::Mode::kDeny});
  command->add_flag("--warnings-as-errors", options.warnings_as_errors,
                    "Exit with 1 for warnings too");
  command->add_option("-o,--output", options.output, "Form of the report")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->type_name("text|json")
      ->default_str("text");
  command->add_option("input", options.inputs, "Manifests: files, folders, or - for standard input")
      ->required()
      ->type_name("FILE|DIR|-");
}

void add_test(CLI::App& app, PolicyOptions& options) {
  auto* command = app.add_subcommand("test", "Runs the tests that policies carry");
  command->footer(
      "Exit code: 0 all passed, 1 one failed, 2 wrong usage, or policies that could not be read.");
  command
      ->add_option(
          "--policies", options.policies,
          "A file or folder of policies; may be repeated (default: the built-in production bundle)")
      ->allow_extra_args(false)
      ->type_name("PATH");
}

int run_command(const CLI::App& app, const CheckOptions& check_options,
                const ServeOptions& serve_options, const PolicyOptions& test_options) {
  system::DiskFileSystem files;
  const system::RealClock clock;
  const World world{.files = &files,
                    .clock = &clock,
                    .read_stdin = read_stdin,
                    .out = [](std::string_view text) { write_to(stdout, text); },
                    .err = [](std::string_view text) { write_to(stderr, text); }};
  if (app.got_subcommand("check")) {
    return static_cast<int>(check(check_options, world));
  }
  if (app.got_subcommand("serve")) {
    return static_cast<int>(serve(serve_options, world));
  }
  if (app.got_subcommand("test")) {
    return static_cast<int>(test(test_options, world));
  }
  world.out(std::string("seaworthy ") + kVersion + "\n");
  return static_cast<int>(ExitCode::kOk);
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app(
      "Mends and refuses Kubernetes Pods: an admission webhook, and a linter with the same "
      "verdicts.",
      "seaworthy");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  CheckOptions check_options;
  ServeOptions serve_options;
  PolicyOptions test_options;
  add_serve(app, serve_options);
  add_check(app, check_options);
  add_test(app, test_options);
  app.add_subcommand("version", "Prints the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 answers 0 for --help; every mistake is wrong usage.
    return app.exit(error) == 0 ? static_cast<int>(ExitCode::kOk)
                                : static_cast<int>(ExitCode::kUsage);
  }
  return run_command(app, check_options, serve_options, test_options);
}

}  // namespace seaworthy::cli
