// The macros over a range, as what they are. cel-go runs them as folds over an accumulator; here
// each kind has its loop, which pays what the fold's steps would have cost (cel.md section 2:
// condition, accumulator, literal and call of every round) and keeps its rules about errors:
// - all, exists: a deciding element wins over errors before it; else the first error;
// - filter, exists_one: the last error of the condition; map and transformList: the first error of
//   the result, which a later error of the condition replaces;
// - transformMap stops evaluating results after an error, transformMapEntry does not.
// The condition of all and exists is paid for once more by the element after the deciding one.
// Rule: cel-go interpreter/interpretable.go (evalFold), parser/macro.go, ext/comprehensions.go.

#include <string>

#include "cel/eval/evaluator.h"
#include "cel/eval/go_text.h"
#include "cel/eval/map_builder.h"
#include "cel/eval/operators.h"
#include "cel/lib/costs.h"
#include "cel/lib/sorting.h"

namespace seaworthy::cel {

Value Evaluator::loop(const LoopDetails& details) {
  const Value range = evaluate(details.range);
  if (details.kind == LoopKind::kSortBy) {
    return sort_by(details, range);
  }
  if (range.is_error()) {
    return range;
  }
  if (!range.is(ValueKind::kList) && !range.is(ValueKind::kMap)) {
    const std::string type(go_type_name(range));
    return evaluation_->error(details.two_variables
                                  ? "unsupported comprehension range type: " + type
                                  : "got '" + type + "', expected iterable type");
  }
  switch (details.kind) {
    case LoopKind::kAll:
    case LoopKind::kExists:
      return quantify(details, range);
    case LoopKind::kExistsOne:
      return count_one(details, range);
    case LoopKind::kFilter:
      return filter(details, range);
    case LoopKind::kMap:
    case LoopKind::kTransformList:
      return transform_list(details, range);
    default:
      return transform_map(details, range);
  }
}

void Evaluator::bind(const LoopDetails& details, const Value& range, std::uint32_t index) {
  const bool is_list = range.is(ValueKind::kList);
  walked_number_ = 0;  // paths begin elsewhere now
  locals_[details.local + kElementOffset] =
      Value::unsigned_integer(index | std::uint64_t{range.size()} << 32);
  if (details.two_variables) {
    locals_[details.local] = is_list ? Value::integer(index) : range.key_at(index);
    locals_[details.local + 1] = is_list ? range.item(index) : range.value_at(index);
  } else {
    locals_[details.local] = is_list ? range.item(index) : range.key_at(index);
  }
}

Value Evaluator::test(NodeIndex condition) {
  const Value answer = evaluate(condition);
  return answer.is(ValueKind::kBool) || answer.is_error() ? answer
                                                          : evaluation_->no_such_overload();
}

Value Evaluator::quantify(const LoopDetails& details, const Value& range) {
  const bool decisive = details.kind == LoopKind::kExists;
  const std::uint64_t condition_units = decisive ? 3 : 2;
  Value error;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    if (!evaluation_->spend_each(condition_units + 1)) {
      return evaluation_->limit_error();
    }
    bind(details, range, i);
    const Value answer = test(details.condition);
    if (answer.is_error()) {
      if (is_final(answer)) {
        return answer;
      }
      if (!error.is_error()) {
        error = answer;
      }
    } else if (answer.as_bool() == decisive) {
      const std::uint64_t last = i + 1 < range.size() ? condition_units : 0;
      return evaluation_->spend_each(last + 1) ? answer : evaluation_->limit_error();
    }
  }
  return paid(1, error.is_error() ? error : Value::boolean(!decisive));
}

Value Evaluator::count_one(const LoopDetails& details, const Value& range) {
  std::uint32_t count = 0;
  Value error;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    bind(details, range, i);
    const Value answer = test(details.condition);
    if (answer.is_error()) {
      if (is_final(answer)) {
        return answer;
      }
      error = answer;
    } else if (answer.as_bool()) {
      ++count;
      if (!evaluation_->spend_each(2)) {
        return evaluation_->limit_error();
      }
    } else if (evaluation_->over_limit()) {
      return evaluation_->limit_error();
    }
  }
  if (!evaluation_->spend_each(2)) {
    return evaluation_->limit_error();
  }
  return error.is_error() ? error : Value::boolean(count == 1);
}

Value Evaluator::filter(const LoopDetails& details, const Value& range) {
  Value* items = nullptr;
  std::size_t size = 0;
  Value error;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    bind(details, range, i);
    const Value answer = test(details.condition);
    if (answer.is_error()) {
      if (is_final(answer)) {
        return answer;
      }
      error = answer;
    } else if (answer.as_bool()) {
      // @result + [x]: both idents, the literal, the call.
      if (!evaluation_->spend_each(2) || !evaluation_->spend(10) || !evaluation_->spend(1)) {
        return evaluation_->limit_error();
      }
      if (items == nullptr) {
        items = evaluation_->arena().allocate_array<Value>(range.size() - i);
      }
      new (&items[size++]) Value(locals_[details.local]);
    }
  }
  return paid(1, error.is_error() ? error : Value::list({items, size}));
}

Value Evaluator::transform_list(const LoopDetails& details, const Value& range) {
  // The step adds [result], a literal that is folded where the result is constant.
  const std::uint64_t literal_units = nodes_[details.body].op == Op::kConstant ? 0 : 10;
  Value* items = nullptr;
  std::size_t size = 0;
  Value error;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    bind(details, range, i);
    if (details.condition != kNoExpr) {
      const Value answer = test(details.condition);
      if (is_final(answer)) {
        return answer;
      }
      if (answer.is_error()) {
        error = answer;
      }
      if (!answer.is_true()) {
        continue;
      }
    }
    if (!evaluation_->spend(1)) {
      return evaluation_->limit_error();
    }
    const Value item = evaluate(details.body);
    if (is_final(item)) {
      return item;
    }
    if (!evaluation_->spend(literal_units) || !evaluation_->spend(1)) {
      return evaluation_->limit_error();
    }
    if (error.is_error()) {
      continue;
    }
    if (item.is_error()) {
      error = item;
      continue;
    }
    if (items == nullptr) {
      items = evaluation_->arena().allocate_array<Value>(range.size() - i);
    }
    new (&items[size++]) Value(item);
  }
  return paid(1, error.is_error() ? error : Value::list({items, size}));
}

namespace {

/// cel.@mapInsert: an error where the key is there.
Value insert(MapBuilder& builder, const Value& key, const Value& value, Evaluation& evaluation) {
  if (builder.find(key) != nullptr) {
    std::string text = "insert failed: key ";
    append_go_value(key, text);
    return evaluation.error(text + " already exists");
  }
  builder.put(key, value);
  return Value::null();
}

Value insert_all(MapBuilder& builder, const Value& entries, Evaluation& evaluation) {
  if (!entries.is(ValueKind::kMap)) {
    const Value arguments[] = {Value::map({}), entries};  // NOLINT(modernize-avoid-c-arrays)
    return evaluation.no_such_overload("cel.@mapInsert", arguments);
  }
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const Value result = insert(builder, entries.key_at(i), entries.value_at(i), evaluation);
    if (result.is_error()) {
      return result;
    }
  }
  return Value::null();
}

}  // namespace

Value Evaluator::transform_map(const LoopDetails& details, const Value& range) {
  const bool whole_entries = details.kind == LoopKind::kTransformMapEntry;
  MapBuilder builder(evaluation_->arena());
  Value error;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    bind(details, range, i);
    if (details.condition != kNoExpr) {
      const Value answer = test(details.condition);
      if (is_final(answer)) {
        return answer;
      }
      if (answer.is_error()) {
        error = answer;
      }
      if (!answer.is_true()) {
        continue;
      }
    }
    if (!evaluation_->spend(1)) {
      return evaluation_->limit_error();
    }
    if (error.is_error() && !whole_entries) {
      continue;
    }
    if (!whole_entries && !evaluation_->spend(1)) {
      return evaluation_->limit_error();
    }
    const Value result = evaluate(details.body);
    if (is_final(result)) {
      return result;
    }
    if (!evaluation_->spend(1)) {
      return evaluation_->limit_error();
    }
    if (error.is_error()) {
      continue;
    }
    if (result.is_error()) {
      error = result;
      continue;
    }
    const Value done = whole_entries
                           ? insert_all(builder, result, *evaluation_)
                           : insert(builder, locals_[details.local], result, *evaluation_);
    if (done.is_error()) {
      error = done;
    }
  }
  return paid(1, error.is_error() ? error : builder.build());
}

Value Evaluator::sort_by(const LoopDetails& details, const Value& range) {
  // bind(input, range, input.@sortByAssociatedKeys(input.map(x, body))): the range twice read.
  if (is_final(range)) {
    return range;
  }
  if (!evaluation_->spend_each(2)) {
    return evaluation_->limit_error();
  }
  Value keys = range;
  if (range.is(ValueKind::kList) || range.is(ValueKind::kMap)) {
    keys = transform_list(details, range);
  } else if (!range.is_error()) {
    keys = evaluation_->error("got '" + std::string(go_type_name(range)) +
                              "', expected iterable type");
  }
  if (is_final(keys)) {
    return keys;
  }
  const Value arguments[] = {range, keys};  // NOLINT(modernize-avoid-c-arrays)
  Value result = range.is_error() ? range : keys;
  if (!range.is_error() && !keys.is_error()) {
    result = range.is(ValueKind::kList) ? sort_by_keys(range, keys, *evaluation_)
                                        : unsupported("@sortByAssociatedKeys", range, *evaluation_);
  }
  const std::uint64_t units =
      details.resolved_keys ? costs::list_keys_compare(arguments, result) : 1;
  if (units == costs::kPanics) {
    return internal_error("@sortByAssociatedKeys", {&keys, 1}, *evaluation_);
  }
  return paid(units, result);
}

}  // namespace seaworthy::cel
