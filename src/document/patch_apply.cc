// A patch is applied to a draft of the tree: containers that an operation steps into are opened,
// that is, copied into vectors once, and frozen into the arena in the end. So many operations on
// one large list cost one copy of it, and the rest of the tree is shared. What is allowed follows
// evanphx/json-patch v4.13.0, patch.go.
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/patch_draft.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/patch.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {
namespace {

/// Go's strconv.Atoi.
std::optional<std::int64_t> read_index(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  if (text.starts_with("+-")) {
    return std::nullopt;
  }
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return index;
}

/// Reasons are what is said behind "patch operation 3, replace /a/b: ".
using Outcome = std::expected<void, std::string>;

std::unexpected<std::string> refuse(std::string reason) {
  return std::unexpected(std::move(reason));
}

class Patcher {
 public:
  Patcher(const Node& root, Arena& arena) : root_(root), arena_(arena) {}

  Result<void> run(const PatchOperation& operation, std::size_t number);

  [[nodiscard]] Node result() const { return root_.freeze(arena_); }

 private:
  /// A place in an opened container.
  struct Target {
    Draft* container = nullptr;
    std::string key;
  };

  std::expected<Target, std::string> locate(std::string_view pointer);
  /// Where an item of a list is; `room` is 1 where its end counts as well.
  static std::expected<std::size_t, std::string> index_of(const Target& target, std::size_t room);
  /// Null for a member that is not there.
  static std::expected<Draft*, std::string> get(const Target& target);
  Outcome add(const Target& target, const Node& value);
  static Outcome remove(const Target& target);
  Outcome replace(const PatchOperation& operation);
  Outcome test(const PatchOperation& operation);
  Outcome move(const PatchOperation& operation);
  Outcome copy(const PatchOperation& operation);
  Outcome apply(const PatchOperation& operation);

  Draft root_;
  Arena& arena_;
  std::size_t copied_bytes_ = 0;
  bool over_limit_ = false;
};

std::expected<Patcher::Target, std::string> Patcher::locate(std::string_view pointer) {
  // patch.go, findObject: what stands before the first '/' is not looked at, and the root has no
  // container.
  const auto first = pointer.find('/');
  if (first == std::string_view::npos) {
    return refuse("it does not address a value inside the document");
  }
  const auto last = pointer.rfind('/');
  Draft* at = &root_;
  for (std::size_t start = first; start != last;) {
    if (!at->open()) {
      return refuse("its parent does not exist");
    }
    const auto end = pointer.find('/', start + 1);
    auto found = get({at, unescape_pointer_token(pointer.substr(start + 1, end - start - 1))});
    if (!found || *found == nullptr) {
      return refuse("its parent does not exist");
    }
    at = *found;
    start = end;
  }
  if (!at->open()) {
    return refuse("its parent is no map or list");
  }
  return Target{at, unescape_pointer_token(pointer.substr(last + 1))};
}

std::expected<std::size_t, std::string> Patcher::index_of(const Target& target, std::size_t room) {
  const auto index = read_index(target.key);
  if (!index) {
    return refuse("'" + target.key + "' is no index of a list");
  }
  const std::size_t size = target.container->items().size();
  const auto end = static_cast<std::int64_t>(size + room);
  const std::int64_t counted = *index < 0 ? *index + end : *index;
  if (counted < 0 || counted >= end) {
    return refuse("the list has " + std::to_string(size) + " items");
  }
  return static_cast<std::size_t>(counted);
}

std::expected<Draft*, std::string> Patcher::get(const Target& target) {
  if (target.container->is_map()) {
    return target.container->find(target.key);
  }
  const auto index = index_of(target, 0);
  if (!index) {
    return refuse(index.error());
  }
  return &target.container->items()[*index];
}

Outcome Patcher::add(const Target& target, const Node& value) {
  if (target.container->is_map()) {
    target.container->set(target.key, value, arena_);
    return {};
  }
  auto& items = target.container->items();
  if (target.key == "-") {
    items.emplace_back(value);
    return {};
  }
  const auto index = index_of(target, 1);
  if (!index) {
    return refuse(index.error());
  }
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), Draft(value));
  return {};
}

Outcome Patcher::remove(const Target& target) {
  if (target.container->is_map()) {
    if (!target.container->remove(target.key)) {
      return refuse("it does not exist");
    }
    return {};
  }
  const auto index = index_of(target, 0);
  if (!index) {
    return refuse(index.error());
  }
  target.container->items().erase(target.container->items().begin() +
                                  static_cast<std::ptrdiff_t>(*index));
  return {};
}

Outcome Patcher::replace(const PatchOperation& operation) {
  if (operation.path.empty()) {
    root_ = Draft(operation.value);
    return {};
  }
  const auto target = locate(operation.path);
  if (!target) {
    return refuse(target.error());
  }
  const auto found = get(*target);
  if (!found) {
    return refuse(found.error());
  }
  if (*found == nullptr) {
    return add(*target, operation.value);
  }
  **found = Draft(operation.value);
  return {};
}

Outcome Patcher::test(const PatchOperation& operation) {
  Draft* found = &root_;
  if (!operation.path.empty()) {
    const auto target = locate(operation.path);
    if (!target) {
      return refuse(target.error());
    }
    const auto value = get(*target);
    if (!value) {
      return refuse(value.error());
    }
    found = *value;
  }
  const Node value = found == nullptr ? Node() : found->freeze(arena_);
  if (!equal(value, operation.value)) {
    return refuse("the value is another");
  }
  return {};
}

Outcome Patcher::move(const PatchOperation& operation) {
  const auto source = locate(operation.from);
  if (!source) {
    return refuse("from " + operation.from + ": " + source.error());
  }
  const auto found = get(*source);
  if (!found) {
    return refuse("from " + operation.from + ": " + found.error());
  }
  if (*found == nullptr) {
    return refuse("from " + operation.from + ": it does not exist");
  }
  const Node value = (*found)->freeze(arena_);
  if (auto removed = remove(*source); !removed) {
    return removed;
  }
  const auto target = locate(operation.path);
  if (!target) {
    return refuse(target.error());
  }
  return add(*target, value);
}

Outcome Patcher::copy(const PatchOperation& operation) {
  const auto source = locate(operation.from);
  if (!source) {
    return refuse("from " + operation.from + ": " + source.error());
  }
  const auto found = get(*source);
  if (!found) {
    return refuse("from " + operation.from + ": " + found.error());
  }
  const Node value = *found == nullptr ? Node() : (*found)->freeze(arena_);
  const auto target = locate(operation.path);
  if (!target) {
    return refuse(target.error());
  }
  copied_bytes_ += print_json(value).size();
  if (copied_bytes_ > limits::kPatchCopyBytesMax) {
    over_limit_ = true;
    return refuse("the patch copies more than " + std::to_string(limits::kPatchCopyBytesMax) +
                  " bytes");
  }
  return add(*target, value);
}

Outcome Patcher::apply(const PatchOperation& operation) {
  switch (operation.op) {
    case PatchOperation::Op::kReplace:
      return replace(operation);
    case PatchOperation::Op::kTest:
      return test(operation);
    case PatchOperation::Op::kMove:
      return move(operation);
    case PatchOperation::Op::kCopy:
      return copy(operation);
    case PatchOperation::Op::kAdd:
    case PatchOperation::Op::kRemove:
      break;
  }
  const auto target = locate(operation.path);
  if (!target) {
    return refuse(target.error());
  }
  return operation.op == PatchOperation::Op::kAdd ? add(*target, operation.value) : remove(*target);
}

Result<void> Patcher::run(const PatchOperation& operation, std::size_t number) {
  const Outcome outcome = apply(operation);
  if (outcome) {
    return {};
  }
  return fail(over_limit_ ? ErrorCode::kOverLimit : ErrorCode::kInvalid,
              "patch operation " + std::to_string(number) + ", " +
                  std::string(name_of(operation.op)) + " " +
                  (operation.path.empty() ? "the root" : operation.path) + ": " + outcome.error());
}

}  // namespace

Result<Node> apply(const Patch& patch, const Node& root, Arena& arena) {
  if (patch.size() > limits::kPatchOperationsMax) {
    return fail(ErrorCode::kOverLimit, too_many_operations(patch.size()));
  }
  Patcher patcher(root, arena);
  std::size_t number = 0;
  for (const PatchOperation& operation : patch) {
    if (auto done = patcher.run(operation, ++number); !done) {
      return std::unexpected(std::move(done).error());
    }
  }
  return patcher.result();
}

}  // namespace seaworthy::document
