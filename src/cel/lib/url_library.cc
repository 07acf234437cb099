// url, isURL and the parts of a URL (k8s.io/apiserver pkg/cel/library/urls.go). A value keeps the
// text it was read from; what is asked for is read again, since the arena runs no destructors.

#include <string>

#include "cel/eval/map_builder.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "cel/lib/url.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

extern const RuntimeType kUrlType;

class UrlValue final : public OpaqueValue {
 public:
  explicit UrlValue(std::string_view text) : OpaqueValue(kUrlType), text_(text) {}

  [[nodiscard]] Url url() const { return Url::parse(text_, false).value_or(Url()); }

 private:
  std::string_view text_;
};

Url of(const Value& value) { return static_cast<const UrlValue&>(value.as_opaque()).url(); }

Value equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!other.is(ValueKind::kOpaque) || &other.as_opaque().type() != &kUrlType) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(of(self).text() == of(other).text());
}

std::string_view text_of(const OpaqueValue& value, Arena& arena) {
  return arena.copy(static_cast<const UrlValue&>(value).url().text());
}

const RuntimeType kUrlType{.name = "kubernetes.URL",
                           .equal = equal,
                           .text = text_of,
                           .size = nullptr,
                           .go_name = "cel.URL",
                           .native_name = "*url.URL"};

Value string_to_url(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  for (const bool as_request : {true, false}) {
    const auto url = Url::parse(text, as_request);
    if (!url) {
      return evaluation.error("URL parse error during conversion from string: " + url.error());
    }
  }
  return Value::opaque(*evaluation.arena().create<UrlValue>(text));
}

Value is_url(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(Url::parse(arguments[0].as_text(), true).has_value());
}

Value copied(std::string_view text, Evaluation& evaluation) {
  return Value::string(evaluation.arena().copy(text));
}

Value scheme(Arguments arguments, Evaluation& evaluation) {
  return copied(of(arguments[0]).scheme, evaluation);
}

Value host(Arguments arguments, Evaluation& evaluation) {
  return copied(of(arguments[0]).host, evaluation);
}

Value hostname(Arguments arguments, Evaluation& evaluation) {
  const Url url = of(arguments[0]);
  return copied(url.hostname(), evaluation);
}

Value port(Arguments arguments, Evaluation& evaluation) {
  const Url url = of(arguments[0]);
  return copied(url.port(), evaluation);
}

Value escaped_path(Arguments arguments, Evaluation& evaluation) {
  return copied(of(arguments[0]).escaped_path(), evaluation);
}

Value query(Arguments arguments, Evaluation& evaluation) {
  Arena& arena = evaluation.arena();
  MapBuilder builder(arena);
  for (const auto& [key, values] : of(arguments[0]).query()) {
    Value* items = arena.allocate_array<Value>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      new (&items[i]) Value(copied(values[i], evaluation));
    }
    builder.put(copied(key, evaluation), Value::list({items, values.size()}));
  }
  return builder.build();
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"url", "string_to_url", "(string) -> kubernetes.URL", string_to_url, costs::first_tenth},
    {"getScheme", "url_get_scheme", "kubernetes.URL.() -> string", scheme},
    {"getHost", "url_get_host", "kubernetes.URL.() -> string", host},
    {"getHostname", "url_get_hostname", "kubernetes.URL.() -> string", hostname},
    {"getPort", "url_get_port", "kubernetes.URL.() -> string", port},
    {"getEscapedPath", "url_get_escaped_path", "kubernetes.URL.() -> string", escaped_path},
    {"getQuery", "url_get_query", "kubernetes.URL.() -> map(string, list(string))", query},
    {"isURL", "is_url_string", "(string) -> bool", is_url},
};

}  // namespace

Library url_library() { return {"kubernetes.urls", kRows}; }

}  // namespace seaworthy::cel
