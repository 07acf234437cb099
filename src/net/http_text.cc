#include "net/http_text.h"

#include <iterator>

#include <fmt/format.h>

namespace seaworthy::net {

void append_response(const HttpResponse& response, const std::string& date, AfterResponse after,
                     bool has_body, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nDate: {}\r\n",
                 response.status, reason_phrase(response.status), response.content_type,
                 response.body.size(), date);
  if (after == AfterResponse::kClose) {
    out += "Connection: close\r\n";
  } else if (after == AfterResponse::kKeepSaid) {
    out += "Connection: keep-alive\r\n";
  }
  for (const auto& [name, value] : response.fields) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  out += "\r\n";
  if (has_body) {
    out += response.body;
  }
}

void split_target(std::string_view target, HttpRequest& request) {
  const std::size_t scheme = target.find("://");
  if (!target.starts_with('/') && scheme != std::string_view::npos) {
    const std::size_t path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
}

}  // namespace seaworthy::net
