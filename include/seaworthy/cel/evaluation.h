#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/cel/memo.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

class Evaluation;
class PatternCache;

/// Computes the value of a slot that is kUnset when first asked for (`variables.x`). The evaluator
/// stores the answer in the slot.
class LazySlots {
 public:
  /// A value or an error. Programs run on the way take an Evaluation of their own (over the same
  /// arena and slots), so that their cost is not this expression's; an error it answers should not
  /// be final (ErrorValue::is_limit), or nothing absorbs it.
  virtual Value resolve(std::uint32_t slot, Evaluation& evaluation) = 0;

 protected:
  ~LazySlots() = default;
};

/// Everything that one evaluation reads and writes. One per request and thread, used for many
/// programs in turn.
class Evaluation {
 public:
  /// `slots`: a value for each variable of the Environment, by its Slot; the evaluator fills kUnset
  /// ones by `lazy`, or answers the error "no such attribute" where that is null.
  /// `memo`: where linked programs (Linker) keep what they share; null: each computes for itself.
  Evaluation(Arena& arena, std::span<Value> slots, LazySlots* lazy = nullptr, Memo* memo = nullptr)
      : arena_(&arena), slots_(slots), lazy_(lazy), memo_(memo) {}

  [[nodiscard]] Arena& arena() { return *arena_; }

  [[nodiscard]] std::span<Value> slots() { return slots_; }

  /// From now on these are the variables' values.
  void use(std::span<Value> slots) { slots_ = slots; }

  [[nodiscard]] LazySlots* lazy() { return lazy_; }

  [[nodiscard]] Memo* memo() { return memo_; }

  /// Cost units (cel.md section 2, run-time cost) spent since the last start; past `limit` the
  /// expression ends with the error "operation cancelled: actual cost limit exceeded".
  [[nodiscard]] std::uint64_t cost() const { return cost_; }

  void start(std::uint64_t limit = limits::kExpressionCostMax) {
    cost_ = 0;
    limit_ = limit;
  }

  /// False once the limit is passed; the cost then stays what it was when it passed.
  bool spend(std::uint64_t units) {
    if (cost_ > limit_) {
      return false;
    }
    cost_ += units;
    return cost_ <= limit_;
  }

  /// `spend(1)`, `units` times: what passes the limit stops one above it.
  bool spend_each(std::uint64_t units) {
    if (units <= limit_ - cost_ && cost_ <= limit_) {
      cost_ += units;
      return true;
    }
    if (cost_ <= limit_) {
      cost_ = limit_ + 1;
    }
    return false;
  }

  /// Spends where that does not pass the limit; else spends nothing.
  bool spend_if_left(std::uint64_t units) {
    if (cost_ > limit_ || units > limit_ - cost_) {
      return false;
    }
    cost_ += units;
    return true;
  }

  /// Gives a unit back, once the limit is passed no more. Of no cost a unit cannot be taken: as in
  /// Go's unsigned counter the limit is passed then.
  void refund() { cost_ -= cost_ <= limit_ ? 1 : 0; }

  [[nodiscard]] bool over_limit() const { return cost_ > limit_; }

  /// Error values for functions to answer; the text is copied into the arena.
  Value error(std::string_view message);
  /// "no such overload".
  Value no_such_overload();
  /// "no such overload: f(int, string)", as cel-go's type guards say it.
  Value no_such_overload(std::string_view function, std::span<const Value> arguments);
  Value limit_error();

  /// For functions that take patterns: the running program's; null outside of one.
  [[nodiscard]] PatternCache* patterns() { return patterns_; }

  void set_patterns(PatternCache* patterns) { patterns_ = patterns; }

 private:
  Arena* arena_;
  std::span<Value> slots_;
  LazySlots* lazy_;
  Memo* memo_;
  std::uint64_t cost_ = 0;
  std::uint64_t limit_ = limits::kExpressionCostMax;
  PatternCache* patterns_ = nullptr;
};

/// CEL's equality: numbers across kinds by value, lists and maps deeply, NaN equal to nothing. A
/// bool, or an error.
Value equals(const Value& a, const Value& b, Evaluation& evaluation);

/// The name of the value's type, as `type()` answers and error messages say it: "int",
/// "google.protobuf.Timestamp".
const RuntimeType& runtime_type(const Value& value);

/// The value as JSON, for remedies and reports: durations, timestamps and opaque values as their
/// strings, optional none as null. A Value that is an error or a type answers a null node.
document::Node to_node(const Value& value, Arena& arena);

/// The value as a message shows it: strings bare, everything else as `string()` or JSON would.
std::string_view to_text(const Value& value, Arena& arena);

}  // namespace seaworthy::cel
