// A descent through the pattern that writes as it reads. What is to be repeated is read again for
// each time, from the place where it begins; what is not taken of alternatives is read without
// writing.
#include "policy/pattern_sampler.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "seaworthy/base/limits.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWord =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

class Sampler {
 public:
  Sampler(std::string_view pattern, std::uint64_t& state) : pattern_(pattern), state_(&state) {}

  Result<std::string> run() {
    if (pattern_.size() > limits::kSamplePatternBytesMax) {
      return fail(ErrorCode::kOverLimit, "the pattern is too long");
    }
    alternatives(true, 0);
    if (!failure_.empty()) {
      return fail(too_long_ ? ErrorCode::kOverLimit : ErrorCode::kInvalid, failure_);
    }
    if (at_ < pattern_.size()) {
      return fail(ErrorCode::kInvalid, "unexpected ')' in pattern");
    }
    return std::move(out_);
  }

  [[nodiscard]] std::size_t steps() const { return steps_; }

 private:
  struct Range {
    std::uint32_t least = 1;
    std::uint32_t most = 1;
  };

  [[nodiscard]] bool done() const { return at_ >= pattern_.size() || !failure_.empty(); }

  [[nodiscard]] char peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }

  void refuse(std::string message) {
    if (failure_.empty()) {
      failure_ = std::move(message);
    }
  }

  void put(char c) {
    if (out_.size() >= limits::kSampleBytesMax) {
      too_long_ = true;
      refuse("the pattern makes a text that is too long");
      return;
    }
    out_ += c;
  }

  void put_one_of(std::string_view choices) {
    if (choices.empty()) {
      refuse("a class in the pattern is empty");
      return;
    }
    put(choices[draw(*state_) % choices.size()]);
  }

  /// How many branches stand at this level, without writing any.
  std::size_t count_branches(std::size_t depth) {
    const std::size_t begin = at_;
    std::size_t branches = 1;
    sequence(false, depth);
    while (!done() && peek() == '|') {
      ++at_;
      ++branches;
      sequence(false, depth);
    }
    at_ = begin;
    return branches;
  }

  void alternatives(bool write, std::size_t depth) {
    if (depth > limits::kSampleDepthMax) {
      refuse("the pattern is nested too deeply");
      return;
    }
    const std::size_t chosen = write ? draw(*state_) % count_branches(depth) : 0;
    for (std::size_t branch = 0;; ++branch) {
      sequence(write && branch == chosen, depth);
      if (done() || peek() != '|') {
        return;
      }
      ++at_;
    }
  }

  void sequence(bool write, std::size_t depth) {
    while (!done() && peek() != '|' && peek() != ')') {
      const std::size_t begin = at_;
      atom(false, depth);
      const std::size_t end = at_;
      const Range range = repetition();
      const std::size_t after = at_;
      const std::uint32_t times =
          !write || !failure_.empty()
              ? 0
              : range.least +
                    static_cast<std::uint32_t>(draw(*state_) % (range.most - range.least + 1));
      for (std::uint32_t time = 0; time < times && failure_.empty(); ++time) {
        at_ = begin;
        atom(true, depth);
      }
      at_ = after;
      if (end == begin) {
        return;
      }
    }
  }

  /// False where there were too many, which is said.
  bool step() {
    if (++steps_ > limits::kSampleStepsMax) {
      too_long_ = true;
      refuse("the pattern takes too many steps");
    }
    return failure_.empty();
  }

  void atom(bool write, std::size_t depth) {
    const char c = peek();
    ++at_;
    if (!step()) {
      return;
    }
    switch (c) {
      case '(':
        if (pattern_.substr(at_).starts_with("?:")) {
          at_ += 2;
        }
        alternatives(write, depth + 1);
        if (peek() != ')') {
          refuse("missing ')' in pattern");
        }
        ++at_;
        return;
      case '[':
        bracket(write);
        return;
      case '\\':
        write_if(write, escaped());
        return;
      case '.':
        write_if(write, kWord);
        return;
      case '^':
      case '$':
        return;
      case '*':
      case '+':
      case '?':
        refuse("missing argument to repetition operator in pattern");
        return;
      default:
        if (write) {
          put(c);
        }
    }
  }

  void write_if(bool write, std::string_view choices) {
    if (write && failure_.empty()) {
      put_one_of(choices);
    }
  }

  /// What `\x` stands for.
  std::string_view escaped() {
    if (at_ >= pattern_.size()) {
      refuse("trailing backslash in pattern");
      return {};
    }
    switch (pattern_[at_++]) {
      case 'd':
        return kDigits;
      case 'w':
        return kWord;
      case 's':
        return " ";
      default:
        return pattern_.substr(at_ - 1, 1);
    }
  }

  void bracket(bool write) {
    const bool negated = peek() == '^';
    at_ += negated ? 1 : 0;
    std::string members;
    for (bool first = true; first || peek() != ']'; first = false) {
      if (at_ >= pattern_.size()) {
        refuse("missing ']' in pattern");
        return;
      }
      if (!step()) {
        return;
      }
      const bool is_escape = pattern_[at_] == '\\';
      ++at_;
      const std::string_view one = is_escape ? escaped() : pattern_.substr(at_ - 1, 1);
      const bool is_range =
          one.size() == 1 && at_ + 1 < pattern_.size() && peek() == '-' && pattern_[at_ + 1] != ']';
      if (!is_range) {
        members += one;
        continue;
      }
      const char last = pattern_[at_ + 1];
      at_ += 2;
      if (last < one[0]) {
        refuse("a range in the pattern ends before it begins");
        return;
      }
      for (int c = one[0]; c <= last && step(); ++c) {
        members += static_cast<char>(c);
      }
    }
    ++at_;
    if (negated) {
      std::string others;
      std::ranges::copy_if(kWord, std::back_inserter(others),
                           [&](char c) { return members.find(c) == std::string::npos; });
      members = std::move(others);
    }
    write_if(write, members);
  }

  Range repetition() {
    constexpr std::uint32_t kMany = limits::kSampleRepeatsMax;
    Range range;
    switch (peek()) {
      case '?':
        range = {0, 1};
        break;
      case '*':
        range = {0, kMany};
        break;
      case '+':
        range = {1, kMany};
        break;
      case '{':
        return counted();
      default:
        return range;
    }
    ++at_;
    return range;
  }

  Range counted() {
    const auto end = pattern_.find('}', at_);
    const std::string_view inside =
        pattern_.substr(at_ + 1, end == std::string_view::npos ? 0 : end - at_ - 1);
    const auto comma = inside.find(',');
    const auto number = [&](std::string_view text, std::uint32_t absent) {
      std::uint32_t value = absent;
      const auto* last = text.data() + text.size();
      const bool good = text.empty() || std::from_chars(text.data(), last, value).ptr == last;
      if (!good || value > limits::kSampleBytesMax) {
        refuse("bad repetition in pattern");
      }
      return good ? value : absent;
    };
    Range range;
    range.least = number(inside.substr(0, comma), 0);
    range.most = comma == std::string_view::npos
                     ? range.least
                     : number(inside.substr(comma + 1), range.least + limits::kSampleRepeatsMax);
    if (inside.empty() || range.most < range.least) {
      refuse("bad repetition in pattern");
      return {};
    }
    at_ = end + 1;
    return range;
  }

  std::string_view pattern_;
  std::uint64_t* state_;
  std::size_t at_ = 0;
  std::size_t steps_ = 0;
  std::string out_;
  std::string failure_;
  bool too_long_ = false;
};

}  // namespace

std::uint64_t draw(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

Result<std::string> sample_pattern(std::string_view pattern, std::uint64_t& state,
                                   std::size_t& steps) {
  Sampler sampler(pattern, state);
  auto sample = sampler.run();
  steps = sampler.steps();
  return sample;
}

}  // namespace seaworthy::policy
