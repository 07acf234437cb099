#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cli/manifests.h"
#include "cli/policy_options.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/engine/admission_support.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::cli {

/// Objects among the inputs that others are judged by.
class Surroundings {
 public:
  Surroundings() = default;
  /// `set`: the policies whose params are looked for.
  explicit Surroundings(const policy::PolicySet& set);

  /// Takes over what of a text's manifests is needed: Namespaces, params and their definitions.
  void add(const std::string& text, const std::string& file);

  /// Null where it is not among the inputs.
  [[nodiscard]] const document::Node* find_namespace(std::string_view name) const;

  [[nodiscard]] const std::vector<document::Node>& params() const { return params_; }

  /// Whether a text may hold something of interest; most can be told by a look.
  [[nodiscard]] bool may_concern(std::string_view text) const;

 private:
  Arena arena_;
  std::map<std::string_view, document::Node, std::less<>> namespaces_;
  std::set<policy::ParamKind> param_kinds_;
  std::vector<document::Node> params_;
};

/// What the files hold of it. A file that cannot be read is left to whoever reads it next.
Surroundings find_surroundings(const std::vector<InputFile>& files, std::size_t threads,
                               const World& world, const policy::PolicySet& set);

/// What was found in a file or a part of it. Lifetime: remedies in rows lie in the arena that was
/// given.
struct Checked {
  std::vector<report::Row> rows;
  report::Summary summary;           ///< Of all rows, those that were not wanted too.
  std::size_t resources = 0;         ///< That policies were about.
  std::vector<Diagnostic> problems;  ///< Resources that cannot be judged, and what else is wrong.
};

/// Judges manifests as the server would in the end. Threads: any; an arena belongs to one.
class ManifestChecker {
 public:
  /// All must live as long as this. Exceptions are looked at as of now.
  ManifestChecker(const engine::Settings& settings, const LoadedPolicies& policies,
                  const Surroundings& surroundings, const Clock& clock)
      : settings_(&settings),
        policies_(&policies),
        surroundings_(&surroundings),
        clock_(&clock),
        now_(clock.now()),
        support_(*policies.set, surroundings.params()),
        admission_(support_.scope(policies.set->admission_policies())) {}

  ManifestChecker(const ManifestChecker&) = delete;
  ManifestChecker& operator=(const ManifestChecker&) = delete;

  /// A manifest and what is said of it.
  struct Judged {
    admission::Review review;
    engine::Judgement judgement;
    std::chrono::nanoseconds spent{0};
  };

  /// Nothing for a document that is no manifest, and for one that cannot be judged, which goes to
  /// `problems`.
  [[nodiscard]] std::optional<Judged> judge(const Manifest& manifest,
                                            std::optional<policy::RemedyLevel> remedy_for_all,
                                            std::vector<Diagnostic>& problems, Arena& arena) const;
  enum class Wanted : std::uint8_t { kAllRows, kViolations };

  /// Adds what was said of a resource; where it stands is left to place_rows.
  static void add(const Judged& judged, Wanted wanted, Checked& checked, Arena& arena);
  /// Gives rows their places in a text, which holds their resource as this manifest.
  static void place_rows(const Manifest& manifest, std::span<report::Row> rows);
  /// Judges all and adds to what is there; rows are sorted. Of a resource nothing else is kept.
  void check(const Manifests& manifests, Wanted wanted, Checked& checked, Arena& arena) const;

 private:
  const engine::Settings* settings_;
  const LoadedPolicies* policies_;
  const Surroundings* surroundings_;
  const Clock* clock_;
  std::chrono::system_clock::time_point now_;
  engine::AdmissionSupport support_;
  engine::AdmissionScope admission_;
};

/// Of what could not be read at all: only the message says so.
Diagnostic problem_of(std::string message);

/// Everything that is wrong with the policies.
std::vector<Diagnostic> problems_of(const LoadedPolicies& policies);

/// A text on one line without control characters: names come from anybody, and terminals and the
/// logs of CI servers obey what they hold.
std::string plain(std::string_view text);

/// Prints problems for people.
void tell(const std::vector<Diagnostic>& problems, const World& world);

}  // namespace seaworthy::cli
