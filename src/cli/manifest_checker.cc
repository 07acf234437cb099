#include "cli/manifest_checker.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/ordered_work.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/engine/manifest_review.h"

namespace seaworthy::cli {

using document::Node;

Surroundings::Surroundings(const policy::PolicySet& set) {
  for (const auto& policy : set.admission_policies()) {
    for (const auto& kind : policy::param_kinds_of(*policy)) {
      param_kinds_.insert(kind);
      param_kinds_.insert({"apiextensions.k8s.io/v1", "CustomResourceDefinition"});
    }
  }
}

bool Surroundings::may_concern(std::string_view text) const {
  return text.find("Namespace") != std::string_view::npos ||
         std::ranges::any_of(param_kinds_, [&](const policy::ParamKind& kind) {
           return text.find(kind.kind) != std::string_view::npos;
         });
}

void Surroundings::add(const std::string& text, const std::string& file) {
  Arena arena;
  const auto found = read_manifests(text, file, arena);
  for (const auto& manifest : found.manifests) {
    const Node& object = *manifest.object;
    const auto name = object["metadata"]["name"].as_string();
    if (object["kind"].as_string() == "Namespace" && object["apiVersion"].as_string() == "v1" &&
        !namespaces_.contains(name)) {
      namespaces_.emplace(arena_.copy(name), document::deep_copy(object, arena_));
    }
    if (param_kinds_.contains({std::string(object["apiVersion"].as_string()),
                               std::string(object["kind"].as_string())})) {
      params_.push_back(document::deep_copy(object, arena_));
    }
  }
}

const Node* Surroundings::find_namespace(std::string_view name) const {
  const auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : &found->second;
}

Surroundings find_surroundings(const std::vector<InputFile>& files, std::size_t threads,
                               const World& world, const policy::PolicySet& set) {
  Surroundings surroundings(set);
  std::vector<std::optional<std::string>> texts(files.size());
  do_in_order(
      files.size(), threads,
      [&](std::size_t at) {
        if (auto text = text_of(files[at], world); text && surroundings.may_concern(*text)) {
          texts[at] = *std::move(text);
        }
      },
      [&](std::size_t at) {
        if (texts[at]) {
          surroundings.add(*texts[at], files[at].path);
          texts[at].reset();
        }
      });
  return surroundings;
}

std::optional<ManifestChecker::Judged> ManifestChecker::judge(
    const Manifest& manifest, std::optional<policy::RemedyLevel> remedy_for_all,
    std::vector<Diagnostic>& problems, Arena& arena) const {
  auto review = engine::review_of_manifest(*manifest.object, "default", arena);
  if (!review) {
    // A document that is no manifest (a values file, a patch) is nobody's to judge.
    return std::nullopt;
  }
  engine::JudgeRequest request;
  request.door = engine::Door::kCheck;
  request.settings = *settings_;
  request.remedy_for_all = remedy_for_all;
  const Node* known = surroundings_->find_namespace(review->namespace_name);
  request.namespace_object =
      known == nullptr ? engine::namespace_from_name(review->namespace_name, arena) : *known;
  request.namespace_known = known != nullptr;
  request.enforcement = policies_->set->enforcement();
  request.now = now_;
  request.admission = &admission_;
  const auto before = clock_->monotonic();
  auto judgement = engine::judge(policies_->set->policies(), *review, request, arena);
  if (!judgement) {
    problems.push_back(
        {.severity = Diagnostic::Severity::kError,
         .file = manifest.file,
         .position = manifest.place_of(""),
         .message = fmt::format("{} {}/{}: {}", review->kind.kind, review->namespace_name,
                                review->name, judgement.error().message),
         .source_line = {},
         .subject = {}});
    return std::nullopt;
  }
  return Judged{*std::move(review), *std::move(judgement), clock_->monotonic() - before};
}

void ManifestChecker::add(const Judged& judged, Wanted wanted, Checked& checked, Arena& arena) {
  auto rows = report::tabulate(judged.judgement, judged.review);
  checked.resources += rows.empty() ? 0 : 1;
  checked.summary += report::summarize(rows);
  for (auto& row : rows) {
    if (wanted == Wanted::kAllRows || report::is_violation(row)) {
      row.spent = judged.spent;
      row.remedy = document::deep_copy(row.remedy, arena);
      checked.rows.push_back(std::move(row));
    }
  }
}

void ManifestChecker::place_rows(const Manifest& manifest, std::span<report::Row> rows) {
  for (auto& row : rows) {
    row.file = manifest.file;
    row.line = manifest.line_of(row.path);
    row.place = report::is_violation(row) ? manifest.place_of(row.field) : SourcePosition{};
  }
}

void ManifestChecker::check(const Manifests& manifests, Wanted wanted, Checked& checked,
                            Arena& arena) const {
  Arena scratch;
  for (const auto& manifest : manifests.manifests) {
    scratch.reset();
    if (const auto judged = judge(manifest, std::nullopt, checked.problems, scratch)) {
      const std::size_t first = checked.rows.size();
      add(*judged, wanted, checked, arena);
      place_rows(manifest, std::span(checked.rows).subspan(first));
    }
  }
  report::sort(checked.rows);
}

Diagnostic problem_of(std::string message) {
  return {.severity = Diagnostic::Severity::kError,
          .file = {},
          .position = {},
          .message = std::move(message),
          .source_line = {},
          .subject = {}};
}

std::vector<Diagnostic> problems_of(const LoadedPolicies& policies) {
  std::vector<Diagnostic> problems;
  std::ranges::transform(policies.unreadable, std::back_inserter(problems), problem_of);
  std::ranges::copy(policies.set->diagnostics(), std::back_inserter(problems));
  for (const auto& name : policies.set->set_aside()) {
    problems.push_back(problem_of(fmt::format("policy '{}' is set aside", name)));
  }
  return problems;
}

std::string plain(std::string_view text) { return one_line(text, std::string_view::npos); }

void tell(const std::vector<Diagnostic>& problems, const World& world) {
  for (const auto& problem : problems) {
    world.err(problem.file.empty() ? fmt::format("seaworthy: {}\n", plain(problem.message))
                                   : render(problem) + '\n');
  }
}

}  // namespace seaworthy::cli
