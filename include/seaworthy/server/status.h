#pragma once

#include <string>
#include <string_view>

namespace seaworthy::server {

/// The body of an answer that is no success: a Kubernetes `Status`, which the API server shows to
/// its user. Rule: the reasons are metav1.StatusReason's, apimachinery pkg/apis/meta/v1/types.go.
[[nodiscard]] std::string status_body(int code, std::string_view message);

}  // namespace seaworthy::server
