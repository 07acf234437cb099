#include "policy/parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/minor_version.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

using cel::Type;
using document::Kind;
using document::Node;

struct TypeRow {
  std::string_view word;
  Kind kind;
  std::string_view constructor;  ///< The CEL function that makes the value of a text; empty where
                                 ///< JSON has the type.
};

/// `v1.29` or `latest`; to expressions its minor version, an int.
constexpr std::string_view kVersion = "version";

constexpr std::array kTypes{
    TypeRow{"string", Kind::kString, ""},
    TypeRow{"int", Kind::kInt, ""},
    TypeRow{"double", Kind::kDouble, ""},
    TypeRow{"bool", Kind::kBool, ""},
    TypeRow{"quantity", Kind::kString, "quantity"},
    TypeRow{"duration", Kind::kString, "duration"},
    TypeRow{"list", Kind::kList, ""},
    TypeRow{kVersion, Kind::kString, ""},
};

const TypeRow* find_type(std::string_view word) {
  const auto* row = std::ranges::find(kTypes, word, &TypeRow::word);
  return row == kTypes.end() ? nullptr : row;
}

Type type_of(const TypeRow& row) {
  switch (row.kind) {
    case Kind::kInt:
      return Type::integer();
    case Kind::kDouble:
      return Type::number();
    case Kind::kBool:
      return Type::boolean();
    case Kind::kList:
      return Type::list(Type::string());
    default:
      return Type::string();
  }
}

bool is_of(const TypeRow& row, const Node& value) {
  if (row.kind == Kind::kList) {
    return value.is_list() &&
           std::ranges::all_of(value.items(), [](const Node& item) { return item.is_string(); });
  }
  return value.kind() == row.kind;
}

/// Quantities are often written as bare numbers (`maxCpu: 2`), and an int is a fine double.
Node coerced(const TypeRow& row, const Node& value, Arena& arena) {
  if (row.word == "quantity" && value.is_int()) {
    return document::make_string(fmt::format("{}", value.as_int()), arena);
  }
  if (row.word == "double" && value.is_int()) {
    return Node::number(static_cast<double>(value.as_int()));
  }
  return value;
}

/// Compiles `quantity("4Gi")`, and runs it once so that a bad value is found now.
Result<void> attach_program(Parameter& parameter, const TypeRow& row,
                            const cel::Environment& base) {
  std::string expression = std::string(row.constructor) + '(';
  document::print_json_string(parameter.value.as_string(), expression);
  expression += ')';
  auto compilation = base.compile(expression);
  if (compilation.program != nullptr) {
    Arena arena;
    cel::Evaluation evaluation(arena, {});
    if (!compilation.program->evaluate(evaluation).is_error()) {
      parameter.type = compilation.program->result_type();
      parameter.program = std::move(compilation.program);
      return {};
    }
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no {}", parameter.value.as_string(), row.word));
}

/// The version's minor number as a constant.
Result<void> attach_version(Parameter& parameter, const cel::Environment& base) {
  SEAWORTHY_TRY(const auto minor,
                read_minor_version(parameter.value.as_string(), parameter.newest.value_or(0)));
  auto compilation = base.compile(fmt::format("{}", minor));
  parameter.type = Type::integer();
  parameter.program = std::move(compilation.program);
  return {};
}

std::vector<std::string_view> type_words() {
  std::vector<std::string_view> all;
  for (const auto& row : kTypes) {
    all.push_back(row.word);
  }
  return all;
}

}  // namespace

Result<Parameter> make_parameter(std::string name, std::string_view type_word, const Node& value,
                                 const cel::Environment& base, std::optional<std::int64_t> newest) {
  const TypeRow* row = find_type(type_word);
  if (row == nullptr) {
    return fail(ErrorCode::kInvalid, fmt::format("type must be one of {}, not '{}'",
                                                 fmt::join(type_words(), ", "), type_word));
  }
  if (!is_of(*row, value)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a {} is wanted, not {}",
                            row->kind == Kind::kList ? "list of strings" : row->word,
                            document::name_of(value.kind())));
  }
  Parameter parameter{.name = std::move(name),
                      .type_word = std::string(type_word),
                      .type = type_of(*row),
                      .description = {},
                      .value = value,
                      .default_value = value,
                      .program = nullptr,
                      .newest = newest};
  Result<void> attached;
  if (!row->constructor.empty()) {
    attached = attach_program(parameter, *row, base);
  } else if (row->word == kVersion) {
    attached = attach_version(parameter, base);
  }
  if (!attached) {
    return std::unexpected(attached.error());
  }
  return parameter;
}

Result<Parameter> with_parameter_value(const Parameter& parameter, const Node& value) {
  SEAWORTHY_TRY(Parameter made, make_parameter(parameter.name, parameter.type_word, value,
                                               cel::Environment::kubernetes(), parameter.newest));
  made.description = parameter.description;
  made.default_value = parameter.default_value;
  return made;
}

Result<Parameter> with_written_value(const Parameter& parameter, const Node& value,
                                     const cel::Environment& base, Arena& arena) {
  const TypeRow* row = find_type(parameter.type_word);
  SEAWORTHY_TRY(Parameter made,
                make_parameter(parameter.name, parameter.type_word, coerced(*row, value, arena),
                               base, parameter.newest));
  made.description = parameter.description;
  made.default_value = parameter.default_value;
  return made;
}

Result<Node> read_parameter_text(std::string_view type_word, std::string_view text, Arena& arena) {
  const TypeRow* row = find_type(type_word);
  if (row == nullptr || row->kind == Kind::kString) {
    return document::make_string(text, arena);
  }
  if (row->kind == Kind::kList) {
    std::vector<Node> items;
    for (const auto part : split(text, ',')) {
      if (!trim(part).empty()) {
        items.push_back(document::make_string(trim(part), arena));
      }
    }
    return document::make_list(items, arena);
  }
  auto value = document::parse_json(text, arena);
  if (!value || !is_of(*row, coerced(*row, *value, arena))) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is no {}", text, row->word));
  }
  return coerced(*row, *value, arena);
}

namespace {

/// Of a version, which must say up to where its bundle knows them.
std::optional<std::int64_t> read_newest(Fields& fields) {
  constexpr std::int64_t kNone = 0;
  const auto text = fields.text("newest", true);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto minor = read_minor_version(text, std::numeric_limits<std::int64_t>::max());
  if (!minor || text == "latest") {
    fields.context().error(*fields.take("newest"),
                           fields.path_of("newest") + " must be a version such as v1.36");
  }
  return minor.value_or(kNone);
}

}  // namespace

void read_parameters(const ReadContext& context, const Node& params, const cel::Environment& base,
                     std::vector<Parameter>& parameters) {
  // Coerced values are written beside the document's own.
  auto& arena = *context.arena;
  for (const auto& member : params.members()) {
    const std::string name(member.key.text());
    if (std::ranges::find(parameters, name, &Parameter::name) != parameters.end()) {
      context.error(context.source->position_of(member),
                    fmt::format("parameter '{}' is declared twice in this bundle", name));
      continue;
    }
    if (!member.value.is_map()) {
      context.error(
          member.value,
          fmt::format("spec.params.{} must be a map with type, default, description", name));
      continue;
    }
    Fields fields(context, member.value, "spec.params." + name);
    const auto type = fields.text("type", true);
    auto description = fields.text("description");
    const Node* value = fields.take("default");
    const auto newest = type == kVersion ? read_newest(fields) : std::nullopt;
    fields.finish();
    if (value == nullptr) {
      fields.report_missing("default");
      continue;
    }
    const TypeRow* row = find_type(type);
    auto parameter = make_parameter(
        name, type, row == nullptr ? *value : coerced(*row, *value, arena), base, newest);
    if (!parameter) {
      context.error(*value, fmt::format("spec.params.{}: {}", name, parameter.error().message));
      continue;
    }
    parameter->description = std::move(description);
    if (const auto warning = warning_of_later_version(*parameter); !warning.empty()) {
      context.warn(*value, fmt::format("spec.params.{}: {}", name, warning));
    }
    parameters.push_back(*std::move(parameter));
  }
}

}  // namespace seaworthy::policy
