// Which texts of an object are secrets is told by where they are, at whatever depth and in whatever
// kind: values of `env` and `httpHeaders`, items of `args` and `command`, annotations, a Secret's
// data, as base64 and decoded. What else the object says (names, images, paths, keys), the review
// and the policies' own words may be said, also where a secret holds the same:
// last-applied-configuration holds everything. All of it is only looked at where a policy's
// expression has worded something that somebody is told.
#include "engine/discretion.h"

#include <algorithm>

#include "engine/redactor.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/functions.h"

namespace seaworthy::engine {
namespace {

using document::Kind;
using document::Member;
using document::Node;
using policy::Policy;

/// Shorter ones, with their sign, are below kRedactedBytesMin.
constexpr std::int64_t kLongNumber = 10'000;

/// Calls a function with every text of a tree, and whether it is a secret.
template <class Visit>
class TextWalk {
 public:
  explicit TextWalk(const Visit& visit) : visit_(&visit) {}

  void object(const Node& object) {
    const bool is_secret = object["kind"].as_string() == "Secret";
    for (const Member& member : object.members()) {
      const std::string_view name = member.key.text();
      const bool data = is_secret && (name == "data" || name == "stringData");
      if (data) {
        values(member.value);
        decoded(member.value);
      } else {
        this->member(member);
      }
    }
  }

  void node(const Node& node) {
    for (const Member& member : node.members()) {
      this->member(member);
    }
    for (const Node& item : node.items()) {
      this->node(item);
    }
    leaf(node, false);
  }

 private:
  void member(const Member& member) {
    const std::string_view name = member.key.text();
    (*visit_)(name, false);
    if (name == "annotations" || name == "args" || name == "command") {
      values(member.value);
    } else if ((name == "env" || name == "httpHeaders") && member.value.is_list()) {
      for (const Node& entry : member.value.items()) {
        entries(entry);
      }
    } else {
      node(member.value);
    }
  }

  void entries(const Node& entry) {
    if (!entry.is_map()) {
      return values(entry);
    }
    for (const Member& member : entry.members()) {
      if (member.key.text() == "value") {
        values(member.value);
      } else {
        this->member(member);
      }
    }
  }

  /// All texts in it are secrets, but not its keys.
  void values(const Node& node) {
    for (const Member& member : node.members()) {
      (*visit_)(member.key.text(), false);
      values(member.value);
    }
    for (const Node& item : node.items()) {
      values(item);
    }
    leaf(node, true);
  }

  /// What base64 stands for is as secret as it is.
  void decoded(const Node& data) {
    for (const Member& member : data.members()) {
      (*visit_)(std::string_view(admission::from_base64(member.value.as_string())), true);
    }
  }

  void leaf(const Node& node, bool secret) {
    if (node.is_string()) {
      (*visit_)(node.as_string(), secret);
    } else if (node.is_double() || node.as_int() >= kLongNumber || node.as_int() <= -kLongNumber) {
      (*visit_)(document::print_json(node), secret);
    }
  }

  const Visit* visit_;
};

bool has_expressions(const Policy& policy) {
  return policy.remedy &&
         (!policy.remedy->container.leaves.empty() || !policy.remedy->pod.leaves.empty() ||
          !policy.remedy->pod_metadata.leaves.empty());
}

/// True where the words of the verdict's message are not all the policy's own, nor from places
/// where no secret is.
bool is_worded(const Verdict& verdict) {
  const auto& policy = *verdict.finding.policy;
  return verdict.finding.is_violation() &&
         (verdict.finding.outcome == Outcome::kError ||
          !(policy.message.is_plain() || policy.message_is_discreet));
}

class Discretion {
 public:
  Discretion(Judgement& judgement, const Target& target, const ParameterValues& parameters,
             Arena& arena)
      : judgement_(&judgement), target_(&target), parameters_(&parameters), arena_(&arena) {}

  void keep(Door door) {
    choose(door);
    if (!anything_) {
      return;
    }
    redactor_.seal();
    mark_secrets();
    if (redactor_.found()) {
      mark_public();
      take_out();
    }
  }

 private:
  /// Looks for the texts in which a secret may be; leaves out those of which nobody is told.
  void choose(Door door) {
    auto& mended = judgement_->mended;
    reasons_ =
        std::ranges::any_of(mended.applied,
                            [](const auto& each) { return has_expressions(*each.policy); }) ||
        std::ranges::any_of(mended.undone,
                            [](const auto& each) { return has_expressions(*each.policy); });
    for (auto& undone : mended.undone) {
      if (reasons_ && !watch(undone.reason)) {
        undone.reason = "its remedy failed";
      }
    }
    for (auto& verdict : judgement_->verdicts) {
      const bool told = door == Door::kCheck || verdict.effect >= Effect::kWarn;
      if (is_worded(verdict) && !(told && watch(verdict.finding.message))) {
        verdict.finding.message = verdict.finding.policy->title;
      }
      if (!verdict.remedy.is_null() && has_expressions(*verdict.finding.policy) &&
          !watch_node(verdict.remedy)) {
        verdict.remedy = {};
      }
    }
  }

  bool watch(std::string_view text) {
    if (text.size() > limits::kRedactedTextBytesMax - watched_) {
      return false;
    }
    watched_ += text.size();
    redactor_.watch(text);
    anything_ = true;
    return true;
  }

  bool watch_node(const Node& node) {
    bool all = true;
    const auto visit = [&](std::string_view text, bool) { all = all && watch(text); };
    TextWalk(visit).node(node);
    return all;
  }

  void mark_secrets() {
    const auto visit = [&](std::string_view text, bool secret) {
      if (secret) {
        redactor_.add_secret(text);
      }
    };
    walk_objects(visit);
  }

  void mark_public() {
    const auto visit = [&](std::string_view text, bool secret) {
      if (!secret) {
        redactor_.add_public(text);
      }
    };
    walk_objects(visit);
    TextWalk(visit).node(target_->request());
    for (const auto& part : target_->parts(policy::Each::kImage)) {
      TextWalk(visit).node(policy::image_node(part.image, *arena_));
    }
    const Policy* last = nullptr;
    for (const auto& verdict : judgement_->verdicts) {
      if (verdict.finding.policy != last && verdict.finding.is_violation()) {
        last = verdict.finding.policy;
        add_words(*last);
      }
    }
  }

  template <class Visit>
  void walk_objects(const Visit& visit) const {
    TextWalk walk(visit);
    walk.object(target_->object());
    walk.object(target_->review().old_object);
    walk.object(target_->namespace_object());
  }

  /// The policy's own, which are no secrets of the object.
  void add_words(const Policy& policy) {
    redactor_.add_public(policy.name);
    redactor_.add_public(policy.title);
    for (const auto& part : policy.message.parts()) {
      redactor_.add_public(part.text);
    }
    const auto visit = [&](std::string_view text, bool) { redactor_.add_public(text); };
    const auto values = parameters_->of(policy);
    for (const auto& parameter : values.empty() ? std::span(policy.parameters) : values) {
      TextWalk(visit).node(parameter.value);
    }
    if (policy.remedy) {
      for (const auto* fragment :
           {&policy.remedy->container, &policy.remedy->pod, &policy.remedy->pod_metadata}) {
        TextWalk(visit).node(fragment->tree);
      }
    }
  }

  void take_out() {
    if (reasons_) {
      for (auto& undone : judgement_->mended.undone) {
        undone.reason = redactor_.redact(undone.reason, *arena_);
      }
    }
    for (auto& verdict : judgement_->verdicts) {
      if (is_worded(verdict)) {
        verdict.finding.message = redactor_.redact(verdict.finding.message, *arena_);
      }
      if (!verdict.remedy.is_null() && has_expressions(*verdict.finding.policy)) {
        verdict.remedy = redacted(verdict.remedy);
      }
    }
  }

  [[nodiscard]] Node redacted(const Node& node) const {
    switch (node.kind()) {
      case Kind::kList: {
        std::vector<Node> items;
        for (const Node& item : node.items()) {
          items.push_back(redacted(item));
        }
        return document::make_list(items, *arena_);
      }
      case Kind::kMap: {
        Node map = Node::map({});
        for (const Member& member : node.members()) {
          // Of names that are the same now, one stays.
          map = document::with_member(map, redactor_.redact(member.key.text(), *arena_),
                                      redacted(member.value), *arena_);
        }
        return map;
      }
      case Kind::kString:
        return Node::string(redactor_.redact(node.as_string(), *arena_));
      case Kind::kInt:
      case Kind::kDouble: {
        const std::string number = document::print_json(node);
        const std::string_view said = redactor_.redact(number, *arena_);
        return said == number ? node : Node::string(said);
      }
      default:
        return node;
    }
  }

  Judgement* judgement_;
  const Target* target_;
  const ParameterValues* parameters_;
  Arena* arena_;
  Redactor redactor_;
  std::size_t watched_ = 0;
  bool anything_ = false;
  bool reasons_ = false;  ///< Why remedies are undone may be in the words of expressions.
};

/// The words of an admission policy's document.
void add_words(const policy::AdmissionPolicy& policy, Redactor& redactor) {
  auto add = [&](const policy::AdmissionExpression& expression) {
    redactor.add_public(expression.text);
  };
  redactor.add_public(policy.name);
  for (const auto& rule : policy.rules) {
    redactor.add_public(rule.name);
    for (const auto& condition : rule.match_conditions) {
      redactor.add_public(condition.name);
      add(condition.expression);
    }
    for (const auto& variable : rule.variables) {
      redactor.add_public(variable.name);
      add(variable.expression);
    }
    for (const auto& validation : rule.validations) {
      add(validation.expression);
      redactor.add_public(validation.message);
      if (validation.message_expression) {
        add(*validation.message_expression);
      }
    }
    for (const auto& annotation : rule.audit_annotations) {
      add(annotation.expression);
    }
    for (const auto& mutation : rule.mutations) {
      add(mutation.expression);
    }
  }
}

}  // namespace

void keep_secrets(AdmissionJudgement& judgement, const Target& target, Arena& arena) {
  Redactor redactor;
  std::size_t watched = 0;
  for (auto& verdict : judgement.verdicts) {
    if (!verdict.is_violation()) {
      continue;  // its message, if it has one, is ours
    }
    if (verdict.message.size() > limits::kRedactedTextBytesMax - watched) {
      verdict.message = "more is said of the object than can be searched for secrets";
    }
    watched += verdict.message.size();
    redactor.watch(verdict.message);
  }
  for (auto& annotation : judgement.annotations) {
    watched += annotation.second.size();
    redactor.watch(annotation.second);
  }
  if (watched == 0) {
    return;
  }
  redactor.seal();
  const auto walk = [&](const auto& visit) {
    TextWalk walk_objects(visit);
    walk_objects.object(target.object());
    walk_objects.object(target.review().old_object);
    walk_objects.object(target.namespace_object());
  };
  walk([&](std::string_view text, bool secret) {
    if (secret) {
      redactor.add_secret(text);
    }
  });
  if (!redactor.found()) {
    return;
  }
  const auto add_public = [&](std::string_view text, bool secret) {
    if (!secret) {
      redactor.add_public(text);
    }
  };
  walk(add_public);
  TextWalk(add_public).node(target.request());
  for (auto& verdict : judgement.verdicts) {
    add_words(*verdict.policy, redactor);
  }
  for (auto& verdict : judgement.verdicts) {
    if (verdict.is_violation()) {
      verdict.message = redactor.redact(verdict.message, arena);
    }
  }
  for (auto& annotation : judgement.annotations) {
    annotation.second = redactor.redact(annotation.second, arena);
  }
}

void keep_secrets(Judgement& judgement, const Target& target, Door door,
                  const ParameterValues& parameters, Arena& arena) {
  Discretion(judgement, target, parameters, arena).keep(door);
}

}  // namespace seaworthy::engine
