// Expressions are the strings under `expression`, `messageExpression` and `valueExpression`,
// wherever they stand.
#include "policy/kyverno_support.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/expression.h"
#include "seaworthy/cel/source_edit.h"

namespace seaworthy::policy {
namespace {

using document::Node;

struct Library {
  std::string_view name;
  std::string_view asks;  ///< Whom.
};

constexpr std::array<Library, 5> kLibraries{{{"resource", "the API server"},
                                             {"http", "another server"},
                                             {"globalContext", "the cluster"},
                                             {"generator", "the API server"},
                                             {"image", "an image registry"}}};

bool check_expression(const ReadContext& context, const Node& node, const std::string& field) {
  std::array<std::string_view, kLibraries.size()> names;
  std::ranges::transform(kLibraries, names.begin(), &Library::name);
  std::vector<cel::Issue> issues;
  for (const auto& call : cel::calls_on(node.as_string(), names)) {
    if (call.root == "image" && call.member != "GetMetadata" && call.member != "getMetadata") {
      continue;  // a variable of a macro
    }
    const auto* library = std::ranges::find(kLibraries, call.root, &Library::name);
    issues.push_back({.position = call.position,
                      .message = fmt::format("{}.{} is not supported: it would ask {}", call.root,
                                             call.member, library->asks)});
  }
  report_issues(context, node, field, issues);
  return issues.empty();
}

}  // namespace

bool check_supported(const ReadContext& context, const Node& node, const std::string& path) {
  constexpr std::array<std::string_view, 3> kFields{"expression", "messageExpression",
                                                    "valueExpression"};
  bool supported = true;
  if (node.is_list()) {
    for (std::size_t index = 0; index < node.size(); ++index) {
      const auto inner = fmt::format("{}[{}]", path, index);
      supported = check_supported(context, node.items()[index], inner) && supported;
    }
  } else if (node.is_map()) {
    for (const auto& member : node.members()) {
      const auto inner = fmt::format("{}.{}", path, member.key.text());
      const bool is_expression = member.value.is_string() &&
                                 std::ranges::find(kFields, member.key.text()) != kFields.end();
      supported = (is_expression ? check_expression(context, member.value, inner)
                                 : check_supported(context, member.value, inner)) &&
                  supported;
    }
  }
  return supported;
}

void check_controller(const ReadContext& context, const document::Node& node, std::string_view path,
                      std::string_view name, const std::set<std::string>& known) {
  if (!name.empty() && name != "none" && !known.contains(std::string(name))) {
    context.warn(node, fmt::format("{}: '{}' is none of {}: no rule is made for it", path, name,
                                   fmt::join(known, ", ")));
  }
}

}  // namespace seaworthy::policy
