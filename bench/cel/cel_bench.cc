// Reads lines {name, expr, containers, vars: {object}}, answers each with {name, containers, ns,
// allocations, value}: what one evaluation takes of this thread's time, the least of several
// rounds. Parsing the object and compiling are not in it.

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "allocations.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"
#include "timing.h"

namespace seaworthy {
namespace {

using nlohmann::json;

/// One expression on one object.
class Case {
 public:
  explicit Case(const json& line) : line_(line) {
    cel::Environment environment = cel::Environment::kubernetes();
    environment.declare("object", cel::Type::dyn());
    compiled_ = environment.compile(line["expr"].get<std::string>());
    if (compiled_.program == nullptr) {
      std::cerr << cel::format_issues(line["expr"].get<std::string>(), compiled_.issues) << "\n";
      std::exit(1);
    }
    object_ =
        cel::Value::of(document::parse_json(line["vars"]["object"].dump(), document_).value());
  }

  json run() {
    const std::string value(cel::to_text(once(), arena_));
    std::uint64_t runs = 0;
    const std::uint64_t before = bench::allocations();
    const double least = bench::least_nanoseconds([&] {
      once();
      ++runs;
    });
    const std::uint64_t made = bench::allocations() - before;
    return {{"name", line_["name"]},
            {"containers", line_["containers"]},
            {"value", value},
            {"ns", least},
            {"allocations", static_cast<double>(made) / static_cast<double>(runs)}};
  }

 private:
  cel::Value once() {
    cel::Value slot = object_;
    arena_.reset();
    cel::Evaluation evaluation(arena_, std::span(&slot, 1));
    evaluation.start();
    return compiled_.program->evaluate(evaluation);
  }

  json line_;
  cel::Compilation compiled_;
  Arena document_;
  Arena arena_;
  cel::Value object_;
};

}  // namespace
}  // namespace seaworthy

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    seaworthy::Case measured(nlohmann::json::parse(line));
    std::cout << measured.run().dump() << "\n";
  }
}
