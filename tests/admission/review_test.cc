#include "seaworthy/admission/review.h"

#include <gtest/gtest.h>

#include "seaworthy/document/edit.h"
#include "support/json.h"

namespace seaworthy::admission {
namespace {

constexpr std::string_view kReview = R"({
  "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
  "request": {"uid": "u-1", "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
    "resource": {"group": "apps", "version": "v1", "resource": "deployments"}, "name": "web", "namespace": "shop",
    "operation": "UPDATE", "userInfo": {"username": "admin"}, "object": {"a": 1}, "oldObject": {"a": 0}, "dryRun": true}})";

TEST(ReviewTest, ReadsEveryField) {
  Arena arena;
  const auto review = read_review(testing::json(kReview, arena));
  ASSERT_TRUE(review);
  EXPECT_EQ(review->api_version, "admission.k8s.io/v1");
  EXPECT_EQ(review->uid, "u-1");
  EXPECT_EQ(review->kind.api_version(), "apps/v1");
  EXPECT_EQ(review->kind.kind, "Deployment");
  EXPECT_EQ(review->resource.resource, "deployments");
  EXPECT_EQ(review->sub_resource, "");
  EXPECT_EQ(review->name, "web");
  EXPECT_EQ(review->namespace_name, "shop");
  EXPECT_EQ(review->operation, Operation::kUpdate);
  EXPECT_TRUE(review->dry_run);
  EXPECT_EQ(review->object["a"].as_int(), 1);
  EXPECT_TRUE(review->old_object.is_map());
}

// The core group is the empty one and stays; what else is empty is no field, so that
// `request.namespace == ''` is an error for a Node, as in the API server.
TEST(ReviewTest, HandsTheRequestToExpressionsAsTheApiServerDoes) {
  Arena arena;
  const auto review = read_review(testing::json(R"({
    "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
    "request": {"uid": "u-2", "kind": {"group": "", "version": "v1", "kind": "Node"},
      "resource": {"group": "", "version": "v1", "resource": "nodes"}, "subResource": "",
      "name": "n", "namespace": "", "operation": "CREATE",
      "userInfo": {"username": "admin", "groups": [], "uid": ""}, "object": {"a": 1}, "oldObject": null,
      "dryRun": false, "options": null}})",
                                                arena));
  ASSERT_TRUE(review);
  EXPECT_EQ(
      document::print_json(request_variable(*review, arena)),
      R"({"uid":"","kind":{"group":"","version":"v1","kind":"Node"},)"
      R"("resource":{"group":"","version":"v1","resource":"nodes"},"name":"n",)"
      R"("operation":"CREATE","userInfo":{"username":"admin"},"object":null,"oldObject":null,)"
      R"("dryRun":false,"options":null})");
}

TEST(ReviewTest, SaysWhatIsWrong) {
  struct Case {
    std::string body;
    std::string message;
  };

  const Case cases[] = {
      {"[]", "the body must be an AdmissionReview object, not list"},
      {R"({"apiVersion":"v1","kind":"Pod"})",
       "the body must be an AdmissionReview of admission.k8s.io/v1 or admission.k8s.io/v1beta1, "
       "not 'Pod' of 'v1'"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"})", "request is missing"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":3})",
       "body.request must be an object, not int"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"operation":"CREATE"}})",
       "request.uid is missing"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":7}})",
       "request.uid must be a string, not int"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"x","operation":"PATCH"}})",
       "request.operation must be CREATE, UPDATE, DELETE or CONNECT, not 'PATCH'"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"x","operation":"CREATE"}})",
       "request.kind.kind is missing"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"x","operation":"CREATE","kind":{"kind":"Pod"},"object":[]}})",
       "request.object must be an object, not list"},
  };
  for (const auto& each : cases) {
    Arena arena;
    const auto review = read_review(testing::json(each.body, arena));
    ASSERT_FALSE(review) << each.body;
    EXPECT_EQ(review.error().message, each.message);
    EXPECT_EQ(review.error().code, ErrorCode::kInvalid);
  }
}

TEST(ResponseTest, RefusesWith403Forbidden) {
  Response response;
  response.allowed = false;
  response.message = "1 violation:\n- x";
  response.warnings = {"a"};
  EXPECT_EQ(
      print_response("admission.k8s.io/v1beta1", "u", response),
      R"({"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","response":{"uid":"u","allowed":false,)"
      R"("status":{"code":403,"reason":"Forbidden","message":"1 violation:\n- x"},"warnings":["a"]}})");
}

TEST(ResponseTest, CarriesPatchAndTypeBothOrNeither) {
  Response response;
  EXPECT_EQ(
      print_response("admission.k8s.io/v1", "u", response),
      R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"u","allowed":true}})");
  response.patch.push_back(
      {document::PatchOperation::Op::kAdd, "/a", "", document::Node::integer(1)});
  response.audit_annotations = {{"mended", "x"}};
  // echo -n '[{"op":"add","path":"/a","value":1}]' | base64
  EXPECT_EQ(
      print_response("admission.k8s.io/v1", "u", response),
      R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"u","allowed":true,)"
      R"("patchType":"JSONPatch","patch":"W3sib3AiOiJhZGQiLCJwYXRoIjoiL2EiLCJ2YWx1ZSI6MX1d",)"
      R"("auditAnnotations":{"mended":"x"}}})");
}

TEST(Base64Test, PadsAsRfc4648) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("\xff\xfe"), "//4=");
  for (const std::string_view text : {"", "f", "fo", "foo", "\xff\xfe", "a\nb"}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
  EXPECT_EQ(from_base64("Zm 9v\nYmF=y*"), "foobar");
  EXPECT_EQ(from_base64("Zg"), "f");
  EXPECT_EQ(from_base64("Z"), "");
}

}  // namespace
}  // namespace seaworthy::admission
