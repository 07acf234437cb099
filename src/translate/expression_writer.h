#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "seaworthy/base/result.h"
#include "seaworthy/cel/survey.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::translate {

/// A variable of an in-tree policy.
struct NamedExpression {
  std::string name;
  std::string expression;
};

/// Says a native policy's expressions in the words that in-tree policies have. Lifetime: the
/// policy outlives it.
class ExpressionWriter {
 public:
  explicit ExpressionWriter(const policy::Policy& policy);

  /// Makes it fit for the expressions of the policy's remedy, too. Only before anything is written.
  void take_in_remedy();

  /// The expression with `variables.podSpec` for `pod`, literals for parameters, and what depends
  /// on the item written out in its place. Whatever may stand behind it. Errors: kInvalid: what has
  /// no word in-tree, and why.
  Result<std::string> write(std::string_view expression);

  /// The list of what the policy looks at one by one, as `variables.podContainers`; empty where it
  /// looks at the Pod as a whole.
  std::string items();

  /// The same of one list of containers: `containers`, `initContainers`.
  std::string items_of(std::string_view field);

  /// What a macro over items() must call one, and the container or volume that it is.
  [[nodiscard]] const std::string& item() const { return item_; }

  [[nodiscard]] std::string item_itself() const { return by_kind_ ? item_ + ".container" : item_; }

  std::string pod_spec();
  std::string pod_metadata();
  /// Whether the expression means something for an item only.
  [[nodiscard]] bool depends_on_item(std::string_view expression) const;

  /// Whether anything that was written asks for the Pod that the object holds.
  [[nodiscard]] bool asks_for_pod() const { return !helpers_.empty(); }

  /// What was written refers to these, in this order.
  Result<std::vector<NamedExpression>> variables();

 private:
  void look_at(const std::shared_ptr<const cel::Program>& program);
  void find_what_depends();
  void name_item();
  Result<std::string> replacement(const cel::Mention& mention);
  Result<std::string> literal(const std::string& parameter) const;
  Result<std::string> variable(const std::string& name);
  std::string helper(const std::string& name);
  [[nodiscard]] const policy::Variable* find(std::string_view name) const;

  const policy::Policy* policy_;
  std::set<std::string> dependent_;             ///< Variables that depend on the item.
  std::map<std::string, std::string> inlined_;  ///< Their texts.
  std::set<std::string> used_;                  ///< The other variables that are referred to.
  std::set<std::string> helpers_;               ///< Likewise of ours.
  std::set<std::string> bound_;                 ///< Variables of the policy's macros.
  bool by_kind_ = false;                        ///< Items are containers beside their kinds.
  std::string item_;
};

}  // namespace seaworthy::translate
