// Field and label selectors, read as apimachinery reads them, down to what it forgives: empty
// terms, `in` and `notin` as names, a NUL byte that ends a token.

#include "cel/lib/selectors.h"

#include <algorithm>
#include <charconv>
#include <expected>
#include <set>
#include <string>
#include <utility>

#include "cel/eval/go_text.h"
#include "cel/lib/names.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Failure = std::unexpected<std::string>;
using Operator = LabelRequirement::Operator;

/// The terms between commas; a backslash takes the next character's meaning away.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      i += utf8_length(text, std::min(i + 1, text.size() - 1));
    } else if (text[i] == ',') {
      terms.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  terms.push_back(text.substr(std::min(start, text.size())));
  return terms;
}

std::expected<std::string, std::string> unescape(std::string_view text) {
  if (text.find_first_of("\\,=") == std::string_view::npos) {
    return std::string(text);
  }
  constexpr std::string_view kPrefix = "invalid field selector: ";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ',' || text[i] == '=') {
      return Failure(std::string(kPrefix) +
                     "unescaped character in value: " + std::to_string(text[i]));
    }
    if (text[i] == '\\') {
      ++i;
      const std::string_view next = text.substr(i, i < text.size() ? utf8_length(text, i) : 0);
      if (next != "\\" && next != "," && next != "=") {
        return Failure(std::string(kPrefix) + "invalid escape sequence: \\" + to_valid_utf8(next));
      }
    }
    const std::size_t length = utf8_length(text, i);
    out += to_valid_utf8(text.substr(i, length));
    i += length;
  }
  return out;
}

/// Reads a label selector token by token.
class LabelReader {
 public:
  explicit LabelReader(std::string_view text) {
    do {
      tokens_.push_back(scan(text));
    } while (tokens_.back().kind != Token::kEnd);
  }

  std::expected<std::vector<LabelRequirement>, std::string> run();

 private:
  struct Token {
    enum Kind : std::uint8_t { kEnd, kName, kSymbol };

    Kind kind = kEnd;
    std::string text;

    [[nodiscard]] bool is(std::string_view symbol) const {
      return kind == kSymbol && text == symbol;
    }
  };

  static Token scan(std::string_view& rest);
  std::expected<LabelRequirement, std::string> requirement();
  std::expected<Operator, std::string> comparison();
  std::expected<std::set<std::string>, std::string> values();
  std::expected<std::set<std::string>, std::string> names();

  const Token& next() { return tokens_[at_++]; }

  [[nodiscard]] const Token& ahead() const { return tokens_[at_]; }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_symbol(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }

LabelReader::Token LabelReader::scan(std::string_view& rest) {
  while (!rest.empty() && is_white(rest.front())) {
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest.front() == '\0') {
    return {Token::kEnd, ""};
  }
  const bool is_double = rest.starts_with("==") || rest.starts_with("!=");
  if (is_symbol(rest.front())) {
    Token token{Token::kSymbol, std::string(rest.substr(0, is_double ? 2 : 1))};
    rest.remove_prefix(token.text.size());
    if (rest.starts_with('\0')) {
      rest.remove_prefix(1);
    }
    return token;
  }
  const auto* const end =
      std::ranges::find_if(rest, [](char c) { return c == '\0' || is_white(c) || is_symbol(c); });
  Token token{Token::kName, std::string(rest.begin(), end)};
  rest.remove_prefix(token.text.size());
  if (rest.starts_with('\0')) {
    rest.remove_prefix(1);
  }
  return token;
}

std::string found(std::string_view text, std::string_view expected) {
  return "found '" + std::string(text) + "', expected: " + std::string(expected);
}

std::expected<std::vector<LabelRequirement>, std::string> LabelReader::run() {
  std::vector<LabelRequirement> requirements;
  while (ahead().kind != Token::kEnd) {
    if (ahead().kind != Token::kName && !ahead().is("!")) {
      return Failure(found(ahead().text, "!, identifier, or 'end of string'"));
    }
    auto read = requirement();
    if (!read) {
      return Failure("unable to parse requirement: " + read.error());
    }
    requirements.push_back(*std::move(read));
    const Token& after = next();
    if (after.kind == Token::kEnd) {
      break;
    }
    if (!after.is(",")) {
      return Failure(found(after.text, "',' or 'end of string'"));
    }
    if (ahead().kind != Token::kName && !ahead().is("!")) {
      return Failure(found(ahead().text, "identifier after ','"));
    }
  }
  std::ranges::stable_sort(requirements, {}, &LabelRequirement::key);
  return requirements;
}

/// field.Invalid of a path: `path: Invalid value: "value": a; b`.
std::string invalid(std::string_view path, std::string_view value,
                    const std::vector<std::string>& messages) {
  std::string out = std::string(path) + ": Invalid value: ";
  append_go_quoted(value, out);
  return out + ": " + join(messages, "; ");
}

/// What NewRequirement finds wrong with the values, as one text.
std::string value_errors(const LabelRequirement& requirement) {
  std::vector<std::string> errors;
  std::vector<std::string> of_labels;
  const bool is_order =
      requirement.op == Operator::kGreaterThan || requirement.op == Operator::kLessThan;
  for (std::size_t i = 0; i < requirement.values.size(); ++i) {
    const std::string& value = requirement.values[i];
    const std::string path = "values[" + std::to_string(i) + "]";
    std::int64_t number = 0;
    const bool has_plus = value.starts_with('+');
    const char* const start = value.data() + (has_plus ? 1 : 0);
    const auto [end, error] = std::from_chars(start, value.data() + value.size(), number);
    const bool is_number = error == std::errc() && end == value.data() + value.size() &&
                           !(has_plus && value.starts_with("+-"));
    if (is_order && !is_number) {
      errors.push_back(
          invalid(path, value, {"for 'Gt', 'Lt' operators, the value must be an integer"}));
    }
    if (const auto messages = names::label_value(value); !messages.empty()) {
      of_labels.push_back(invalid(path + "[" + requirement.key + "]", value, messages));
    }
  }
  errors.insert(errors.end(), of_labels.begin(), of_labels.end());
  return errors.size() > 1 ? "[" + join(errors, ", ") + "]" : join(errors, "");
}

std::expected<LabelRequirement, std::string> LabelReader::requirement() {
  LabelRequirement out;
  const bool is_negated = ahead().is("!");
  const Token& key = is_negated ? (next(), next()) : next();
  if (key.kind != Token::kName) {
    return Failure(found(key.text, "identifier"));
  }
  if (const auto messages = names::qualified_name(key.text); !messages.empty()) {
    return Failure(invalid("<nil>", key.text, messages));
  }
  out.key = key.text;
  if (is_negated) {
    out.op = Operator::kDoesNotExist;
    return out;
  }
  if (ahead().kind == Token::kEnd || ahead().is(",")) {
    return out;
  }
  const auto op = comparison();
  if (!op) {
    return Failure(op.error());
  }
  out.op = *op;
  std::expected<std::set<std::string>, std::string> read;
  if (out.op == Operator::kIn || out.op == Operator::kNotIn) {
    read = values();
  } else if (ahead().kind == Token::kEnd || ahead().is(",")) {
    read = std::set<std::string>{""};
  } else if (const Token& value = next(); value.kind == Token::kName) {
    read = std::set<std::string>{value.text};
  } else {
    read = Failure(found(value.text, "identifier"));
  }
  if (!read) {
    return Failure(read.error());
  }
  out.values.assign(read->begin(), read->end());
  std::string errors = value_errors(out);
  if (!errors.empty()) {
    return Failure(std::move(errors));
  }
  return out;
}

std::expected<Operator, std::string> LabelReader::comparison() {
  constexpr std::pair<std::string_view, Operator> kOperators[] = {
      // NOLINT(modernize-avoid-c-arrays)
      {"in", Operator::kIn},           {"notin", Operator::kNotIn},  {"=", Operator::kEquals},
      {"==", Operator::kDoubleEquals}, {"!=", Operator::kNotEquals}, {">", Operator::kGreaterThan},
      {"<", Operator::kLessThan},
  };
  const Token& token = next();
  for (const auto& [text, op] : kOperators) {
    if (token.text == text) {
      return op;
    }
  }
  return Failure(found(token.text, "in, notin, =, ==, !=, gt, lt"));
}

std::expected<std::set<std::string>, std::string> LabelReader::values() {
  const Token& open = next();
  if (!open.is("(")) {
    return Failure("found '" + open.text + "' expected: '('");
  }
  const Token& first = ahead();
  if (first.is(")")) {
    next();
    return std::set<std::string>{""};
  }
  if (first.kind != Token::kName && !first.is(",")) {
    return Failure(found(first.text, "',', ')' or identifier"));
  }
  auto read = names();
  if (read) {
    next();  // the parenthesis that names() saw
  }
  return read;
}

std::expected<std::set<std::string>, std::string> LabelReader::names() {
  std::set<std::string> out;
  while (true) {
    const Token& token = next();
    if (token.kind == Token::kName) {
      out.insert(token.text);
      if (ahead().is(")")) {
        return out;
      }
      if (!ahead().is(",")) {
        return Failure(found(ahead().text, "',' or ')'"));
      }
    } else if (token.is(",")) {
      if (out.empty() || ahead().is(")") || ahead().is(",")) {
        out.insert("");
      }
      if (ahead().is(")")) {
        return out;
      }
    } else {
      return Failure(found(token.text, "',', or identifier"));
    }
  }
}

}  // namespace

ParsedSelector<FieldRequirement> parse_field_selector(std::string_view text) {
  std::vector<std::string_view> terms = split_terms(text);
  std::ranges::sort(terms);
  ParsedSelector<FieldRequirement> out;
  for (const std::string_view term : terms) {
    if (term.empty()) {
      continue;
    }
    std::size_t at = 0;
    while (at < term.size() && term[at] != '=' && !term.substr(at).starts_with("!=")) {
      ++at;
    }
    if (at == term.size()) {
      return {{},
              "invalid selector: '" + std::string(text) + "'; can't understand '" +
                  std::string(term) + "'"};
    }
    const bool is_short = !term.substr(at).starts_with("!=") && !term.substr(at).starts_with("==");
    auto value = unescape(term.substr(at + (is_short ? 1 : 2)));
    if (!value) {
      return {{}, value.error()};
    }
    if (at != 0 || !value->empty()) {
      out.requirements.push_back(
          {std::string(term.substr(0, at)), term[at] == '=', *std::move(value)});
    }
  }
  return out;
}

ParsedSelector<LabelRequirement> parse_label_selector(std::string_view text) {
  auto read = LabelReader(text).run();
  if (!read) {
    return {{}, read.error()};
  }
  return {*std::move(read), {}};
}

}  // namespace seaworthy::cel
