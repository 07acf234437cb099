// AdmissionReview in and out. Reading is strict where a mistake would let something pass unjudged
// (operation, kinds), and says the field's path; what the API server may add later is ignored.
#include "seaworthy/admission/review.h"

#include <array>

#include <fmt/format.h>

#include "seaworthy/document/json.h"

namespace seaworthy::admission {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using document::Node;

constexpr std::string_view kV1 = "admission.k8s.io/v1";
constexpr std::string_view kV1Beta1 = "admission.k8s.io/v1beta1";

/// The string at `request.<name>`; an absent one is "".
Result<std::string_view> text_field(const Node& parent, std::string_view name,
                                    std::string_view path) {
  const Node* value = parent.find(name);
  if (value == nullptr || value->is_null()) {
    return std::string_view{};
  }
  if (!value->is_string()) {
    return fail(ErrorCode::kInvalid, fmt::format("{}.{} must be a string, not {}", path, name,
                                                 document::name_of(value->kind())));
  }
  return value->as_string();
}

Result<Node> map_field(const Node& parent, std::string_view name, std::string_view path) {
  const Node& value = parent[name];
  if (!value.is_null() && !value.is_map()) {
    return fail(ErrorCode::kInvalid, fmt::format("{}.{} must be an object, not {}", path, name,
                                                 document::name_of(value.kind())));
  }
  return value;
}

Result<Operation> read_operation(std::string_view text) {
  for (auto operation :
       {Operation::kCreate, Operation::kUpdate, Operation::kDelete, Operation::kConnect}) {
    if (text == name_of(operation)) {
      return operation;
    }
  }
  return fail(
      ErrorCode::kInvalid,
      fmt::format("request.operation must be CREATE, UPDATE, DELETE or CONNECT, not '{}'", text));
}

Result<void> read_names(const Node& request, Review& review) {
  SEAWORTHY_TRY(const Node kind, map_field(request, "kind", "request"));
  SEAWORTHY_TRY(review.kind.group, text_field(kind, "group", "request.kind"));
  SEAWORTHY_TRY(review.kind.version, text_field(kind, "version", "request.kind"));
  SEAWORTHY_TRY(review.kind.kind, text_field(kind, "kind", "request.kind"));
  if (review.kind.kind.empty()) {
    return fail(ErrorCode::kInvalid, "request.kind.kind is missing");
  }
  SEAWORTHY_TRY(const Node resource, map_field(request, "resource", "request"));
  SEAWORTHY_TRY(review.resource.group, text_field(resource, "group", "request.resource"));
  SEAWORTHY_TRY(review.resource.version, text_field(resource, "version", "request.resource"));
  SEAWORTHY_TRY(review.resource.resource, text_field(resource, "resource", "request.resource"));
  SEAWORTHY_TRY(review.sub_resource, text_field(request, "subResource", "request"));
  SEAWORTHY_TRY(review.name, text_field(request, "name", "request"));
  SEAWORTHY_TRY(review.namespace_name, text_field(request, "namespace", "request"));
  return {};
}

void print_status(const Response& response, std::string& out) {
  out += fmt::format(R"(,"status":{{"code":{},"reason":)", response.code);
  document::print_json_string(response.reason, out);
  out += R"(,"message":)";
  document::print_json_string(response.message, out);
  if (!response.causes.empty()) {
    out += R"(,"details":{"causes":[)";
    for (const auto& cause : response.causes) {
      out += &cause == response.causes.data() ? R"({"message":)" : R"(,{"message":)";
      document::print_json_string(cause, out);
      out += '}';
    }
    out += "]}";
  }
  out += '}';
}

}  // namespace

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::kCreate:
      return "CREATE";
    case Operation::kUpdate:
      return "UPDATE";
    case Operation::kDelete:
      return "DELETE";
    case Operation::kConnect:
      return "CONNECT";
  }
  return "";
}

std::string GroupVersionKind::api_version() const {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

Result<Review> read_review(const Node& root) {
  if (!root.is_map()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the body must be an AdmissionReview object, not {}",
                            document::name_of(root.kind())));
  }
  Review review;
  SEAWORTHY_TRY(const std::string_view kind, text_field(root, "kind", "body"));
  SEAWORTHY_TRY(review.api_version, text_field(root, "apiVersion", "body"));
  if (kind != "AdmissionReview" || (review.api_version != kV1 && review.api_version != kV1Beta1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the body must be an AdmissionReview of {} or {}, not '{}' of '{}'",
                            kV1, kV1Beta1, kind, review.api_version));
  }
  SEAWORTHY_TRY(review.request, map_field(root, "request", "body"));
  if (review.request.is_null()) {
    return fail(ErrorCode::kInvalid, "request is missing");
  }
  const Node& request = review.request;
  SEAWORTHY_TRY(review.uid, text_field(request, "uid", "request"));
  if (review.uid.empty()) {
    return fail(ErrorCode::kInvalid, "request.uid is missing");
  }
  SEAWORTHY_TRY(const std::string_view operation, text_field(request, "operation", "request"));
  SEAWORTHY_TRY(review.operation, read_operation(operation));
  if (auto names = read_names(request, review); !names) {
    return std::unexpected(names.error());
  }
  SEAWORTHY_TRY(review.object, map_field(request, "object", "request"));
  SEAWORTHY_TRY(review.old_object, map_field(request, "oldObject", "request"));
  SEAWORTHY_TRY(review.user_info, map_field(request, "userInfo", "request"));
  review.dry_run = request["dryRun"].as_bool();
  return review;
}

std::string print_response(std::string_view api_version, std::string_view uid,
                           const Response& response) {
  std::string out;
  out.reserve(512);
  out += R"({"apiVersion":)";
  document::print_json_string(api_version, out);
  out += R"(,"kind":"AdmissionReview","response":{"uid":)";
  document::print_json_string(uid, out);
  out += response.allowed ? R"(,"allowed":true)" : R"(,"allowed":false)";
  if (!response.allowed) {
    print_status(response, out);
  }
  if (response.allowed && !response.patch.empty()) {
    out += R"(,"patchType":"JSONPatch","patch":")" +
           to_base64(document::print_patch(response.patch)) + '"';
  }
  if (!response.warnings.empty()) {
    out += R"(,"warnings":[)";
    for (const auto& warning : response.warnings) {
      if (&warning != response.warnings.data()) {
        out += ',';
      }
      document::print_json_string(warning, out);
    }
    out += ']';
  }
  if (!response.audit_annotations.empty()) {
    out += R"(,"auditAnnotations":{)";
    for (const auto& annotation : response.audit_annotations) {
      if (&annotation != response.audit_annotations.data()) {
        out += ',';
      }
      document::print_json_string(annotation.first, out);
      out += ':';
      document::print_json_string(annotation.second, out);
    }
    out += '}';
  }
  out += "}}";
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  auto byte = [&](std::size_t at) -> std::uint32_t {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    out += kBase64Digits[group >> 18 & 63];
    out += kBase64Digits[group >> 12 & 63];
    out += at + 1 < bytes.size() ? kBase64Digits[group >> 6 & 63] : '=';
    out += at + 2 < bytes.size() ? kBase64Digits[group & 63] : '=';
  }
  return out;
}

std::string from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  std::size_t bits = 0;
  for (const char c : text) {
    const auto digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos) {
      continue;
    }
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xFF);
    }
  }
  return bytes;
}

}  // namespace seaworthy::admission
