#include "seaworthy/cel/environment.h"

#include <algorithm>
#include <utility>

#include "cel/check/checker.h"
#include "cel/check/environment_state.h"
#include "cel/check/unchecked.h"
#include "cel/eval/planner.h"
#include "cel/lib/libraries.h"
#include "cel/syntax/parser.h"
#include "seaworthy/base/check.h"
#include "seaworthy/base/text.h"

// compile() is parse (syntax/), check (check/), plan (eval/); each goes on only where the one
// before found no mistake. The function table is shared by copies of an environment and copied when
// one of them adds to it.

namespace seaworthy::cel {
namespace {

/// cel-go common/error.go: lines longer than this are not shown.
constexpr std::size_t kShownBytesMax = 16384;

void append_source(std::string& out, std::string_view expression, SourcePosition position) {
  std::string_view shown = line_of(expression, position.line);
  if (expression.substr(static_cast<std::size_t>(shown.data() + shown.size() - expression.data()))
          .starts_with('\r')) {
    shown = {shown.data(), shown.size() + 1};
  }
  std::string line(shown);
  if (line.size() > kShownBytesMax) {
    return;
  }
  std::ranges::replace(line, '\t', ' ');
  out += "\n | " + line + "\n | ";
  std::size_t at = 0;
  for (std::uint32_t column = 1; column < position.column && at < line.size(); ++column) {
    const std::size_t length = utf8_length(line, at);
    out += length > 1 ? "\uff0e" : ".";
    at += length;
  }
  out += at < line.size() && utf8_length(line, at) > 1 ? "\uff3e" : "^";
}

Compilation make_program(CheckResult checked, std::string_view expression,
                         const Environment::State& environment) {
  Type type = checked.nodes[checked.ast.root].type;
  Plan planned = plan(std::move(checked), std::string(expression), environment.patterns);
  if (!planned.issues.empty()) {  // cel-go ends with the first.
    planned.program = nullptr;
    planned.issues.resize(1);
  }
  return {std::move(planned.program), std::move(planned.issues), 0, std::move(type)};
}

}  // namespace

std::string format_issues(std::string_view expression, const std::vector<Issue>& issues,
                          std::uint64_t more) {
  const std::string source = to_valid_utf8(expression);
  std::string out;
  for (const Issue& issue : issues) {
    const bool placed = issue.position.line != 0;
    const std::string place =
        placed ? std::to_string(issue.position.line) + ":" + std::to_string(issue.position.column)
               : "-1:0";
    out += (out.empty() ? "ERROR: <input>:" : "\nERROR: <input>:") + place + ": " + issue.message;
    if (placed && !source.empty()) {
      append_source(out, source, issue.position);
    }
  }
  if (more > 0) {
    out += "\n" + std::to_string(more) + " more errors were truncated";
  }
  return out;
}

Environment::Environment() : state_(std::make_unique<State>()) {}

Environment::Environment(const Environment& other)
    : state_(std::make_unique<State>(*other.state_)) {}

Environment& Environment::operator=(const Environment& other) {
  if (this != &other) {
    state_ = std::make_unique<State>(*other.state_);
  }
  return *this;
}

Environment::Environment(Environment&&) noexcept = default;
Environment& Environment::operator=(Environment&&) noexcept = default;
Environment::~Environment() = default;

Environment Environment::kubernetes() {
  Environment environment;
  environment.state_->functions =
      std::make_shared<const FunctionTable>(make_function_table(kubernetes_libraries()));
  environment.state_->patterns = std::make_shared<PatternCache>();
  return environment;
}

Slot Environment::declare(std::string name, Type type) {
  const auto [at, added] = state_->variables.emplace(
      std::move(name), VariableDeclaration{std::move(type), state_->next_slot});
  SEAWORTHY_CHECK(added);
  return state_->next_slot++;
}

void Environment::declare_composite(std::string name) {
  SEAWORTHY_CHECK(!state_->variables.contains(name));
  state_->composites.push_back(std::move(name));
}

Slot Environment::declare_field(std::string_view composite, std::string field, Type type) {
  SEAWORTHY_CHECK(std::ranges::find(state_->composites, composite) != state_->composites.end());
  return declare(std::string(composite) + "." + field, std::move(type));
}

void Environment::declare(StructType type) {
  std::string name = type.name;
  const bool added = state_->structs.emplace(std::move(name), std::move(type)).second;
  SEAWORTHY_CHECK(added);
}

void Environment::add(const Library& library) {
  auto functions = std::make_shared<FunctionTable>(*state_->functions);
  add_functions(*functions, library);
  state_->functions = std::move(functions);
}

void Environment::declare_patch_types() {
  state_->patch_types = true;
  add(json_patch_library());
}

void Environment::declare_bindings() { state_->bindings = true; }

void Environment::set_container(std::string name) { state_->container = std::move(name); }

std::uint32_t Environment::slot_count() const { return state_->next_slot; }

Compilation Environment::compile(std::string_view expression) const {
  ParseResult parsed = parse(expression, state_->bindings);
  if (!parsed.issues.empty()) {
    return {nullptr, std::move(parsed.issues), parsed.more_issues, {}};
  }
  CheckResult checked = check(std::move(parsed.ast), *state_);
  if (!checked.issues.empty()) {
    return {nullptr, std::move(checked.issues), checked.more_issues, {}};
  }
  return make_program(std::move(checked), expression, *state_);
}

Compilation Environment::compile_unchecked(std::string_view expression) const {
  ParseResult parsed = parse(expression, state_->bindings);
  if (!parsed.issues.empty()) {
    return {nullptr, std::move(parsed.issues), parsed.more_issues, {}};
  }
  return make_program(leave_unchecked(std::move(parsed.ast), *state_), expression, *state_);
}

}  // namespace seaworthy::cel
