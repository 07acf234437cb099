// Kyverno's policies as people publish them, through `check -o json` and `fix -o yaml`: which lines
// there are, and what they say.
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "cli/check.h"
#include "cli/fix_run.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "support/json.h"

namespace seaworthy::cli {
namespace {

constexpr std::string_view kLatest = R"yaml(apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata:
  name: disallow-latest
  annotations: {policies.kyverno.io/severity: high}
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules:
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}
  matchConditions:
    - {name: not-system, expression: "object.metadata.namespace != 'kube-system'"}
  variables:
    - name: containers
      expression: object.spec.containers + object.spec.?initContainers.orValue([])
  validations:
    - {message: an image tag is required, expression: "variables.containers.all(c, c.image.contains(':'))"}
    - expression: "variables.containers.all(c, !c.image.endsWith(':latest'))"
      messageExpression: "'latest in ' + variables.containers.map(c, c.name).join(', ')"
)yaml";

constexpr std::string_view kCluster = R"yaml(apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: require-owner
spec:
  validationFailureAction: Audit
  rules:
    - name: owner
      match: {any: [{resources: {kinds: [Pod], operations: [CREATE, UPDATE]}}]}
      exclude: {any: [{resources: {namespaces: [kube-*]}}]}
      celPreconditions:
        - {name: named, expression: "object.metadata.?labels.?skip.orValue('') != 'yes'"}
      validate:
        failureAction: Enforce
        message: an owner is required
        cel:
          expressions: [{expression: "object.metadata.labels['owner'] != ''"}]
)yaml";

constexpr std::string_view kException = R"yaml(apiVersion: policies.kyverno.io/v1
kind: PolicyException
metadata: {name: legacy, namespace: ns}
spec:
  policyRefs: [{name: disallow-latest, kind: ValidatingPolicy}]
  matchConditions: [{name: legacy, expression: "object.metadata.name == 'legacy'"}]
)yaml";

constexpr std::string_view kMutating = R"yaml(apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata: {name: no-escalation}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  mutations:
    - patchType: ApplyConfiguration
      applyConfiguration:
        expression: >-
          Object{spec: Object.spec{containers: object.spec.containers.map(c,
          Object.spec.containers{name: c.name, securityContext:
          Object.spec.containers.securityContext{allowPrivilegeEscalation: false}})}}
)yaml";

/// A ValidatingPolicy "v" of one expression.
std::string validating(std::string_view expression, std::string_view group = "",
                       std::string_view resource = "pods") {
  return "apiVersion: policies.kyverno.io/v1beta1\nkind: ValidatingPolicy\nmetadata: {name: v}\n"
         "spec:\n  matchConstraints: {resourceRules: [{apiGroups: ['" +
         std::string(group) + "'], apiVersions: [v1], operations: [CREATE], resources: [" +
         std::string(resource) + "]}]}\n  validations: [{expression: \"" + std::string(expression) +
         "\"}]\n";
}

std::string without_last_line(const std::string& text) {
  return text.substr(0, text.rfind('\n', text.size() - 2) + 1);
}

/// A PolicyException of the ValidatingPolicy, with these fields.
std::string exception(std::string_view policy, std::string_view fields) {
  return "apiVersion: policies.kyverno.io/v1beta1\nkind: PolicyException\nmetadata: {name: e}\n"
         "spec: {policyRefs: [{name: " +
         std::string(policy) + ", kind: ValidatingPolicy}], " + std::string(fields) + "}\n";
}

std::string pod(std::string_view name, std::string_view image, std::string_view metadata = "") {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + std::string(name) +
         std::string(metadata) + "}\nspec: {containers: [{name: a, image: '" + std::string(image) +
         "'}]}\n";
}

std::string workload(std::string_view kind, std::string_view api_version, std::string_view image,
                     std::string_view labels = "") {
  const std::string inner = "template: {metadata: {labels: {" + std::string(labels) +
                            "}}, spec: {containers: [{name: a, image: '" + std::string(image) +
                            "'}]}}";
  return "apiVersion: " + std::string(api_version) + "\nkind: " + std::string(kind) +
         "\nmetadata: {name: w}\nspec: {" +
         (kind == "CronJob" ? "jobTemplate: {spec: {" + inner + "}}" : inner) + "}\n";
}

/// Each line as "policy/rule result mode resource: message".
std::string lines_of(std::string_view policies, const std::string& resources) {
  testing::MemoryFileSystem files{{"p.yaml", std::string(policies)}, {"r.yaml", resources}};
  CheckOptions options;
  options.policy.policies = {"p.yaml"};
  options.policy.settings.mode = policy::Mode::kDeny;
  options.inputs = {"r.yaml"};
  options.output = "json";
  const auto run = run_command(files, [&](const World& world) { return check(options, world); });
  Arena arena;
  std::string lines = run.err;
  const auto report = testing::json(run.out, arena);
  for (const auto& row : report["results"].items()) {
    const auto text = [&](std::string_view name) { return std::string(row[name].as_string()); };
    lines += text("policy") + "/" + text("rule") + " " + text("result") + " " + text("mode") + " " +
             std::string(row["resource"]["kind"].as_string()) + " " +
             std::string(row["resource"]["name"].as_string()) + ": " + text("message") + "\n";
  }
  return lines;
}

/// A rule "NAME" of a ClusterPolicy for Pods, with these fields of validate.cel.
std::string rule(std::string_view name, std::string_view cel, std::string_view fields = "",
                 std::string_view kind = "Pod") {
  return "    - name: " + std::string(name) + "\n      match: {any: [{resources: {kinds: [" +
         std::string(kind) + "]}}]}\n" + std::string(fields) + "      validate: {cel: {" +
         std::string(cel) + "}}\n";
}

/// A ClusterPolicy or Policy "c" of these rules.
std::string cluster_policy(const std::string& rules, std::string_view spec = "",
                           std::string_view kind = "ClusterPolicy") {
  return "apiVersion: kyverno.io/v1\nkind: " + std::string(kind) +
         "\nmetadata: {name: c}\nspec:\n  validationFailureAction: Enforce\n" + std::string(spec) +
         "  rules:\n" + rules;
}

/// A PolicyException of kyverno.io for what is a Pod or a Deployment.
std::string rule_exception(std::string_view policy, std::string_view rules) {
  return "---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e}\nspec: "
         "{exceptions: [{policyName: " +
         std::string(policy) + ", ruleNames: [" + std::string(rules) +
         "]}], match: {any: [{resources: {kinds: [Pod, Deployment]}}]}}\n";
}

const std::string kFalse = "expressions: [{expression: 'false', message: refused}]";

/// validate.cel that asks a ConfigMap.
std::string of_params(std::string_view name, std::string_view action) {
  return "paramKind: {apiVersion: v1, kind: ConfigMap}, paramRef: {name: " + std::string(name) +
         ", namespace: default, parameterNotFoundAction: " + std::string(action) +
         "}, expressions: [{expression: params.data.a == 'yes', message: refused}]";
}

std::string config_map(std::string_view name, std::string_view value) {
  return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + std::string(name) +
         ", namespace: default}\ndata: {a: '" + std::string(value) + "'}\n";
}

struct Case {
  std::string name;
  std::string policies;
  std::string resources;
  std::string expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class KyvernoCheckTest : public ::testing::TestWithParam<Case> {};

TEST_P(KyvernoCheckTest, HasTheLinesThatThePolicyGives) {
  EXPECT_EQ(lines_of(GetParam().policies, GetParam().resources), GetParam().expected);
}

std::vector<Case> cases() {
  const std::string latest(kLatest);
  const std::string cluster(kCluster);
  std::string audited = latest;
  audited.replace(audited.find("[Deny]"), 6, "[Audit]");
  std::string warned = latest;
  warned.replace(warned.find("[Deny]"), 6, "[Warn]");
  std::string namespaced = latest;
  namespaced.replace(namespaced.find("kind: V"), 7, "kind: NamespacedV");
  namespaced.replace(namespaced.find("metadata:\n"), 10, "metadata:\n  namespace: other\n");
  const std::string secret =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: aHVudGVyMlNlY3JldCEh}\n";
  return {
      {"pass", latest, pod("p", "x:1"), "disallow-latest/ pass deny Pod p: \n"},
      {"first_failure_only", latest, pod("p", "x"),
       "disallow-latest/0 fail deny Pod p: an image tag is required\n"},
      {"message_expression", latest, pod("p", "x:latest"),
       "disallow-latest/1 fail deny Pod p: latest in a\n"},
      {"condition", latest, pod("p", "x", ", namespace: kube-system"),
       "disallow-latest/ skip deny Pod p: does not apply: matchCondition 'not-system' is false\n"},
      {"other_kind", latest, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", ""},
      {"deployment", latest, workload("Deployment", "apps/v1", "x:latest"),
       "disallow-latest/1 fail deny Deployment w: latest in a\n"},
      {"cron_job", latest, workload("CronJob", "batch/v1", "x"),
       "disallow-latest/0 fail deny CronJob w: an image tag is required\n"},
      {"replication_controller", latest, workload("ReplicationController", "v1", "x"), ""},
      {"audit", audited, pod("p", "x"),
       "disallow-latest/0 fail audit Pod p: an image tag is required\n"},
      {"warn", warned, pod("p", "x"),
       "disallow-latest/0 warn warn Pod p: an image tag is required\n"},
      {"error", latest, "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n",
       "disallow-latest/0 error deny Pod p: expression 'variables.containers.all(c, "
       "c.image.contains(':'))' resulted in error: composited variable \"containers\" fails to "
       "evaluate: no such key: containers\n"},
      {"namespaced_elsewhere", namespaced, pod("p", "x"), ""},
      {"namespaced_here", namespaced, pod("p", "x", ", namespace: other"),
       "disallow-latest/0 fail deny Pod p: an image tag is required\n"},
      {"exception", latest + "---\n" + std::string(kException), pod("legacy", "x"),
       "disallow-latest/ skip deny Pod legacy: excused by PolicyException ns/legacy\n"},
      {"exception_of_another", latest + "---\n" + std::string(kException), pod("p", "x"),
       "disallow-latest/0 fail deny Pod p: an image tag is required\n"},
      {"cluster_pass", cluster, pod("p", "x", ", labels: {owner: me}"),
       "require-owner/owner pass deny Pod p: \n"},
      {"cluster_error_is_failure", cluster, pod("p", "x"),
       "require-owner/owner fail deny Pod p: expression 'object.metadata.labels['owner'] != ''' "
       "resulted in error: no such key: labels\n"},
      {"cluster_fail", cluster, pod("p", "x", ", labels: {owner: ''}"),
       "require-owner/owner fail deny Pod p: an owner is required\n"},
      {"cluster_precondition", cluster, pod("p", "x", ", labels: {skip: 'yes'}"),
       "require-owner/owner skip deny Pod p: does not apply: matchCondition 'named' is false\n"},
      {"cluster_excluded", cluster, pod("p", "x", ", namespace: kube-public"), ""},
      {"cluster_job", cluster, workload("Job", "batch/v1", "x", "owner: ''"),
       "require-owner/owner fail deny Job w: an owner is required\n"},
      {"cluster_cron_job", cluster, workload("CronJob", "batch/v1", "x", "owner: me"),
       "require-owner/owner pass deny CronJob w: \n"},
      {"exception_for_images",
       validating("!('x' in exceptions.allowedImages)") + "---\n" +
           exception("v", "images: [x], allowedValues: [z]"),
       pod("p", "x"), "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"},
      {"exception_reported_as_pass",
       validating("false") + "---\n" + exception("v", "reportResult: pass"), pod("p", "x"),
       "v/ pass deny Pod p: \n"},
      {"exception_that_expired",
       validating("false") + "---\n" + exception("v", "expiresAt: '2025-12-31T00:00:00Z'"),
       pod("p", "x"), "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"},
      {"exception_of_a_rule",
       cluster +
           "---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e}\nspec:\n"
           "  exceptions: [{policyName: require-owner, ruleNames: [own*]}]\n"
           "  match: {any: [{resources: {kinds: [Pod], names: [leg*]}}]}\n",
       pod("legacy", "x") + "---\n" + pod("p", "x", ", labels: {owner: ''}"),
       "require-owner/owner skip deny Pod legacy: excused by PolicyException e\n"
       "require-owner/owner fail deny Pod p: an owner is required\n"},
      {"namespace_is_filled_in", validating("object.metadata.namespace == 'default'"),
       pod("p", "x"), "v/ pass deny Pod p: \n"},
      {"rules_are_null", validating("object.rules == null", "rbac.authorization.k8s.io", "roles"),
       "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n",
       "v/ pass deny Role r: \n"},
      {"template_metadata_is_there", validating("object.metadata.?labels.?a.orValue('') == 'b'"),
       "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: "
       "{containers: []}}}\n",
       "v/0 fail deny Deployment d: CEL expression validation failed at index 0\n"},
      {"json_leaves_the_match_out",
       validating("object.kind == 'ConfigMap'") + "  evaluation: {mode: JSON}\n",
       pod("p", "x") + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
       "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"
       "v/ pass deny ConfigMap c: \n"},
      {"binding", validating("cel.bind(c, object.spec.containers[0], c.name + c.image == 'ax')"),
       pod("p", "x"), "v/ pass deny Pod p: \n"},
      {"decoded_secret",
       without_last_line(validating("", "", "secrets")) +
           "  variables: [{name: x, expression: string(base64.decode(object.data.a))}]\n"
           "  validations: [{expression: 'false', messageExpression: \"'a: ' + variables.x + ' b: "
           "' "
           "+ variables.x.upperAscii() + ' c: ' + object.data.a + ' of ' + object.kind\"}]\n",
       secret, "v/0 fail deny Secret s: a: *** b: *** c: *** of Secret\n"},
      {"decoded_secret_as_image",
       validating("image(string(base64.decode(object.data.a))).tag() == ''", "", "secrets"), secret,
       "v/0 error deny Secret s: expression 'image(string(base64.decode(object.data.a))).tag() == "
       "''' resulted in error: could not parse reference\n"},
      {"mutation", std::string(kMutating), pod("p", "x"), "no-escalation/ pass deny Pod p: \n"},
  };
}

INSTANTIATE_TEST_SUITE_P(Cases, KyvernoCheckTest, ::testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

/// What Kyverno's own ways with errors, params, exceptions and namespaces come to.
std::vector<Case> corners() {
  const std::string ignore = "  failurePolicy: Ignore\n";
  const std::string absent = "expressions: [{expression: object.spec.nope == 1}]";
  const std::string refused = cluster_policy(rule("r", kFalse));
  const std::string fails = "c/r fail deny Pod p: refused\n";
  const std::string excused = "excused by PolicyException e\n";
  const std::string deployment = workload("Deployment", "apps/v1", "x");
  std::string ignoring = validating("false");
  ignoring.replace(ignoring.find("spec:\n"), 6, "spec:\n  failurePolicy: Ignore\n");
  const std::string broken =
      exception("v", "matchConditions: [{name: c, expression: object.metadata.labels.a == 'b'}]");
  std::string namespaced = validating("false");
  namespaced.replace(namespaced.find("kind: V"), 7, "kind: NamespacedV");
  std::string of_namespaced = exception("v", "images: []");
  of_namespaced.replace(of_namespaced.find("kind: V"), 7, "kind: NamespacedV");
  const auto stranger = [](const std::string& line, std::size_t column, std::string_view field,
                           std::string_view name, std::string_view text) {
    return "p.yaml:" + line + ":" + std::to_string(column) + ": warning: " + std::string(field) +
           ": no policy '" + std::string(name) + "' of that kind is loaded\n | " +
           std::string(text) + "\n | " + std::string(column - 1, '.') + "^\n";
  };
  const auto of_rule = [&](std::string_view name) {
    return stranger("14", 34, "spec.exceptions[0].policyName", name,
                    "spec: {exceptions: [{policyName: " + std::string(name) +
                        ", ruleNames: [r]}], match: {any: [{resources: {kinds: [Pod, "
                        "Deployment]}}]}}");
  };
  const auto of_policy = [&](std::string_view kind) {
    return stranger("11", 28, "spec.policyRefs[0].name", "v",
                    "spec: {policyRefs: [{name: v, kind: " + std::string(kind) + "}], images: []}");
  };
  return {
      {"error_under_ignore", cluster_policy(rule("r", absent), ignore), pod("p", "x"),
       "c/r fail deny Pod p: expression 'object.spec.nope == 1' resulted in error: no such key: "
       "nope\n"},
      {"precondition_error_under_ignore",
       cluster_policy(rule("r", kFalse,
                           "      celPreconditions: [{name: a, expression: object.spec.nope == "
                           "1}]\n"),
                      ignore),
       pod("p", "x"),
       "c/r fail deny Pod p: expression 'object.spec.nope == 1' resulted in error: no such key: "
       "nope\n"},
      {"broken_exception_under_ignore", ignoring + "---\n" + broken, pod("p", "x"),
       "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"},
      {"broken_exception", validating("false") + "---\n" + broken, pod("p", "x"),
       "v/ error deny Pod p: PolicyException e: expression 'object.metadata.labels.a == 'b'' "
       "resulted in error: no such key: labels\n"},
      {"exception_that_is_no_bool",
       validating("false") + "---\n" +
           exception("v", "matchConditions: [{name: c, expression: object.metadata.name}]"),
       pod("p", "x"),
       "v/ error deny Pod p: PolicyException e: matchCondition 'c' must come to a bool, not to "
       "string\n"},
      {"params_of_one_rule",
       cluster_policy(rule("r", kFalse) + rule("s", of_params("absent", "Allow"))), pod("p", "x"),
       fails},
      {"params_of_each_rule",
       cluster_policy(rule("r", of_params("strict", "Deny")) + rule("s", of_params("lax", "Deny"))),
       pod("p", "x") + config_map("strict", "no") + config_map("lax", "yes"),
       fails + "c/s pass deny Pod p: \n"},
      {"params_that_are_absent", cluster_policy(rule("r", of_params("absent", "Deny"))),
       pod("p", "x"),
       "c/r error deny Pod p: failed to configure binding: no params found for policy binding with "
       "`Deny` parameterNotFoundAction\n"},
      {"rule_exception", refused + rule_exception("c", "r"), pod("p", "x"),
       "c/r skip deny Pod p: " + excused},
      {"rule_exception_in_a_namespace",
       cluster_policy(rule("r", kFalse), "", "Policy") + rule_exception("default/c", "r"),
       pod("p", "x"), "c/r skip deny Pod p: " + excused},
      {"rule_exception_of_another_namespace", refused + rule_exception("team/c", "r"),
       pod("p", "x"), of_rule("team/c") + fails},
      {"rule_exception_without_namespace",
       cluster_policy(rule("r", kFalse), "", "Policy") + rule_exception("c", "r"), pod("p", "x"),
       of_rule("c") + fails},
      {"rule_exception_of_a_made_rule", refused + rule_exception("c", "autogen-r"), deployment,
       "c/r skip deny Deployment w: " + excused},
      {"rule_exception_of_the_rule_alone", refused + rule_exception("c", "r"), deployment,
       "c/r fail deny Deployment w: refused\n"},
      {"rule_exception_by_glob", refused + rule_exception("c", "'*r'"), deployment,
       "c/r skip deny Deployment w: " + excused},
      {"exception_of_a_namespaced_kind", validating("false") + "---\n" + of_namespaced,
       pod("p", "x"),
       of_policy("NamespacedValidatingPolicy") +
           "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"},
      {"exception_of_a_cluster_kind", namespaced + "---\n" + exception("v", "images: []"),
       pod("p", "x"),
       of_policy("ValidatingPolicy") +
           "v/0 fail deny Pod p: CEL expression validation failed at index 0\n"},
      {"kind_with_version", cluster_policy(rule("r", kFalse, "", "v1/Pod")), deployment, ""},
  };
}

INSTANTIATE_TEST_SUITE_P(Corners, KyvernoCheckTest, ::testing::ValuesIn(corners()),
                         [](const auto& each) { return each.param.name; });

TEST(KyvernoFixTest, WritesWhereThePodIs) {
  for (const auto& [resource, written] : std::vector<std::pair<std::string, std::string>>{
           {pod("p", "x"), "spec"}, {workload("Deployment", "apps/v1", "x"), "template"}}) {
    testing::MemoryFileSystem files{{"p.yaml", std::string(kMutating)}, {"r.yaml", resource}};
    FixOptions options;
    options.policy.policies = {"p.yaml"};
    options.inputs = {"r.yaml"};
    options.output = "yaml";
    const auto run = run_fix(files, options);
    Arena arena;
    const auto root = testing::yaml(run.out, arena);
    const auto& spec = written == "spec" ? root["spec"] : root["spec"]["template"]["spec"];
    EXPECT_EQ(document::print_json(spec["containers"]),
              R"([{"name":"a","image":"x","securityContext":{"allowPrivilegeEscalation":false}}])")
        << run.out << run.err;
  }
}

constexpr std::string_view kOnPods =
    "  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
    "[CREATE], resources: [pods]}]}\n  mutations:\n";

std::string mutating(std::string_view name, std::string_view spec,
                     const std::vector<std::string_view>& expressions) {
  std::string text =
      "---\napiVersion: policies.kyverno.io/v1\nkind: MutatingPolicy\nmetadata: {name: " +
      std::string(name) + "}\nspec:\n" + std::string(spec) + std::string(kOnPods);
  for (const auto expression : expressions) {
    const bool json = expression.starts_with('[');
    text += std::string("    - patchType: ") + (json ? "JSONPatch" : "ApplyConfiguration") +
            "\n      " + (json ? "jsonPatch" : "applyConfiguration") + ": {expression: \"" +
            std::string(expression) + "\"}\n";
  }
  return text;
}

/// The labels that `fix` leaves a Pod with.
std::string labels_of(const std::string& policies) {
  testing::MemoryFileSystem files{{"p.yaml", policies}, {"r.yaml", pod("p", "x")}};
  FixOptions options;
  options.policy.policies = {"p.yaml"};
  options.inputs = {"r.yaml"};
  options.output = "yaml";
  const auto run = run_fix(files, options);
  Arena arena;
  return document::print_json(testing::yaml(run.out, arena)["metadata"]["labels"]);
}

TEST(KyvernoFixTest, LeavesWhatAPolicyCouldNotFinishTheSecondTimeEither) {
  const std::string other =
      mutating("other", "",
               {"Object{metadata: Object.metadata{labels: Object.metadata.labels{other: 'x'}}}"});
  for (const std::string_view reinvocation : {"IfNeeded", "Never"}) {
    const auto half = mutating(
        "half",
        "  failurePolicy: Ignore\n  reinvocationPolicy: " + std::string(reinvocation) + "\n",
        {"Object{metadata: Object.metadata{labels: Object.metadata.labels{half: 'done'}}}",
         "[JSONPatch{op: 'add', path: '/spec/nodeName', value: object.spec.nope}]"});
    EXPECT_EQ(labels_of(half + other), R"({"other":"x"})") << reinvocation;
  }
}

TEST(KyvernoFixTest, VariablesAndTheRequestStayAsTheyWereWhileAPolicyMutates) {
  EXPECT_EQ(labels_of(mutating(
                "p", "  variables: [{name: had, expression: has(object.metadata.labels)}]\n",
                {"Object{metadata: Object.metadata{labels: Object.metadata.labels{first: "
                 "string(variables.had)}}}",
                 "Object{metadata: Object.metadata{labels: Object.metadata.labels{second: "
                 "string(variables.had), now: string(has(object.metadata.labels)), req: "
                 "string(has(request.object.metadata.labels))}}}"})),
            R"({"first":"false","second":"false","now":"true","req":"false"})");
}

TEST(KyvernoFixTest, LeavesWhatAPolicyCouldNotFinish) {
  const std::string policy =
      "apiVersion: policies.kyverno.io/v1\nkind: MutatingPolicy\nmetadata: {name: half}\nspec:\n"
      "  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
      "[CREATE], resources: [configmaps]}]}\n"
      "  mutations:\n"
      "    - patchType: JSONPatch\n"
      "      jsonPatch: {expression: \"[JSONPatch{op: 'add', path: '/data', value: {'a': "
      "'b'}}]\"}\n"
      "    - patchType: JSONPatch\n"
      "      jsonPatch: {expression: \"[JSONPatch{op: 'remove', path: '/nothing'}]\"}\n";
  const std::string object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
  testing::MemoryFileSystem files{{"p.yaml", policy}, {"r.yaml", object}};
  FixOptions options;
  options.policy.policies = {"p.yaml"};
  options.inputs = {"r.yaml"};
  options.output = "yaml";
  EXPECT_EQ(run_fix(files, options).out, object);
  EXPECT_EQ(lines_of(policy, object).substr(0, 29), "half/ error deny ConfigMap c:");
}

}  // namespace
}  // namespace seaworthy::cli
