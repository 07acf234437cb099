#include "cel/conformance_values.h"

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "seaworthy/cel/tagged_json.h"

namespace seaworthy::cel {
namespace {

using nlohmann::json;

constexpr std::int64_t kSecond = 1'000'000'000;

double to_double(const json& text) { return std::strtod(text.get<std::string>().c_str(), nullptr); }

std::int64_t to_int(const json& text) {
  return std::strtoll(text.get<std::string>().c_str(), nullptr, 10);
}

Value decode_bytes(const std::string& digits, Arena& arena) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(digits.substr(i, 2).c_str(), nullptr, 16));
  }
  return Value::bytes(arena.copy(bytes));
}

Value decode_list(const json& items, Arena& arena) {
  std::vector<Value> values;
  for (const json& item : items) {
    values.push_back(decode(item, arena));
  }
  return Value::list(arena.copy(std::span<const Value>(values)));
}

Value decode_map(const json& pairs, Arena& arena) {
  std::vector<MapEntry> entries;
  for (const json& pair : pairs) {
    entries.push_back({decode(pair[0], arena), decode(pair[1], arena)});
  }
  return Value::map(arena.copy(std::span<const MapEntry>(entries)));
}

bool same_map(const json& a, const json& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (const json& pair : a) {
    bool found = false;
    for (const json& other : b) {
      found = found || (same_value(pair[0], other[0]) && same_value(pair[1], other[1]));
    }
    if (!found) {
      return false;
    }
  }
  return true;
}

bool same_list(const json& a, const json& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_value(a[i], b[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

Value decode(const json& encoded, Arena& arena) {
  const std::string kind = encoded.begin().key();
  const json& value = encoded.begin().value();
  if (kind == "bool") {
    return Value::boolean(value.get<bool>());
  }
  if (kind == "int") {
    return Value::integer(to_int(value));
  }
  if (kind == "uint") {
    return Value::unsigned_integer(std::strtoull(value.get<std::string>().c_str(), nullptr, 10));
  }
  if (kind == "double") {
    return Value::number(to_double(value));
  }
  if (kind == "string") {
    return Value::string(arena.copy(value.get<std::string>()));
  }
  if (kind == "bytes") {
    return decode_bytes(value.get<std::string>(), arena);
  }
  if (kind == "list") {
    return decode_list(value, arena);
  }
  if (kind == "map") {
    return decode_map(value, arena);
  }
  if (kind == "type") {
    return Value::type(
        *arena.create<RuntimeType>(RuntimeType{.name = arena.copy(value.get<std::string>())}));
  }
  if (kind == "timestamp") {
    return Value::timestamp(to_int(value["s"]), value["n"].get<std::uint32_t>());
  }
  if (kind == "duration") {
    return Value::duration(to_int(value["s"]) * kSecond + value["n"].get<std::int64_t>());
  }
  return Value::null();
}

json encode(const Value& value) {
  std::string text;
  print_tagged(value, text);
  return json::parse(text);
}

bool same_value(const json& a, const json& b) {
  if (!a.is_object() || !b.is_object() || a.size() != 1 || b.size() != 1) {
    return a == b;
  }
  const std::string kind = a.begin().key();
  if (kind != b.begin().key()) {
    // A list with something that the recorder could not write is recorded by its type alone.
    return kind == "opaque" && b.begin().key() == "list" &&
           a.begin().value()["type"].get<std::string>().starts_with("list");
  }
  const json& x = a.begin().value();
  const json& y = b.begin().value();
  if (kind == "double") {
    const double p = to_double(x);
    const double q = to_double(y);
    return (std::isnan(p) && std::isnan(q)) || (p == q && std::signbit(p) == std::signbit(q));
  }
  if (kind == "list") {
    return same_list(x, y);
  }
  if (kind == "map") {
    return same_map(x, y);
  }
  if (kind == "optional") {
    return same_value(x, y);
  }
  if (kind == "opaque") {
    return x["type"] == y["type"];
  }
  return x == y;
}

}  // namespace seaworthy::cel
