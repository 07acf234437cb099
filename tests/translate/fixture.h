#pragma once

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "seaworthy/document/source.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/translate/admission_policy.h"

namespace seaworthy::translate {

inline std::string bundle(const std::string& policies, const std::string& params = "") {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t, version: 1.0.0}\n"
         "spec:\n" +
         params + "  policies:\n" + policies;
}

class TranslateTest : public ::testing::Test {
 protected:
  Translation of(const std::string& policies, const std::string& params = "",
                 const Destination& destination = {}) {
    const auto set = policy::load_policies({{"p.yaml", bundle(policies, params)}});
    for (const auto& diagnostic : set->diagnostics()) {
      ADD_FAILURE() << render(diagnostic);
    }
    return translate(set->policies(), destination, arena_);
  }

  /// The validation's expression of the first policy, or why there is none.
  std::string validation(const std::string& policies, const std::string& params = "",
                         std::int64_t minor = 36) {
    const auto translation = of(policies, params, {.minor = minor});
    return translation.documents.empty()
               ? "left out: it " + translation.left_out.front().why
               : std::string(spec(translation)["validations"].items()[0]["expression"].as_string());
  }

  static const document::Node& spec(const Translation& translation, std::size_t index = 0) {
    return translation.documents[index]["spec"];
  }

  static std::string message(const Translation& translation) {
    return std::string(
        spec(translation)["validations"].items()[0]["messageExpression"].as_string());
  }

  static std::string variables(const Translation& translation) {
    std::string text;
    for (const auto& each : spec(translation)["variables"].items()) {
      text += fmt::format("{}: {}\n", each["name"].as_string(), each["expression"].as_string());
    }
    return text;
  }

  Arena arena_;
};

}  // namespace seaworthy::translate
