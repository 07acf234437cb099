// What Go's strict JSON decoding (sigs.k8s.io/json, UnmarshalStrict) refuses of an object of a
// built-in type, as far as the schema tells: it knows numbers, but not how large they may be, and
// texts, but not what a quantity or a time must look like. null fits everything.

#include <cmath>
#include <utility>
#include <variant>

#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {
namespace {

std::string_view json_word(const Node& node) {
  switch (node.kind()) {
    case Kind::kBool:
      return "a boolean";
    case Kind::kInt:
    case Kind::kDouble:
      return "a number";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
    default:
      return "a string";
  }
}

bool is_whole(const Node& node) {
  return !node.is_double() || std::trunc(node.as_double()) == node.as_double();
}

class Decoder {
 public:
  Decoder(const MergeSchema& schema, Fractions fractions)
      : schema_(schema), fractions_(fractions) {}

  Misfits decode(MergeSchema::TypeIndex type, const Node& root) {
    visit(type, root);
    return std::move(found_);
  }

 private:
  using Step = std::variant<std::string_view, std::size_t>;

  void visit(MergeSchema::TypeIndex type, const Node& node) {
    const MergeSchema::Atom& atom = schema_.atom(type);
    const bool is_list = atom.list != MergeSchema::kNone;
    const bool is_map = atom.map != MergeSchema::kNone;
    if (node.is_null() || (is_list && is_map)) {
      return;  // null, or what may be anything
    }
    if (is_map) {
      node.is_map() ? visit_map(schema_.map(atom), node) : mistyped("a map", node);
    } else if (is_list) {
      node.is_list() ? visit_list(schema_.list(atom), node) : mistyped("a list", node);
    } else {
      visit_scalar(atom.scalar, node);
    }
  }

  void visit_map(const MergeSchema::Map& type, const Node& node) {
    for (const Member& member : node.members()) {
      steps_.emplace_back(member.key.text());
      const MergeSchema::Field* field = type.find(member.key);
      if (field != nullptr || type.element != MergeSchema::kNone) {
        visit(field == nullptr ? type.element : field->type, member.value);
      } else {
        found_.unknown.push_back(path());
      }
      steps_.pop_back();
    }
  }

  void visit_list(const MergeSchema::List& type, const Node& node) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      steps_.emplace_back(i);
      visit(type.element, node.items()[i]);
      steps_.pop_back();
    }
  }

  void visit_scalar(MergeSchema::Scalar scalar, const Node& node) {
    const bool is_number = node.is_int() || node.is_double();
    switch (scalar) {
      case MergeSchema::Scalar::kString:
        return node.is_string() ? void() : mistyped("a string", node);
      case MergeSchema::Scalar::kBoolean:
        return node.is_bool() ? void() : mistyped("a boolean", node);
      case MergeSchema::Scalar::kNumeric:
        if (is_number && !is_whole(node) && fractions_ == Fractions::kRefused) {
          found_.mistyped.push_back(path() + " must be a whole number");
        }
        return is_number ? void() : mistyped("a number", node);
      case MergeSchema::Scalar::kUntyped:  // a quantity, a port's number or name
        return is_number || node.is_string() ? void() : mistyped("a number or a string", node);
      case MergeSchema::Scalar::kNone:
        return;
    }
  }

  void mistyped(std::string_view wanted, const Node& node) {
    found_.mistyped.push_back(path() + " must be " + std::string(wanted) + ", not " +
                              std::string(json_word(node)));
  }

  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Step& step : steps_) {
      if (const auto* index = std::get_if<std::size_t>(&step)) {
        text += "[" + std::to_string(*index) + "]";
      } else {
        text += text.empty() ? "" : ".";
        text += std::get<std::string_view>(step);
      }
    }
    return text;
  }

  const MergeSchema& schema_;
  Fractions fractions_;
  std::vector<Step> steps_;
  Misfits found_;
};

}  // namespace

Misfits find_misfits(const MergeSchema& schema, MergeSchema::TypeIndex type, const Node& object,
                     Fractions fractions) {
  return Decoder(schema, fractions).decode(type, object);
}

}  // namespace seaworthy::document
