#include "seaworthy/server/status.h"

#include <gtest/gtest.h>

namespace seaworthy::server {
namespace {

TEST(StatusTest, IsAKubernetesStatus) {
  EXPECT_EQ(status_body(404, "a \"path\"\n"),
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
            R"("message":"a \"path\"\n","reason":"NotFound","code":404})"
            "\n");
  EXPECT_EQ(status_body(505, "\xff"),
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
            "\"message\":\"\xEF\xBF\xBD\",\"code\":505}\n");
}

}  // namespace
}  // namespace seaworthy::server
