// What is read again while the server runs. Each kind of file has its own last good version: a
// policy by its name, the certificate as a pair.
#include "cli/reload.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/policy/succession.h"

namespace seaworthy::cli {
namespace {

constexpr std::size_t kReasonsMax =
    3;  ///< Of why policies keep the server from being ready; the log has all.

std::string place_of(const Diagnostic& diagnostic) {
  return fmt::format("{}:{}:{}: {}", diagnostic.file, diagnostic.position.line,
                     diagnostic.position.column, diagnostic.message);
}

/// All that is wrong, as one text to compare.
std::string problems_of(const LoadedPolicies& loaded) {
  std::string text = join(loaded.unreadable, "\n");
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    text += "\n" + place_of(diagnostic);
  }
  return text;
}

/// "a, b" as a field of a line of the log.
std::string list(const std::vector<std::string>& names) { return join(names, ","); }

}  // namespace

std::vector<std::string> policy_paths(const PolicyOptions& options) {
  std::vector<std::string> paths;
  std::ranges::remove_copy_if(options.policies, std::back_inserter(paths), is_builtin);
  paths.insert(paths.end(), options.enforcement.begin(), options.enforcement.end());
  return paths;
}

std::string report_load(const LoadedPolicies& loaded, observe::Log& log) {
  std::vector<std::string> reasons = loaded.unreadable;
  for (const auto& text : loaded.unreadable) {
    log.error("policies cannot be read", {{"reason", text}});
  }
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    const bool is_error = diagnostic.severity == Diagnostic::Severity::kError;
    log.write(is_error ? observe::LogLevel::kError : observe::LogLevel::kWarn, "policy",
              {{"file", diagnostic.file},
               {"line", diagnostic.position.line},
               {"column", diagnostic.position.column},
               {"policy", diagnostic.subject},
               {"reason", diagnostic.message}});
    if (is_error) {
      reasons.push_back(place_of(diagnostic));
    }
  }
  if (loaded.set->empty() && reasons.empty()) {
    reasons.emplace_back("the sources hold no policy");
  }
  const std::size_t more = reasons.size() > kReasonsMax ? reasons.size() - kReasonsMax : 0;
  reasons.resize(reasons.size() - more);
  return fmt::format("{}{}", fmt::join(reasons, "; "),
                     more == 0 ? "" : fmt::format("; and {} more", more));
}

std::string PolicyReload::begin(const LoadedPolicies& loaded) {
  std::string reason = report_load(loaded, parts_.log);
  told_ = problems_of(loaded);
  current_ = loaded.set;
  count(*loaded.set, {});
  become_ready(loaded, reason);
  return reason;
}

void PolicyReload::become_ready(const LoadedPolicies& loaded, const std::string& reason) {
  if (reason.empty() || (parts_.allow_broken && !loaded.set->empty())) {
    parts_.readiness.allow("policies");
    ready_ = true;
  } else {
    parts_.readiness.block("policies", reason);
  }
}

void PolicyReload::count(const policy::PolicySet& next, const std::vector<std::string>& kept) {
  std::set<std::string> rejected(next.set_aside().begin(), next.set_aside().end());
  rejected.insert(kept.begin(), kept.end());
  parts_.metrics.set_policies(current_->policies().size() + current_->admission_policies().size(),
                              rejected.size(), kept.size());
}

bool PolicyReload::reload(server::Webhook& webhook) {
  const LoadedPolicies loaded =
      load(parts_.options, parts_.files,
           parts_.clock == nullptr ? std::nullopt : std::optional(parts_.clock->now()));
  const auto made = policy::succeed(current_, loaded.set, loaded.unreadable_paths);
  const bool good =
      loaded.unreadable.empty() && !has_errors(loaded.set->diagnostics()) && !loaded.set->empty();
  std::string problems = problems_of(loaded);
  const bool news = problems != told_ || made.changes();
  told_ = std::move(problems);
  if (news) {
    const std::string reason = report_load(loaded, parts_.log);
    if (!ready_) {
      become_ready(loaded, reason);
    }
  }
  current_ = made.set;
  count(*loaded.set, made.kept);
  webhook.publish(current_);
  parts_.metrics.reload(observe::ReloadSubject::kPolicies, good);
  const observe::LogLevel level = good ? observe::LogLevel::kInfo : observe::LogLevel::kWarn;
  parts_.log.write(
      news ? level : observe::LogLevel::kDebug,
      good ? "policies loaded again" : "policies loaded again, with mistakes",
      {{"policies", current_->policies().size() + current_->admission_policies().size()},
       {"added", list(made.added)},
       {"changed", list(made.changed)},
       {"removed", list(made.removed)},
       {"kept", list(made.kept)},
       {"enforcement", made.enforcement_kept      ? "kept"
                       : made.enforcement_changed ? "changed"
                                                  : "unchanged"}});
  return loaded.unreadable.empty();
}

bool CertificateReload::reload(server::Server& server) {
  const auto done = server.reload_certificate();
  metrics_.reload(observe::ReloadSubject::kCertificate, done.has_value());
  const std::string outcome = done ? "" : done.error().message;
  if (done) {
    log_.info("certificate loaded again");
  } else if (outcome != told_) {
    log_.error("the certificate cannot be used; the one before goes on", {{"reason", outcome}});
  }
  told_ = outcome;
  return done.has_value();
}

}  // namespace seaworthy::cli
