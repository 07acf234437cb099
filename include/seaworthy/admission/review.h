#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/patch.h"

namespace seaworthy::admission {

enum class Operation : std::uint8_t { kCreate, kUpdate, kDelete, kConnect };

/// "CREATE", "UPDATE", "DELETE", "CONNECT".
std::string_view name_of(Operation operation);

struct GroupVersionKind {
  std::string_view group;
  std::string_view version;
  std::string_view kind;

  friend bool operator==(const GroupVersionKind&, const GroupVersionKind&) = default;
  /// "v1", "apps/v1".
  [[nodiscard]] std::string api_version() const;
};

struct GroupVersionResource {
  std::string_view group;
  std::string_view version;
  std::string_view resource;

  friend bool operator==(const GroupVersionResource&, const GroupVersionResource&) = default;
};

/// One request of the API server, as its AdmissionReview carries it. Lifetime: of the document it
/// was read from.
struct Review {
  std::string_view api_version;  ///< "admission.k8s.io/v1" or "…/v1beta1": the answer's too.
  std::string_view uid;          ///< Of this call, not of the user's request.
  GroupVersionKind kind;
  GroupVersionResource resource;
  std::string_view sub_resource;  ///< "", "ephemeralcontainers", "resize", "status", "scale" …
  std::string_view name;          ///< Empty while a generated name is not made yet.
  std::string_view namespace_name;
  Operation operation = Operation::kCreate;
  bool dry_run = false;
  document::Node request;     ///< The whole `request`.
  document::Node user_info;   ///< username, uid, groups, extra
  document::Node object;      ///< Null on DELETE.
  document::Node old_object;  ///< Null on CREATE.
};

/// Where an AdmissionReview holds what only the API server needs: most of what it says in bytes
/// beside the Pod's spec (document::JsonOptions::skipped).
inline constexpr std::array<std::string_view, 4> kManagedFieldsPath{"request", "*", "metadata",
                                                                    "managedFields"};

/// Reads `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{…}}`.
/// Rule: webhook contract 1.2. Errors: kInvalid with the field's path: another kind or version, no
/// request, no uid, an unknown operation, a field of another type.
Result<Review> read_review(const document::Node& root);

/// The `request` of expressions: the review's, with null for object and oldObject and no uid, and
/// without the texts and user's fields that are empty (cel.md section 3, Variables visible).
document::Node request_variable(const Review& review, Arena& arena);

/// What is answered to a Review.
struct Response {
  bool allowed = true;
  std::string message;               ///< Of a refusal.
  int code = 403;                    ///< Likewise: an HTTP status.
  std::string reason = "Forbidden";  ///< metav1.StatusReason.
  /// What the message is made of, as details of the status: what kubectl shows of a refusal whose
  /// reason is Invalid. Empty for none.
  std::vector<std::string> causes;
  /// Each without control characters, at most limits::kWarningCodePointsMax long, or
  /// kAdmissionWarningCodePointsMax.
  std::vector<std::string> warnings;
  /// Keys are qualified names of at most 63 characters without a slash; the API server puts the
  /// webhook's name before them.
  std::vector<std::pair<std::string, std::string>> audit_annotations;
  document::Patch patch;  ///< Empty for none.
};

/// The AdmissionReview of the answer. Rule: webhook contract 1.3: patch and patchType both or
/// neither, uid echoed.
std::string print_response(std::string_view api_version, std::string_view uid,
                           const Response& response);

/// Standard base64 with padding (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);

/// The bytes that it stands for, with padding or without; what is no digit of it, such as the end
/// of a line, is passed over.
std::string from_base64(std::string_view text);

}  // namespace seaworthy::admission
