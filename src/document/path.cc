#include "seaworthy/document/path.h"

#include <algorithm>
#include <charconv>

namespace seaworthy::document {
namespace {

/// What may stand in a name that is written without ['…'].
bool is_plain(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '$';
}

/// The index that `digits` is as RFC 6901 writes one: no sign, no leading zero.
bool read_index(std::string_view digits, std::size_t& index) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) {
    return false;
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return error == std::errc() && end == digits.data() + digits.size();
}

/// Reads what stands between '[' and ']', both included, from the start of `rest`, and takes it
/// off.
Result<PathStep> read_bracket(std::string_view& rest, std::string_view whole) {
  auto refuse = [&](std::string_view reason) {
    return fail(ErrorCode::kInvalid, "path " + std::string(whole) + ": " + std::string(reason));
  };
  rest.remove_prefix(1);
  if (rest.empty()) {
    return refuse("'[' without ']'");
  }
  const char quote = rest.front();
  if (quote != '\'' && quote != '"') {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) {
      return refuse("'[' without ']'");
    }
    std::size_t index = 0;
    if (!read_index(rest.substr(0, end), index)) {
      return refuse("[" + std::string(rest.substr(0, end)) +
                    "] is no index; a name is written ['name']");
    }
    rest.remove_prefix(end + 1);
    return PathStep(index);
  }
  std::string name;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != quote; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) {
      ++at;
    }
    name += rest[at];
  }
  if (at + 1 >= rest.size() || rest[at + 1] != ']') {
    return refuse("['name'] is not closed");
  }
  rest.remove_prefix(at + 2);
  return PathStep(std::move(name));
}

}  // namespace

Result<Path> Path::parse(std::string_view text) {
  std::vector<PathStep> steps;
  for (std::string_view rest = text; !rest.empty();) {
    if (rest.front() == '[') {
      SEAWORTHY_TRY(PathStep step, read_bracket(rest, text));
      steps.push_back(std::move(step));
      continue;
    }
    if (!steps.empty()) {
      if (rest.front() != '.') {
        return fail(ErrorCode::kInvalid, "path " + std::string(text) + ": '.' expected before '" +
                                             std::string(rest) + "'");
      }
      rest.remove_prefix(1);
    }
    const auto end = std::min(rest.find_first_of(".["), rest.size());
    if (end == 0) {
      return fail(ErrorCode::kInvalid, "path " + std::string(text) + ": a name is missing");
    }
    steps.emplace_back(std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return Path(std::move(steps));
}

Result<Path> Path::parse_pointer(std::string_view pointer) {
  std::vector<PathStep> steps;
  if (!pointer.empty() && pointer.front() != '/') {
    return fail(ErrorCode::kInvalid,
                "pointer " + std::string(pointer) + " does not begin with '/'");
  }
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    std::size_t index = 0;
    if (read_index(pointer.substr(0, end), index)) {
      steps.emplace_back(index);
    } else {
      steps.emplace_back(unescape_pointer_token(pointer.substr(0, end)));
    }
    pointer.remove_prefix(end);
  }
  return Path(std::move(steps));
}

const std::vector<PathStep>& Path::steps() const {
  static const std::vector<PathStep> kNone;
  return steps_ == nullptr ? kNone : *steps_;
}

Path Path::operator/(std::string_view name) const {
  std::vector<PathStep> longer = steps();
  longer.emplace_back(std::string(name));
  return Path(std::move(longer));
}

Path Path::operator/(std::size_t index) const {
  std::vector<PathStep> longer = steps();
  longer.emplace_back(index);
  return Path(std::move(longer));
}

Path Path::operator/(const Path& rest) const {
  std::vector<PathStep> longer = steps();
  longer.insert(longer.end(), rest.steps().begin(), rest.steps().end());
  return Path(std::move(longer));
}

std::string Path::text() const {
  std::string out;
  for (const PathStep& step : steps()) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      out += "[" + std::to_string(*index) + "]";
      continue;
    }
    const std::string& name = std::get<std::string>(step);
    if (!name.empty() && std::ranges::all_of(name, is_plain)) {
      if (!out.empty()) {
        out += '.';
      }
      out += name;
      continue;
    }
    out += "['";
    for (const char byte : name) {
      if (byte == '\'' || byte == '\\') {
        out += '\\';
      }
      out += byte;
    }
    out += "']";
  }
  return out;
}

std::string Path::pointer() const {
  std::string out;
  for (const PathStep& step : steps()) {
    out += '/';
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      out += std::to_string(*index);
    } else {
      append_pointer_token(out, std::get<std::string>(step));
    }
  }
  return out;
}

void append_pointer_token(std::string& out, std::string_view name) {
  for (const char byte : name) {
    if (byte == '~') {
      out += "~0";
    } else if (byte == '/') {
      out += "~1";
    } else {
      out += byte;
    }
  }
}

std::string unescape_pointer_token(std::string_view token) {
  std::string name;
  name.reserve(token.size());
  for (std::size_t at = 0; at < token.size(); ++at) {
    if (token.substr(at).starts_with("~1")) {
      name += '/';
      ++at;
    } else if (token.substr(at).starts_with("~0")) {
      name += '~';
      ++at;
    } else {
      name += token[at];
    }
  }
  return name;
}

const Node* find(const Node& root, const Path& path) {
  const Node* node = &root;
  for (const PathStep& step : path.steps()) {
    const auto* index = std::get_if<std::size_t>(&step);
    if (node->is_list()) {
      if (index == nullptr || *index >= node->size()) {
        return nullptr;
      }
      node = &node->items()[*index];
    } else {
      // RFC 6901: digits name a member where there is no list.
      const std::string digits = index == nullptr ? std::string() : std::to_string(*index);
      node = node->find(index == nullptr ? Key(std::get<std::string>(step)) : Key(digits));
      if (node == nullptr) {
        return nullptr;
      }
    }
  }
  return node;
}

}  // namespace seaworthy::document
