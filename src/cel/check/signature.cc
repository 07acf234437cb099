#include <algorithm>
#include <cctype>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cel/check/environment_state.h"
#include "seaworthy/base/check.h"

// Reads the signatures of function rows:
//
//   signature = [type "."] "(" [type {", " type}] ") -> " type
//   type      = name ["(" type {", " type} ")"]
//
// A name that is one capital letter is a type parameter; one that is not a type of the language is
// a library's.

namespace seaworthy::cel {
namespace {

class SignatureReader {
 public:
  explicit SignatureReader(const FunctionRow& row) : row_(row), rest_(row.signature) {}

  Overload read();

 private:
  Type type();
  bool take(std::string_view text);
  [[nodiscard]] std::string_view name();

  const FunctionRow& row_;
  std::string_view rest_;
};

Overload SignatureReader::read() {
  Overload overload;
  overload.row = &row_;
  if (!rest_.starts_with('(')) {
    overload.member = true;
    overload.parameters.push_back(type());
    SEAWORTHY_CHECK(take("."));
  }
  SEAWORTHY_CHECK(take("("));
  if (!take(")")) {
    do {
      overload.parameters.push_back(type());
    } while (take(","));
    SEAWORTHY_CHECK(take(")"));
  }
  SEAWORTHY_CHECK(take("->"));
  overload.result = type();
  SEAWORTHY_CHECK(rest_.empty());
  return overload;
}

bool SignatureReader::take(std::string_view text) {
  while (rest_.starts_with(' ')) {
    rest_.remove_prefix(1);
  }
  if (!rest_.starts_with(text)) {
    return false;
  }
  rest_.remove_prefix(text.size());
  while (rest_.starts_with(' ')) {
    rest_.remove_prefix(1);
  }
  return true;
}

/// A dotted name; a dot before a parenthesis is the receiver's.
std::string_view SignatureReader::name() {
  std::size_t end = 0;
  while (end < rest_.size()) {
    const char c = rest_[end];
    const bool is_dot = c == '.' && end + 1 < rest_.size() && rest_[end + 1] != '(';
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && !is_dot) {
      break;
    }
    ++end;
  }
  const std::string_view found = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return found;
}

Type SignatureReader::type() {
  const std::string_view named = name();
  SEAWORTHY_CHECK(!named.empty());
  std::vector<Type> parameters;
  if (rest_.starts_with('(')) {
    take("(");
    do {
      parameters.push_back(type());
    } while (take(","));
    SEAWORTHY_CHECK(take(")"));
  }
  if (named.size() == 1 && named[0] >= 'A' && named[0] <= 'Z') {
    return Type::parameter(std::string(named));
  }
  for (int kind = 0; kind <= static_cast<int>(TypeKind::kType); ++kind) {
    const Type type(static_cast<TypeKind>(kind));
    if (type.text() == named) {
      return Type(type.kind(), std::move(parameters));
    }
  }
  return Type::opaque(std::string(named), std::move(parameters));
}

/// Functions that only macros call: types for the checker; what runs is the loop.
constexpr FunctionRow kMacroFunctions[] = {
    {"cel.@mapInsert", "@mapInsert_map_key_value", "(map(K, V), K, V) -> map(K, V)"},
    {"cel.@mapInsert", "@mapInsert_map_map", "(map(K, V), map(K, V)) -> map(K, V)"},
    {"@sortByAssociatedKeys", "list_int_sortByAssociatedKeys", "list(T).(list(int)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_uint_sortByAssociatedKeys", "list(T).(list(uint)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_double_sortByAssociatedKeys",
     "list(T).(list(double)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_bool_sortByAssociatedKeys", "list(T).(list(bool)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_duration_sortByAssociatedKeys",
     "list(T).(list(duration)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_timestamp_sortByAssociatedKeys",
     "list(T).(list(timestamp)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_string_sortByAssociatedKeys",
     "list(T).(list(string)) -> list(T)"},
    {"@sortByAssociatedKeys", "list_bytes_sortByAssociatedKeys",
     "list(T).(list(bytes)) -> list(T)"},
};

}  // namespace

Overload read_signature(const FunctionRow& row) { return SignatureReader(row).read(); }

void add_functions(FunctionTable& table, const Library& library) {
  for (const FunctionRow& row : library.functions) {
    std::vector<Overload>& overloads = table[std::string(row.name)];
    const auto same = [&](const Overload& overload) {
      return overload.row->overload == row.overload;
    };
    if (std::ranges::none_of(overloads, same)) {
      overloads.push_back(read_signature(row));
    }
  }
}

FunctionTable make_function_table(std::span<const Library> libraries) {
  FunctionTable table;
  for (const Library& library : libraries) {
    add_functions(table, library);
  }
  add_functions(table, {"macros", kMacroFunctions});
  return table;
}

}  // namespace seaworthy::cel
