#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::cli {

/// A page about a policy for people: what it asks for, why, how to fix it, its parameters, examples
/// from its own tests, references.
std::string print_page(const std::shared_ptr<const policy::Policy>& policy);

/// The same for an in-tree policy or one of Kyverno's: its rules, and in which words they refuse.
std::string print_page(const policy::AdmissionPolicy& policy);

/// Words in lines of a page's width, each behind `indent`.
std::string wrapped(std::string_view text, std::string_view indent);
/// An expression: its lines as they are, long ones broken at blanks.
std::string code_block(std::string_view text, std::string_view indent);

}  // namespace seaworthy::cli
