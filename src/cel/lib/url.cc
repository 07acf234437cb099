// Parsing and escaping in the steps of Go's net/url (url.go, Go 1.26), whose errors reach users.

#include "cel/lib/url.h"

#include <algorithm>

#include "cel/lib/ip_address.h"
#include "cel/lib/url_escape.h"

namespace seaworthy::cel {
namespace {

bool is_optional_port(std::string_view text) {
  return text.empty() ||
         (text[0] == ':' && text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

/// Scheme and rest.
std::expected<std::pair<std::string_view, std::string_view>, std::string> split_scheme(
    std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      continue;
    }
    if ((c >= '0' && c <= '9') || is_url_one_of(c, "+-.")) {
      if (i == 0) {
        break;
      }
      continue;
    }
    if (c != ':') {
      break;
    }
    if (i == 0) {
      return std::unexpected("missing protocol scheme");
    }
    return std::pair(text.substr(0, i), text.substr(i + 1));
  }
  return std::pair(std::string_view(), text);
}

UrlText parse_bracketed_host(std::string_view host) {
  const std::size_t close = host.rfind(']');
  if (close == std::string_view::npos) {
    return std::unexpected("missing ']' in host");
  }
  const std::string_view port = host.substr(close + 1);
  if (!is_optional_port(port)) {
    return std::unexpected("invalid port " + quoted_url(port) + " after host");
  }
  const std::string_view name = host.substr(1, close - 1);
  const std::size_t zone = name.find("%25");
  UrlText unescaped = unescape_url(name.substr(0, zone), UrlPart::kHost);
  if (!unescaped) {
    return unescaped;
  }
  if (zone != std::string_view::npos) {
    const UrlText unescaped_zone = unescape_url(name.substr(zone), UrlPart::kZone);
    if (!unescaped_zone) {
      return unescaped_zone;
    }
    *unescaped += *unescaped_zone;
  }
  const auto address = IpAddress::parse(*unescaped);
  if (!address) {
    return std::unexpected("invalid host: " + address.error());
  }
  if (!address->is_v6) {
    return std::unexpected("invalid IP-literal");
  }
  return "[" + *unescaped + "]" + std::string(port);
}

UrlText parse_host(std::string_view scheme, std::string_view host) {
  const std::size_t open = host.rfind('[');
  if (open == 0) {
    return parse_bracketed_host(host);
  }
  if (open != std::string_view::npos) {
    return std::unexpected("invalid IP-literal");
  }
  std::size_t colon = host.find(':');
  if (colon != std::string_view::npos) {
    if (scheme != "http" && scheme != "https") {
      colon = host.rfind(':');
    }
    const std::string_view port = host.substr(colon);
    if (!is_optional_port(port)) {
      return std::unexpected("invalid port " + quoted_url(port) + " after host");
    }
  }
  return unescape_url(host, UrlPart::kHost);
}

std::expected<void, std::string> parse_authority(std::string_view authority, Url& url) {
  const std::size_t at = authority.rfind('@');
  UrlText host =
      parse_host(url.scheme, at == std::string_view::npos ? authority : authority.substr(at + 1));
  if (!host) {
    return std::unexpected(std::move(host).error());
  }
  url.host = *std::move(host);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view user = authority.substr(0, at);
  for (const char c : user) {
    if (!is_url_alphanumeric(c) && !is_url_one_of(c, "-._:~!$&'()*+,;=%@")) {
      return std::unexpected("net/url: invalid userinfo");
    }
  }
  const std::size_t colon = user.find(':');
  UrlText name = unescape_url(user.substr(0, colon), UrlPart::kUserPassword);
  if (!name) {
    return std::unexpected(std::move(name).error());
  }
  url.has_user = true;
  url.user = escape_url(*name, UrlPart::kUserPassword);
  if (colon == std::string_view::npos) {
    return {};
  }
  UrlText password = unescape_url(user.substr(colon + 1), UrlPart::kUserPassword);
  if (!password) {
    return std::unexpected(std::move(password).error());
  }
  url.user += ":" + escape_url(*password, UrlPart::kUserPassword);
  return {};
}

std::expected<Url, std::string> parse_plain(std::string_view text, bool as_request) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, is_control)) {
    return std::unexpected("net/url: invalid control character in URL");
  }
  if (text.empty() && as_request) {
    return std::unexpected("empty url");
  }
  Url url;
  if (text == "*") {
    url.path = "*";
    return url;
  }
  const auto parts = split_scheme(text);
  if (!parts) {
    return std::unexpected(parts.error());
  }
  url.scheme = std::string(parts->first);
  std::ranges::transform(url.scheme, url.scheme.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  std::string_view rest = parts->second;
  if (rest.ends_with('?') && rest.find('?') == rest.size() - 1) {
    url.forces_query = true;
    rest.remove_suffix(1);
  } else if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    url.raw_query = std::string(rest.substr(mark + 1));
    rest = rest.substr(0, mark);
  }
  if (!rest.starts_with('/')) {
    if (!url.scheme.empty()) {
      url.opaque = std::string(rest);
      return url;
    }
    if (as_request) {
      return std::unexpected("invalid URI for request");
    }
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) {
      return std::unexpected("first path segment in URL cannot contain colon");
    }
  }
  const bool may_have_authority = !url.scheme.empty() || (!as_request && !rest.starts_with("///"));
  if (may_have_authority && rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (auto authority = parse_authority(rest.substr(0, end), url); !authority) {
      return std::unexpected(authority.error());
    }
    rest.remove_prefix(end);
  } else if (!url.scheme.empty() && rest.starts_with('/')) {
    url.omits_host = true;
  }
  UrlText path = unescape_url(rest, UrlPart::kPath);
  if (!path) {
    return std::unexpected(path.error());
  }
  url.path = *std::move(path);
  if (escape_url(url.path, UrlPart::kPath) != rest) {
    url.raw_path = std::string(rest);
  }
  return url;
}

}  // namespace

std::expected<Url, std::string> Url::parse(std::string_view text, bool as_request) {
  const std::size_t hash = as_request ? std::string_view::npos : text.find('#');
  auto url = parse_plain(text.substr(0, hash), as_request);
  if (!url) {
    return std::unexpected("parse " + quoted_url(text.substr(0, hash)) + ": " + url.error());
  }
  if (hash == std::string_view::npos || hash + 1 == text.size()) {
    return url;
  }
  const std::string_view raw = text.substr(hash + 1);
  UrlText fragment = unescape_url(raw, UrlPart::kFragment);
  if (!fragment) {
    return std::unexpected("parse " + quoted_url(text) + ": " + fragment.error());
  }
  url->fragment = *std::move(fragment);
  if (escape_url(url->fragment, UrlPart::kFragment) != raw) {
    url->raw_fragment = std::string(raw);
  }
  return url;
}

std::string Url::escaped_path() const {
  if (!raw_path.empty() && is_escaped_url(raw_path, UrlPart::kPath)) {
    return raw_path;
  }
  return path == "*" ? path : escape_url(path, UrlPart::kPath);
}

std::string_view Url::hostname() const {
  std::string_view name = host;
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && is_optional_port(name.substr(colon))) {
    name = name.substr(0, colon);
  }
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
  }
  return name;
}

std::string_view Url::port() const {
  const std::string_view all = host;
  const std::size_t colon = all.rfind(':');
  if (colon == std::string_view::npos || !is_optional_port(all.substr(colon))) {
    return {};
  }
  return all.substr(colon + 1);
}

std::vector<std::pair<std::string, std::vector<std::string>>> Url::query() const {
  constexpr std::ptrdiff_t kParametersMax = 10'000;
  std::vector<std::pair<std::string, std::vector<std::string>>> values;
  std::string_view rest = raw_query;
  if (std::ranges::count(rest, '&') + 1 > kParametersMax) {
    return values;
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty() || pair.find(';') != std::string_view::npos) {
      continue;
    }
    const std::size_t equals = pair.find('=');
    UrlText key = unescape_url(pair.substr(0, equals), UrlPart::kQueryComponent);
    UrlText value = unescape_url(
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1),
        UrlPart::kQueryComponent);
    if (!key || !value) {
      continue;
    }
    auto known =
        std::ranges::find(values, *key, &std::pair<std::string, std::vector<std::string>>::first);
    if (known == values.end()) {
      known = values.insert(values.end(), {*key, {}});
    }
    known->second.push_back(*std::move(value));
  }
  return values;
}

std::string Url::text() const {
  std::string out;
  if (!scheme.empty()) {
    out += scheme + ":";
  }
  if (!opaque.empty()) {
    out += opaque;
  } else {
    const bool names_host = !scheme.empty() || !host.empty() || has_user;
    if (names_host && !(omits_host && host.empty() && !has_user)) {
      if (!host.empty() || !path.empty() || has_user) {
        out += "//";
      }
      if (has_user) {
        out += user + "@";
      }
      out += escape_url(host, UrlPart::kHost);
    }
    const std::string shown = escaped_path();
    if (!shown.empty() && shown[0] != '/' && !host.empty()) {
      out += '/';
    }
    if (out.empty() && shown.substr(0, shown.find('/')).find(':') != std::string::npos) {
      out += "./";
    }
    out += shown;
  }
  if (forces_query || !raw_query.empty()) {
    out += "?" + raw_query;
  }
  if (!fragment.empty()) {
    const bool keeps = !raw_fragment.empty() && is_escaped_url(raw_fragment, UrlPart::kFragment);
    out += "#" + (keeps ? raw_fragment : escape_url(fragment, UrlPart::kFragment));
  }
  return out;
}

}  // namespace seaworthy::cel
