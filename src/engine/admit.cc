// The words of an answer. Everything here is made from policy names, paths and rendered messages:
// what env entries, arguments and annotations hold was taken out of those (discretion.h).
#include "seaworthy/engine/admit.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/admission_answer.h"
#include "engine/enforcing.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/patch.h"

namespace seaworthy::engine {
namespace {

/// Worst first; at equal severity by policy, then in the order found.
std::vector<const Verdict*> sorted_by_severity(const std::vector<Verdict>& verdicts,
                                               Effect effect) {
  std::vector<const Verdict*> chosen;
  for (const auto& verdict : verdicts) {
    if (verdict.effect == effect) {
      chosen.push_back(&verdict);
    }
  }
  std::ranges::stable_sort(chosen, [](const Verdict* a, const Verdict* b) {
    const auto* first = a->finding.policy;
    const auto* second = b->finding.policy;
    return first->severity != second->severity ? first->severity > second->severity
                                               : first->name < second->name;
  });
  return chosen;
}

std::string full_line(const Verdict& verdict) {
  return fmt::format("- {}: {}: {}", verdict.finding.policy->name, verdict.finding.item->text(),
                     verdict.finding.message);
}

/// One line a policy: its name, its places, the first message.
std::vector<std::string> joined_lines(const std::vector<const Verdict*>& denied) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < denied.size();) {
    const auto* policy = denied[at]->finding.policy;
    std::vector<std::string> paths;
    const auto& message = denied[at]->finding.message;
    for (; at < denied.size() && denied[at]->finding.policy == policy; ++at) {
      paths.push_back(denied[at]->finding.item->text());
    }
    lines.push_back(fmt::format("- {}: {}: {}", policy->name, join(paths, ", "), message));
  }
  return lines;
}

/// The lines that fit; then the names of the policies whose lines do not.
std::string cut_lines(const std::string& head, const std::vector<std::string>& lines,
                      const std::vector<std::string>& names) {
  std::string text = head;
  std::size_t kept = 0;
  // What must still be said when nothing more fits: every name, and where to see the rest.
  auto tail = [&](std::size_t from) {
    std::string rest;
    if (from < lines.size()) {
      rest =
          "\n- also: " + join(std::span(names).subspan(from), ", ") +
          fmt::format("\nand {} more: `seaworthy check` shows the remedies", lines.size() - from);
    }
    return rest;
  };
  while (kept < lines.size() &&
         text.size() + 1 + lines[kept].size() + tail(kept + 1).size() <= limits::kDenialBytesMax) {
    text += '\n' + lines[kept++];
  }
  return text + tail(kept);
}

std::string word_warning(const Verdict& verdict) {
  return one_line(fmt::format("{}: {}: {}", verdict.finding.policy->name,
                              verdict.finding.item->text(), verdict.finding.message),
                  limits::kWarningCodePointsMax);
}

/// "policy path, path; policy path": only names and places, the same for the same object (the API
/// server refuses a second value of a key).
std::string word_audit(const std::vector<Verdict>& verdicts, Effect effect) {
  std::map<std::string, std::vector<std::string>> places;
  for (const auto& verdict : verdicts) {
    if (verdict.effect == effect) {
      places[verdict.finding.policy->name].push_back(verdict.finding.item->text());
    }
  }
  std::string text;
  for (const auto& [policy, paths] : places) {
    text += (text.empty() ? "" : "; ") + policy + ' ' + join(paths, ", ");
  }
  return one_line(text, limits::kAuditAnnotationBytesMax / 4);
}

void word_mending(const Mended& mended, admission::Response& response) {
  std::map<std::string, std::vector<std::string>> places;
  for (const auto& applied : mended.applied) {
    places[applied.policy->name].push_back(applied.item.text());
    if (applied.without_fact) {
      response.warnings.push_back(
          one_line(fmt::format("{}: {}: mended without knowing the image; it may fail to start",
                               applied.policy->name, applied.item.text()),
                   limits::kWarningCodePointsMax));
    }
  }
  std::string text;
  for (const auto& [policy, paths] : places) {
    text += (text.empty() ? "" : "; ") + policy + ' ' + join(paths, ", ");
  }
  response.audit_annotations.emplace_back("mended",
                                          one_line(text, limits::kAuditAnnotationBytesMax / 4));
}

/// A patch that would not apply fails the user's request even under Ignore (webhook contract 1.3):
/// so it is tried here, and left out where it does not give exactly what was proven.
void attach_patch(const admission::Review& review, const Judgement& judgement, Arena& arena,
                  admission::Response& response) {
  auto patch = document::diff(review.object, judgement.mended.object);
  if (patch.empty()) {
    return;
  }
  const auto applied = document::apply(patch, review.object, arena);
  if (!applied || !document::equal(*applied, judgement.mended.object)) {
    response.warnings.push_back(
        "seaworthy: the remedies could not be written as a patch; the object is left as it is");
    return;
  }
  response.patch = std::move(patch);
  if (!judgement.mended.applied.empty()) {
    word_mending(judgement.mended, response);
  }
}

void attach_verdicts(const Judgement& judgement, admission::Response& response) {
  const auto& verdicts = judgement.verdicts;
  response.allowed = std::ranges::none_of(
      verdicts, [](const Verdict& verdict) { return verdict.effect == Effect::kDeny; });
  if (!response.allowed) {
    response.message = word_refusal(verdicts);
  }
  const auto warned = sorted_by_severity(verdicts, Effect::kWarn);
  for (const auto* verdict : warned) {
    if (response.warnings.size() + 1 == limits::kWarningsMax &&
        warned.size() > limits::kWarningsMax) {
      response.warnings.push_back(fmt::format("seaworthy: and {} more: `seaworthy check` shows all",
                                              warned.size() - response.warnings.size()));
      break;
    }
    auto text = word_warning(*verdict);
    if (std::ranges::find(response.warnings, text) == response.warnings.end()) {
      response.warnings.push_back(std::move(text));
    }
  }
  if (auto audited = word_audit(verdicts, Effect::kAudit); !audited.empty()) {
    response.audit_annotations.emplace_back("violations", std::move(audited));
  }
  if (auto denied = word_audit(verdicts, Effect::kDeny); !denied.empty()) {
    response.audit_annotations.emplace_back("denied", std::move(denied));
  }
}

/// True where the mode is deny: the flags', or one that a document gives a policy here.
bool denies(std::span<const std::shared_ptr<const policy::Policy>> policies,
            const admission::Review& review, const JudgeRequest& request) {
  if (request.enforcement == nullptr) {
    return request.settings.mode == policy::Mode::kDeny;
  }
  const Enforcing enforcing(policies, review, request);
  return std::ranges::any_of(policies, [&](const auto& policy) {
    return enforcing.of(*policy).mode == policy::Mode::kDeny;
  });
}

}  // namespace

std::string word_refusal(const std::vector<Verdict>& verdicts) {
  const auto denied = sorted_by_severity(verdicts, Effect::kDeny);
  std::vector<std::string> lines;
  std::vector<std::string> names;
  for (const auto* verdict : denied) {
    lines.push_back(one_line(full_line(*verdict), limits::kMessageCodePointsMax));
    if (names.empty() || names.back() != verdict->finding.policy->name) {
      names.push_back(verdict->finding.policy->name);
    }
  }
  const auto head =
      fmt::format("{} violation{} of {} polic{}:", lines.size(), lines.size() == 1 ? "" : "s",
                  names.size(), names.size() == 1 ? "y" : "ies");
  const auto whole = head + '\n' + join(lines, "\n");
  if (whole.size() <= limits::kDenialBytesMax) {
    return whole;
  }
  return cut_lines(head, joined_lines(denied), names);
}

Result<Admission> admit(std::span<const std::shared_ptr<const policy::Policy>> policies,
                        const admission::Review& review, const JudgeRequest& request,
                        Arena& arena) {
  Admission admission;
  auto judgement = judge(policies, review, request, arena);
  if (!judgement) {
    if (judgement.error().code != ErrorCode::kInvalid) {
      return std::unexpected(judgement.error());
    }
    // An object that should hold a Pod and does not: nothing can be said of it, so it is not let
    // in; /mutate leaves it as it is.
    const bool refuses = request.door == Door::kValidate && !request.settings.dry_run &&
                         denies(policies, review, request);
    admission.response.allowed = !refuses;
    admission.response.message = judgement.error().message;
    return admission;
  }
  admission.judgement = *std::move(judgement);
  if (admission.judgement.patched) {
    attach_patch(review, admission.judgement, arena, admission.response);
  }
  if (request.door != Door::kMutate) {
    attach_verdicts(admission.judgement, admission.response);
  }
  answer(admission.judgement.admission, admission.response);
  if (!admission.response.allowed) {
    admission.response.patch.clear();
  }
  return admission;
}

}  // namespace seaworthy::engine
