#include "seaworthy/server/status.h"

#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

namespace seaworthy::server {
namespace {

std::string_view reason_of(int code) {
  switch (code) {
    case 400:
      return "BadRequest";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 405:
      return "MethodNotAllowed";
    case 408:
      return "Timeout";
    case 413:
      return "RequestEntityTooLarge";
    case 415:
      return "UnsupportedMediaType";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 503:
      return "ServiceUnavailable";
    default:
      return "";
  }
}

}  // namespace

std::string status_body(int code, std::string_view message) {
  std::string body =
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)";
  document::print_json_string(to_valid_utf8(message), body);
  if (const std::string_view reason = reason_of(code); !reason.empty()) {
    body.append(R"(,"reason":")").append(reason).append("\"");
  }
  body.append(R"(,"code":)").append(std::to_string(code)).append("}\n");
  return body;
}

}  // namespace seaworthy::server
