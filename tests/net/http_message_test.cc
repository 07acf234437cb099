#include "seaworthy/net/http_message.h"

#include <array>

#include <gtest/gtest.h>

namespace seaworthy::net {
namespace {

TEST(HttpMessageTest, FindsFieldsInAnyCase) {
  const std::array<HttpField, 3> fields{
      {{"Host", "a"}, {"content-TYPE", "b"}, {"Content-Type", "c"}}};
  HttpRequest request;
  request.fields = fields;
  EXPECT_EQ(request.field("Content-Type"), "b");
  EXPECT_EQ(request.field("host"), "a");
  EXPECT_EQ(request.field("Accept"), "");
}

TEST(HttpMessageTest, FindsParameters) {
  HttpRequest request;
  request.query = "verbose&timeout=10s&empty=&timeout=2s&a=b=c";
  EXPECT_EQ(request.parameter("timeout"), "10s");
  EXPECT_EQ(request.parameter("verbose"), "");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("a"), "b=c");
  EXPECT_EQ(request.parameter("b"), "");
}

}  // namespace
}  // namespace seaworthy::net
