#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// How long what is shared holds: 0 for a whole request; the others are their users' (for each
/// container, each volume …), of which one row at a time is selected.
using MemoScope = std::uint8_t;

inline constexpr std::size_t kMemoScopes = 4;

/// The room that the programs of one Linker need in a Memo.
struct MemoLayout {
  struct Scope {
    std::uint32_t cells = 0;
    std::uint32_t tables = 0;
  };

  std::array<Scope, kMemoScopes> scopes;
};

/// What sub-expressions common to several programs came to, for one request: each is computed where
/// it is first asked for, and paid for by every program as if it had computed it. Lifetime: the
/// arena, which must also be that of the evaluations; the layout. Threads: one.
class Memo {
 public:
  /// kUnset: not computed yet.
  struct Cell {
    Value value;
    std::uint64_t cost = 0;
  };

  Memo(const MemoLayout& layout, Arena& arena);

  /// Makes row `row` of `rows` the scope's current one.
  void select(MemoScope scope, std::uint32_t row, std::uint32_t rows);

  [[nodiscard]] Cell& cell(MemoScope scope, std::uint32_t index) {
    return current_[scope].cells[index];
  }

  /// The cell of an element of a range: a table has a cell for each.
  [[nodiscard]] Cell& element(MemoScope scope, std::uint32_t table, std::uint32_t index,
                              std::uint32_t size) {
    Cell*& cells = current_[scope].tables[table];
    if (cells == nullptr) {
      cells = make_cells(size);
    }
    return cells[index];
  }

 private:
  struct Row {
    Cell* cells = nullptr;
    Cell** tables = nullptr;
  };

  Cell* make_cells(std::uint32_t count);
  Row make_row(MemoScope scope);

  const MemoLayout* layout_;
  Arena* arena_;
  std::array<Row, kMemoScopes> current_;
  std::array<std::span<Row>, kMemoScopes> rows_;
};

}  // namespace seaworthy::cel
