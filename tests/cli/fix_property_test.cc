// What `fix` promises, held against hundreds of manifests that nobody wrote: what they read as
// afterwards is what judging made of them, all comments are there in their order, no line is
// another unless what changes stands within it, and a second run changes nothing.
#include <algorithm>

#include <gtest/gtest.h>

#include "cli/manifest_fixer.h"
#include "manifest_writer.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "support/fake_clock.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// Makes manifests out of what people write into them.
class ManifestMaker {
 public:
  ManifestMaker(unsigned seed, Arena& arena) : random_(seed), arena_(arena) {}

  Node make() {
    switch (random_() % 5) {
      case 0:
        return workload("v1", "Pod", pod_spec());
      case 1:
        return workload("batch/v1", "CronJob",
                        json(R"({"schedule":"0 3 * * *","jobTemplate":{"spec":{"template":{}}}})"),
                        "jobTemplate.spec.template.spec");
      case 2:
        return list();
      default:
        return workload("apps/v1", random_() % 2 == 0 ? "Deployment" : "DaemonSet",
                        json(R"({"replicas":2,"selector":{"matchLabels":{"app":"web"}},)"
                             R"("template":{"metadata":{"labels":{"app":"web"}}}})"),
                        "template.spec");
    }
  }

 private:
  Node json(std::string_view text) { return *document::parse_json(text, arena_); }

  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  Node list() {
    std::vector<Node> items;
    for (std::size_t count = 1 + random_() % 3; count > 0; --count) {
      items.push_back(workload("v1", "Pod", pod_spec()));
    }
    return document::with_member(json(R"({"apiVersion":"v1","kind":"List"})"), "items",
                                 document::make_list(items, arena_), arena_);
  }

  Node workload(std::string_view api_version, std::string_view kind, Node spec,
                const std::string& pod_path = "") {
    if (!pod_path.empty()) {
      spec = *document::with_value(spec, *document::Path::parse(pod_path), pod_spec(), arena_);
    }
    Node metadata = json(R"({"name":"web"})");
    if (chance(40)) {
      metadata = document::with_member(
          metadata, "annotations",
          json(R"({"example.com/it's":"\"quoted\"","note":"a: b # c","empty":""})"), arena_);
    }
    if (chance(40)) {
      metadata = document::with_member(metadata, "labels", json("{}"), arena_);
    }
    return document::MapBuilder(arena_)
        .add("apiVersion", document::make_string(api_version, arena_))
        .add("kind", document::make_string(kind, arena_))
        .add("metadata", metadata)
        .add("spec", spec)
        .build();
  }

  Node pod_spec() {
    std::vector<Node> containers;
    const std::size_t count = 1 + random_() % 3;
    for (std::size_t at = 0; at < count; ++at) {
      containers.push_back(container("c" + std::to_string(at)));
    }
    Node spec = document::with_member(json("{}"), "containers",
                                      document::make_list(containers, arena_), arena_);
    static constexpr std::pair<const char*, const char*> kFields[] = {
        {"volumes", R"([{"name":"data","emptyDir":{}},{"name":"c","configMap":{"name":"c"}}])"},
        {"volumes", "[]"},
        {"securityContext", R"({"fsGroup":1000})"},
        {"securityContext", "{}"},
        {"serviceAccountName", R"("web")"},
        {"nodeSelector", R"({"kubernetes.io/arch":"amd64"})"},
        {"tolerations", R"([{"key":"a","operator":"Exists"},{"operator":"Exists"}])"},
        {"terminationGracePeriodSeconds", "30"},
        {"automountServiceAccountToken", "null"}};
    return with_some(spec, kFields, 30);
  }

  Node container(const std::string& name) {
    const Node base = document::MapBuilder(arena_)
                          .add("name", document::make_string(name, arena_))
                          .add("image", Node::string("registry.example.com/web:1.2"))
                          .build();
    static constexpr std::pair<const char*, const char*> kFields[] = {
        {"args", R"(["--a=b: c","-v","x # y"])"},
        {"command", R"(["sh","-c","set -e\necho 'one'\n\necho two\n"])"},
        {"env", R"([{"name":"A","value":"1"},{"name":"B","value":"it's"}])"},
        {"env", "[]"},
        {"ports", R"([{"containerPort":8080,"name":"http"},{"containerPort":9090}])"},
        {"resources", "{}"},
        {"resources", R"({"limits":{"memory":"64Mi"}})"},
        {"resources", R"({"requests":{"cpu":"10m","memory":"64Mi"},"limits":{"cpu":1}})"},
        {"securityContext", "null"},
        {"securityContext", R"({"runAsUser":1000})"},
        {"securityContext", R"({"capabilities":{"drop":["NET_RAW"]},"privileged":false})"},
        {"securityContext", R"({"capabilities":{"add":["NET_BIND_SERVICE"]}})"},
        {"volumeMounts", R"([{"name":"data","mountPath":"/data"}])"},
        {"livenessProbe", R"({"httpGet":{"path":"/","port":"http"}})"},
        {"imagePullPolicy", R"("Always")"}};
    return with_some(base, kFields, 25);
  }

  template <std::size_t N>
  Node with_some(Node map, const std::pair<const char*, const char*> (&fields)[N], int percent) {
    for (const auto& [name, value] : fields) {
      if (chance(percent) && map.find(name) == nullptr) {
        map = document::with_member(map, name, json(value), arena_);
      }
    }
    return map;
  }

  std::mt19937 random_;
  Arena& arena_;
};

/// Lines that no change can stand within, in their order.
std::vector<std::string_view> firm_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t depth = 0;
  for (const auto line : split(text, '\n')) {
    const bool was_flow = depth > 0;
    for (const char byte : line) {
      depth += byte == '{' || byte == '[' ? 1 : 0;
      depth -= (byte == '}' || byte == ']') && depth > 0 ? 1 : 0;
    }
    const bool is_null = line.find("null") != std::string_view::npos;
    if (!was_flow && line.find_first_of("{[") == std::string_view::npos && !is_null) {
      lines.push_back(line);
    }
  }
  return lines;
}

/// The first of `lines` that is not in `text` behind those before it.
std::string first_missing(const std::vector<std::string_view>& lines, std::string_view text) {
  const auto all = split(text, '\n');
  auto at = all.begin();
  for (const auto line : lines) {
    at = std::find(at, all.end(), line);
    if (at == all.end()) {
      return "'" + std::string(line) + "'";
    }
    ++at;
  }
  return "";
}

std::string first_missing_note(std::size_t notes, std::string_view text) {
  for (std::size_t note = 1; note <= notes; ++note) {
    const std::string line = "# note " + std::to_string(note) + "\n";
    const auto found = text.find(line);
    if (found == std::string_view::npos || text.find(line, found + 1) != std::string_view::npos) {
      return line;
    }
  }
  return "";
}

class FixPropertyTest : public ::testing::Test {
 protected:
  static const LoadedPolicies& policies() {
    static const LoadedPolicies loaded{.set = policy::load_policies(production_bundle()),
                                       .unreadable = {},
                                       .unreadable_paths = {}};
    return loaded;
  }
};

TEST_F(FixPropertyTest, HoldsForManifestsInAnyStyle) {
  const Surroundings none;
  const engine::Settings settings{.mode = policy::Mode::kDeny};
  const testing::FakeClock clock;
  const ManifestChecker checker(settings, policies(), none, clock);
  const ManifestFixer fixer(checker, checker, policy::RemedyLevel::kApply, false);
  std::size_t changed = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Arena arena;
    ManifestMaker maker(seed, arena);
    testing::ManifestWriter writer(seed);
    const Node object = maker.make();
    const std::string text = writer.write(object);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    const auto before = read_manifests(text, "m.yaml", arena);
    ASSERT_TRUE(before.diagnostics.empty()) << render(before.diagnostics.front());
    ASSERT_TRUE(document::equal_without_nulls((*before.documents)[0].root(), object));

    const auto fixed = fixer.fix(text, "m.yaml", arena);
    ASSERT_TRUE(fixed.unwritten.empty()) << fixed.unwritten.front();
    changed += fixed.text == text ? 0 : 1;
    const auto after = read_manifests(fixed.text, "m.yaml", arena);
    ASSERT_EQ(after.manifests.size(), before.manifests.size());
    for (std::size_t at = 0; at < before.manifests.size(); ++at) {
      std::vector<Diagnostic> problems;
      const auto judged =
          checker.judge(before.manifests[at], policy::RemedyLevel::kApply, problems, arena);
      ASSERT_TRUE(judged);
      EXPECT_TRUE(document::equal_without_nulls(*after.manifests[at].object,
                                                judged->judgement.mended.object))
          << fixed.text;
    }
    EXPECT_EQ(first_missing_note(writer.notes(), fixed.text), "") << fixed.text;
    EXPECT_EQ(first_missing(firm_lines(text), fixed.text), "") << fixed.text;
    EXPECT_EQ(fixer.fix(fixed.text, "m.yaml", arena).text, fixed.text);
  }
  EXPECT_GT(changed, 250U);
}

/// Changes a tree anywhere: what no remedy would do, but a policy's patch may.
class Mutator {
 public:
  Mutator(unsigned seed, Arena& arena) : random_(seed), arena_(arena) {}

  Node mutate(const Node& node, int depth = 0) {
    const auto what = random_() % 12;
    if (depth > 1 && what == 0) {
      return value();
    }
    if (node.is_map()) {
      return mutate_map(node, depth);
    }
    return node.is_list() ? mutate_list(node, depth) : node;
  }

 private:
  Node mutate_map(Node map, int depth) {
    for (const auto& member : std::vector(map.members().begin(), map.members().end())) {
      if (random_() % 12 == 0 && depth > 0) {
        map = document::without_member(map, member.key.text(), arena_);
      } else if (random_() % 3 == 0) {
        map =
            document::with_member(map, member.key.text(), mutate(member.value, depth + 1), arena_);
      }
    }
    return random_() % 8 == 0 ? document::with_member(map, "added-here", value(), arena_) : map;
  }

  Node mutate_list(const Node& list, int depth) {
    std::vector<Node> items;
    for (const Node& item : list.items()) {
      if (random_() % 10 != 0) {
        items.push_back(random_() % 3 == 0 ? mutate(item, depth + 1) : item);
      }
      if (random_() % 10 == 0) {
        items.push_back(value());
      }
    }
    if (random_() % 20 == 0) {
      std::ranges::reverse(items);
    }
    return document::make_list(items, arena_);
  }

  Node value() {
    static constexpr std::string_view kValues[] = {"1",
                                                   "true",
                                                   "null",
                                                   "{}",
                                                   "[]",
                                                   R"("text")",
                                                   R"("yes")",
                                                   R"("a: b # c")",
                                                   R"("p\nq\n")",
                                                   R"({"name":"n","v":[1,{"w":"x"}]})",
                                                   R"(["a",["b"],{"c":{}}])",
                                                   R"("")",
                                                   "1.5"};
    return *document::parse_json(kValues[random_() % std::size(kValues)], arena_);
  }

  std::mt19937 random_;
  Arena& arena_;
};

TEST_F(FixPropertyTest, AnyChangeIsWrittenOrReported) {
  std::size_t unwritten = 0;
  constexpr unsigned kSeeds = 1000;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    Arena arena;
    ManifestMaker maker(seed, arena);
    testing::ManifestWriter writer(seed);
    const std::string text = writer.write(maker.make());
    const auto before = read_manifests(text, "m.yaml", arena);
    const document::Rewrite rewrite{0, Mutator(seed, arena).mutate((*before.documents)[0].root())};
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    const auto edited = document::edit_source(text, "m.yaml", *before.documents, {&rewrite, 1});
    if (!edited.unwritten.empty()) {
      ++unwritten;
      EXPECT_EQ(edited.text, text);
      continue;
    }
    const auto after = read_manifests(edited.text, "m.yaml", arena);
    ASSERT_EQ(after.documents->size(), 1U);
    EXPECT_TRUE(document::equal_without_nulls((*after.documents)[0].root(), rewrite.root))
        << edited.text;
  }
  EXPECT_LT(unwritten, kSeeds / 100);
}

}  // namespace
}  // namespace seaworthy::cli
