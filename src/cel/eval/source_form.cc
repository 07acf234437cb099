#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "cel/eval/go_text.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/explain.h"
#include "seaworthy/cel/patch_types.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {
namespace {

void append(const Value& value, std::string& out);

void append_double(double value, std::string& out) {
  if (std::isnan(value) || std::isinf(value)) {
    out += "double(\"";
    append_go_g(value, out);
    out += "\")";
    return;
  }
  std::string text;
  append_go_g(value, text);
  out += text;
  out += text.find_first_of(".e") == std::string::npos ? ".0" : "";
}

void append_bytes(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "b\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\') {
      out += c;
    } else {
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  out += '"';
}

void append_call(std::string_view function, std::string_view text, std::string& out) {
  out += function;
  out += '(';
  document::print_json_string(text, out);
  out += ')';
}

void append_items(const Value& value, std::string& out) {
  const bool map = value.is(ValueKind::kMap);
  out += map ? '{' : '[';
  for (std::uint32_t i = 0; i < value.size(); ++i) {
    out += i > 0 ? ", " : "";
    if (map) {
      append(value.key_at(i), out);
      out += ": ";
      append(value.value_at(i), out);
    } else {
      append(value.item(i), out);
    }
  }
  out += map ? '}' : ']';
}

void append_field(std::string_view name, const Value& value, std::string& out) {
  out += out.ends_with('{') ? "" : ", ";
  out += name;
  out += ": ";
  append(value, out);
}

/// Whether the value is one of those that only mutations make.
bool append_patch_value(const Value& value, std::string& out) {
  if (const ObjectValue* object = as_object(value)) {
    out += object->type().name;
    out += '{';
    for (const ObjectField& field : object->fields()) {
      append_field(field.name, field.value, out);
    }
    out += '}';
    return true;
  }
  const JsonPatchValue* patch = as_json_patch(value);
  if (patch == nullptr) {
    return false;
  }
  out += "JSONPatch{";
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"op", patch->op}, {"path", patch->path}, {"from", patch->from}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) {
      append_field(name, Value::string(text), out);
    }
  }
  if (!patch->value.is(ValueKind::kUnset)) {
    append_field("value", patch->value, out);
  }
  out += '}';
  return true;
}

void append_opaque(const Value& value, std::string& out) {
  if (append_patch_value(value, out)) {
    return;
  }
  constexpr std::pair<std::string_view, std::string_view> kMakers[] = {
      {"kubernetes.Quantity", "quantity"},
      {"kubernetes.Semver", "semver"},
      {"kubernetes.URL", "url"},
      {"net.IP", "ip"},
      {"net.CIDR", "cidr"}};
  const std::string_view type = value.as_opaque().type().name;
  Arena arena(1024);
  for (const auto& [name, function] : kMakers) {
    if (type == name) {
      append_call(function, to_text(value, arena), out);
      return;
    }
  }
  out += '<';
  out += type;
  out += '>';
}

void append_moment(const Value& value, std::string& out) {
  const bool duration = value.is(ValueKind::kDuration);
  std::string text;
  if (duration) {
    append_duration_seconds(value.as_int(), text);
  } else {
    append_timestamp(value, text);
  }
  append_call(duration ? "duration" : "timestamp", text, out);
}

void append(const Value& value, std::string& out) {
  switch (value.kind()) {
    case ValueKind::kUnset:
    case ValueKind::kNull:
      out += "null";
      return;
    case ValueKind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case ValueKind::kInt:
      out += std::to_string(value.as_int());
      return;
    case ValueKind::kUint:
      out += std::to_string(value.as_uint()) + "u";
      return;
    case ValueKind::kDouble:
      return append_double(value.as_double(), out);
    case ValueKind::kString:
      return document::print_json_string(value.as_text(), out);
    case ValueKind::kBytes:
      return append_bytes(value.as_text(), out);
    case ValueKind::kDuration:
    case ValueKind::kTimestamp:
      return append_moment(value, out);
    case ValueKind::kList:
    case ValueKind::kMap:
      return append_items(value, out);
    case ValueKind::kType:
      out += value.as_type().name;
      return;
    case ValueKind::kOptional:
      if (value.as_optional() == nullptr) {
        out += "optional.none()";
        return;
      }
      out += "optional.of(";
      append(*value.as_optional(), out);
      out += ')';
      return;
    case ValueKind::kOpaque:
      return append_opaque(value, out);
    case ValueKind::kError:
      out += "error: ";
      out += value.as_error().message;
      return;
  }
}

}  // namespace

std::string to_source(const Value& value) {
  std::string out;
  append(value, out);
  return out;
}

}  // namespace seaworthy::cel
