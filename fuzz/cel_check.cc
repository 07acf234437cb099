#include <string>

#include "entries.h"
#include "seaworthy/base/check.h"
#include "seaworthy/policy/admission_environment.h"

namespace seaworthy::fuzz {
namespace {

void look_at(const std::string& text, const cel::Compilation& compiled) {
  SEAWORTHY_CHECK((compiled.program == nullptr) == !compiled.issues.empty());
  if (compiled.program == nullptr) {
    SEAWORTHY_CHECK(!format_issues(text, compiled.issues).empty());
  } else {
    SEAWORTHY_CHECK(!compiled.program->result_type().text().empty());
  }
}

}  // namespace

void cel_check(const std::uint8_t* data, std::size_t size) {
  static const cel::Environment kEnvironment = [] {
    auto made = policy::make_admission_environment(cel::Environment::kubernetes(),
                                                   policy::AdmissionParams::kDeclared);
    made.environment.declare_patch_types();
    return made.environment;
  }();
  const std::string text(reinterpret_cast<const char*>(data), size);
  look_at(text, kEnvironment.compile(text));
  look_at(text, kEnvironment.compile_unchecked(text));
}

}  // namespace seaworthy::fuzz
