#include "cel/syntax/recovery.h"

#include <algorithm>
#include <utility>

#include "seaworthy/base/limits.h"

// What cel-go reports for a broken expression is what ANTLR's default error strategy (antlr4
// error_strategy.go) does over cel-go's grammar: before a choice it checks that some alternative
// can start here; where one token too many or too few explains the mistake it deletes or imagines
// it ("extraneous input", "missing"); else the rule fails, is reported once
// ("mismatched input", "no viable alternative"), and tokens are skipped up to one that some caller
// waits for. No further report is made before a token fits again. `state` numbers are those of the
// grammar's automaton; they only tell apart two failures at one token, so that skipping always gets
// on. Tests: tests/cel/parser_test.cc.

namespace seaworthy::cel {
namespace {

constexpr std::uint32_t kAttemptsMax = 30;  // cel-go parser.NewParser: errorRecoveryLimit.
constexpr std::uint32_t kSkippedMax = 256;  // errorRecoveryTokenLookaheadLimit.

std::string list(TokenSet set) {
  std::string names;
  std::size_t count = 0;
  for (unsigned kind = 0; kind <= static_cast<unsigned>(TokenKind::kQuotedIdentifier); ++kind) {
    if (set.has(static_cast<TokenKind>(kind))) {
      names += (count++ == 0 ? "" : ", ") + std::string(name_of(static_cast<TokenKind>(kind)));
    }
  }
  return count > 1 ? "{" + names + "}" : names;
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

const Token& Recovery::token(std::size_t k) const {
  return tokens_[std::min(cursor_ + k - 1, tokens_.size() - 1)];
}

std::string Recovery::display(const Token& at) const {
  return at.kind == TokenKind::kEnd ? "'<EOF>'" : quoted(text(at));
}

/// White space and comments included, what is no token left out.
std::string Recovery::text_between(std::size_t begin, std::size_t end) const {
  std::string out;
  for (const Token& skipped : skipped_texts_) {
    if (skipped.begin >= begin && skipped.end <= end) {
      out += source_.substr(begin, skipped.begin - begin);
      begin = skipped.end;
    }
  }
  out += source_.substr(begin, end - begin);
  return out;
}

const Token& Recovery::take() {
  if (!aborted_) {
    recovering_ = false;
    last_failure_cursor_ = static_cast<std::size_t>(-1);
    last_failure_states_.clear();
  }
  const Token& taken = token();
  cursor_ = std::min(cursor_ + 1, tokens_.size() - 1);
  return taken;
}

bool Recovery::match(int state, TokenKind kind, TokenSet after) {
  state_ = state;
  if (next() == kind) {
    take();
    return true;
  }
  if (!count_attempt()) {
    return true;
  }
  if (delete_token({kind})) {
    take();
    return true;
  }
  if (with_callers(after).has(next())) {
    if (!recovering_) {
      report("missing " + std::string(name_of(kind)) + " at " + display(token()), token().position);
    }
    return true;
  }
  failed_ = true;
  failure_ = {"mismatched input " + display(token()) + " expecting " + std::string(name_of(kind)),
              token().position};
  return false;
}

bool Recovery::expect(int state, TokenSet expected) {
  state_ = state;
  if (recovering_ || expected.may_end() || expected.has(next()) || delete_token(expected)) {
    return true;
  }
  failed_ = true;
  failure_ = {"mismatched input " + display(token()) + " expecting " + list(expected),
              token().position};
  return false;
}

void Recovery::expect_in_loop(int state, TokenSet expected) {
  state_ = state;
  if (recovering_ || expected.may_end() || expected.has(next())) {
    return;
  }
  report_unwanted(expected);
  skipped_ = 0;
  skip_until(with_callers(expected) | follow_of_callers());
}

void Recovery::fail_alternatives(int state, std::size_t count) {
  state_ = state;
  const Token& first = token();
  const Token& last = token(count);
  std::string message = "no viable alternative at input '<EOF>'";
  if (first.kind != TokenKind::kEnd) {
    const std::string given = text_between(first.begin, last.end);
    const bool literal = last.kind == TokenKind::kTrue || last.kind == TokenKind::kFalse ||
                         last.kind == TokenKind::kNull;
    // cel-go's own words where a literal stands for a field's name (parser.go, reservedIdentifier).
    message = literal && given == "." + std::string(text(last))
                  ? "mismatched input " + display(last) + " expecting IDENTIFIER"
                  : "no viable alternative at input " + quoted(given);
  }
  failed_ = true;
  failure_ = {std::move(message), last.position};
}

void Recovery::abort(std::string message) {
  if (aborted_) {
    return;
  }
  issues_.push_back({{}, std::move(message)});
  aborted_ = true;
  recovering_ = true;  // Nothing more is reported, and every rule sees the end.
  cursor_ = tokens_.size() - 1;
}

void Recovery::report(std::string message, SourcePosition position) {
  recovering_ = true;
  if (issues_.size() < limits::kExpressionErrorsMax) {
    issues_.push_back({position, "Syntax error: " + std::move(message)});
    return;
  }
  abort("");
  issues_.back() = {position, "Syntax error: More than " +
                                  std::to_string(limits::kExpressionErrorsMax) + " syntax errors"};
}

void Recovery::report_unwanted(TokenSet expected) {
  if (!recovering_) {
    report("extraneous input " + display(token()) + " expecting " + list(with_callers(expected)),
           token().position);
  }
}

/// Deletes the next token if the one after it is what is expected.
bool Recovery::delete_token(TokenSet expected) {
  if (!with_callers(expected).has(next(2))) {
    return false;
  }
  report_unwanted(expected);
  skipped_ = 0;
  skip();
  if (!aborted_) {
    recovering_ = false;
    last_failure_cursor_ = static_cast<std::size_t>(-1);
    last_failure_states_.clear();
  }
  return true;
}

void Recovery::skip() {
  if (skipped_ >= kSkippedMax) {
    abort("error recovery token lookahead limit exceeded: " + std::to_string(kSkippedMax));
    return;
  }
  ++skipped_;
  cursor_ = std::min(cursor_ + 1, tokens_.size() - 1);
}

void Recovery::skip_until(TokenSet wanted) {
  while (next() != TokenKind::kEnd && !wanted.has(next())) {
    skip();
  }
}

/// False: too many mistakes, the parse is given up.
bool Recovery::count_attempt() {
  if (aborted_ || attempts_++ < kAttemptsMax) {
    return !aborted_;
  }
  const SourcePosition position = token().position;
  abort("");
  issues_.back() = {position, "Syntax error: error recovery attempt limit exceeded: " +
                                  std::to_string(kAttemptsMax)};
  return false;
}

void Recovery::recover() {
  if (!recovering_) {
    report(std::move(failure_.message), failure_.position);
  }
  failed_ = false;
  if (!count_attempt()) {
    return;
  }
  skipped_ = 0;
  if (last_failure_cursor_ == cursor_ && std::ranges::count(last_failure_states_, state_) != 0) {
    skip();
  }
  last_failure_cursor_ = cursor_;
  last_failure_states_.push_back(state_);
  skip_until(follow_of_callers());
}

TokenSet Recovery::with_callers(TokenSet set) const {
  TokenSet all = set;
  for (auto frame = frames_.rbegin(); set.may_end() && frame != frames_.rend(); ++frame) {
    set = *frame;
    all = all | set;
  }
  return set.may_end() ? all.without_end() | TokenSet{TokenKind::kEnd} : all.without_end();
}

TokenSet Recovery::follow_of_callers() const {
  TokenSet all;
  for (const TokenSet follow : frames_) {
    all = all | follow;
  }
  return all.without_end();
}

Recovery::Rule::Rule(Recovery& recovery, NestedRule kind, TokenSet follow)
    : recovery_(recovery), kind_(kind) {
  recovery_.frames_.push_back(follow);
  if (++recovery_.depths_[static_cast<unsigned>(kind)] > limits::kExpressionDepthMax &&
      kind != NestedRule::kOther) {
    recovery_.abort("expression recursion limit exceeded: " +
                    std::to_string(limits::kExpressionDepthMax));
  }
}

Recovery::Rule::~Rule() {
  if (recovery_.failed_) {
    recovery_.recover();
  }
  --recovery_.depths_[static_cast<unsigned>(kind_)];
  recovery_.frames_.pop_back();
}

}  // namespace seaworthy::cel
