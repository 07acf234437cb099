#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seaworthy::net {

struct HttpField {
  std::string_view name;   ///< As it was sent; compare with equal_ignoring_case.
  std::string_view value;  ///< Without white space around it.
};

/// One request as a handler sees it. Lifetime: all of it is borrowed for the handler's call.
struct HttpRequest {
  /// Bytes behind the body that may be read (and hold anything), as simdjson wants them.
  static constexpr std::size_t kBodyPadding = 64;

  std::string_view method;
  std::string_view path;   ///< As it was sent, without the query; begins with '/'.
  std::string_view query;  ///< What follows the first '?'; may be empty.
  std::span<const HttpField> fields;
  std::string_view body;
  /// When the request's first byte was read, or when its thread turned to the bytes that had come,
  /// whichever was earlier.
  std::chrono::steady_clock::time_point received;

  /// The value of the first field of that name, in any case; empty where there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
  /// The value of the first query parameter of that name, not unescaped; empty where there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

/// What a handler answers. Content-Length, Date and Connection are the server's own.
struct HttpResponse {
  int status = 200;
  std::string_view content_type = "application/json";  ///< Borrowed: a constant.
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields;  ///< Names are constants.
  bool close = false;  ///< The connection ends after this response.

  /// As if it were new, but with the memory that it has.
  void reset();
};

/// ASCII only, as names in HTTP are compared.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// "Not Found" for 404; "Unknown" for a code without a phrase.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace seaworthy::net
