#include "cli/check.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/manifests.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/manifest_review.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// The namespaces that are among the inputs, by name: their labels are known.
std::map<std::string_view, Node> namespaces_of(const Manifests& manifests) {
  std::map<std::string_view, Node> namespaces;
  for (const auto& manifest : manifests.manifests) {
    const Node& object = *manifest.object;
    if (object["kind"].as_string() == "Namespace" && object["apiVersion"].as_string() == "v1") {
      namespaces.emplace(object["metadata"]["name"].as_string(), object);
    }
  }
  return namespaces;
}

/// Reports mistakes; true where there were any.
bool report_problems(const LoadedPolicies& policies, const Manifests& manifests,
                     const World& world) {
  auto print = [&](const std::string& line) { world.err(line + '\n'); };
  for (const auto& text : policies.unreadable) {
    print("seaworthy: " + text);
  }
  for (const auto& diagnostic : policies.set->diagnostics()) {
    print(render(diagnostic));
  }
  for (const auto& name : policies.set->set_aside()) {
    print(fmt::format("seaworthy: policy '{}' is set aside", name));
  }
  for (const auto& text : manifests.unreadable) {
    print("seaworthy: " + text);
  }
  for (const auto& diagnostic : manifests.diagnostics) {
    print(render(diagnostic));
  }
  return policies.is_broken() || !manifests.unreadable.empty() || has_errors(manifests.diagnostics);
}

class Checker {
 public:
  Checker(const CheckOptions& options, const LoadedPolicies& policies, const Manifests& manifests,
          const World& world, Arena& arena)
      : options_(&options),
        policies_(&policies),
        namespaces_(namespaces_of(manifests)),
        world_(&world),
        arena_(&arena) {}

  void check(const Manifest& manifest) {
    auto review = engine::review_of_manifest(*manifest.object, "default", *arena_);
    if (!review) {
      // A document that is no manifest (a values file, a patch) is nobody's to judge.
      return;
    }
    engine::JudgeRequest request;
    request.door = engine::Door::kCheck;
    request.settings = options_->policy.settings;
    const auto known = namespaces_.find(review->namespace_name);
    request.namespace_object = known == namespaces_.end()
                                   ? engine::namespace_from_name(review->namespace_name, *arena_)
                                   : known->second;
    request.namespace_known = known != namespaces_.end();
    request.enforcement = policies_->set->enforcement();
    request.now = world_->clock->now();
    auto judgement = engine::judge(policies_->set->policies(), *review, request, *arena_);
    if (!judgement) {
      world_->err(fmt::format("{}:{}: error: {} {}/{}: {}\n", manifest.file, manifest.line_of(""),
                              review->kind.kind, review->namespace_name, review->name,
                              judgement.error().message));
      broken_ = true;
      return;
    }
    auto rows = report::tabulate(*judgement, *review);
    resources_ += rows.empty() ? 0 : 1;
    for (auto& row : rows) {
      row.file = manifest.file;
      row.line = manifest.line_of(row.path);
      rows_.push_back(std::move(row));
    }
  }

  [[nodiscard]] std::vector<report::Row>& rows() { return rows_; }

  [[nodiscard]] std::size_t resources() const { return resources_; }

  [[nodiscard]] bool is_broken() const { return broken_; }

 private:
  const CheckOptions* options_;
  const LoadedPolicies* policies_;
  std::map<std::string_view, Node> namespaces_;
  const World* world_;
  Arena* arena_;
  std::vector<report::Row> rows_;
  std::size_t resources_ = 0;
  bool broken_ = false;
};

}  // namespace

ExitCode check(const CheckOptions& options, const World& world) {
  Arena arena;
  const auto policies = load(options.policy, *world.files, world.clock->now());
  const auto manifests = read_manifests(options.inputs, world, arena);
  const bool problems = report_problems(policies, manifests, world);
  Checker checker(options, policies, manifests, world, arena);
  for (const auto& manifest : manifests.manifests) {
    checker.check(manifest);
  }
  auto& rows = checker.rows();
  report::sort(rows);
  world.out(options.output == "json" ? report::print_json(rows)
                                     : report::print_text(rows, checker.resources()));
  if (problems || checker.is_broken()) {
    return ExitCode::kUsage;
  }
  const bool denied = std::ranges::any_of(rows, [&](const report::Row& row) {
    return row.refused || (options.warnings_as_errors && row.result == report::ResultWord::kWarn);
  });
  return denied ? ExitCode::kDenied : ExitCode::kOk;
}

}  // namespace seaworthy::cli
