#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "seaworthy/admission/match.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/memo.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"
#include "seaworthy/policy/footprint.h"
#include "seaworthy/policy/setting.h"
#include "seaworthy/policy/text_template.h"

namespace seaworthy::policy {

inline constexpr cel::Slot kNoSlot = 0xFFFFFFFF;

/// The slots of a native policy's variables; kNoSlot where its `each` does not declare one.
struct NativeSlots {
  cel::Slot object = kNoSlot;
  cel::Slot old_object = kNoSlot;
  cel::Slot request = kNoSlot;
  cel::Slot namespace_object = kNoSlot;
  cel::Slot pod = kNoSlot;
  cel::Slot pod_metadata = kNoSlot;
  cel::Slot container = kNoSlot;
  cel::Slot container_kind = kNoSlot;
  cel::Slot volume = kNoSlot;
  cel::Slot image = kNoSlot;
  cel::Slot first_parameter = kNoSlot;  ///< Parameters in the order of Parameters::all().
  cel::Slot first_variable = kNoSlot;   ///< `variables.x` in the policy's order.
  cel::Slot count = 0;
};

/// A bundle's parameter: `params.<name>`.
struct Parameter {
  std::string name;
  std::string type_word;  ///< "quantity", "string", …
  cel::Type type;
  std::string description;
  document::Node value;          ///< The default, or what a flag set; of the type.
  document::Node default_value;  ///< As the bundle declares it.
  /// Makes the value where JSON has none of the type (quantity, duration, version); null where
  /// `value` is it.
  std::shared_ptr<const cel::Program> program;
  /// Of a version: the newest minor version that the bundle knows.
  std::optional<std::int64_t> newest = {};
};

struct Variable {
  std::string name;
  std::shared_ptr<const cel::Program> program;
};

/// How long what a policy computes of its part holds: 0 for the Pod, one for each other kind.
constexpr cel::MemoScope memo_scope(Each each) {
  switch (each) {
    case Each::kContainer:
      return 1;
    case Each::kVolume:
      return 2;
    case Each::kImage:
      return 3;
    case Each::kPod:
      break;
  }
  return 0;
}

/// A fragment of manifest with expressions in its leaves.
struct Fragment {
  document::Node tree;  ///< Null where the remedy has none.
  std::unordered_map<const document::Node*, TextTemplate> leaves;
};

/// How a failing Pod is mended: fragments merged into the failing container, the Pod spec, the
/// Pod's metadata.
struct Remedy {
  Safety safety = Safety::kSafe;
  /// Of needs-fact: true where the manifest itself answers what the remedy needs to know. Null: it
  /// never does.
  std::shared_ptr<const cel::Program> fact;
  Fragment container;
  Fragment pod;
  Fragment pod_metadata;
  std::vector<document::Path> overwrite;  ///< Beginning with "container", "pod" or "podMetadata".
  std::vector<document::Path> remove;     ///< Likewise.
};

struct PolicyTest {
  std::string name;
  enum class Input : std::uint8_t { kPod, kObject, kReview } input = Input::kPod;
  document::Node value;
  Expectation expect = Expectation::kAllow;
  std::map<std::string, document::Node> parameters;  ///< Overrides for this test.
  std::string path;                                  ///< Of a finding; empty: any.
  SourcePosition position;
};

/// One native policy: immutable once loaded, shared by threads.
struct Policy {
  std::string name;
  std::string title;
  std::string description;
  Severity severity = Severity::kMedium;
  std::string category;
  std::string since;
  std::vector<std::string> references;
  Each each = Each::kPod;
  FailurePolicy failure_policy = FailurePolicy::kFail;
  std::optional<admission::MatchConstraints>
      match;  ///< Absent: every Pod and Pod template on CREATE and UPDATE.
  std::vector<Variable> variables;
  std::shared_ptr<const cel::Program> when;  ///< Null: always.
  std::string when_text;                     ///< As written, for reports.
  std::shared_ptr<const cel::Program> require;
  TextTemplate message;
  std::optional<Remedy> remedy;
  std::vector<PolicyTest> tests;
  /// Of all policies that were loaded together: the room for what their expressions share.
  std::shared_ptr<const cel::MemoLayout> memo;
  /// Policies of one twin number, 1 and up, have the same `each`, `when` and `require`, whatever
  /// they are called: where one passes, all do. 0: none was found.
  std::uint32_t twin = 0;
  /// Of all policies that were loaded together.
  std::shared_ptr<const FieldIndex> fields;
  Footprint footprint;
  /// False only where no expression can see metadata.managedFields of the object or the old one, a
  /// third of a request's bytes: they need not be read for it.
  bool sees_managed_fields = true;
  /// True only where no expression of the message can see what may be a secret: the text then needs
  /// no search for one.
  bool message_is_discreet = false;

  std::string bundle;
  std::string bundle_version;
  NativeSlots slots;
  std::vector<Parameter> parameters;  ///< Of its bundle, in slot order.
  std::string file;
  SourcePosition position;
  SourcePosition remedy_position;
  /// Of what it was made of: its text without spaces and comments, its bundle and its parameters.
  std::uint64_t fingerprint = 0;
  std::shared_ptr<const Arena> arena;  ///< Holds its nodes.
};

}  // namespace seaworthy::policy
