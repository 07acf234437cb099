#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cel/check/validators.h"
#include "seaworthy/base/text.h"

// `'text %s'.format([items])` with both written as literals: each clause is held against the type
// of its item (cel-go ext/formatting.go, stringFormatValidator). Types that are dyn fit.

namespace seaworthy::cel {
namespace {

struct Fault {
  SourcePosition position;
  std::string message;
};

using Fits = std::initializer_list<TypeKind>;

class FormatValidator {
 public:
  FormatValidator(const CheckResult& checked, const Expr& call)
      : checked_(checked), call_(call), items_(checked.ast.at(call.args[0]).args) {}

  std::optional<Fault> run(std::string_view format);

 private:
  std::optional<Fault> clause(std::string_view& rest, ExprIndex item);
  static std::optional<std::string> skip_precision(std::string_view& rest);
  [[nodiscard]] std::optional<Fault> need(ExprIndex item, Fits kinds, std::string_view what) const;
  [[nodiscard]] std::optional<Fault> need_text(ExprIndex item) const;
  [[nodiscard]] std::string type_name(ExprIndex item) const;

  const CheckResult& checked_;
  const Expr& call_;
  const std::vector<ExprIndex>& items_;
};

std::optional<Fault> FormatValidator::run(std::string_view format) {
  std::size_t used = 0;
  while (!format.empty()) {
    if (format[0] != '%') {
      format.remove_prefix(1);
      continue;
    }
    if (format.starts_with("%%")) {
      format.remove_prefix(2);
      continue;
    }
    if (format.size() == 1) {
      return Fault{call_.position, "unexpected end of string"};
    }
    if (used >= items_.size()) {
      return Fault{call_.position, "index " + std::to_string(used) + " out of range"};
    }
    format.remove_prefix(1);
    if (auto fault = clause(format, items_[used])) {
      return fault;
    }
    ++used;
  }
  if (items_.size() > used) {
    return Fault{call_.position, "too many arguments supplied to string.format (expected " +
                                     std::to_string(used) + ", got " +
                                     std::to_string(items_.size()) + ")"};
  }
  return std::nullopt;
}

std::optional<Fault> FormatValidator::clause(std::string_view& rest, ExprIndex item) {
  if (const auto error = skip_precision(rest)) {
    return Fault{call_.position,
                 "could not parse formatting clause: error while parsing precision: " + *error};
  }
  const char kind = rest[0];
  rest.remove_prefix(1);
  switch (kind) {
    case 's':
      return need_text(item);
    case 'd':
      return need(item, {TypeKind::kInt, TypeKind::kUint},
                  "decimal clause can only be used on integers");
    case 'f':
      return need(item, {TypeKind::kDouble, TypeKind::kString},
                  "fixed-point clause can only be used on doubles");
    case 'e':
      return need(item, {TypeKind::kDouble, TypeKind::kString},
                  "scientific clause can only be used on doubles");
    case 'b':
      return need(item, {TypeKind::kInt, TypeKind::kUint, TypeKind::kBool},
                  "only integers and bools can be formatted as binary");
    case 'x':
    case 'X':
      return need(item, {TypeKind::kInt, TypeKind::kUint, TypeKind::kString, TypeKind::kBytes},
                  "only integers, byte buffers, and strings can be formatted as hex");
    case 'o':
      return need(item, {TypeKind::kInt, TypeKind::kUint},
                  "octal clause can only be used on integers");
    default: {
      // Go reads one byte and prints it as a code point.
      std::string shown;
      append_utf8(shown, static_cast<unsigned char>(kind));
      return Fault{
          call_.position,
          "could not parse formatting clause: unrecognized formatting clause \"" + shown + "\""};
    }
  }
}

/// Takes ".2" off the front; the error if what follows the dot is no number.
std::optional<std::string> FormatValidator::skip_precision(std::string_view& rest) {
  if (rest[0] != '.') {
    return std::nullopt;
  }
  std::size_t end = 1;
  while (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') {
    ++end;
  }
  if (end >= rest.size()) {
    return "could not find end of precision specifier";
  }
  const std::string digits(rest.substr(1, end - 1));
  std::int64_t precision = 0;
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), precision);
  if (error != std::errc()) {
    const std::string_view why = digits.empty() ? "invalid syntax" : "value out of range";
    return "error while converting precision to integer: strconv.Atoi: parsing \"" + digits +
           "\": " + std::string(why);
  }
  rest.remove_prefix(end);
  return std::nullopt;
}

std::optional<Fault> FormatValidator::need(ExprIndex item, Fits kinds,
                                           std::string_view what) const {
  const TypeKind kind = checked_.nodes[item].type.kind();
  if (kind == TypeKind::kDyn) {
    return std::nullopt;
  }
  for (const TypeKind fitting : kinds) {
    if (kind == fitting) {
      return std::nullopt;
    }
  }
  return Fault{checked_.ast.at(item).position,
               "error during formatting: " + std::string(what) + ", was given " + type_name(item)};
}

std::optional<Fault> FormatValidator::need_text(ExprIndex item) const {
  if (auto fault =
          need(item,
               {TypeKind::kList, TypeKind::kMap, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble,
                TypeKind::kBool, TypeKind::kString, TypeKind::kTimestamp, TypeKind::kBytes,
                TypeKind::kDuration, TypeKind::kType, TypeKind::kNull},
               "string clause can only be used on strings, bools, bytes, ints, doubles, maps, "
               "lists, types, "
               "durations, and timestamps")) {
    return fault;
  }
  const Expr& expr = checked_.ast.at(item);
  if (expr.kind == ExprKind::kList || expr.kind == ExprKind::kMap) {
    for (const ExprIndex inner : expr.args) {
      if (auto fault = need_text(inner)) {
        return fault;
      }
    }
  }
  return std::nullopt;
}

/// The name of the type without its parameters, as its values say it.
std::string FormatValidator::type_name(ExprIndex item) const {
  const std::string text = checked_.nodes[item].type.declared_text();
  return text.substr(0, text.find('('));
}

}  // namespace

std::optional<Issue> validate_format(const CheckResult& checked, const Expr& call) {
  if (call.operand == kNoExpr || call.args.size() != 1) {
    return std::nullopt;
  }
  const Expr& target = checked.ast.at(call.operand);
  const auto* format = std::get_if<std::string>(&target.constant);
  if (target.kind != ExprKind::kLiteral || format == nullptr ||
      checked.ast.at(call.args[0]).kind != ExprKind::kList) {
    return std::nullopt;
  }
  if (auto fault = FormatValidator(checked, call).run(*format)) {
    return Issue{fault->position, std::move(fault->message)};
  }
  return std::nullopt;
}

}  // namespace seaworthy::cel
