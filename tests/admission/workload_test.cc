#include "seaworthy/admission/workload.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace seaworthy::admission {
namespace {

TEST(WorkloadTest, FindsThePodOfEveryKind) {
  struct Case {
    GroupVersionKind kind;
    std::string object;
    std::string path;
  };

  const Case cases[] = {
      {{"", "v1", "Pod"}, R"({"spec":{"x":1}})", ""},
      {{"apps", "v1", "Deployment"}, R"({"spec":{"template":{"spec":{"x":1}}}})", "spec.template"},
      {{"apps", "v1", "StatefulSet"}, R"({"spec":{"template":{"spec":{"x":1}}}})", "spec.template"},
      {{"apps", "v1", "DaemonSet"}, R"({"spec":{"template":{"spec":{"x":1}}}})", "spec.template"},
      {{"apps", "v1", "ReplicaSet"}, R"({"spec":{"template":{"spec":{"x":1}}}})", "spec.template"},
      {{"", "v1", "ReplicationController"},
       R"({"spec":{"template":{"spec":{"x":1}}}})",
       "spec.template"},
      {{"batch", "v1", "Job"}, R"({"spec":{"template":{"spec":{"x":1}}}})", "spec.template"},
      {{"batch", "v1", "CronJob"},
       R"({"spec":{"jobTemplate":{"spec":{"template":{"spec":{"x":1}}}}}})",
       "spec.jobTemplate.spec.template"},
      {{"", "v1", "PodTemplate"}, R"({"template":{"spec":{"x":1}}})", "template"},
  };
  for (const auto& each : cases) {
    Arena arena;
    const auto pod = find_pod(each.kind, testing::json(each.object, arena));
    ASSERT_TRUE(pod && *pod) << each.kind.kind;
    EXPECT_EQ((*pod)->path.text(), each.path);
    EXPECT_EQ((*pod)->spec["x"].as_int(), 1);
    EXPECT_EQ((*pod)->is_template, each.kind.kind != "Pod");
  }
}

TEST(WorkloadTest, KnowsWhenThereIsNone) {
  Arena arena;
  const auto service = find_pod({"", "v1", "Service"}, testing::json(R"({"spec":{}})", arena));
  ASSERT_TRUE(service);
  EXPECT_FALSE(*service);
  const auto controller = find_pod({"", "v1", "ReplicationController"},
                                   testing::json(R"({"spec":{"replicas":1}})", arena));
  ASSERT_TRUE(controller);
  EXPECT_FALSE(*controller);
  const auto pod = find_pod({"", "v1", "Pod"}, testing::json(R"({"metadata":{}})", arena));
  ASSERT_FALSE(pod);
  EXPECT_EQ(pod.error().message, "spec is missing or not an object");
  const auto job = find_pod({"batch", "v1", "Job"},
                            testing::json(R"({"spec":{"template":{"spec":[]}}})", arena));
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().message, "spec.template.spec is missing or not an object");
}

TEST(WorkloadTest, TellsContainersApart) {
  Arena arena;
  const auto spec = testing::json(
      R"({"containers":[{"name":"m"}],"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],
          "ephemeralContainers":[{"name":"e"}]})",
      arena);
  std::string seen;
  for (const auto& container : containers_of(spec)) {
    seen += std::string(container.name()) + ":" + std::string(name_of(container.kind)) + " ";
  }
  EXPECT_EQ(seen, "i:init s:sidecar m:main e:ephemeral ");
}

TEST(WorkloadTest, NamesTheController) {
  struct Case {
    std::string metadata;
    std::string expected;
  };

  const Case cases[] = {
      {R"({"labels":{"pod-template-hash":"7b5d6d548c"},"ownerReferences":[{"kind":"ReplicaSet","name":"shop-7b5d6d548c","controller":true}]})",
       "Deployment shop"},
      {R"({"ownerReferences":[{"kind":"ReplicaSet","name":"plain","controller":true}]})",
       "ReplicaSet plain"},
      {R"({"ownerReferences":[{"kind":"Job","name":"report-29384710","controller":true}]})",
       "CronJob report"},
      {R"({"ownerReferences":[{"kind":"Job","name":"once","controller":true}]})", "Job once"},
      {R"({"ownerReferences":[{"kind":"Node","name":"n"}]})", ""},
      {R"({})", ""},
  };
  for (const auto& each : cases) {
    Arena arena;
    const auto metadata = testing::json(each.metadata, arena);
    const auto controller = controller_of(metadata);
    EXPECT_EQ(controller ? std::string(controller->kind) + " " + std::string(controller->name) : "",
              each.expected);
  }
}

}  // namespace
}  // namespace seaworthy::admission
