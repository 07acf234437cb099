#include "engine/admission_answer.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"

namespace seaworthy::engine {
namespace {

using document::Node;

std::string_view reason_of(const AdmissionVerdict& verdict) {
  const bool mutating = policy::is_mutating(verdict.policy->kind);
  if (verdict.reason.empty()) {
    return mutating ? "Forbidden" : "Invalid";
  }
  return verdict.reason;
}

/// Rule: validating/dispatcher.go, reasonToCode; an error of a mutation is forbidden whatever its
/// reason, unless it is the API server's own.
int code_of(const AdmissionVerdict& verdict) {
  constexpr std::array<std::pair<std::string_view, int>, 4> kCodes{{{"Unauthorized", 401},
                                                                    {"Forbidden", 403},
                                                                    {"RequestEntityTooLarge", 413},
                                                                    {"Invalid", 422}}};
  if (policy::is_mutating(verdict.policy->kind)) {
    return verdict.reason == kInternalErrorReason ? 500 : 403;
  }
  const auto* found =
      std::ranges::find(kCodes, reason_of(verdict), &std::pair<std::string_view, int>::first);
  return found == kCodes.end() ? 422 : found->second;
}

bool is_named(const AdmissionVerdict& verdict) {
  return verdict.binding != nullptr && !verdict.binding->name.empty();
}

std::string warning_text(const AdmissionVerdict& verdict) {
  const auto& policy = *verdict.policy;
  if (policy::is_mutating(policy.kind)) {
    return fmt::format("{} '{}': {}", name_of(policy.kind), policy.name, verdict.message);
  }
  return is_named(verdict) ? fmt::format("Validation failed for {} '{}' with binding '{}': {}",
                                         name_of(policy.kind), policy.name, verdict.binding->name,
                                         verdict.message)
                           : fmt::format("Validation failed for {} '{}': {}", name_of(policy.kind),
                                         policy.name, verdict.message);
}

void refuse(const std::vector<AdmissionVerdict>& verdicts, admission::Response& response) {
  std::vector<std::string> lines;
  for (const auto& verdict : verdicts) {
    if (verdict.effect != Effect::kDeny) {
      continue;
    }
    if (lines.empty() && response.allowed) {
      response.code = code_of(verdict);
      response.reason = reason_of(verdict);
    }
    auto line = denial_text(verdict);
    if (std::ranges::find(lines, line) == lines.end()) {
      lines.push_back(std::move(line));
    }
  }
  std::size_t told = 0;
  for (; told < lines.size(); ++told) {
    if (!response.message.empty() &&
        response.message.size() + lines[told].size() > limits::kDenialBytesMax) {
      break;
    }
    response.message += (response.message.empty() ? "" : "\n") + lines[told];
    response.causes.push_back(lines[told]);
  }
  if (told < lines.size()) {
    response.message +=
        fmt::format("\nand {} more: `seaworthy check` shows all", lines.size() - told);
  }
  response.allowed = response.allowed && lines.empty();
}

void warn(const std::vector<AdmissionVerdict>& verdicts, admission::Response& response) {
  for (const auto& verdict : verdicts) {
    if (verdict.effect != Effect::kWarn || response.warnings.size() >= limits::kWarningsMax) {
      continue;
    }
    auto text = one_line(warning_text(verdict), limits::kAdmissionWarningCodePointsMax);
    if (std::ranges::find(response.warnings, text) == response.warnings.end()) {
      response.warnings.push_back(std::move(text));
    }
  }
}

/// A key as an annotation's may be: at most 63 of what qualified names may hold, without a slash.
std::string annotation_key(std::string_view text) {
  constexpr std::size_t kBytesMax = 63;
  std::string key(text);
  std::ranges::replace(key, '/', '.');
  if (key.size() > kBytesMax) {
    key.resize(kBytesMax);
    key.erase(key.find_last_not_of("-_.") + 1);
  }
  return key;
}

/// The API server's own annotation, which holds a list for as many failures as there are.
/// Rule: validating/dispatcher.go, publishValidationFailureAnnotation.
void audit(const std::vector<AdmissionVerdict>& verdicts, admission::Response& response) {
  Arena arena;
  std::vector<Node> failures;
  std::size_t bytes = 0;
  for (const auto& verdict : verdicts) {
    if (!verdict.audited && verdict.effect != Effect::kAudit) {
      continue;
    }
    std::vector<Node> actions;
    if (verdict.binding != nullptr) {
      for (const auto action : verdict.binding->actions) {
        actions.push_back(Node::string(name_of(action)));
      }
    }
    const Node failure =
        document::MapBuilder(arena)
            .add("message", Node::string(verdict.message))
            .add("policy", Node::string(verdict.policy->name))
            .add("binding", Node::string(is_named(verdict) ? std::string_view(verdict.binding->name)
                                                           : std::string_view()))
            .add("expressionIndex",
                 Node::integer(static_cast<std::int64_t>(verdict.validation.value_or(0))))
            .add("validationActions", document::make_list(actions, arena))
            .build();
    bytes += document::print_json(failure).size();
    if (!failures.empty() && bytes > limits::kAuditAnnotationBytesMax) {
      break;
    }
    failures.push_back(failure);
  }
  if (!failures.empty()) {
    response.audit_annotations.emplace_back(
        "validation_failure", document::print_json(document::make_list(failures, arena)));
  }
}

}  // namespace

std::string denial_text(const AdmissionVerdict& verdict) {
  const auto& policy = *verdict.policy;
  if (policy::is_mutating(policy.kind)) {
    return is_named(verdict)
               ? fmt::format("policy '{}' with binding '{}' denied request: {}", policy.name,
                             verdict.binding->name, verdict.message)
               : fmt::format("policy \"{}\" denied request: {}", policy.name, verdict.message);
  }
  return is_named(verdict)
             ? fmt::format("{} '{}' with binding '{}' denied request: {}", name_of(policy.kind),
                           policy.name, verdict.binding->name, verdict.message)
             : fmt::format("{} '{}' denied request: {}", name_of(policy.kind), policy.name,
                           verdict.message);
}

void answer(const AdmissionJudgement& judgement, admission::Response& response) {
  refuse(judgement.verdicts, response);
  warn(judgement.verdicts, response);
  audit(judgement.verdicts, response);
  for (const auto& [key, value] : judgement.annotations) {
    auto name = annotation_key(key);
    const auto taken = [&](const auto& each) { return each.first == name; };
    if (std::ranges::none_of(response.audit_annotations, taken)) {
      response.audit_annotations.emplace_back(std::move(name), value);
    }
  }
}

}  // namespace seaworthy::engine
