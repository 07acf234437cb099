// A JSONPatch mutation as evanphx/json-patch v4.13 applies it, with its words (patch.go). What is
// odd there is odd here: an operation without a value writes null; `replace` into a map adds; null
// that was there is nothing, null that an operation wrote is an object without members; what panics
// there is an error with the panic's text here.

#include "seaworthy/document/api_patch.h"

#include <charconv>
#include <expected>
#include <utility>

#include "document/go_print.h"
#include "document/patch_draft.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {
namespace {

using Outcome = std::expected<void, std::string>;

constexpr std::string_view kMissing = ": missing value";
constexpr std::string_view kNilPointer =
    "runtime error: invalid memory address or nil pointer dereference";

std::unexpected<std::string> refuse(std::string reason) {
  return std::unexpected(std::move(reason));
}

/// strconv.Atoi with its errors.
std::expected<std::int64_t, std::string> read_index(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const bool is_number = end == digits.data() + digits.size() && !text.starts_with("+-");
  if (is_number && error == std::errc()) {
    return index;
  }
  const bool too_large = is_number && error == std::errc::result_out_of_range;
  return refuse("strconv.Atoi: parsing " + go_quoted(text) +
                (too_large ? ": value out of range" : ": invalid syntax"));
}

bool is_number(const Node& node) { return node.is_int() || node.is_double(); }

/// lazyNode.equal: numbers are compared as they are printed.
bool same_json(const Node& a, const Node& b) {
  if (is_number(a) && is_number(b)) {
    return print_json(a) == print_json(b);
  }
  if (a.kind() != b.kind() || a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items().size(); ++i) {
    if (!same_json(a.items()[i], b.items()[i])) {
      return false;
    }
  }
  for (const Member& member : a.members()) {
    const Node* other = b.find(member.key);
    if (other == nullptr || !same_json(member.value, *other)) {
      return false;
    }
  }
  return a.is_list() || a.is_map() || equal(a, b);
}

class Patcher {
 public:
  Patcher(const Node& root, Arena& arena) : root_(root), arena_(arena) {}

  Outcome apply(const ApiPatchOperation& operation);

  [[nodiscard]] bool test_failed() const { return test_failed_; }

  [[nodiscard]] const std::string& panic() const { return panic_; }

  [[nodiscard]] Node result() const { return root_.freeze(arena_); }

 private:
  /// A place in a list or map; no container where the path does not lead to one.
  struct Place {
    Draft* container = nullptr;
    std::string key;
  };

  using Found = std::expected<Draft*, std::string>;

  Place find(std::string_view path);
  /// Null for a member that is not there, or is null since before the patch.
  static Found get(const Place& place);
  static std::expected<std::size_t, std::string> index_of(const Place& place, std::size_t room);
  Outcome put(const Place& place, Draft value);
  static Outcome take(const Place& place);
  Outcome fail_test(std::string_view path);
  Outcome fail_badly(std::string_view panic);

  Outcome add(const ApiPatchOperation& operation);
  Outcome remove(const ApiPatchOperation& operation);
  Outcome replace(const ApiPatchOperation& operation);
  Outcome replace_root(const ApiPatchOperation& operation);
  Outcome test(const ApiPatchOperation& operation);
  Outcome move(const ApiPatchOperation& operation);
  Outcome copy(const ApiPatchOperation& operation);

  static Draft value_of(const ApiPatchOperation& operation) {
    Draft value(operation.value.value_or(Node::null()));
    value.written_null = operation.value && operation.value->is_null();
    return value;
  }

  Draft root_;
  Arena& arena_;
  std::size_t copied_bytes_ = 0;
  bool test_failed_ = false;
  std::string panic_;
};

Patcher::Place Patcher::find(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos) {
    return {};
  }
  const std::size_t last = path.rfind('/');
  Draft* at = &root_;
  for (std::size_t start = first; start != last;) {
    const std::size_t end = path.find('/', start + 1);
    const auto found = get({at, unescape_pointer_token(path.substr(start + 1, end - start - 1))});
    if (!found || *found == nullptr || !((*found)->open() || (*found)->written_null)) {
      return {};
    }
    at = *found;
    start = end;
  }
  return {at, unescape_pointer_token(path.substr(last + 1))};
}

std::expected<std::size_t, std::string> Patcher::index_of(const Place& place, std::size_t room) {
  const auto index = read_index(place.key);
  if (!index) {
    return refuse(index.error());
  }
  const auto end = static_cast<std::int64_t>(place.container->items().size() + room);
  if (*index >= end || *index < -end) {
    return refuse("Unable to access invalid index: " + std::to_string(*index) +
                  ": invalid index referenced");
  }
  return static_cast<std::size_t>(*index < 0 ? *index + end : *index);
}

Patcher::Found Patcher::get(const Place& place) {
  Draft* found = nullptr;
  if (place.container->written_null) {
    return nullptr;
  }
  place.container->open();
  if (place.container->is_map()) {
    found = place.container->find(place.key);
  } else {
    const auto index = index_of(place, 0);
    if (!index) {
      return refuse(index.error());
    }
    found = &place.container->items()[*index];
  }
  return found != nullptr && found->is_null() && !found->written_null ? nullptr : found;
}

Outcome Patcher::put(const Place& place, Draft value) {
  if (place.container->written_null) {
    return fail_badly("assignment to entry in nil map");
  }
  place.container->open();
  if (place.container->is_map()) {
    place.container->set(place.key, std::move(value), arena_);
    return {};
  }
  auto& items = place.container->items();
  if (place.key == "-") {
    items.push_back(std::move(value));
    return {};
  }
  if (const auto number = read_index(place.key); !number) {
    return refuse("value was not a proper array index: '" + place.key + "': " + number.error());
  }
  const auto index = index_of(place, 1);
  if (!index) {
    return refuse(index.error());
  }
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return {};
}

Outcome Patcher::take(const Place& place) {
  if (!place.container->written_null) {
    place.container->open();
  }
  if (place.container->is_map() || place.container->written_null) {
    if (place.container->written_null || !place.container->remove(place.key)) {
      return refuse("Unable to remove nonexistent key: " + place.key + std::string(kMissing));
    }
    return {};
  }
  const auto index = index_of(place, 0);
  if (!index) {
    return refuse(index.error());
  }
  auto& items = place.container->items();
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(*index));
  return {};
}

Outcome Patcher::add(const ApiPatchOperation& operation) {
  const std::string path(operation.path);
  const Place place = find(path);
  if (place.container == nullptr) {
    return refuse("add operation does not apply: doc is missing path: \"" + path + "\"" +
                  std::string(kMissing));
  }
  const Outcome added = put(place, value_of(operation));
  return added ? added : refuse("error in add for path: '" + path + "': " + added.error());
}

Outcome Patcher::remove(const ApiPatchOperation& operation) {
  const std::string path(operation.path);
  const Place place = find(path);
  if (place.container == nullptr) {
    return refuse("remove operation does not apply: doc is missing path: \"" + path + "\"" +
                  std::string(kMissing));
  }
  const Outcome removed = take(place);
  return removed ? removed : refuse("error in remove for path: '" + path + "': " + removed.error());
}

Outcome Patcher::replace_root(const ApiPatchOperation& operation) {
  if (!operation.value) {
    return fail_badly(kNilPointer);
  }
  const Node& value = *operation.value;
  if (!value.is_map() && !value.is_list() && !value.is_null()) {
    return refuse("replace operation value must be object or array: %!w(<nil>)");
  }
  root_ = value_of(operation);
  return {};
}

Outcome Patcher::replace(const ApiPatchOperation& operation) {
  const std::string path(operation.path);
  if (path.empty()) {
    return replace_root(operation);
  }
  const Place place = find(path);
  if (place.container == nullptr) {
    return refuse("replace operation does not apply: doc is missing path: " + path +
                  std::string(kMissing));
  }
  if (!get(place)) {
    return refuse("replace operation does not apply: doc is missing key: " + path +
                  std::string(kMissing));
  }
  if (place.container->is_map() || place.container->written_null) {
    return put(place, value_of(operation));
  }
  place.container->items()[*index_of(place, 0)] = value_of(operation);
  return {};
}

Outcome Patcher::fail_test(std::string_view path) {
  test_failed_ = true;
  return refuse("testing value " + std::string(path) + " failed: test failed");
}

Outcome Patcher::fail_badly(std::string_view panic) {
  panic_ = panic;
  return refuse(panic_);
}

Outcome Patcher::test(const ApiPatchOperation& operation) {
  const std::string path(operation.path);
  if (path.empty()) {
    if (!operation.value) {
      return fail_badly(kNilPointer);
    }
    return same_json(result(), *operation.value) ? Outcome() : fail_test(path);
  }
  const Place place = find(path);
  if (place.container == nullptr) {
    return refuse("test operation does not apply: is missing path: " + path +
                  std::string(kMissing));
  }
  const Found found = get(place);
  if (!found) {
    return refuse("error in test for path: '" + path + "': " + found.error());
  }
  if (*found == nullptr) {
    return operation.value ? fail_test(path) : Outcome();
  }
  return operation.value && same_json((*found)->freeze(arena_), *operation.value) ? Outcome()
                                                                                  : fail_test(path);
}

Outcome Patcher::move(const ApiPatchOperation& operation) {
  const std::string from(operation.from);
  if (from.empty()) {
    return refuse("move operation failed to decode from: operation, missing from field" +
                  std::string(kMissing));
  }
  Place place = find(from);
  if (place.container == nullptr) {
    return refuse("move operation does not apply: doc is missing from path: " + from +
                  std::string(kMissing));
  }
  const Found found = get(place);
  if (!found) {
    return refuse("error in move for path: '" + place.key + "': " + found.error());
  }
  Draft value = *found == nullptr ? Draft(Node::null()) : std::move(**found);
  if (const Outcome taken = take(place); !taken) {
    return refuse("error in move for path: '" + place.key + "': " + taken.error());
  }
  const std::string path(operation.path);
  place = find(path);
  if (place.container == nullptr) {
    return refuse("move operation does not apply: doc is missing destination path: " + path +
                  std::string(kMissing));
  }
  const Outcome added = put(place, std::move(value));
  return added ? added : refuse("error in move for path: '" + path + "': " + added.error());
}

Outcome Patcher::copy(const ApiPatchOperation& operation) {
  const std::string from(operation.from);
  if (from.empty()) {
    return refuse("copy operation failed to decode from: operation, missing from field" +
                  std::string(kMissing));
  }
  const Place source = find(from);
  if (source.container == nullptr) {
    return refuse("copy operation does not apply: doc is missing from path: " + from +
                  std::string(kMissing));
  }
  const Found found = get(source);
  if (!found) {
    return refuse("error in copy for from: '" + from + "': " + found.error());
  }
  Draft value(*found == nullptr ? Node::null() : (*found)->freeze(arena_));
  value.written_null = *found != nullptr && (*found)->written_null;
  if (*found != nullptr) {
    copied_bytes_ += print_json((*found)->freeze(arena_)).size();
  }
  const std::string path(operation.path);
  const Place place = find(path);
  if (place.container == nullptr) {
    return refuse("copy operation does not apply: doc is missing destination path: " + path +
                  std::string(kMissing));
  }
  if (copied_bytes_ > limits::kPatchCopyBytesMax) {
    return refuse("Unable to complete the copy, the accumulated size increase of copy is " +
                  std::to_string(copied_bytes_) + ", exceeding the limit " +
                  std::to_string(limits::kPatchCopyBytesMax));
  }
  const Outcome added = put(place, std::move(value));
  return added ? added : refuse("error while adding value during copy: " + added.error());
}

Outcome Patcher::apply(const ApiPatchOperation& operation) {
  if (operation.op == "add") {
    return add(operation);
  }
  if (operation.op == "remove") {
    return remove(operation);
  }
  if (operation.op == "replace") {
    return replace(operation);
  }
  if (operation.op == "move") {
    return move(operation);
  }
  if (operation.op == "test") {
    return test(operation);
  }
  if (operation.op == "copy") {
    return copy(operation);
  }
  return refuse("Unexpected kind: " + std::string(operation.op));
}

}  // namespace

Result<Node> apply_verbatim(const std::vector<ApiPatchOperation>& operations, const Node& root,
                            Arena& arena) {
  if (operations.size() > limits::kPatchOperationsMax) {
    return fail(ErrorCode::kOverLimit, too_many_operations(operations.size()));
  }
  Patcher patcher(root, arena);
  for (const ApiPatchOperation& operation : operations) {
    const Outcome applied = patcher.apply(operation);
    if (patcher.test_failed()) {
      return root;
    }
    if (!patcher.panic().empty()) {
      return fail(ErrorCode::kInternal, patcher.panic());
    }
    if (!applied) {
      return fail(ErrorCode::kInvalid, applied.error());
    }
  }
  return patcher.result();
}

}  // namespace seaworthy::document
