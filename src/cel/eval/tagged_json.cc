#include "seaworthy/cel/tagged_json.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "cel/eval/go_text.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

void print_text(std::string_view tag, std::string_view text, std::string& out) {
  out += "{\"";
  out += tag;
  out += "\":";
  document::print_json_string(text, out);
  out += '}';
}

std::string double_text(double value) {
  if (std::isinf(value)) {
    return value > 0 ? "Infinity" : "-Infinity";
  }
  std::string text;
  append_go_g(value, text);
  if (!std::isnan(value) && text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string hex_text(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

void print_moment(std::string_view tag, std::int64_t seconds, std::int64_t nanoseconds,
                  std::string& out) {
  out += "{\"";
  out += tag;
  out +=
      "\":{\"n\":" + std::to_string(nanoseconds) + ",\"s\":\"" + std::to_string(seconds) + "\"}}";
}

void print_list(const Value& list, std::string& out) {
  out += "{\"list\":[";
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0) {
      out += ',';
    }
    print_tagged(list.item(i), out);
  }
  out += "]}";
}

/// The key as Go's fmt.Sprint prints what it holds.
std::string key_text(const Value& key) {
  std::string text;
  if (key.is(ValueKind::kNull)) {
    return "NULL_VALUE";
  }
  append_go_value(key, text);
  return key.is(ValueKind::kMap) ? "map" + text : text;
}

void print_map(const Value& map, std::string& out) {
  std::vector<std::pair<std::string, std::uint32_t>> order(map.size());
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    order[i].first = key_text(map.key_at(i));
    order[i].second = i;
  }
  std::ranges::sort(order);
  out += "{\"map\":[";
  for (std::size_t i = 0; i < order.size(); ++i) {
    out += i > 0 ? ",[" : "[";
    print_tagged(map.key_at(order[i].second), out);
    out += ',';
    print_tagged(map.value_at(order[i].second), out);
    out += ']';
  }
  out += "]}";
}

void print_opaque(const Value& value, std::string& out) {
  Arena arena(1024);
  out += "{\"opaque\":{\"go\":";
  document::print_json_string(to_text(value, arena), out);
  out += ",\"type\":";
  document::print_json_string(value.as_opaque().type().name, out);
  out += "}}";
}

}  // namespace

void print_tagged(const Value& value, std::string& out) {
  switch (value.kind()) {
    case ValueKind::kUnset:
    case ValueKind::kNull:
      out += "{\"null\":null}";
      return;
    case ValueKind::kBool:
      out += value.as_bool() ? "{\"bool\":true}" : "{\"bool\":false}";
      return;
    case ValueKind::kInt:
      return print_text("int", std::to_string(value.as_int()), out);
    case ValueKind::kUint:
      return print_text("uint", std::to_string(value.as_uint()), out);
    case ValueKind::kDouble:
      return print_text("double", double_text(value.as_double()), out);
    case ValueKind::kString:
      return print_text("string", value.as_text(), out);
    case ValueKind::kBytes:
      return print_text("bytes", hex_text(value.as_text()), out);
    case ValueKind::kDuration:
      return print_moment("duration", value.as_int() / kSecond, value.as_int() % kSecond, out);
    case ValueKind::kTimestamp:
      return print_moment("timestamp", value.as_int(), value.nanoseconds(), out);
    case ValueKind::kList:
      return print_list(value, out);
    case ValueKind::kMap:
      return print_map(value, out);
    case ValueKind::kType:
      return print_text("type", value.as_type().name, out);
    case ValueKind::kOptional:
      if (value.as_optional() == nullptr) {
        out += "{\"optional\":null}";
        return;
      }
      out += "{\"optional\":";
      print_tagged(*value.as_optional(), out);
      out += '}';
      return;
    case ValueKind::kOpaque:
      return print_opaque(value, out);
    case ValueKind::kError:
      return print_text("error", value.as_error().message, out);
  }
}

}  // namespace seaworthy::cel
