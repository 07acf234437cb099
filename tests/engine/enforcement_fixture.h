#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "support/fake_clock.h"

namespace seaworthy::engine {

using policy::Mode;
using policy::RemedyLevel;
using testing::violations;
using Words = std::vector<std::string>;

inline constexpr std::chrono::sys_seconds kNow = testing::FakeClock::kStart;  // 2026-01-01
inline const Words kNone;

/// A request as a table writes it.
struct Request {
  std::string manifest;
  Door door = Door::kValidate;
  Settings flags = {.mode = Mode::kAudit};
  std::string old_object = {};
  std::string user = {};
  std::vector<std::string> groups = {};
  std::string namespace_labels = {};  ///< YAML; given: all of them are known.
  std::chrono::sys_seconds now = kNow;
};

/// Judges by the fixture's bundle with Enforcement and PolicyException documents beside it.
class EnforcementFixture : public ::testing::Test {
 protected:
  /// The fixture's bundle with these documents beside it, which must be right.
  void load(const std::string& documents, std::string_view bundle = testing::kBundle) {
    set_ = policy::load_policies({{"p.yaml", std::string(bundle)}, {"e.yaml", documents}});
    for (const auto& diagnostic : set_->diagnostics()) {
      EXPECT_NE(diagnostic.severity, Diagnostic::Severity::kError) << render(diagnostic);
    }
  }

  void load_rules(const std::string& rules) { load(enforcement("e", "rules: [" + rules + "]")); }

  static std::string enforcement(const std::string& name, const std::string& spec) {
    return "---\napiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: " + name +
           "}\nspec: {" + spec + "}\n";
  }

  static std::string exception(const std::string& name, const std::string& fields,
                               const std::string& expires = "2027-01-31T00:00:00Z") {
    return "---\napiVersion: seaworthy.dev/v1\nkind: PolicyException\nmetadata: {name: " + name +
           "}\nspec: {" + fields + ", owner: team-a, reason: it is old, expires: '" + expires +
           "'}\n";
  }

  Admission admit(const Request& asked) {
    auto review = engine::review_of_manifest(testing::yaml(asked.manifest, arena_), "shop", arena_);
    if (!review) {
      ADD_FAILURE() << review.error().message;
      return {};
    }
    if (!asked.old_object.empty()) {
      review->operation = admission::Operation::kUpdate;
      review->old_object = testing::yaml(asked.old_object, arena_);
    }
    std::string user = "{username: '" + asked.user + "', groups: [";
    for (const auto& group : asked.groups) {
      user += "'" + group + "',";
    }
    review->user_info = testing::yaml(user + "]}", arena_);
    JudgeRequest request;
    request.door = asked.door;
    request.settings = asked.flags;
    request.namespace_object = engine::namespace_from_name("shop", arena_);
    if (!asked.namespace_labels.empty()) {
      request.namespace_known = true;
      request.namespace_object =
          testing::yaml("{metadata: {name: shop, labels: " + asked.namespace_labels + "}}", arena_);
    }
    request.enforcement = set_->enforcement();
    request.now = asked.now;
    auto admission = engine::admit(set_->policies(), *review, request, arena_);
    if (!admission) {
      ADD_FAILURE() << admission.error().message;
      return {};
    }
    return *std::move(admission);
  }

  Words denied(const Request& asked) { return violations(admit(asked), Effect::kDeny); }

  /// The message of the verdict of a policy on the first item that has one.
  static std::string message(const Admission& admission, std::string_view policy) {
    for (const auto& verdict : admission.judgement.verdicts) {
      if (verdict.finding.policy->name == policy && !verdict.finding.message.empty()) {
        return std::string(verdict.finding.message);
      }
    }
    return {};
  }

  Arena arena_;
  std::shared_ptr<const policy::PolicySet> set_;
};

}  // namespace seaworthy::engine
