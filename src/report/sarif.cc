// One run of one tool. Only violations are results: what passed, was mended or is excused would be
// an alert to readers that know no `kind` (GitHub's code scanning). Fingerprints hold no line, so
// that an alert stays the same while lines move.
#include <map>

#include <fmt/format.h>

#include "report/words.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

using document::MapBuilder;
using document::Node;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A path as a URI reference (RFC 3986): relative ones as given, without "./".
std::string uri_of(std::string_view path) {
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char byte : path) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') ||
                       std::string_view("-._~/!$&'()*+,;=@").find(byte) != std::string_view::npos;
    uri += plain ? std::string(1, byte) : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return uri;
}

/// The numbers that GitHub makes its words of: over 9.0 critical, from 7.0 high, from 4.0 medium.
std::string_view score_of(policy::Severity severity) {
  switch (severity) {
    case policy::Severity::kLow:
      return "2.0";
    case policy::Severity::kMedium:
      return "5.5";
    case policy::Severity::kHigh:
      return "8.0";
    case policy::Severity::kCritical:
      break;
  }
  return "9.5";
}

std::string_view level_of(const Row& row, bool warnings_as_errors) {
  if (fails(row, warnings_as_errors)) {
    return "error";
  }
  return row.mode == policy::Mode::kAudit ? "note" : "warning";
}

/// FNV-1a over 64 bits: the same on every machine.
std::string fingerprint_of(const Row& row) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const auto& part :
       {rule_text(row), row.api_version, row.kind, row.namespace_name, row.name, row.path}) {
    for (const char byte : part + '\n') {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
    }
  }
  return fmt::format("{:016x}", hash);
}

class Writer {
 public:
  Writer(const CheckReport& report, Arena& arena) : report_(&report), arena_(&arena) {}

  Node log() {
    // Rules first: results name them by their number.
    std::vector<Node> rules;
    for (const auto& rule : report_->rules) {
      add_rule(rule, rules);
    }
    for (const auto& row : report_->rows) {
      if (is_violation(row)) {
        add_rule({.name = row.policy,
                  .title = {},
                  .description = {},
                  .severity = row.severity,
                  .category = {},
                  .references = {}},
                 rules);
      }
    }
    std::vector<Node> results;
    for (const auto& row : report_->rows) {
      if (is_violation(row)) {
        results.push_back(result(row));
      }
    }
    const Node driver = map()
                            .add("name", text("Seaworthy"))
                            .add("version", text(report_->version))
                            .add("semanticVersion", text(report_->version))
                            .add("rules", list(rules))
                            .build();
    const Node run = map()
                         .add("tool", map().add("driver", driver).build())
                         .add("columnKind", text("unicodeCodePoints"))
                         .add("invocations", list({invocation()}))
                         .add("results", list(results))
                         .build();
    return map()
        .add("$schema", text(kSchema))
        .add("version", text("2.1.0"))
        .add("runs", list({run}))
        .build();
  }

 private:
  [[nodiscard]] MapBuilder map() const { return MapBuilder(*arena_); }

  [[nodiscard]] Node text(std::string_view value) const {
    return document::make_string(to_valid_utf8(value), *arena_);
  }

  [[nodiscard]] Node list(const std::vector<Node>& items) const {
    return document::make_list(items, *arena_);
  }

  [[nodiscard]] Node message(std::string_view value) const {
    return map().add("text", text(value)).build();
  }

  void add_rule(const Rule& rule, std::vector<Node>& rules) {
    if (!numbers_.try_emplace(rule.name, rules.size()).second) {
      return;
    }
    const std::string& title = rule.title.empty() ? rule.name : rule.title;
    const std::string& description = rule.description.empty() ? title : rule.description;
    std::string help = description;
    std::string markdown = description;
    for (const auto& reference : rule.references) {
      help += "\nSee: " + reference;
      markdown +=
          (reference == rule.references.front() ? "\n\nReferences:\n- " : "\n- ") + reference;
    }
    std::vector<Node> tags{text("security"), text("kubernetes")};
    if (!rule.category.empty() && rule.category != "security" && rule.category != "kubernetes") {
      tags.push_back(text(rule.category));  // tags are a set
    }
    const Node properties = map()
                                .add("tags", list(tags))
                                .add("severity", text(policy::word_of(rule.severity)))
                                .add("security-severity", text(score_of(rule.severity)))
                                .build();
    const bool advice = rule.severity == policy::Severity::kLow;
    rules.push_back(
        map()
            .add("id", text(rule.name))
            .add("shortDescription", message(title))
            .add("fullDescription", message(description))
            .add("help", map().add("text", text(help)).add("markdown", text(markdown)).build())
            .add("defaultConfiguration",
                 map().add("level", text(advice ? "warning" : "error")).build())
            .add("properties", properties)
            .build());
  }

  [[nodiscard]] Node physical_location(std::string_view file, SourcePosition place) const {
    MapBuilder location = map();
    MapBuilder artifact = map();
    artifact.add("uri", text(uri_of(file)));
    if (file == "-") {
      artifact.add("description", message("standard input"));
    }
    location.add("artifactLocation", artifact.build());
    if (place.line != 0) {
      MapBuilder region = map();
      region.add("startLine", Node::integer(place.line));
      if (place.column != 0) {
        region.add("startColumn", Node::integer(place.column));
      }
      location.add("region", region.build());
    }
    return location.build();
  }

  [[nodiscard]] Node result(const Row& row) const {
    std::string words = row.message;
    std::string markdown = row.message;
    if (!row.undone.empty()) {
      words += "\nnot mended: " + row.undone;
      markdown += "\n\nNot mended: " + row.undone;
    }
    if (!row.remedy.is_null()) {
      const auto yaml = document::print_yaml(row.remedy);
      words += fmt::format("\nremedy ({}):\n{}", row.safety, yaml);
      markdown += fmt::format("\n\nRemedy ({}):\n\n```yaml\n{}```\n", row.safety, yaml);
    }
    const auto& field = row.field.empty() ? row.path : row.field;
    const Node logical = map()
                             .add("name", text(field.empty() ? row.name : field))
                             .add("fullyQualifiedName",
                                  text(resource_text(row) + (field.empty() ? "" : ' ' + field)))
                             .add("kind", text("member"))
                             .build();
    const auto place = row.place.line == 0 ? SourcePosition{row.line, 0} : row.place;
    const Node location = map()
                              .add("physicalLocation", physical_location(row.file, place))
                              .add("logicalLocations", list({logical}))
                              .build();
    const Node properties = map()
                                .add("severity", text(policy::word_of(row.severity)))
                                .add("mode", text(policy::word_of(row.mode)))
                                .add("result", text(word_of(row.result)))
                                .add("path", text(row.path))
                                .build();
    return map()
        .add("ruleId", text(row.policy))
        .add("ruleIndex", Node::integer(static_cast<std::int64_t>(numbers_.at(row.policy))))
        .add("kind", text("fail"))
        .add("level", text(level_of(row, report_->warnings_as_errors)))
        .add("message", map().add("text", text(words)).add("markdown", text(markdown)).build())
        .add("locations", list({location}))
        .add("partialFingerprints", map().add("violation/v1", text(fingerprint_of(row))).build())
        .add("properties", properties)
        .build();
  }

  /// Whether all could be read, and what could not.
  [[nodiscard]] Node invocation() const {
    std::vector<Node> notifications;
    for (const auto& problem : report_->problems) {
      const bool is_error = problem.severity == Diagnostic::Severity::kError;
      MapBuilder notification = map();
      notification.add("level", text(is_error ? "error" : "warning"))
          .add("message", message(problem.message));
      if (!problem.file.empty()) {
        const Node location =
            map()
                .add("physicalLocation", physical_location(problem.file, problem.position))
                .build();
        notification.add("locations", list({location}));
      }
      notifications.push_back(notification.build());
    }
    MapBuilder invocation = map();
    invocation.add("executionSuccessful", Node::boolean(report_->complete));
    if (!notifications.empty()) {
      invocation.add("toolExecutionNotifications", list(notifications));
    }
    return invocation.build();
  }

  const CheckReport* report_;
  Arena* arena_;
  std::map<std::string, std::size_t> numbers_;  ///< Of rules, by their names.
};

}  // namespace

std::string print_sarif(const CheckReport& report) {
  Arena arena;
  return document::print_json_pretty(Writer(report, arena).log()) + '\n';
}

}  // namespace seaworthy::report
