#include "seaworthy/admission/workload.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/engine/case_run.h"
#include "seaworthy/engine/manifest_review.h"

namespace seaworthy::engine {
namespace {

using admission::Operation;
using document::Node;

/// CREATE where there is only an object, DELETE where there is only an old one, else UPDATE.
Operation operation_of(const policy::TestCase& test) {
  if (test.operation) {
    return *test.operation;
  }
  if (test.old_object.is_null()) {
    return Operation::kCreate;
  }
  return test.object.is_null() ? Operation::kDelete : Operation::kUpdate;
}

void set_user(const policy::TestCase& test, admission::Review& review, Arena& arena) {
  if (!test.user.is_null()) {
    review.user_info = test.user;
    review.request = document::with_member(review.request, "userInfo", test.user, arena);
  }
}

}  // namespace

Result<admission::Review> review_of_request(const Node& written, Arena& arena) {
  const Node* whole = written.find("request");
  const bool is_whole = written["kind"].as_string() == "AdmissionReview" && whole != nullptr;
  Node request = is_whole ? *whole : written;
  if (!request.has("uid")) {
    request = document::with_member(request, "uid", Node::string("test"), arena);
  }
  const Node& version = written["apiVersion"];
  return admission::read_review(
      document::MapBuilder(arena)
          .add("apiVersion", is_whole ? version : Node::string("admission.k8s.io/v1"))
          .add("kind", Node::string("AdmissionReview"))
          .add("request", request)
          .build());
}

Result<admission::Review> review_of(const policy::TestCase& test, Arena& arena) {
  if (!test.review.is_null()) {
    SEAWORTHY_TRY(admission::Review review, review_of_request(test.review, arena));
    set_user(test, review, arena);
    return review;
  }
  const Node& subject = test.object.is_null() ? test.old_object : test.object;
  const auto* in_namespace = test.in_namespace ? &*test.in_namespace : nullptr;
  const bool named = in_namespace != nullptr && !in_namespace->name.empty();
  SEAWORTHY_TRY(
      admission::Review review,
      review_of_manifest(subject, named ? std::string_view(in_namespace->name) : "default", arena));
  review.operation = operation_of(test);
  review.sub_resource = test.sub_resource;
  review.old_object = test.old_object;
  review.object = test.object.is_null() ? Node() : review.object;
  Node request = document::with_member(review.request, "operation",
                                       Node::string(admission::name_of(review.operation)), arena);
  if (!test.sub_resource.empty()) {
    for (const auto* field : {"subResource", "requestSubResource"}) {
      request = document::with_member(request, field, Node::string(test.sub_resource), arena);
    }
  }
  review.request = request;
  set_user(test, review, arena);
  return review;
}

}  // namespace seaworthy::engine
