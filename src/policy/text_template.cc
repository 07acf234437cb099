// Finds the `${…}` parts of a text. An expression ends at the brace that closes it, so map literals
// and strings with braces may stand inside: the scan counts braces and steps over CEL's string
// literals.
#include "seaworthy/policy/text_template.h"

#include <algorithm>

namespace seaworthy::policy {
namespace {

/// The offset behind the string literal that starts at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool triple = text.substr(at, 3) == std::string(3, quote);
  const bool raw = at > 0 && (text[at - 1] == 'r' || text[at - 1] == 'R');
  const std::size_t width = triple ? 3 : 1;
  for (at += width; at < text.size(); ++at) {
    if (text[at] == '\\' && !raw) {
      ++at;
    } else if (text.substr(at, width) == std::string(width, quote)) {
      return at + width;
    }
  }
  return text.size();
}

/// The offset of the brace that closes the expression which starts at `at`; npos where none does.
std::size_t find_end(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{') {
      ++depth;
    } else if (c == '}' && depth-- == 0) {
      return at;
    }
    ++at;
  }
  return std::string_view::npos;
}

/// An issue of a part, as an issue of the whole text.
cel::Issue shifted(const cel::Issue& issue, SourcePosition start) {
  cel::Issue moved = issue;
  if (issue.position.line <= 1) {
    moved.position.column += start.column - 1;
  }
  moved.position.line += start.line - 1;
  return moved;
}

}  // namespace

TextTemplate TextTemplate::compile(std::string_view text, const cel::Environment& environment,
                                   std::vector<cel::Issue>& issues) {
  TextTemplate compiled;
  std::string plain;
  auto flush = [&] {
    if (!plain.empty()) {
      compiled.parts_.push_back({plain, nullptr});
      plain.clear();
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 3) == "$${") {
      plain += "${";
      at += 3;
      continue;
    }
    if (text.substr(at, 2) != "${") {
      plain += text[at++];
      continue;
    }
    const auto end = find_end(text, at + 2);
    if (end == std::string_view::npos) {
      issues.push_back({position_of(text, at),
                        "'${' is not closed by '}'; write '$${' for the characters themselves"});
      break;
    }
    auto compilation = environment.compile(text.substr(at + 2, end - at - 2));
    for (const auto& issue : compilation.issues) {
      issues.push_back(shifted(issue, position_of(text, at + 2)));
    }
    flush();
    compiled.parts_.push_back({"", std::move(compilation.program)});
    at = end + 1;
  }
  flush();
  return compiled;
}

bool TextTemplate::is_plain() const {
  return std::ranges::all_of(parts_, [](const Part& part) { return part.program == nullptr; });
}

cel::Value TextTemplate::render(cel::Evaluation& evaluation) const {
  if (is_single_expression()) {
    evaluation.start();
    return parts_.front().program->evaluate(evaluation);
  }
  std::string text;
  for (const auto& part : parts_) {
    if (part.program == nullptr) {
      text += part.text;
      continue;
    }
    evaluation.start();
    const cel::Value value = part.program->evaluate(evaluation);
    if (value.is_error()) {
      return value;
    }
    text += cel::to_text(value, evaluation.arena());
  }
  return cel::Value::string(evaluation.arena().copy(text));
}

}  // namespace seaworthy::policy
