// Reads lines {name, expr, containers, vars: {object}}, answers each with {name, containers, ns,
// allocations, value}: what one evaluation takes of this thread's time, the least of several
// rounds. Parsing the object and compiling are not in it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "allocations.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace {

std::int64_t thread_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

namespace seaworthy {
namespace {

using nlohmann::json;

constexpr int kRounds = 5;
constexpr std::int64_t kRoundNanoseconds = 20'000'000;

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
    std::uint64_t repeats = 1;
    while (time(repeats) < kRoundNanoseconds / 10) {
      repeats *= 2;
    }
    repeats *= 10;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t before = bench::allocations();
    for (int round = 0; round < kRounds; ++round) {
      least = std::min(least, time(repeats));
    }
    const std::uint64_t made = bench::allocations() - before;
    const auto runs = static_cast<double>(repeats);
    return {{"name", line_["name"]},
            {"containers", line_["containers"]},
            {"value", value},
            {"ns", static_cast<double>(least) / runs},
            {"allocations", static_cast<double>(made) / (runs * kRounds)}};
  }

 private:
  cel::Value once() {
    cel::Value slot = object_;
    arena_.reset();
    cel::Evaluation evaluation(arena_, std::span(&slot, 1));
    evaluation.start();
    return compiled_.program->evaluate(evaluation);
  }

  std::int64_t time(std::uint64_t repeats) {
    const std::int64_t start = thread_nanoseconds();
    std::uint64_t errors = 0;
    for (std::uint64_t i = 0; i < repeats; ++i) {
      errors += once().is_error() ? 1 : 0;
    }
    const std::int64_t spent = thread_nanoseconds() - start;
    return errors == std::numeric_limits<std::uint64_t>::max() ? 0 : spent;
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
