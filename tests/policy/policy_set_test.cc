// What authors write, and what they are told of it: whole diagnostics, as they are printed.
#include "seaworthy/policy/policy_set.h"

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

/// A bundle with these policies (indented as a block under `policies:`).
std::string bundle(const std::string& policies, const std::string& params = "") {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: test, version: "
         "1.0.0}\nspec:\n" +
         params + "  policies:\n" + policies;
}

std::string diagnostics_of(const PolicySet& set) {
  std::vector<std::string> texts;
  for (const auto& diagnostic : set.diagnostics()) {
    texts.push_back(render(diagnostic));
  }
  return join(texts, "\n");
}

std::shared_ptr<const PolicySet> load(const std::string& text, const LoadOptions& options = {}) {
  return load_policies({{"p.yaml", text}}, options);
}

TEST(LoadPoliciesTest, ReadsACompletePolicy) {
  const auto set =
      load(bundle(R"yaml(    - name: no-root
      title: Not root
      description: Long.
      severity: high
      category: identity
      since: 1.0.0
      references: [Guide 1]
      each: container
      failurePolicy: Ignore
      variables: [{name: user, expression: "container.?securityContext.?runAsUser.orValue(0)"}]
      when: containerKind != 'ephemeral'
      require: variables.user > 0 && variables.user < params.most
      message: "container ${container.name} runs as ${variables.user}"
      remedy:
        safety: needs-fact
        fact: variables.user == 7
        container: {
securityContext: {
runAsUser:
  "${params.most - 1}"
}
}

        overwrite: [container.securityContext.runAsUser]
      tests:
        - {name: root, pod: {containers: [{name: a}]}, expect: mend, params: {most: 5}}
)yaml",
                  "  params:\n    most: {type: int, default: 1000, description: d}\n"));
  ASSERT_EQ(diagnostics_of(*set), "");
  ASSERT_EQ(set->policies().size(), 1U);
  const Policy& policy = *set->policies().front();
  EXPECT_EQ(policy.name, "no-root");
  EXPECT_EQ(policy.severity, Severity::kHigh);
  EXPECT_EQ(policy.each, Each::kContainer);
  EXPECT_EQ(policy.failure_policy, FailurePolicy::kIgnore);
  EXPECT_EQ(policy.bundle_version, "1.0.0");
  EXPECT_EQ(policy.variables.size(), 1U);
  EXPECT_EQ(policy.position.line, 8U);
  ASSERT_TRUE(policy.remedy);
  EXPECT_EQ(policy.remedy->safety, Safety::kNeedsFact);
  EXPECT_EQ(policy.remedy->container.leaves.size(), 1U);
  ASSERT_EQ(policy.tests.size(), 1U);
  EXPECT_EQ(policy.tests.front().parameters.at("most").as_int(), 5);
  EXPECT_EQ(set->find("no-root"), &policy);
  EXPECT_EQ(set->find("other"), nullptr);
}

struct Case {
  std::string policies;
  std::string expected;
};

TEST(LoadPoliciesTest, SaysWhereAndWhatToWrite) {
  const Case cases[] = {
      {"    - {name: a, sevrity: low, require: 'true', message: m}\n",
       "p.yaml:6:17: error: unknown field 'spec.policies[0].sevrity'; did you mean "
       "'severity'?\n"
       " |     - {name: a, sevrity: low, require: 'true', message: m}\n | "
       "................^"},
      {"    - {name: a, severity: worst, require: 'true', message: m}\n",
       "p.yaml:6:27: error: spec.policies[0].severity must be one of low, medium, high, "
       "critical, not 'worst'\n"
       " |     - {name: a, severity: worst, require: 'true', message: m}\n | "
       "..........................^"},
      {"    - {name: a, message: m}\n",
       "p.yaml:6:7: error: spec.policies[0].require is missing\n |     - {name: a, "
       "message: m}\n | ......^"},
      {"    - {name: a, require: true, message: m}\n",
       "p.yaml:6:26: error: spec.policies[0].require must be a string that holds an "
       "expression, not bool; write it in quotes\n"
       " |     - {name: a, require: true, message: m}\n | .........................^"},
      {"    - name: a\n      require: pod.x == containr.y\n      message: m\n",
       "p.yaml:7:25: error: spec.policies[0].require: undeclared reference to 'containr' "
       "(in container '')\n"
       " |       require: pod.x == containr.y\n | ........................^"},
      {"    - name: a\n      require: pod.name.startWith('a')\n      message: m\n",
       "p.yaml:7:34: error: spec.policies[0].require: undeclared reference to 'startWith' (in "
       "container ''); did you mean 'startsWith'?\n"
       " |       require: pod.name.startWith('a')\n | .................................^"},
      {"    - name: a\n      require: |\n        pod.x == 1 &&\n          1 + 'a' == 2\n   "
       "   message: m\n",
       "p.yaml:9:13: error: spec.policies[0].require: found no matching overload for '_+_' "
       "applied to '(int, string)'\n"
       " |           1 + 'a' == 2\n | ............^"},
      {"    - {name: a, require: '1 + 1', message: m}\n",
       "p.yaml:6:27: error: spec.policies[0].require: must evaluate to bool but got int\n"
       " |     - {name: a, require: '1 + 1', message: m}\n | ..........................^"},
      {"    - name: a\n      require: 'true'\n      message: \"x ${pod.\"\n",
       "p.yaml:8:19: error: spec.policies[0].message: '${' is not closed by '}'; write "
       "'$${' for the characters themselves\n"
       " |       message: \"x ${pod.\"\n | ..................^"},
      {"    - name: a\n      require: 'true'\n      message: m\n      variables: [{name: "
       "b, expression: variables.c}]\n",
       "p.yaml:9:50: error: spec.policies[0].variables[0].expression: undefined field 'c'\n"
       " |       variables: [{name: b, expression: variables.c}]\n | "
       ".................................................^"},
      {"    - {name: A_b, require: 'true', message: m}\n",
       "p.yaml:6:14: error: spec.policies[0].name must be lower-case letters, digits, '-' "
       "and '.', at most 63 characters, not 'A_b'\n"
       " |     - {name: A_b, require: 'true', message: m}\n | .............^"},
      {"    - {name: a, require: 'true', message: m, remedy: {safety: safe, container: {x: "
       "1}}}\n",
       "p.yaml:6:54: error: spec.policies[0].remedy.container needs 'each: container': "
       "there is no failing container to merge it into\n"
       " |     - {name: a, require: 'true', message: m, remedy: {safety: safe, container: "
       "{x: 1}}}\n"
       " | .....................................................^"},
      {"    - {name: a, require: 'true', message: m, remedy: {safety: safe}}\n",
       "p.yaml:6:54: error: spec.policies[0].remedy changes nothing; give it container, "
       "pod, podMetadata or remove, or leave it out\n"
       " |     - {name: a, require: 'true', message: m, remedy: {safety: safe}}\n"
       " | .....................................................^"},
  };
  for (const auto& each : cases) {
    const auto set = load(bundle(each.policies));
    EXPECT_EQ(diagnostics_of(*set), each.expected) << each.policies;
    EXPECT_TRUE(set->policies().empty());
    EXPECT_EQ(set->set_aside().size(), 1U);
  }
}

TEST(LoadPoliciesTest, WarnsOfWhatIsNeverAsked) {
  const auto set = load(
      bundle("    - {name: a, require: 'true', message: m, match: {resourceRules: [{apiGroups: "
             "[''], apiVersions: [v1], operations: [CREATE, CONNECT], resources: ['*']}]}}\n"));
  EXPECT_EQ(diagnostics_of(*set),
            "p.yaml:6:128: warning: spec.policies[0].match.resourceRules[0].operations holds "
            "CONNECT, about which policies of a PolicyBundle are not asked; write a "
            "ValidatingAdmissionPolicy\n"
            " |     - {name: a, require: 'true', message: m, match: {resourceRules: [{apiGroups: "
            "[''], apiVersions: [v1], operations: [CREATE, CONNECT], resources: ['*']}]}}\n"
            " | ............................................................................."
            "..................................................^");
  EXPECT_EQ(set->policies().size(), 1U);
}

TEST(LoadPoliciesTest, SetsAsideOnlyWhatIsBroken) {
  const auto set =
      load(bundle("    - {name: a, require: '1', message: m}\n    - {name: b, require: "
                  "'true', message: m}\n"));
  ASSERT_EQ(set->policies().size(), 1U);
  EXPECT_EQ(set->policies().front()->name, "b");
  EXPECT_EQ(set->set_aside(), std::vector<std::string>{"a"});
}

TEST(LoadPoliciesTest, SetsAsideBothOfOneName) {
  const auto set =
      load_policies({{"a.yaml", bundle("    - {name: x, require: 'true', message: m}\n")},
                     {"b.yaml", bundle("    - {name: x, require: 'false', message: m}\n")}});
  EXPECT_TRUE(set->policies().empty());
  EXPECT_EQ(set->set_aside(), std::vector<std::string>{"x"});
  EXPECT_EQ(diagnostics_of(*set),
            "a.yaml:6:7: error: policy 'x' is declared 2 times; all are set aside\n"
            "b.yaml:6:7: error: policy 'x' is declared already in a.yaml:6; all are set aside");
}

TEST(LoadPoliciesTest, ReportsDocumentsThatAreNoBundle) {
  EXPECT_EQ(
      diagnostics_of(*load("apiVersion: v1\nkind: Pod\n")),
      "p.yaml:1:1: error: Pod of v1 is no policy document; PolicyBundle, Enforcement "
      "and PolicyException of apiVersion: seaworthy.dev/v1 are, and ValidatingAdmissionPolicy "
      "and MutatingAdmissionPolicy, their bindings, and objects of their paramKind\n"
      " | apiVersion: v1\n | ^");
  EXPECT_TRUE(has_errors(load("[1, 2]\n")->diagnostics()));
  EXPECT_TRUE(has_errors(load("a: [\n")->diagnostics()));
}

TEST(LoadPoliciesTest, EndsAliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const auto before = std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int i = 0; i < 10; ++i) {
      bomb += (i == 0 ? "*a" : ", *a") + before;
    }
    bomb += "]\n";
  }
  const auto set = load(bomb);
  ASSERT_EQ(set->diagnostics().size(), 1U);
  EXPECT_NE(set->diagnostics().front().message.find("alias"), std::string::npos)
      << diagnostics_of(*set);
}

TEST(LoadPoliciesTest, KnowsWhichMessagesCannotHoldASecret) {
  struct Message {
    std::string text;
    bool discreet;
  };

  const std::vector<Message> cases{
      {"nothing", true},
      {"container ${container.name} of ${pod.serviceAccountName}: ${image.reference}", true},
      {"${container.?resources.?limits.?memory.orValue('none')} ${request.operation}", true},
      {"${podMetadata.name} ${containerKind} ${variables.plain}", true},
      {"${has(container.livenessProbe) && size(container.livenessProbe) > 0 ? 'a' : 'b'}", true},
      {"${container.env.exists(entry, entry.value == 'x') ? variables.plain : 'none'}", true},
      {"${variables.secret == 'x'}", true},
      {"${has(container.env) ? container.env[0].value : 'none'}", false},
      {"${container.?args[?0].or(container.?image).orValue('none')}", false},
      {"${'the ' + container.args[0]}", false},
      {"${variables.secret}", false},
      {"${[variables.secret].map(text, text + '!')[0]}", false},
      {"${string(variables.secret)}", false},
      {"${variables.indirect}", false},
      {"${container.env[0].name}", false},
      {"${container.args[0]}", false},
      {"${container['command'][0]}", false},
      {"${container.?livenessProbe.hasValue()}", false},
      {"${container.size()}", true},
      {"${container.map(key, string(container[key])).size()}", true},
      {"${container.map(key, string(container[key]))[0]}", false},
      {"${pod.containers[0].name}", false},
      {"${podMetadata.annotations.size()}", true},
      {"${podMetadata.annotations.a}", false},
      {"${object.kind}", false},
      {"${namespaceObject.metadata.name}", false},
  };
  for (const auto& [text, discreet] : cases) {
    const auto set = load(
        bundle("    - name: a\n      each: container\n      require: 'false'\n      variables:\n"
               "        - {name: plain, expression: container.image}\n"
               "        - {name: secret, expression: 'string(container.env[0].value)'}\n"
               "        - {name: indirect, expression: variables.secret + variables.plain}\n"
               "      message: \"" +
               text + "\"\n"));
    ASSERT_EQ(diagnostics_of(*set), "") << text;
    EXPECT_EQ(set->policies().front()->message_is_discreet, discreet) << text;
  }
}

TEST(LoadPoliciesTest, ParametersHaveTypesAndAreSetByFlags) {
  const std::string params =
      "  params:\n    most: {type: quantity, default: 4Gi}\n    names: {type: list, "
      "default: [a]}\n    enabled: {type: bool, default: true}\n";
  const std::string policies =
      "    - {name: a, require: \"params.most.isGreaterThan(quantity('1')) && 'b' in "
      "params.names && params.enabled\", message: m}\n";
  const auto set =
      load(bundle(policies, params), {{{"most", "8Gi"}, {"names", "b, c"}, {"enabled", "false"}}});
  ASSERT_EQ(diagnostics_of(*set), "");
  const auto& parameters = set->policies().front()->parameters;
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0].value.as_string(), "8Gi");
  EXPECT_EQ(parameters[1].value.size(), 2U);
  EXPECT_FALSE(parameters[2].value.as_bool());

  EXPECT_EQ(diagnostics_of(*load(bundle(policies, params), {{{"most", "much"}}})),
            "<flags>: error: --param most: 'much' is no quantity");
  EXPECT_EQ(diagnostics_of(*load(bundle(policies, params), {{{"mots", "1"}}})),
            "<flags>: error: --param mots: no bundle declares it; did you mean 'most'?");
  EXPECT_EQ(diagnostics_of(*load(bundle(policies, params), {{{"enabled", "perhaps"}}})),
            "<flags>: error: --param enabled: 'perhaps' is no bool");
  const auto bad = load(bundle("    []\n",
                               "  params:\n    x: {type: quantity, default: lots}\n    q: "
                               "{type: size, default: 1}\n"));
  EXPECT_EQ(diagnostics_of(*bad),
            "p.yaml:6:34: error: spec.params.x: 'lots' is no quantity\n"
            " |     x: {type: quantity, default: lots}\n | .................................^\n"
            "p.yaml:7:30: error: spec.params.q: type must be one of string, int, double, bool, "
            "quantity, duration, list, version, not 'size'\n"
            " |     q: {type: size, default: 1}\n | .............................^");
}

TEST(LoadPoliciesTest, ImageMakesAReferenceOfAnyText) {
  const auto set =
      load(bundle("    - {name: a, require: \"image('nginx:1').registry == "
                  "'docker.io'\", message: m}\n"));
  ASSERT_EQ(diagnostics_of(*set), "");
  Arena arena;
  cel::Evaluation evaluation(arena, {});
  EXPECT_TRUE(set->policies().front()->require->evaluate(evaluation).as_bool());
}

TEST(LoadPoliciesTest, AVersionIsItsMinorNumberUpToTheNewestKnown) {
  struct Row {
    std::string version;
    std::int64_t minor;
    std::string diagnostics;
  };

  const std::vector<Row> cases{
      {"v1.0", 0, ""},
      {"v1.29", 29, ""},
      {"v1.36", 36, ""},
      {"latest", 36, ""},
      {"v1.37", 36,
       "<flags>: warning: --param version: v1.37 is later than v1.36, the newest that this bundle "
       "knows, which holds instead"},
      {"1.29", -1, "<flags>: error: --param version: '1.29' is no version; write v1.36 or latest"},
      {"v1.029", -1,
       "<flags>: error: --param version: 'v1.029' is no version; write v1.36 or latest"},
      {"v1.-1", -1,
       "<flags>: error: --param version: 'v1.-1' is no version; write v1.36 or latest"},
      {"v1.29.1", -1,
       "<flags>: error: --param version: 'v1.29.1' is no version; write v1.36 or latest"},
      {"v1.", -1, "<flags>: error: --param version: 'v1.' is no version; write v1.36 or latest"},
      {"v2.0", -1, "<flags>: error: --param version: 'v2.0' is no version; write v1.36 or latest"},
      {"v1.99999999999999999999", -1,
       "<flags>: error: --param version: 'v1.99999999999999999999' is no version; write v1.36 or "
       "latest"},
      {"", -1, "<flags>: error: --param version: '' is no version; write v1.36 or latest"},
  };
  const std::string params =
      "  params:\n    version: {type: version, newest: v1.36, default: latest}\n";
  for (const auto& each : cases) {
    const auto set =
        load(bundle("    - {name: a, require: params.version >= 25, message: m}\n", params),
             {{{"version", each.version}}});
    EXPECT_EQ(diagnostics_of(*set), each.diagnostics) << each.version;
    ASSERT_EQ(set->policies().size(), 1U);
    const auto& parameter = set->policies().front()->parameters.front();
    EXPECT_EQ(parameter.type, cel::Type::integer());
    if (each.minor >= 0) {
      Arena arena;
      cel::Evaluation evaluation(arena, {});
      EXPECT_EQ(parameter.program->evaluate(evaluation).as_int(), each.minor) << each.version;
      EXPECT_EQ(parameter.value.as_string(), each.version);
    }
  }
}

TEST(LoadPoliciesTest, AVersionSaysUpToWhereItsBundleKnowsThem) {
  const auto set = load(
      bundle("    []\n",
             "  params:\n    a: {type: version, default: latest}\n    b: {type: version, newest: "
             "latest, default: v1.1}\n    c: {type: version, newest: v1.3, default: v1.4}\n    d: "
             "{type: string, newest: v1.3, default: v1.4}\n"));
  EXPECT_EQ(
      diagnostics_of(*set),
      "p.yaml:6:8: error: spec.params.a.newest is missing\n"
      " |     a: {type: version, default: latest}\n | .......^\n"
      "p.yaml:7:32: error: spec.params.b.newest must be a version such as v1.36\n"
      " |     b: {type: version, newest: latest, default: v1.1}\n | "
      "...............................^\n"
      "p.yaml:8:47: warning: spec.params.c: v1.4 is later than v1.3, the newest that this bundle "
      "knows, which holds instead\n"
      " |     c: {type: version, newest: v1.3, default: v1.4}\n | "
      "..............................................^\n"
      "p.yaml:9:23: error: unknown field 'spec.params.d.newest'; here may stand default, "
      "description, type\n"
      " |     d: {type: string, newest: v1.3, default: v1.4}\n | ......................^");
}

}  // namespace
}  // namespace seaworthy::policy
