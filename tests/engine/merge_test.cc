#include "engine/merge.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace seaworthy::engine {
namespace {

struct Case {
  std::string root;
  std::string target;
  std::string fragment;
  std::string expected;  ///< JSON
  std::vector<std::string> kept;
};

TEST(MergeTest, MergesAsThePodApiPairs) {
  const Case cases[] = {
      {"container",
       "{}",
       "{securityContext: {runAsNonRoot: true}}",
       R"({"securityContext":{"runAsNonRoot":true}})",
       {}},
      {"container",
       "{securityContext: {runAsUser: 1}}",
       "{securityContext: {runAsNonRoot: true}}",
       R"({"securityContext":{"runAsUser":1,"runAsNonRoot":true}})",
       {}},
      // A scalar that is there stays, false too.
      {"container",
       "{securityContext: {readOnlyRootFilesystem: false}}",
       "{securityContext: {readOnlyRootFilesystem: true}}",
       R"({"securityContext":{"readOnlyRootFilesystem":false}})",
       {"container.securityContext.readOnlyRootFilesystem"}},
      // … unless overwrite names it.
      {"container",
       "{securityContext: {privileged: true}}",
       "{securityContext: {privileged: false}}",
       R"({"securityContext":{"privileged":false}})",
       {}},
      {"container",
       "{securityContext: {capabilities: {drop: [NET_RAW]}}}",
       "{securityContext: {capabilities: {drop: {$append: [ALL, NET_RAW]}}}}",
       R"({"securityContext":{"capabilities":{"drop":["NET_RAW","ALL"]}}})",
       {}},
      // What should be a list and is none stays, unless it says nothing.
      {"container",
       "{securityContext: {capabilities: {drop: abc}}}",
       "{securityContext: {capabilities: {drop: {$append: [ALL]}}}}",
       R"({"securityContext":{"capabilities":{"drop":"abc"}}})",
       {"container.securityContext.capabilities.drop"}},
      {"container",
       "{securityContext: {capabilities: {drop: {}}}}",
       "{securityContext: {capabilities: {drop: {$append: [ALL]}}}}",
       R"({"securityContext":{"capabilities":{"drop":["ALL"]}}})",
       {}},
      {"container",
       "{command: [a]}",
       "{command: [b]}",
       R"({"command":["a"]})",
       {"container.command"}},
      {"container", "{command: []}", "{command: [b]}", R"({"command":["b"]})", {}},
      {"container",
       "{env: [{name: A, value: '1'}]}",
       "{env: [{name: A, value: '2'}, {name: B, value: '3'}]}",
       R"({"env":[{"name":"A","value":"1"},{"name":"B","value":"3"}]})",
       {"container.env.value"}},
      // A mounted path serves, however it is written.
      {"container",
       "{volumeMounts: [{name: mine, mountPath: /tmp/}]}",
       "{volumeMounts: [{name: tmp, mountPath: //tmp/.}]}",
       R"({"volumeMounts":[{"name":"mine","mountPath":"/tmp/"}]})",
       {}},
      {"pod",
       "{volumes: [{name: a, emptyDir: {}}]}",
       "{volumes: [{name: b, emptyDir: {}}]}",
       R"({"volumes":[{"name":"a","emptyDir":{}},{"name":"b","emptyDir":{}}]})",
       {}},
      {"podMetadata",
       "{annotations: {a: '1'}, finalizers: [x]}",
       "{annotations: {b: '2'}, finalizers: [z, x]}",
       R"({"annotations":{"a":"1","b":"2"},"finalizers":["x","z"]})",
       {}},
  };
  for (const auto& each : cases) {
    Arena arena;
    const std::vector<document::Path> overwrite{
        *document::Path::parse("container.securityContext.privileged")};
    Merge merge(overwrite, arena);
    const auto merged = merge.merge(each.root, testing::yaml(each.target, arena),
                                    testing::yaml(each.fragment, arena));
    EXPECT_EQ(document::print_json(merged), each.expected) << each.target << " + " << each.fragment;
    EXPECT_EQ(merge.kept(), each.kept) << each.target << " + " << each.fragment;
  }
}

TEST(MergeTest, RenamesVolumesThatClash) {
  Arena arena;
  const std::vector<document::Path> overwrite;
  Merge merge(overwrite, arena);
  const auto pod = testing::yaml(
      "{volumes: [{name: tmp, hostPath: {path: /x}}, {name: run, emptyDir: {}}]}", arena);
  const auto fragment = merge.rename_clashing_volumes(
      pod,
      testing::yaml("{volumes: [{name: tmp, emptyDir: {}}, {name: run, emptyDir: {}}]}", arena));
  EXPECT_EQ(document::print_json(fragment),
            R"({"volumes":[{"name":"tmp-2","emptyDir":{}},{"name":"run","emptyDir":{}}]})");
  const auto container =
      merge.merge("container", testing::yaml("{name: a}", arena),
                  testing::yaml("{volumeMounts: [{name: tmp, mountPath: /tmp}]}", arena));
  EXPECT_EQ(document::print_json(container),
            R"({"name":"a","volumeMounts":[{"name":"tmp-2","mountPath":"/tmp"}]})");
}

TEST(CleanPathTest, IsGosPathClean) {
  const std::pair<std::string, std::string> cases[] = {
      {"/tmp", "/tmp"},  {"/tmp/", "/tmp"}, {"//tmp//x/.", "/tmp/x"},
      {"/a/../b", "/b"}, {"/..", "/"},      {"/", "/"}};
  for (const auto& [path, expected] : cases) {
    EXPECT_EQ(clean_path(path), expected) << path;
  }
}

TEST(RemoveAtTest, TakesAwayWhatIsThere) {
  Arena arena;
  const auto root = testing::yaml("{a: {b: 1, c: 2}}", arena);
  const auto path = *document::Path::parse("a.b");
  EXPECT_EQ(document::print_json(remove_at(root, path.steps(), arena)), R"({"a":{"c":2}})");
  const auto absent = *document::Path::parse("a.x.y");
  EXPECT_EQ(document::print_json(remove_at(root, absent.steps(), arena)), R"({"a":{"b":1,"c":2}})");
}

}  // namespace
}  // namespace seaworthy::engine
