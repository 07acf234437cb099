// The commands and their flags; each command's work is in a file of its own.
#include "seaworthy/cli/run.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/eval.h"
#include "cli/exit_code.h"
#include "cli/explain.h"
#include "cli/export.h"
#include "cli/fix.h"
#include "cli/serve.h"
#include "cli/test.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/cli/version.h"
#include "seaworthy/system/disk_file_system.h"
#include "seaworthy/system/real_clock.h"

namespace seaworthy::cli {
namespace {

/// What has come of standard input; empty at its end.
Result<std::string> read_some() {
  std::string buffer(std::size_t{64} * 1024, '\0');
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return fail(ErrorCode::kUnavailable,
                std::string("standard input could not be read: ") + std::strerror(errno));
  }
  buffer.resize(static_cast<std::size_t>(count));
  return buffer;
}

/// Standard input to its end, within the limit of a file.
Result<std::string> read_stdin() {
  std::string text;
  for (;;) {
    SEAWORTHY_TRY(const std::string more, read_some());
    if (more.empty()) {
      return text;
    }
    text += more;
    if (text.size() > limits::kFileBytesMax) {
      return fail(ErrorCode::kOverLimit, "standard input is larger than 32 MiB");
    }
  }
}

/// Standard output, which forgets nothing that could not be written.
class Output {
 public:
  void write(std::string_view text) {
    note(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
  }

  void flush() { note(std::fflush(stdout) == 0); }

  /// `code`, or wrong usage where something did not reach its reader.
  int finish(int code) {
    flush();
    note(std::ferror(stdout) == 0);
    if (error_ == 0) {
      return code;
    }
    std::fprintf(stderr, "seaworthy: standard output could not be written: %s\n",
                 std::strerror(error_));
    return static_cast<int>(ExitCode::kUsage);
  }

 private:
  void note(bool is_written) {
    if (!is_written && error_ == 0) {
      error_ = errno == 0 ? EIO : errno;
    }
  }

  int error_ = 0;  ///< The first.
};

/// Where a standard stream is closed something takes its place that cannot be used: else the next
/// file that is opened would get its number, and what is printed.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) {
      ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

void write_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void add_threads(CLI::App& command, std::size_t& threads) {
  command
      .add_option("--threads", threads,
                  "Files that are worked on at once (default: as many as there are processors)")
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("N");
}

void add_inputs(CLI::App& command, std::vector<std::string>& inputs) {
  command.add_option("input", inputs, "Manifests: files, folders, or - for standard input")
      ->required()
      ->type_name("FILE|DIR|-");
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
      ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github"}).description(""))
      ->type_name("text|json|sarif|junit|github")
      ->default_str("text");
  add_threads(*command, options.threads);
  add_inputs(*command, options.inputs);
}

void add_fix(CLI::App& app, FixOptions& options) {
  auto* command =
      app.add_subcommand("fix", "Writes remedies into manifests and leaves the rest as it is");
  command->footer(
      "Files are changed in place; standard input, --diff and -o yaml print and write nothing.\n"
      "Exit code: 0 nothing denied is left, 1 something is, 2 wrong usage, or input or policies "
      "that could not be read, or files that could not be written.");
  options.policy.add_to(*command,
                        {.mode = policy::Mode::kDeny, .remedy = policy::RemedyLevel::kApply});
  command->add_flag("--warnings-as-errors", options.warnings_as_errors,
                    "Exit with 1 for warnings too");
  auto* diff = command->add_flag("--diff", options.diff, "Print what would change");
  command->add_option("-o,--output", options.output, "Print the documents")
      ->check(CLI::IsMember({"yaml"}).description(""))
      ->type_name("yaml")
      ->excludes(diff);
  add_threads(*command, options.threads);
  add_inputs(*command, options.inputs);
}

struct Options {
  CheckOptions check;
  FixOptions fix;
  EvalOptions eval;
  ExportOptions exporting;
  ExplainOptions explain;
  ServeOptions serve;
  TestOptions test;
};

int run_command(const CLI::App& app, const Options& options, Output& output) {
  system::DiskFileSystem files;
  const system::RealClock clock;
  const World world{.files = &files,
                    .clock = &clock,
                    .read_stdin = read_stdin,
                    .out = [&output](std::string_view text) { output.write(text); },
                    .err = write_error,
                    .read_some = read_some,
                    .flush = [&output] { output.flush(); },
                    .is_terminal = ::isatty(STDERR_FILENO) == 1};
  if (app.got_subcommand("check")) {
    return static_cast<int>(check(options.check, world));
  }
  if (app.got_subcommand("fix")) {
    return static_cast<int>(fix(options.fix, world));
  }
  if (app.got_subcommand("eval")) {
    return static_cast<int>(eval(options.eval, world));
  }
  if (app.got_subcommand("explain")) {
    return static_cast<int>(explain(options.explain, world));
  }
  if (app.got_subcommand("export")) {
    return static_cast<int>(export_policies(options.exporting, world));
  }
  if (app.got_subcommand("serve")) {
    return static_cast<int>(serve(options.serve, world));
  }
  if (app.got_subcommand("test")) {
    return static_cast<int>(test(options.test, world));
  }
  world.out(std::string("seaworthy ") + kVersion + "\n");
  return static_cast<int>(ExitCode::kOk);
}

}  // namespace

int run(int argc, char** argv) {
  hold_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on files' sizes is an error of writing, and told as one
  Output output;
  CLI::App app(
      "Mends and refuses Kubernetes Pods: an admission webhook, and a linter with the same "
      "verdicts.",
      "seaworthy");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  Options options;
  add_serve(app, options.serve);
  add_check(app, options.check);
  add_fix(app, options.fix);
  options.test.add_to(app);
  options.explain.add_to(app);
  options.eval.add_to(app);
  options.exporting.add_to(app);
  app.add_subcommand("version", "Prints the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 answers 0 for --help; every mistake is wrong usage.
    return output.finish(static_cast<int>(app.exit(error) == 0 ? ExitCode::kOk : ExitCode::kUsage));
  }
  return output.finish(run_command(app, options, output));
}

}  // namespace seaworthy::cli
