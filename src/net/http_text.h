#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "seaworthy/net/http_message.h"

namespace seaworthy::net {

/// What becomes of the connection after a response; kKeep says nothing, as HTTP/1.1 wants it.
enum class AfterResponse : std::uint8_t { kKeep, kKeepSaid, kClose };

/// Appends the response as it is sent. `has_body` false: the answer to HEAD.
void append_response(const HttpResponse& response, const std::string& date, AfterResponse after,
                     bool has_body, std::string& out);

/// Path and query of a request's target; scheme and authority of an absolute one are left out, as
/// RFC 9112, 3.2.2 wants it understood.
void split_target(std::string_view target, HttpRequest& request);

}  // namespace seaworthy::net
