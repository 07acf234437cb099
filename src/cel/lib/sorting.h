#pragma once

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// `list` in the order of `keys`; an error where they are not of one kind with an order. Rule:
/// cel-go ext/lists.go, sortListByAssociatedKeys, which sorts as Go's sort.Slice does.
Value sort_by_keys(const Value& list, const Value& keys, Evaluation& evaluation);

}  // namespace seaworthy::cel
