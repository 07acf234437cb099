#include <algorithm>
#include <array>
#include <expected>
#include <string>

#include "document/patch_draft.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/patch.h"

namespace seaworthy::document {
namespace {

std::unexpected<std::string> refuse(std::string reason) {
  return std::unexpected(std::move(reason));
}

/// One operation of the wire; the message names what is wrong.
std::expected<PatchOperation, std::string> read_operation(const Node& node) {
  if (!node.is_map()) {
    return refuse("is no map");
  }
  using enum PatchOperation::Op;
  PatchOperation operation;
  const std::string_view name = node["op"].as_string();
  constexpr std::array kAll = {kAdd, kRemove, kReplace, kMove, kCopy, kTest};
  const auto known =
      std::ranges::find(kAll, name, [](PatchOperation::Op op) { return name_of(op); });
  if (known == kAll.end()) {
    return refuse(node["op"].is_string() ? "'" + std::string(name) + "' is no operation"
                                         : "has no 'op' that is a string");
  }
  operation.op = *known;
  if (!node["path"].is_string()) {
    return refuse("has no 'path' that is a string");
  }
  operation.path = node["path"].as_string();
  if (operation.op == kMove || operation.op == kCopy) {
    if (!node["from"].is_string()) {
      return refuse("has no 'from' that is a string");
    }
    operation.from = node["from"].as_string();
  } else if (operation.op != kRemove) {
    const Node* value = node.find("value");
    if (value == nullptr) {
      return refuse("has no 'value'");
    }
    operation.value = *value;
  }
  return operation;
}

}  // namespace

std::string too_many_operations(std::size_t count) {
  return "a patch of " + std::to_string(count) +
         " operations: " + std::to_string(limits::kPatchOperationsMax) + " are the limit";
}

std::string_view name_of(PatchOperation::Op op) {
  switch (op) {
    case PatchOperation::Op::kAdd:
      return "add";
    case PatchOperation::Op::kRemove:
      return "remove";
    case PatchOperation::Op::kReplace:
      return "replace";
    case PatchOperation::Op::kMove:
      return "move";
    case PatchOperation::Op::kCopy:
      return "copy";
    case PatchOperation::Op::kTest:
      return "test";
  }
  return "unknown";
}

std::string print_patch(const Patch& patch) {
  std::string out = "[";
  for (const PatchOperation& operation : patch) {
    if (out.size() > 1) {
      out += ',';
    }
    out += "{\"op\":\"";
    out += name_of(operation.op);
    out += "\",\"path\":";
    print_json_string(operation.path, out);
    if (operation.op == PatchOperation::Op::kMove || operation.op == PatchOperation::Op::kCopy) {
      out += ",\"from\":";
      print_json_string(operation.from, out);
    } else if (operation.op != PatchOperation::Op::kRemove) {
      out += ",\"value\":";
      print_json(operation.value, out);
    }
    out += '}';
  }
  out += ']';
  return out;
}

Result<Patch> read_patch(const Node& array) {
  if (!array.is_list()) {
    return fail(ErrorCode::kInvalid, "a patch is a list of operations");
  }
  if (array.size() > limits::kPatchOperationsMax) {
    return fail(ErrorCode::kOverLimit, too_many_operations(array.size()));
  }
  Patch patch;
  for (const Node& item : array.items()) {
    auto operation = read_operation(item);
    if (!operation) {
      return fail(ErrorCode::kInvalid,
                  "patch operation " + std::to_string(patch.size() + 1) + " " + operation.error());
    }
    patch.push_back(*std::move(operation));
  }
  return patch;
}

}  // namespace seaworthy::document
