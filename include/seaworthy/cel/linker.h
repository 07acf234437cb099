#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/memo.h"

namespace seaworthy::cel {

/// What a slot is to all programs that are linked: slots of one identity hold the same value
/// whichever program reads them, for as long as the scope lasts.
struct SlotIdentity {
  std::string name;  ///< Empty: what reads the slot is not shared.
  MemoScope scope = 0;
};

struct LinkOptions {
  /// Shares whatever may be shared, however cheap it is and however seldom; and never a whole
  /// expression. For tests.
  bool everything = false;
};

/// Finds the sub-expressions that several programs have in common, or that one computes several
/// times, and makes programs that compute them once a request: also what a loop computes of an
/// element, for every loop over the same range. What a program answers and costs stays what it is,
/// to the error and the unit, with a Memo or without one.
class Linker {
 public:
  explicit Linker(LinkOptions options = {});
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;
  ~Linker();

  /// `program` is replaced by link() and must stay where it is until then. `slots`: by Slot, one
  /// for each that it reads. Answers the identity of its value, for slots that are computed by it
  /// (`variables.x`); without a name where it has none.
  SlotIdentity add(std::shared_ptr<const Program>& program, std::span<const SlotIdentity> slots);

  /// Replaces the programs. Used once, at the end.
  MemoLayout link();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::cel
