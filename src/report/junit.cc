// There is no standard; this is what Jenkins, GitLab and GitHub's reporters have in common. Source:
// llg.cubic.org/docs/junit, and Jenkins' junit plugin (xunit's junit-10.xsd), whose readers ignore
// attributes that they do not know (file, line).
#include "seaworthy/report/junit.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "seaworthy/base/text.h"

namespace seaworthy::report {
namespace {

using Outcome = JunitCase::Outcome;

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::chrono::nanoseconds time{0};

  void add(const JunitCase& each) {
    ++tests;
    failures += each.outcome == Outcome::kFailed ? 1 : 0;
    errors += each.outcome == Outcome::kError ? 1 : 0;
    skipped += each.outcome == Outcome::kSkipped ? 1 : 0;
    time += each.time;
  }
};

std::string seconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

std::string attributes_of(std::string_view name, const Counts& counts) {
  return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" skipped="{}" time="{}")",
                     escape_xml(name), counts.tests, counts.failures, counts.errors, counts.skipped,
                     seconds(counts.time));
}

/// What stands in the element of a case.
std::string body_of(const JunitCase& each) {
  switch (each.outcome) {
    case Outcome::kPassed:
      return each.text.empty()
                 ? ""
                 : fmt::format("      <system-out>{}</system-out>\n", escape_xml(each.text, false));
    case Outcome::kSkipped:
      return fmt::format("      <skipped message=\"{}\"/>\n", escape_xml(each.message));
    case Outcome::kFailed:
    case Outcome::kError:
      break;
  }
  const auto* element = each.outcome == Outcome::kFailed ? "failure" : "error";
  return fmt::format("      <{} type=\"{}\" message=\"{}\">{}</{}>\n", element,
                     escape_xml(each.type), escape_xml(each.message), escape_xml(each.text, false),
                     element);
}

void print_case(const JunitCase& each, std::string& out) {
  out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escape_xml(each.class_name),
                     escape_xml(each.name));
  if (!each.file.empty()) {
    out += fmt::format(" file=\"{}\"", escape_xml(each.file));
  }
  if (each.line != 0) {
    out += fmt::format(" line=\"{}\"", each.line);
  }
  out += fmt::format(" time=\"{}\"", seconds(each.time));
  const auto body = body_of(each);
  out += body.empty() ? "/>\n" : ">\n" + body + "    </testcase>\n";
}

}  // namespace

std::string escape_xml(std::string_view text, bool in_attribute) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t length = utf8_length(valid, at);
    const auto part = std::string_view(valid).substr(at, length);
    const char first = part.front();
    at += length;
    if (first == '&') {
      out += "&amp;";
    } else if (first == '<') {
      out += "&lt;";
    } else if (first == '>') {
      out += "&gt;";
    } else if (first == '"') {
      out += "&quot;";
    } else if (first == '\n' || first == '\t' || first == '\r') {
      // An attribute would make it a space, an element a carriage return a newline.
      out += in_attribute || first == '\r' ? fmt::format("&#{};", static_cast<int>(first))
                                           : std::string(1, first);
    } else if ((length == 1 && static_cast<unsigned char>(first) < 0x20) ||
               part == "\xEF\xBF\xBE" || part == "\xEF\xBF\xBF") {
      append_utf8(out, 0xFFFD);  // XML 1.0 has no way to write these (section 2.2, Char)
    } else {
      out += part;
    }
  }
  return out;
}

std::string print_junit_suites(std::string_view name, const std::vector<JunitSuite>& suites,
                               std::optional<std::chrono::system_clock::time_point> started) {
  Counts all;
  std::string body;
  for (const auto& suite : suites) {
    Counts counts;
    std::string cases;
    for (const auto& each : suite.cases) {
      counts.add(each);
      all.add(each);
      print_case(each, cases);
    }
    const auto timestamp = started ? fmt::format(" timestamp=\"{:%Y-%m-%dT%H:%M:%S}\"",
                                                 std::chrono::floor<std::chrono::seconds>(*started))
                                   : "";
    body += fmt::format("  <testsuite {}{}>\n{}  </testsuite>\n", attributes_of(suite.name, counts),
                        timestamp, cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{}</testsuites>\n",
      attributes_of(name, all), body);
}

}  // namespace seaworthy::report
