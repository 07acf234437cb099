// What remedies are in-tree, and what is left out of them and why.
#include <cctype>

#include "translate/fixture.h"

namespace seaworthy::translate {
namespace {

/// The mutation's expression, or why there is none.
struct RemedyCase {
  std::string policy;
  std::string mutation;
};

constexpr std::string_view kLists[]{"initContainers", "containers"};

/// Over both lists: what is patched of `item` where `fails`.
std::string over_lists(const std::string& fails, const std::string& patches) {
  std::string text;
  for (const auto list : kLists) {
    std::string each = patches;
    for (std::size_t at = 0; (at = each.find("BASE", at)) != std::string::npos;) {
      each.replace(at, 4, fmt::format("'/spec/{}/' + string(index)", list));
    }
    text += fmt::format(
        "{}variables.podSpec.?{}.orValue([]).transformList(index, container, {}, {}).flatten()",
        text.empty() ? "" : " + ", list, fails, each);
  }
  return text;
}

/// `each` is the policy's own `container`, which the item then gives way to.
std::string renamed(std::string text) {
  constexpr std::string_view kItem = "container";
  const auto is_name = [](char c) { return (std::isalnum(static_cast<unsigned char>(c)) != 0); };
  for (std::size_t at = 0; (at = text.find(kItem, at)) != std::string::npos; at += kItem.size()) {
    if (!is_name(text[at + kItem.size()])) {
      text.insert(at + kItem.size(), "_");
    }
  }
  for (std::size_t at = 0; (at = text.find("each", at)) != std::string::npos;) {
    text.replace(at, 4, kItem);
  }
  return text;
}

TEST_F(TranslateTest, ARemedyMayAskForTheKindOfAContainer) {
  const auto translation =
      of("    - {name: a, each: container, require: has(container.x), message: m, remedy: {safety: "
         "safe, container: {x: \"${containerKind}\"}}}\n",
         "", {.remedy = policy::RemedyLevel::kSafe});
  ASSERT_EQ(translation.documents.size(), 4U);
  const auto text = spec(translation, 2)["mutations"].items()[0]["jsonPatch"]["expression"];
  EXPECT_NE(text.as_string().find(
                "variables.podSpec.?containers.orValue([]).map(each, {'container': each, 'kind': "
                "dyn('main')}).transformList(index, item, !(has(item.container.x)), "
                "(item.container.?x.orValue('') == '' ? [JSONPatch{op: 'add', path: "
                "'/spec/containers/' + string(index) + \"/x\", value: item.kind}] : "
                "[])).flatten()"),
            std::string_view::npos)
      << text.as_string();
  // The validation has no need of it.
  EXPECT_EQ(spec(translation)["validations"].items()[0]["expression"].as_string(),
            "variables.podContainers.all(container, has(container.x))");
}

TEST_F(TranslateTest, RemediesBecomePatchesOfWhatIsMissing) {
  const std::string params = "  params:\n    limit: {type: quantity, default: 1Gi}\n";
  const std::string each = "each: container, require: has(container.x), ";
  const std::string fails = "!(has(container.x))";
  const std::vector<RemedyCase> cases{
      {each + "remedy: {safety: safe, container: {a: {b: true, c/d: text}}}",
       over_lists(
           fails,
           "(container.?a.hasValue() ? [] : [JSONPatch{op: 'add', path: BASE + \"/a\", "
           "value: {}}]) + (container.?a.?b.orValue('') == '' ? [JSONPatch{op: 'add', path: "
           "BASE + \"/a/b\", value: true}] : []) + (container.?a[?\"c/d\"].orValue('') == '' ? "
           "[JSONPatch{op: 'add', path: BASE + \"/a/c~1d\", value: \"text\"}] : [])")},
      {each + "remedy: {safety: safe, container: {drop: {$append: [ALL]}}}",
       over_lists(
           fails,
           "([\"ALL\"].filter(each, !(each in container.?drop.orValue([]))).size() == 0 ? [] "
           ": [JSONPatch{op: 'add', path: BASE + \"/drop\", value: container.?drop.orValue([]) "
           "+ [\"ALL\"].filter(each, !(each in container.?drop.orValue([])))}])")},
      {each +
           "remedy: {safety: safe, container: {limit: \"${params.limit}\", name: \"x-${pod.n}\"}}",
       over_lists(fails,
                  "(container.?limit.orValue('') == '' ? [JSONPatch{op: 'add', path: BASE + "
                  "\"/limit\", value: \"1Gi\"}] : []) + (container.?name.orValue('') == '' ? "
                  "[JSONPatch{op: 'add', path: BASE + \"/name\", value: \"x-\" + "
                  "string(variables.podSpec.n)}] : [])")},
      {each + "remedy: {safety: needs-fact, fact: container.y > 0, container: {a: 1}}",
       over_lists(
           fails + " && (container.y > 0)",
           "(container.?a.orValue('') == '' ? [JSONPatch{op: 'add', path: BASE + \"/a\", value: "
           "1}] : [])")},
      {"require: has(pod.x), remedy: {safety: safe, pod: {x: 1}, podMetadata: {labels: {a: b}}}",
       "(!(has(variables.podSpec.x)) ? (variables.podSpec.?x.orValue('') == '' ? [JSONPatch{op: "
       "'add', path: '/spec' + \"/x\", value: 1}] : []) + "
       "(variables.podMetadata.?labels.hasValue() "
       "? [] : [JSONPatch{op: 'add', path: '/metadata' + \"/labels\", value: {}}]) + "
       "(variables.podMetadata.?labels.?a.orValue('') == '' ? [JSONPatch{op: 'add', path: "
       "'/metadata' + \"/labels/a\", value: \"b\"}] : []) : [])"},
      // Names that a fact's or a leaf's macros have are not the container's.
      {each + "variables: [{name: own, expression: container.name}], remedy: {safety: needs-fact, "
              "fact: \"!pod.containers.exists(container, container.name != variables.own)\", "
              "container: {a: 1}}",
       renamed(over_lists(
           fails + " && (!variables.podSpec.containers.exists(each, each.name != "
                   "(container.name)))",
           "(container.?a.orValue('') == '' ? [JSONPatch{op: 'add', path: BASE + \"/a\", value: "
           "1}] : [])"))},
      {each + "remedy: {safety: safe, container: {a: \"${string(pod.containers.filter(container, "
              "true).size())}\"}}",
       renamed(over_lists(
           fails,
           "(container.?a.orValue('') == '' ? [JSONPatch{op: 'add', path: BASE + \"/a\", value: "
           "string(variables.podSpec.containers.filter(each, true).size())}] : [])"))},
      {each + "remedy: {safety: careful, container: {a: 1}}",
       "is careful, and --remedy safe takes the safe ones"},
      {each + "remedy: {safety: needs-fact, container: {a: 1}}",
       "needs a fact that no manifest answers"},
      {each + "remedy: {safety: safe, container: {env: [{name: a}]}}", "merges a list by its keys"},
      {each + "remedy: {safety: safe, container: {a: 1}, overwrite: [container.a]}",
       "replaces or removes what is there"},
      {each + "remedy: {safety: safe, container: {a: \"${params.limit.add(params.limit)}\"}}",
       "writes what it computes as kubernetes.Quantity, for which in-tree policies have no words"},
      {each + "remedy: {safety: safe, pod: {a: \"${string(container.name)}\"}}",
       "writes into the Pod what depends on one of its parts"},
      {"require: has(pod.x), remedy: {safety: safe, pod: {x: 1}}, match: {resourceRules: "
       "[{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}",
       "is of a policy whose match does not take in every new Pod"},
  };
  for (const auto& row : cases) {
    const auto translation = of("    - {name: a, message: m, " + row.policy + "}\n", params,
                                {.remedy = policy::RemedyLevel::kSafe});
    std::string said;
    if (translation.documents.size() == 4) {
      said = spec(translation, 2)["mutations"].items()[0]["jsonPatch"]["expression"].as_string();
    } else if (!translation.left_out.empty()) {
      EXPECT_EQ(translation.left_out.front().what, "its remedy");
      said = translation.left_out.front().why;
    }
    EXPECT_EQ(said, row.mutation) << row.policy;
  }
  const auto early = of("    - {name: a, message: m, " + cases.front().policy + "}\n", params,
                        {.minor = 35, .remedy = policy::RemedyLevel::kApply});
  EXPECT_EQ(early.left_out.front().why, "MutatingAdmissionPolicy is there from Kubernetes 1.36 on");
  EXPECT_EQ(early.documents.size(), 2U);
}

}  // namespace
}  // namespace seaworthy::translate
