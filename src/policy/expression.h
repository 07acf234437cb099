#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/text_template.h"

namespace seaworthy::policy {

/// Reports an expression's mistakes at their place in the scalar `node`, which holds it. `field` is
/// what messages call it.
void report_issues(const ReadContext& context, const document::Node& node, const std::string& field,
                   const std::vector<cel::Issue>& issues);

/// Compiles the expression that the scalar `node` holds; mistakes are reported at their place in
/// the file. `field` is what messages call it. Null where it does not compile or is not of `type`
/// (dyn always is: it is checked when it runs).
std::shared_ptr<const cel::Program> compile_expression(
    const ReadContext& context, const document::Node& node, const std::string& field,
    const cel::Environment& environment, std::optional<cel::TypeKind> type = std::nullopt);

/// The same for a text with `${CEL}` parts.
TextTemplate compile_text(const ReadContext& context, const document::Node& node,
                          const std::string& field, const cel::Environment& environment);

}  // namespace seaworthy::policy
