// What Go's strict JSON decoding (sigs.k8s.io/json, UnmarshalStrict) refuses of an object of a
// built-in type, as far as the schema tells: it knows numbers, but not how large they may be, and
// texts, but not what a quantity or a time must look like. null fits everything.

#include <cmath>
#include <utility>

#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {
namespace {

/// As many unknown fields are told of.
constexpr int kUnknownMax = 10;

bool is_whole(const Node& node) { return std::trunc(node.as_double()) == node.as_double(); }

std::string_view json_word(const Node& node) {
  switch (node.kind()) {
    case Kind::kBool:
      return "a boolean";
    case Kind::kInt:
      return "a number";
    case Kind::kDouble:
      return is_whole(node) ? "a number" : "a fraction";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
    default:
      return "a string";
  }
}

/// Walks the object beside the one from before.
class Decoder {
 public:
  Decoder(const MergeSchema& schema, Fractions fractions)
      : schema_(schema), fractions_(fractions) {}

  void visit(MergeSchema::TypeIndex type, const Node& node, const Node& before) {
    const MergeSchema::Atom& atom = schema_.atom(type);
    const bool is_list = atom.list != MergeSchema::kNone;
    const bool is_map = atom.map != MergeSchema::kNone;
    if (node.is_null() || (is_list && is_map)) {
      return;  // null, or what may be anything
    }
    if (is_map) {
      node.is_map() ? visit_map(schema_.map(atom), node, before) : report("a map", node, before);
    } else if (is_list) {
      node.is_list() ? visit_list(schema_.list(atom), node, before)
                     : report("a list", node, before);
    } else if (const auto wanted = wanted_of(atom.scalar, node); !wanted.empty()) {
      report(wanted, node, before);
    }
  }

  /// Go tells of the first value that does not fit its field, else of all unknown fields.
  std::string fault() { return mistyped_.empty() ? std::move(unknown_) : std::move(mistyped_); }

 private:
  void visit_map(const MergeSchema::Map& type, const Node& node, const Node& before) {
    for (const Member& member : node.members()) {
      const auto length = path_.size();
      path_ += path_.empty() ? "" : ".";
      path_ += member.key.text();
      const Node& old = before[member.key.text()];
      const MergeSchema::Field* field = type.find(member.key);
      if (field != nullptr || type.element != MergeSchema::kNone) {
        visit(field == nullptr ? type.element : field->type, member.value, old);
      } else if (!equal(member.value, old) && unknown_count_++ < kUnknownMax) {
        unknown_ +=
            unknown_.empty() ? "strict decoding error: unknown field \"" : ", unknown field \"";
        unknown_ += path_;
        unknown_ += '"';
      }
      path_.resize(length);
    }
  }

  void visit_list(const MergeSchema::List& type, const Node& node, const Node& before) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      const auto length = path_.size();
      path_ += '[';
      path_ += std::to_string(i);
      path_ += ']';
      visit(type.element, node.items()[i], i < before.items().size() ? before.items()[i] : Node());
      path_.resize(length);
    }
  }

  /// Empty where the node is such a scalar.
  [[nodiscard]] std::string_view wanted_of(MergeSchema::Scalar scalar, const Node& node) const {
    switch (scalar) {
      case MergeSchema::Scalar::kString:
        return node.is_string() ? "" : "a string";
      case MergeSchema::Scalar::kBoolean:
        return node.is_bool() ? "" : "a boolean";
      case MergeSchema::Scalar::kNumeric:
        if (node.is_double() && fractions_ == Fractions::kRefused) {
          return is_whole(node) ? "" : "a whole number";
        }
        return node.is_int() || node.is_double() ? "" : "a number";
      case MergeSchema::Scalar::kUntyped:  // a quantity
        return node.is_int() || node.is_double() || node.is_string() ? "" : "a number or a string";
      case MergeSchema::Scalar::kNone:
        break;
    }
    return "";
  }

  void report(std::string_view wanted, const Node& node, const Node& before) {
    if (mistyped_.empty() && !equal(node, before)) {
      mistyped_ = path_;
      mistyped_ += " must be ";
      mistyped_ += wanted;
      mistyped_ += ", not ";
      mistyped_ += json_word(node);
    }
  }

  const MergeSchema& schema_;
  Fractions fractions_;
  std::string path_;
  std::string mistyped_;
  std::string unknown_;
  int unknown_count_ = 0;
};

}  // namespace

std::string decoding_fault(const MergeSchema& schema, MergeSchema::TypeIndex type,
                           const Node& object, const Node& before, Fractions fractions) {
  Decoder decoder(schema, fractions);
  decoder.visit(type, object, before);
  return decoder.fault();
}

}  // namespace seaworthy::document
