#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seaworthy::cel {

/// A URL as Go's net/url reads it.
struct Url {
  std::string scheme;
  std::string opaque;
  std::string user;  ///< Escaped, with the password; meaningful where has_user.
  std::string host;  ///< With the port.
  std::string path;
  std::string raw_path;  ///< Where the path's own escaping is not what Go would write.
  std::string raw_query;
  std::string fragment;
  std::string raw_fragment;
  bool has_user = false;
  bool omits_host = false;
  bool forces_query = false;

  /// url.Parse, or with `as_request` url.ParseRequestURI; errors as it words them: `parse "x": …`.
  static std::expected<Url, std::string> parse(std::string_view text, bool as_request);

  [[nodiscard]] std::string escaped_path() const;
  [[nodiscard]] std::string_view hostname() const;
  [[nodiscard]] std::string_view port() const;
  /// Keys in order of their first value; parts that cannot be unescaped are left out.
  [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::string>>> query() const;
  [[nodiscard]] std::string text() const;
};

}  // namespace seaworthy::cel
