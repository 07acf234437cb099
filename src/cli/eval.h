#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/streams.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

struct EvalOptions {
  std::string expression;
  std::string file;  ///< Where the expression is, instead.
  // Files of YAML or JSON, "-" for standard input; empty: null.
  std::string object;
  std::string old_object;
  std::string request;
  std::string namespace_object;
  std::string params;
  std::string review;                  ///< An AdmissionReview: object, oldObject and request.
  std::vector<std::string> variables;  ///< NAME=EXPR
  std::string output = "text";         ///< text | json
  bool type = false;
  bool cost = false;
  bool explain = false;
  bool batch = false;

  void add_to(CLI::App& app);
};

/// `seaworthy eval`: evaluates one expression as an in-tree admission policy would, or, with
/// --batch, each line's. kDenied where it, or a variable, does not compile, or where it ends with
/// an error; kUsage where an input could not be read.
ExitCode eval(const EvalOptions& options, const World& world);

}  // namespace seaworthy::cli
