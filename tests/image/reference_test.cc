#include "seaworthy/image/reference.h"

#include <gtest/gtest.h>

namespace seaworthy::image {
namespace {

constexpr const char* kDigest =
    "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

struct Case {
  std::string text;
  std::string registry;
  std::string repository;
  std::string tag;
  std::string digest;
};

TEST(ReferenceTest, TakesApart) {
  const std::string digest = kDigest;
  const Case cases[] = {
      {"nginx", "docker.io", "docker.io/library/nginx", "", ""},
      {"nginx:1.27", "docker.io", "docker.io/library/nginx", "1.27", ""},
      {"acme/api", "docker.io", "docker.io/acme/api", "", ""},
      {"docker.io/nginx", "docker.io", "docker.io/library/nginx", "", ""},
      {"index.docker.io/acme/x:1", "docker.io", "docker.io/acme/x", "1", ""},
      {"localhost/x", "localhost", "localhost/x", "", ""},
      {"localhost:5000/x:2", "localhost:5000", "localhost:5000/x", "2", ""},
      {"registry.k8s.io/pause:3.10", "registry.k8s.io", "registry.k8s.io/pause", "3.10", ""},
      {"[::1]:5000/x", "[::1]:5000", "[::1]:5000/x", "", ""},
      {"x@" + digest, "docker.io", "docker.io/library/x", "", digest},
      {"r.example.com/a/b_c/d__e/f-g:v1@" + digest, "r.example.com", "r.example.com/a/b_c/d__e/f-g",
       "v1", digest},
      {"foo:5000", "docker.io", "docker.io/library/foo", "5000", ""},
  };
  for (const auto& each : cases) {
    const auto reference = parse_reference(each.text);
    ASSERT_TRUE(reference) << each.text;
    EXPECT_EQ(reference->registry, each.registry) << each.text;
    EXPECT_EQ(reference->repository, each.repository) << each.text;
    EXPECT_EQ(reference->tag, each.tag) << each.text;
    EXPECT_EQ(reference->digest, each.digest) << each.text;
  }
}

TEST(ReferenceTest, RefusesWhatIsNone) {
  for (const std::string text : {"",
                                 ":",
                                 "@",
                                 "Nginx",
                                 "a/Nginx",
                                 "nginx:",
                                 "nginx:-x",
                                 "nginx@sha256:12",
                                 "a//b",
                                 "/a",
                                 "a/",
                                 "a..b",
                                 "a___b",
                                 "https://example.com/x",
                                 "nginx 1",
                                 "x:1:2",
                                 "r.example.com:port/x",
                                 "x@md5:0000",
                                 "-a",
                                 "a-"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
  EXPECT_FALSE(parse_reference("a/" + std::string(300, 'b')));
  EXPECT_FALSE(parse_reference("a:" + std::string(129, 'b')));
}

}  // namespace
}  // namespace seaworthy::image
