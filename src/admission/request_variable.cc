// The request as the API server hands it to expressions: k8s.io/api admission/v1 AdmissionRequest
// as JSON (apiserver pkg/admission/plugin/cel/activation.go, CreateAdmissionRequest): what has
// `omitempty` there and is empty is no field here; object, oldObject and uid are not filled in.
#include <string_view>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::admission {
namespace {

using document::Node;

/// The fields of authentication/v1 UserInfo are left out where they are empty.
Node without_empty_members(const Node& map, Arena& arena) {
  document::MapBuilder builder(arena);
  for (const auto& member : map.members()) {
    if (!member.value.is_null() && member.value.size() != 0) {
      builder.add(member.key.text(), member.value);
    }
  }
  return builder.build();
}

}  // namespace

Node request_variable(const Review& review, Arena& arena) {
  const Node& request = review.request;
  document::MapBuilder builder(arena);
  builder.add("uid", Node::string(""));
  for (const std::string_view field : {"kind", "resource"}) {
    builder.add(field, request[field]);
  }
  for (const std::string_view field : {"subResource", "requestKind", "requestResource",
                                       "requestSubResource", "name", "namespace"}) {
    const Node& value = request[field];
    if (!value.is_null() && value.size() != 0) {
      builder.add(field, value);
    }
  }
  builder.add("operation", request["operation"]);
  builder.add("userInfo", without_empty_members(request["userInfo"], arena));
  builder.add("object", Node::null());
  builder.add("oldObject", Node::null());
  if (request.has("dryRun")) {
    builder.add("dryRun", request["dryRun"]);
  }
  builder.add("options", request["options"]);
  return builder.build();
}

}  // namespace seaworthy::admission
