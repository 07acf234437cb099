#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cel/eval/code.h"
#include "seaworthy/cel/linker.h"

namespace seaworthy::cel {

/// Numbers the nodes of many programs so that two nodes have one number exactly where they compute
/// the same: the same operation, the same way to pay, operands of the same numbers. A variable of a
/// loop is known by the range that it runs over, so that what two loops over one range compute of
/// an element has one number too.
class ValueNumbers {
 public:
  using Number = std::uint32_t;
  static constexpr Number kNone = 0xFFFFFFFF;

  /// A loop's (or optMap's) variables.
  struct Binder {
    bool is_loop = false;
    bool closed = false;  ///< Its range depends on no other binder.
    MemoScope scope = 0;  ///< Of its range.
  };

  struct About {
    MemoScope scope = 0;
    bool shareable = true;  ///< Has the same value wherever it is computed.
    bool is_constant = false;
    std::uint32_t weight = 1;     ///< Roughly how many nodes run to compute it.
    std::uint32_t uses = 0;       ///< Places among all distinct nodes and roots; more within loops.
    std::vector<Number> binders;  ///< That it depends on, sorted.
  };

  /// A numbered node of a program. Of a node that depends on one loop: the place of that loop's
  /// variables in the frame.
  struct Place {
    NodeIndex node = 0;
    Number number = kNone;
    std::uint32_t local = 0;
  };

  /// Numbers a program; answers its places, operands before what uses them, the root last.
  std::vector<Place> add(const Code& code, std::span<const SlotIdentity> slots);

  [[nodiscard]] const About& about(Number number) const { return abouts_[number]; }

  [[nodiscard]] const Binder& binder(Number number) const { return binders_[number]; }

 private:
  friend class ProgramNumbering;

  std::unordered_map<std::string, Number> numbers_;
  std::vector<About> abouts_;
  std::vector<std::vector<Number>> operands_;
  std::unordered_map<std::string, Number> binder_numbers_;
  std::vector<Binder> binders_;
};

}  // namespace seaworthy::cel
