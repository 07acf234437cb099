// What is said of a policy in-tree, and what is left out of it and why.
#include "translate/fixture.h"

namespace seaworthy::translate {
namespace {

using document::Node;

constexpr std::string_view kPodSpec =
    "podSpec: request.kind.kind == 'Pod' ? dyn(object).spec : (request.kind.kind == 'CronJob' ? "
    "dyn(object).spec.jobTemplate.spec.template : request.kind.kind == 'PodTemplate' ? "
    "dyn(object).template : dyn(object).spec.template).spec\n";
constexpr std::string_view kContainers =
    "podContainers: variables.podSpec.?initContainers.orValue([]) + "
    "variables.podSpec.?containers.orValue([]) + "
    "variables.podSpec.?ephemeralContainers.orValue([])\n";

struct ExpressionCase {
  std::string policy;
  std::string validation;
};

TEST_F(TranslateTest, SaysExpressionsInTheNamesThatInTreePoliciesHave) {
  const std::string params =
      "  params:\n"
      "    text: {type: string, default: \"it's\"}\n"
      "    least: {type: int, default: -5}\n"
      "    most: {type: quantity, default: 4Gi}\n"
      "    names: {type: list, default: [a, b]}\n"
      "    version: {type: version, newest: v1.36, default: latest}\n";
  const std::vector<ExpressionCase> cases{
      {"require: pod.hostNetwork != true", "variables.podSpec.hostNetwork != true"},
      // A validation must be a bool, not dyn.
      {"require: pod.good", "(variables.podSpec.good) == true"},
      {"when: pod.a, require: pod.good", "!(variables.podSpec.a) || (variables.podSpec.good)"},
      {"each: container, require: container.good",
       "variables.podContainers.all(container, (container.good) == true)"},
      {"each: container, when: \"container.name != 'x'\", require: container.good",
       "variables.podContainers.all(container, !(container.name != 'x') || (container.good))"},
      {"each: volume, require: '!has(volume.hostPath)'",
       "variables.podSpec.?volumes.orValue([]).all(volume, !has(volume.hostPath))"},
      {"each: container, require: \"containerKind != 'ephemeral' || has(container.x)\"",
       "variables.podContainers.all(item, item.kind != 'ephemeral' || has(item.container.x))"},
      {"require: podMetadata.name != params.text", "variables.podMetadata.name != \"it's\""},
      {"require: pod.n > params.least - 1", "variables.podSpec.n > (-5) - 1"},
      {"require: quantity('1').isLessThan(params.most)",
       "quantity('1').isLessThan(quantity(\"4Gi\"))"},
      {"require: pod.n in params.names", "variables.podSpec.n in [\"a\", \"b\"]"},
      {"require: (params.version) >= 25", "36 >= 25"},
      {"require: \"request.operation == 'CREATE' && object.metadata.name != 'x' && oldObject == "
       "null && namespaceObject.metadata.name != 'y'\"",
       "request.operation == 'CREATE' && object.metadata.name != 'x' && oldObject == null && "
       "namespaceObject.metadata.name != 'y'"},
      // A macro's variable is the macro's, and the item gets out of its way.
      {"require: \"pod.containers.all(pod, pod.x == params.text)\"",
       "variables.podSpec.containers.all(pod, pod.x == \"it's\")"},
      {"each: container, require: \"pod.containers.all(container, container.x) && container.y\"",
       "variables.podContainers.all(container_, variables.podSpec.containers.all(container, "
       "container.x) && container_.y)"},
      // What depends on the item is written out, what does not is a variable.
      {"each: container, variables: [{name: own, expression: container.x}, {name: all, expression: "
       "pod.y}, {name: both, expression: variables.own || variables.all}], require: "
       "variables.both && true",
       "variables.podContainers.all(container, ((container.x) || variables.all) && true)"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(validation("    - {name: a, message: m, " + each.policy + "}\n", params),
              each.validation)
        << each.policy;
  }
}

TEST_F(TranslateTest, NothingBecomesPartOfAComment) {
  const std::vector<ExpressionCase> cases{
      {"when: pod.a // why, require: pod.b // how",
       "!(variables.podSpec.a // why\n) || (variables.podSpec.b // how\n)"},
      {"require: \"true // a\\n && pod.x == 'b'\"", "true // a\n && variables.podSpec.x == 'b'"},
      {"each: container, variables: [{name: own, expression: container.x // x}], require: "
       "variables.own == 1 // y",
       "variables.podContainers.all(container, (container.x // x\n) == 1 // y\n)"},
      // In a string it begins no comment: the line break does no harm.
      {"require: \"pod.x != 'http://a'\"", "variables.podSpec.x != 'http://a'\n"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(validation("    - {name: a, message: m, " + each.policy + "}\n"), each.validation)
        << each.policy;
  }
  const auto translation =
      of("    - {name: a, require: has(pod.x), message: \"is ${pod.x // what\\n} // so\"}\n");
  EXPECT_EQ(message(translation), "\"is \" + string(variables.podSpec.x // what\n) + \" // so\"");
}

TEST_F(TranslateTest, WhatIsDeletedHoldsAnEmptyPod) {
  const auto translation =
      of("    - {name: a, each: container, message: m, require: has(container.x), match: "
         "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE, DELETE], "
         "resources: [pods]}]}}\n");
  EXPECT_EQ(variables(translation), "podSpec: object == null ? dyn({}) : " +
                                        std::string(kPodSpec).substr(9) + std::string(kContainers));
}

TEST_F(TranslateTest, DeclaresTheVariablesThatAreAskedForInOrder) {
  const auto translation =
      of("    - {name: a, each: container, message: m, variables: [{name: unused, expression: "
         "pod.z}, {name: first, expression: pod.x}, {name: second, expression: variables.first + "
         "1}, {name: own, expression: container.y + variables.second}], require: variables.own > "
         "0}\n");
  EXPECT_EQ(variables(translation), std::string(kPodSpec) + std::string(kContainers) +
                                        "first: variables.podSpec.x\n"
                                        "second: variables.first + 1\n");
  // A policy's own variable may have the name of one of ours.
  const auto same =
      of("    - {name: a, message: m, variables: [{name: podSpec, expression: "
         "pod.x}], require: variables.podSpec == 1}\n");
  EXPECT_EQ(variables(same),
            "podSpec_" + std::string(kPodSpec).substr(7) + "podSpec: variables.podSpec_.x\n");
}

TEST_F(TranslateTest, MessagesAreExpressionsWithTheTitleBehindThem) {
  const auto of_message = [&](const std::string& text) {
    return of(
        "    - {name: a, title: All is well, each: container, require: has(container.x), "
        "message: \"" +
        text + "\"}\n");
  };
  const auto translation = of_message("container ${container.name} has ${1 + 1} no x");
  EXPECT_EQ(message(translation),
            "variables.podContainers.filter(container, !(has(container.x))).map(container, "
            "\"container \" + string(container.name) + \" has \" + string(1 + 1) + \" no "
            "x\").join('; ')");
  EXPECT_EQ(spec(translation)["validations"].items()[0]["message"].as_string(), "All is well");
  EXPECT_TRUE(translation.left_out.empty());
  // What could hold a secret is not quoted: nothing would take it out.
  const auto secret = of_message("${container.env[0].value}");
  EXPECT_EQ(message(secret), "");
  ASSERT_EQ(secret.left_out.size(), 1U);
  EXPECT_EQ(secret.left_out[0].what, "its message");
  EXPECT_EQ(secret.left_out[0].why, "may quote a secret, which only Seaworthy takes out");
  // A message alone may ask for what the version does not have.
  const auto later =
      of("    - {name: a, require: has(pod.x), message: \"${[[1]].flatten()[0]}\"}\n", "",
         {.minor = 30});
  ASSERT_EQ(later.left_out.size(), 1U);
  EXPECT_EQ(later.left_out[0].why, "uses flatten, which new policies may from Kubernetes 1.35 on");
  EXPECT_EQ(later.documents.size(), 2U);
}

TEST_F(TranslateTest, SaysWhatItLeavesOutAndWhy) {
  const std::vector<ExpressionCase> cases{
      {"each: image, require: \"image.tag != ''\"",
       "left out: it takes image references apart, for which CEL has no function"},
      {"each: container, require: \"image.tag != ''\"",
       "left out: it takes image references apart, for which CEL has no function"},
      {"require: \"image(pod.x).tag != ''\"",
       "left out: it calls image(), which is a function of Seaworthy's own"},
      {"require: entropy(pod.x) < 3.0",
       "left out: it calls entropy(), which is a function of Seaworthy's own"},
      {"require: \"pod.x.all(variables, variables)\"",
       "left out: it calls a macro's variable 'variables'"},
      {"require: \"pod.x.transformList(k, v, v).size() == 0\"",
       "left out: it uses transformList, which new policies may from Kubernetes 1.33 on"},
      {"require: pod.x, match: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
       "[CREATE], resources: [services]}]}",
       "left out: it asks for the Pod of objects that need not hold one"},
      {"variables: [{name: x, expression: pod.x}], require: variables.x, match: {resourceRules: "
       "[{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [services]}]}",
       "left out: it asks for the Pod of objects that need not hold one"},
      {"failurePolicy: Ignore, when: pod.x, require: pod.y",
       "left out: it has a `when` under failurePolicy Ignore: where `when` is an error Seaworthy "
       "asks `require` nevertheless, and the API server would let everything in"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(validation("    - {name: a, message: m, " + each.policy + "}\n", "", 32),
              each.validation)
        << each.policy;
  }
  const auto named = of("    - {name: a..b, require: 'true', message: m}\n");
  EXPECT_TRUE(named.documents.empty());
  EXPECT_EQ(named.left_out.front().why,
            "has a name that the API does not take: lower case, digits, - and .");
}

TEST_F(TranslateTest, BindingsDoWhatTheModeSays) {
  struct Case {
    policy::Mode mode;
    std::string severity;
    std::string action;
  };

  for (const auto& [mode, severity, action] :
       std::vector<Case>{{policy::Mode::kDeny, "high", "Deny"},
                         {policy::Mode::kDeny, "low", "Warn"},
                         {policy::Mode::kWarn, "critical", "Warn"},
                         {policy::Mode::kAudit, "critical", "Audit"}}) {
    const auto translation =
        of("    - {name: a, severity: " + severity + ", require: 'true', message: m}\n", "",
           {.mode = mode});
    ASSERT_EQ(translation.documents.size(), 2U);
    EXPECT_EQ(document::print_yaml(translation.documents[1]),
              "apiVersion: admissionregistration.k8s.io/v1\n"
              "kind: ValidatingAdmissionPolicyBinding\n"
              "metadata:\n"
              "  name: a\n"
              "  labels:\n"
              "    app.kubernetes.io/managed-by: seaworthy\n"
              "  annotations:\n"
              "    seaworthy.dev/bundle: t 1.0.0\n"
              "spec:\n"
              "  policyName: a\n"
              "  validationActions:\n"
              "  - " +
                  action + "\n");
  }
}

TEST_F(TranslateTest, KeepsWhatThePolicyMatches) {
  const auto own = of(
      "    - {name: a, failurePolicy: Ignore, require: 'true', message: m, match: {resourceRules: "
      "[{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [services], "
      "resourceNames: [x], scope: Namespaced}], objectSelector: {matchLabels: {a: b}}}}\n");
  EXPECT_EQ(
      document::print_yaml(spec(own)),
      "failurePolicy: Ignore\n"
      "matchConstraints:\n"
      "  resourceRules:\n"
      "  - apiGroups:\n    - \"\"\n    apiVersions:\n    - v1\n    operations:\n    - CREATE\n"
      "    resources:\n    - services\n    resourceNames:\n    - x\n    scope: Namespaced\n"
      "  objectSelector:\n"
      "    matchExpressions:\n    - key: a\n      operator: In\n      values:\n      - b\n"
      "validations:\n"
      "- expression: \"true\"\n  message: a\n  messageExpression: \"\\\"m\\\"\"\n  reason: "
      "Forbidden\n");
  const auto conditions = [&](const std::string& operations, const std::string& resources) {
    const auto translation =
        of("    - {name: a, require: has(object.metadata.labels), message: m, match: "
           "{resourceRules: [{apiGroups: ['', apps], apiVersions: [v1], operations: [" +
           operations + "], resources: [" + resources + "]}]}}\n");
    std::string text;
    for (const auto& each : spec(translation)["matchConditions"].items()) {
      text += fmt::format("{}: {}\n", each["name"].as_string(), each["expression"].as_string());
    }
    return text;
  };
  EXPECT_EQ(conditions("'*'", "services"), "no-connections: request.operation != 'CONNECT'\n");
  EXPECT_EQ(conditions("CREATE", "services, deployments"), "");
  EXPECT_TRUE(conditions("UPDATE", "services, deployments")
                  .starts_with("what-runs-changes: !(request.kind.group in ['', 'apps', 'batch'] "
                               "&& request.kind.kind in ['CronJob', 'DaemonSet', 'Deployment', "
                               "'Job', 'Pod', 'PodTemplate', 'ReplicaSet', "
                               "'ReplicationController', 'StatefulSet'] && "
                               "request.?subResource.orValue('') in ['', 'ephemeralcontainers', "
                               "'resize']) || request.operation != 'UPDATE' || "))
      << conditions("UPDATE", "services, deployments");
  const auto all = of("    - {name: a, require: 'true', message: m}\n");
  EXPECT_EQ(spec(all)["matchConstraints"]["resourceRules"].size(), 3U);
  EXPECT_EQ(spec(all)["matchConditions"].items()[0]["name"].as_string(), "what-runs-changes");
}

}  // namespace
}  // namespace seaworthy::translate
