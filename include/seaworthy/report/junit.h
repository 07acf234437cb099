#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::report {

/// One <testcase>.
struct JunitCase {
  enum class Outcome : std::uint8_t { kPassed, kFailed, kError, kSkipped };

  std::string name;
  std::string class_name;
  std::string file;
  std::uint32_t line = 0;
  Outcome outcome = Outcome::kPassed;
  std::string type;     ///< Of a failure or an error: one word.
  std::string message;  ///< Of what did not pass: one line.
  std::string text;     ///< More of it; of a case that passed its output.
  std::chrono::nanoseconds time{0};
};

/// One <testsuite>.
struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

/// The XML document that CI servers read as JUnit's: counts and times are added up. Always valid
/// XML: what XML 1.0 cannot hold (control characters, bytes that are no UTF-8) becomes U+FFFD.
std::string print_junit_suites(std::string_view name, const std::vector<JunitSuite>& suites,
                               std::optional<std::chrono::system_clock::time_point> started = {});

/// `text` as XML, in an attribute's quotes or in an element.
std::string escape_xml(std::string_view text, bool in_attribute = true);

}  // namespace seaworthy::report
