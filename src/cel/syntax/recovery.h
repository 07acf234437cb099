#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cel/syntax/token.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

/// The rules whose nesting is limited. The others never nest deeper than these.
enum class NestedRule : std::uint8_t { kExpression, kRelation, kCalculation, kOther };

/// The tokens, and what to do where they are not what the grammar expects: reports in ANTLR's
/// words, then skips, deletes or imagines tokens so that the mistakes after the first are found
/// too. The parser keeps a Frame for each rule that it is in.
class Recovery {
 public:
  /// `skipped`: what of the source is no token.
  Recovery(std::string_view source, std::vector<Token> tokens, std::vector<Token> skipped)
      : source_(source), tokens_(std::move(tokens)), skipped_texts_(std::move(skipped)) {}

  /// The kind of the k-th token from here, 1 being the next.
  [[nodiscard]] TokenKind next(std::size_t k = 1) const { return token(k).kind; }

  [[nodiscard]] const Token& token(std::size_t k = 1) const;

  /// Where the token taken last ends, in bytes.
  [[nodiscard]] std::size_t taken_end() const {
    return cursor_ == 0 ? 0 : tokens_[cursor_ - 1].end;
  }

  [[nodiscard]] std::string_view text(const Token& at) const {
    return source_.substr(at.begin, at.end - at.begin);
  }

  /// Takes a token that is known to be right.
  const Token& take();
  /// Takes `kind`, after whose token `after` may come. False: the rule has failed.
  bool match(int state, TokenKind kind, TokenSet after);
  /// Looks whether one of `expected` comes next, before a choice. False: the rule has failed.
  bool expect(int state, TokenSet expected);
  /// The same at the end of a round of a loop: reports and skips what does not belong, never fails.
  void expect_in_loop(int state, TokenSet expected);
  /// The rule fails: the tokens up to the `count`-th from here fit no alternative.
  void fail_alternatives(int state, std::size_t count);

  /// Gives up the whole parse with a message that has no place.
  void abort(std::string message);

  [[nodiscard]] bool aborted() const { return aborted_; }

  /// Whether the current rule has failed and must end.
  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] std::vector<Issue>& issues() { return issues_; }

  /// A rule being parsed; `follow` is what may come after it in the rule that called it. At its
  /// end, reports and repairs the failure if there is one.
  class Rule {
   public:
    Rule(Recovery& recovery, NestedRule kind, TokenSet follow);
    Rule(const Rule&) = delete;
    Rule& operator=(const Rule&) = delete;
    Rule(Rule&&) = delete;
    Rule& operator=(Rule&&) = delete;
    ~Rule();

   private:
    Recovery& recovery_;
    NestedRule kind_;
  };

 private:
  struct Failure {
    std::string message;
    SourcePosition position;
  };

  void report(std::string message, SourcePosition position);
  void report_unwanted(TokenSet expected);
  bool delete_token(TokenSet expected);
  void skip_until(TokenSet wanted);
  void skip();
  bool count_attempt();
  void recover();
  [[nodiscard]] TokenSet with_callers(TokenSet set) const;
  [[nodiscard]] TokenSet follow_of_callers() const;
  [[nodiscard]] std::string display(const Token& at) const;
  [[nodiscard]] std::string text_between(std::size_t begin, std::size_t end) const;

  std::string_view source_;
  std::vector<Token> tokens_;
  std::vector<Token> skipped_texts_;
  std::vector<Issue> issues_;
  std::vector<TokenSet> frames_;
  std::uint32_t depths_[4] = {};
  std::size_t cursor_ = 0;
  int state_ = 0;

  bool failed_ = false;
  Failure failure_;
  bool recovering_ = false;  ///< From a report to the next token that fits: further reports would
                             ///< only be consequences.
  bool aborted_ = false;
  std::uint32_t attempts_ = 0;
  std::uint32_t skipped_ = 0;
  std::size_t last_failure_cursor_ = static_cast<std::size_t>(-1);
  std::vector<int> last_failure_states_;
};

}  // namespace seaworthy::cel
