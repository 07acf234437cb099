// A PolicyTest document: its own fields, then its cases. A mistake in a case is the case's fault:
// it is told with its place, and the case is one that cannot run.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/exception_reader.h"
#include "policy/fields.h"
#include "policy/pattern_reader.h"
#include "seaworthy/policy/test_suite.h"

namespace seaworthy::policy {
namespace {

using document::Node;

constexpr std::array<std::string_view, 4> kOperations{"CREATE", "UPDATE", "DELETE", "CONNECT"};

CaseSettings read_settings(Fields& fields) {
  CaseSettings settings;
  if (const Node* node = fields.take_map("settings")) {
    Fields own(fields.context(), *node, fields.path_of("settings"));
    settings.mode = own.word<Mode>("mode");
    settings.remedy = own.word<RemedyLevel>("remedy");
    settings.deny_from = own.word<Severity>("denyFrom");
    own.finish();
  }
  if (const auto text = fields.text("now"); !text.empty()) {
    settings.now = parse_time(text);
    if (!settings.now) {
      fields.context().error(*fields.take("now"),
                             fmt::format("{} must be a time such as 2027-01-31T00:00:00Z, not '{}'",
                                         fields.path_of("now"), text));
    }
  }
  return settings;
}

void read_inputs(Fields& fields, const Node& node, const std::string& path, TestCase& test) {
  int inputs = 0;
  if (const Node* object = fields.take_map("object")) {
    test.object = *object;
    ++inputs;
  }
  if (const Node* review = fields.take_map("review")) {
    test.review = *review;
    ++inputs;
  }
  test.file = fields.text("file");
  inputs += test.file.empty() ? 0 : 1;
  if (const Node* old_object = fields.take_map("oldObject")) {
    test.old_object = *old_object;
  }
  const bool only_old = inputs == 0 && !test.old_object.is_null();
  if (inputs != 1 && !only_old) {
    fields.context().error(node, path +
                                     " needs exactly one of object, review, file (or oldObject "
                                     "alone: what is deleted)");
  }
  if (const auto word = fields.text("operation"); !word.empty()) {
    const auto known = std::ranges::find(kOperations, word);
    if (known == kOperations.end()) {
      fields.context().error(
          *fields.take("operation"),
          fmt::format("{} must be one of CREATE, UPDATE, DELETE, CONNECT, not '{}'",
                      fields.path_of("operation"), word));
    } else {
      test.operation = static_cast<admission::Operation>(known - kOperations.begin());
    }
  }
  test.sub_resource = fields.text("subresource");
}

void read_namespace(Fields& fields, TestCase& test) {
  const Node* node = fields.take_map("namespace");
  if (node == nullptr) {
    return;
  }
  Fields own(fields.context(), *node, fields.path_of("namespace"));
  CaseNamespace in_namespace{.name = own.text("name"), .labels = {}};
  if (const Node* labels = own.take_map("labels")) {
    for (const auto& label : labels->members()) {
      if (!label.value.is_string()) {
        fields.context().error(
            label.value,
            fmt::format("{}.{} must be a string, not {}; write it in quotes", own.path_of("labels"),
                        label.key.text(), document::name_of(label.value.kind())));
      }
    }
    in_namespace.labels = *labels;
  }
  own.finish();
  test.in_namespace = std::move(in_namespace);
}

void read_user(Fields& fields, TestCase& test) {
  const Node* node = fields.take_map("user");
  if (node == nullptr) {
    return;
  }
  Fields own(fields.context(), *node, fields.path_of("user"));
  own.text("username", true);
  own.text("uid");
  own.texts("groups");
  own.take_map("extra");
  own.finish();
  test.user = *node;
}

/// A map sets parameters of native policies; a list holds what bindings take as params.
void read_params(Fields& fields, TestCase& test) {
  const Node* params = fields.take("params");
  if (params == nullptr) {
    return;
  }
  if (params->is_map()) {
    test.parameters = params;
    return;
  }
  if (!params->is_list()) {
    fields.context().error(
        *params, fmt::format("{} must be a map of parameters or a list of objects, not {}",
                             fields.path_of("params"), document::name_of(params->kind())));
    return;
  }
  for (const Node& item : params->items()) {
    if (item.is_map()) {
      test.objects.push_back(item);
    } else {
      fields.context().error(item,
                             fmt::format("{} must hold objects, not {}", fields.path_of("params"),
                                         document::name_of(item.kind())));
    }
  }
}

/// One item of `enforcement` or `exceptions`.
void read_document(const ReadContext& context, const Node& node, const std::string& path,
                   bool only_exceptions, TestCase& test) {
  if (!node.is_map()) {
    context.error(node, path + " must be a map: a document as it stands in a file of its own");
    return;
  }
  Fields fields(context, node, path);
  const auto api_version = fields.text("apiVersion");
  const auto kind = fields.text("kind", !only_exceptions);
  const Node* metadata = fields.take_map("metadata");
  const Node* spec = fields.take_map("spec");
  fields.finish();
  CaseDocument document{
      .kind = only_exceptions ? "PolicyException" : kind, .metadata = metadata, .spec = spec};
  const bool known = kind == "PolicyException" || (!only_exceptions && kind == "Enforcement");
  if (!api_version.empty() && api_version != "seaworthy.dev/v1") {
    context.error(
        node["apiVersion"],
        fmt::format("{}.apiVersion must be seaworthy.dev/v1, not '{}'", path, api_version));
  } else if (!kind.empty() && !known) {
    context.error(node["kind"], fmt::format("{}.kind must be {}PolicyException, not '{}'", path,
                                            only_exceptions ? "" : "Enforcement or ", kind));
  } else if (metadata == nullptr || spec == nullptr) {
    fields.report_missing(metadata == nullptr ? "metadata" : "spec");
  } else {
    test.documents.push_back(std::move(document));
  }
}

void read_documents(Fields& fields, TestCase& test) {
  for (const auto* name : {"enforcement", "exceptions"}) {
    const Node* list = fields.take_list(name);
    for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
      read_document(fields.context(), list->items()[index],
                    fmt::format("{}[{}]", fields.path_of(name), index),
                    std::string_view(name) == "exceptions", test);
    }
  }
}

void read_expectation(const ReadContext& context, const document::Member& member,
                      const std::string& path, TestCase& test) {
  ExpectedVerdict expected;
  expected.policy = member.key.text();
  expected.position = context.source->position_of(member);
  if (member.value.is_map()) {
    Fields fields(context, member.value, path);
    expected.verdict = fields.word<Expectation>("verdict").value_or(Expectation::kAllow);
    if (fields.take("verdict") == nullptr) {
      fields.report_missing("verdict");
    }
    expected.path = fields.text("path");
    expected.message = fields.text("message");
    fields.finish();
  } else if (const auto verdict = from_word<Expectation>(member.value.as_string())) {
    expected.verdict = *verdict;
  } else {
    context.error(
        member.value,
        fmt::format("{} must be one of {}, not '{}'", path, fmt::join(words<Expectation>(), ", "),
                    member.value.is_string() ? member.value.as_string()
                                             : document::name_of(member.value.kind())));
  }
  test.expect.push_back(std::move(expected));
}

void read_expectations(Fields& fields, TestCase& test) {
  const Node* expect = fields.take_map("expect");
  for (std::size_t at = 0; expect != nullptr && at < expect->size(); ++at) {
    const auto& member = expect->members()[at];
    read_expectation(fields.context(), member,
                     fmt::format("{}.{}", fields.path_of("expect"), member.key.text()), test);
  }
  test.patch = fields.take_list("patch");
  test.mended = fields.take_map("mended");
  if (test.expect.empty() && test.patch == nullptr && test.mended == nullptr) {
    fields.report_missing("expect");
  }
}

TestCase read_case(const ReadContext& context, const Node& node, const std::string& path) {
  TestCase test;
  test.position = context.source->position_of(node);
  const auto before = context.diagnostics->size();
  if (node.is_map()) {
    Fields fields(context, node, path);
    test.name = fields.text("name", true);
    read_inputs(fields, node, path, test);
    read_namespace(fields, test);
    read_user(fields, test);
    test.settings = read_settings(fields);
    read_params(fields, test);
    read_documents(fields, test);
    read_expectations(fields, test);
    fields.finish();
  } else {
    context.error(node, path + " must be a map");
  }
  if (test.name.empty()) {
    test.name = path;
  }
  if (context.diagnostics->size() != before) {
    test.fault = (*context.diagnostics)[before].message;
  }
  return test;
}

void read_spec(const ReadContext& context, const Node& spec, TestSuite& suite) {
  Fields fields(context, spec, "spec");
  suite.policies = fields.texts("policies");
  suite.enforcement = fields.texts("enforcement");
  suite.settings = read_settings(fields);
  suite.parameters = fields.take_map("params");
  const Node* cases = fields.take_list("cases");
  fields.finish();
  if (cases == nullptr) {
    fields.report_missing("cases");
    return;
  }
  std::set<std::string> names;
  for (std::size_t index = 0; index < cases->size(); ++index) {
    const auto path = fmt::format("spec.cases[{}]", index);
    auto test = read_case(context, cases->items()[index], path);
    if (!names.insert(test.name).second) {
      context.error(cases->items()[index], fmt::format("two cases are named '{}'", test.name));
      test.fault = test.fault.empty() ? "another case has its name" : test.fault;
    }
    suite.cases.push_back(std::move(test));
  }
}

bool is_suite(const Node& root) {
  return root["apiVersion"].as_string() == "seaworthy.dev/v1" &&
         root["kind"].as_string() == "PolicyTest";
}

}  // namespace

Parsed<std::vector<TestSuite>> read_test_suites(std::string_view text, std::string_view file) {
  Parsed<std::vector<TestSuite>> read;
  auto arena = std::make_shared<Arena>();
  auto kept = std::make_shared<const std::string>(text);
  auto documents = document::read_source(*kept, file, *arena);
  read.diagnostics = std::move(documents.diagnostics);
  for (auto& diagnostic : read.diagnostics) {
    diagnostic.source_line.clear();  // of an object that may hold a secret
  }
  read.value.emplace();
  for (auto& document :
       documents.value ? *documents.value : std::vector<document::SourceDocument>()) {
    if (!is_suite(document.root())) {
      continue;
    }
    TestSuite suite;
    suite.file = file;
    suite.arena = arena;
    suite.text = kept;
    suite.source = std::make_shared<const document::SourceDocument>(std::move(document));
    const Node& root = suite.source->root();
    suite.position = suite.source->position_of(root);
    const ReadContext context{.source = suite.source.get(),
                              .text = *kept,
                              .file = suite.file,
                              .subject = {},
                              .diagnostics = &read.diagnostics,
                              .arena = arena.get()};
    Fields fields(context, root, "");
    fields.take("apiVersion");
    fields.take("kind");
    const Node* metadata = fields.take_map("metadata");
    const Node* spec = fields.take_map("spec");
    fields.finish();
    if (metadata == nullptr || spec == nullptr) {
      fields.report_missing(metadata == nullptr ? "metadata" : "spec");
      continue;
    }
    suite.name = read_document_name(context, *metadata);
    read_spec(context, *spec, suite);
    read.value->push_back(std::move(suite));
  }
  return read;
}

}  // namespace seaworthy::policy
