// `seaworthy check` over in-tree policies: every kind of object, params and namespaces among the
// inputs, the JSON of validations, exit codes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/check.h"
#include "cli/command_run.h"
#include "seaworthy/document/json.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicy = R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: owned, annotations: {policies.kyverno.io/severity: high}}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*']}]
    excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [namespaces]}]
  matchConditions: [{name: not-exempt, expression: "object.metadata.?labels.?exempt.orValue('') == ''"}]
  validations:
    - {expression: "has(object.metadata.labels) && 'owner' in object.metadata.labels", message: nobody owns this}
    - {expression: "request.resource.resource == 'gateways' || size(object.metadata.name) > 1"}
)yaml";

Run check_files(testing::MemoryFileSystem files, const std::string& output = "text",
                policy::Mode mode = policy::Mode::kDeny) {
  CheckOptions options;
  options.policy.policies = {"p.yaml"};
  options.policy.settings.mode = mode;
  options.inputs = {"in.yaml"};
  options.output = output;
  return run_command(files, [&](const World& world) { return check(options, world); });
}

TEST(InTreeCheckTest, TellsOfEveryKindOfObject) {
  const auto run = check_files({{"p.yaml", kPolicy},
                                {"in.yaml",
                                 "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                                 "metadata: {name: g, labels: {owner: a}}\n"
                                 "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
                                 "---\napiVersion: v1\nkind: Node\nmetadata: {name: node}\n"
                                 "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n1}\n"
                                 "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: "
                                 "{exempt: 'yes'}}\n"}});
  EXPECT_EQ(run.out,
            "in.yaml:7:1: denied: owned/0 (high) ConfigMap default/c\n"
            "    nobody owns this\n"
            "in.yaml:7:12: denied: owned/1 (high) ConfigMap default/c\n"
            "    failed expression: request.resource.resource == 'gateways' || "
            "size(object.metadata.name) > 1\n"
            "in.yaml:11:1: denied: owned/0 (high) Node node\n"
            "    nobody owns this\n"
            "4 resources: 3 pass, 3 fail, 0 warn, 1 skip, 0 error\n");
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.code, ExitCode::kDenied);
}

TEST(InTreeCheckTest, PrintsARowForEachValidation) {
  const auto run = check_files(
      {{"p.yaml", kPolicy},
       {"in.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: secret, namespace: a}\n"}},
      "json");
  Arena arena;
  const auto document = testing::json(run.out, arena);
  EXPECT_EQ(document::print_json(document["results"]),
            R"([{"policy":"owned","rule":"0","severity":"high","result":"fail","mode":"deny",)"
            R"("resource":{"apiVersion":"v1","kind":"Secret","namespace":"a","name":"secret"},)"
            R"("path":"","message":"nobody owns this","file":"in.yaml","line":1},)"
            R"({"policy":"owned","rule":"1","severity":"high","result":"pass","mode":"deny",)"
            R"("resource":{"apiVersion":"v1","kind":"Secret","namespace":"a","name":"secret"},)"
            R"("path":"","message":"","file":"in.yaml","line":1}])");
}

TEST(InTreeCheckTest, AuditsUnderAudit) {
  const auto run = check_files(
      {{"p.yaml", kPolicy}, {"in.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"}},
      "text", policy::Mode::kAudit);
  EXPECT_EQ(run.out,
            "in.yaml:3:1: audit: owned/0 (high) Node node\n    nobody owns this\n"
            "1 resource: 1 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
}

TEST(InTreeCheckTest, FindsParamsAndNamespacesAmongTheInputs) {
  const std::string policy = R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  paramKind: {apiVersion: rules.example.com/v1, kind: Limit}
  matchConstraints:
    namespaceSelector: {matchLabels: {team: a}}
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations:
    - expression: object.spec.replicas <= params.most
      messageExpression: "'at most ' + string(params.most)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: replicas}
spec:
  policyName: replicas
  validationActions: [Deny]
  paramRef: {name: limit, parameterNotFoundAction: Deny}
)yaml";
  const std::string inputs = R"yaml(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 5, template: {spec: {containers: [{name: a}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: other}
spec: {replicas: 5, template: {spec: {containers: [{name: a}]}}}
---
{apiVersion: rules.example.com/v1, kind: Limit, metadata: {name: limit}, most: 3}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: limits.rules.example.com}, spec: {group: rules.example.com, scope: Cluster, names: {kind: Limit}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: other, labels: {team: b}}}
)yaml";
  const auto run = check_files({{"p.yaml", policy}, {"in.yaml", inputs}});
  EXPECT_EQ(run.out,
            "in.yaml:4:8: denied: replicas/0 (medium) Deployment shop/web\n    at most 3\n"
            "1 resource: 0 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
  EXPECT_EQ(run.err, "");
}

TEST(InTreeCheckTest, BrokenExpressionsAreToldAndJudge) {
  const auto run = check_files(
      {{"p.yaml",
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: "
        "{name: p}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: "
        "[v1], operations: ['*'], resources: [nodes]}]}\n  validations: [{expression: "
        "object.x}]\n"},
       {"in.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"}});
  EXPECT_EQ(run.out,
            "in.yaml:1:1: error: p/0 (medium) Node node\n"
            "    compilation error: must evaluate to bool but got dyn\n"
            "1 resource: 0 pass, 0 fail, 0 warn, 0 skip, 1 error\n");
  EXPECT_EQ(run.err,
            "p.yaml:6:30: error: spec.validations[0].expression: must evaluate to bool but got "
            "dyn; compare it (`… == true`) or write bool(…)\n"
            " |   validations: [{expression: object.x}]\n"
            " | .............................^\n");
  EXPECT_EQ(run.code, ExitCode::kUsage);
}

TEST(InTreeCheckTest, FindsTheFieldBehindAChainOfVariables) {
  std::string policy =
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: "
      "{name: p}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: "
      "[v1], operations: ['*'], resources: [nodes]}]}\n  variables:\n"
      "  - {name: v0, expression: object.spec.unschedulable}\n";
  // Each reads the one before it twice: 2^60 readings in all.
  for (int i = 1; i <= 60; ++i) {
    policy +=
        fmt::format("  - {{name: v{0}, expression: variables.v{1} || variables.v{1}}}\n", i, i - 1);
  }
  policy += "  validations: [{expression: \"variables.v60 == true\"}]\n";
  const auto run = check_files({{"p.yaml", policy},
                                {"in.yaml",
                                 "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"
                                 "spec: {unschedulable: false}\n"}});
  EXPECT_EQ(run.out,
            "in.yaml:4:8: denied: p/0 (medium) Node node\n"
            "    failed expression: variables.v60 == true\n"
            "1 resource: 0 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
}

TEST(InTreeCheckTest, MutationsShowAsMended) {
  const auto run = check_files(
      {{"p.yaml",
        std::string(kPolicy) +
            "---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\n"
            "metadata: {name: adopt}\nspec:\n  reinvocationPolicy: Never\n  matchConstraints: "
            "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], "
            "resources: [nodes]}]}\n  mutations: [{patchType: ApplyConfiguration, "
            "applyConfiguration: {expression: \"Object{metadata: Object.metadata{labels: {'owner': "
            "'us'}}}\"}}]\n"},
       {"in.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"}});
  EXPECT_EQ(run.out,
            "1 resource: 3 pass, 0 fail, 0 warn, 0 skip, 0 error; 1 of the passes mended\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
}

}  // namespace
}  // namespace seaworthy::cli
