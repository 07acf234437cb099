#include "cli/eval_inputs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/source.h"

namespace seaworthy::cli {
namespace {

using document::Node;

Result<std::string> read_text(const std::string& path, const World& world) {
  return path == "-" ? world.read_stdin() : world.files->read(path);
}

Result<Node> read_document(const std::string& path, const World& world, Arena& arena) {
  if (path.empty()) {
    return Node::null();
  }
  SEAWORTHY_TRY(const std::string text, read_text(path, world));
  const auto parsed = document::read_source(text, path, arena);
  std::string mistakes;
  for (const auto& diagnostic : parsed.diagnostics) {
    mistakes += (mistakes.empty() ? "" : "\n") + render(diagnostic);
  }
  if (!parsed.value || has_errors(parsed.diagnostics)) {
    return fail(ErrorCode::kInvalid, mistakes);
  }
  if (parsed.value->size() > 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: {} documents where one is wanted", path, parsed.value->size()));
  }
  return parsed.value->empty() ? Node::null() : parsed.value->front().root();
}

bool is_identifier(std::string_view name) {
  const auto fits = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, fits);
}

}  // namespace

Result<EvalInputs> read_inputs(const EvalOptions& options, const World& world, Arena& arena) {
  const std::string* paths[] = {&options.file,    &options.object,           &options.old_object,
                                &options.request, &options.namespace_object, &options.params,
                                &options.review};
  if (std::ranges::count(paths, "-", [](const std::string* path) { return *path; }) > 1) {
    return fail(ErrorCode::kInvalid, "standard input can be read once only");
  }
  EvalInputs inputs;
  if (!options.review.empty()) {
    SEAWORTHY_TRY(const Node root, read_document(options.review, world, arena));
    auto review = admission::read_review(root);
    if (!review) {
      return std::unexpected(review.error().in(options.review));
    }
    inputs.object = review->object;
    inputs.old_object = review->old_object;
    inputs.request = admission::request_variable(*review, arena);
  }
  const std::pair<const std::string*, Node*> files[] = {
      {&options.object, &inputs.object},
      {&options.old_object, &inputs.old_object},
      {&options.request, &inputs.request},
      {&options.namespace_object, &inputs.namespace_object},
      {&options.params, &inputs.params}};
  for (const auto& [path, node] : files) {
    if (!path->empty()) {
      SEAWORTHY_TRY(*node, read_document(*path, world, arena));
    }
  }
  return inputs;
}

Result<std::string> read_expression(const EvalOptions& options, const World& world) {
  if (options.file.empty() == options.expression.empty()) {
    return fail(ErrorCode::kInvalid, "one of EXPR and --file is wanted");
  }
  if (options.file.empty()) {
    return options.expression;
  }
  SEAWORTHY_TRY(const std::string text, read_text(options.file, world));
  return std::string(trim(text));
}

Result<std::vector<EvalVariable>> read_variables(const EvalOptions& options) {
  std::vector<EvalVariable> variables;
  for (const auto& text : options.variables) {
    const std::size_t at = text.find('=');
    const std::string_view name = trim(std::string_view(text).substr(0, at));
    if (at == std::string::npos || !is_identifier(name)) {
      return fail(ErrorCode::kInvalid, fmt::format("--variable {}: not NAME=EXPR", text));
    }
    variables.push_back({std::string(name), text.substr(at + 1)});
  }
  return variables;
}

}  // namespace seaworthy::cli
