#include "seaworthy/cel/memo.h"

#include <algorithm>
#include <memory>

namespace seaworthy::cel {

Memo::Memo(const MemoLayout& layout, Arena& arena) : layout_(&layout), arena_(&arena) {
  current_[0] = make_row(0);
}

void Memo::select(MemoScope scope, std::uint32_t row, std::uint32_t rows) {
  if (rows_[scope].size() < rows) {
    Row* room = arena_->allocate_array<Row>(rows);
    std::uninitialized_default_construct_n(room, rows);
    std::ranges::copy(rows_[scope], room);
    rows_[scope] = {room, rows};
  }
  Row& selected = rows_[scope][row];
  if (selected.cells == nullptr) {
    selected = make_row(scope);
  }
  current_[scope] = selected;
}

Memo::Cell* Memo::make_cells(std::uint32_t count) {
  Cell* cells = arena_->allocate_array<Cell>(count);
  std::uninitialized_default_construct_n(cells, count);
  return cells;
}

Memo::Row Memo::make_row(MemoScope scope) {
  const MemoLayout::Scope& needed = layout_->scopes[scope];
  Row row;
  row.cells = make_cells(needed.cells);
  row.tables = arena_->allocate_array<Cell*>(needed.tables);
  std::uninitialized_fill_n(row.tables, needed.tables, nullptr);
  return row;
}

}  // namespace seaworthy::cel
