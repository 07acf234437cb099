// A tree held against its type, and the search for what can only be replaced as a whole
// (structured-merge-diff typed/validate.go; apiserver patch/smd.go). A value picks, where its type
// leaves a choice, the part of it that it looks like; one that looks like none is held against the
// map, else the scalar, else the list.

#include <set>
#include <utility>

#include "document/go_print.h"
#include "document/merge_atom.h"
#include "document/merge_item.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

struct Fault {
  std::string path;
  std::string message;
};

using Faults = std::vector<Fault>;

class Validator {
 public:
  Validator(const MergeSchema& schema, const UntypedTree& tree, Duplicates duplicates)
      : schema_(schema), tree_(tree), duplicates_(duplicates) {}

  Faults check(MergeSchema::TypeIndex type, const Node& node, const std::string& prefix) {
    const MergeSchema::Atom atom = deduce(schema_.atom(type), node);
    Faults faults;
    if (atom.map != MergeSchema::kNone) {
      faults = check_map(schema_.map(atom), node);
    } else if (atom.scalar != MergeSchema::Scalar::kNone) {
      if (const auto fault = scalar_fault(atom.scalar, tree_, node)) {
        faults.push_back({"", *fault});
      }
    } else if (atom.list != MergeSchema::kNone) {
      faults = check_list(schema_.list(atom), node);
    } else {
      faults.push_back({"", "schema error: invalid atom: inlined"});
    }
    for (Fault& fault : faults) {
      fault.path.insert(0, prefix);
    }
    return faults;
  }

 private:
  Faults check_map(const MergeSchema::Map& type, const Node& node) {
    if (!node.is_map()) {
      return wanted("map", node);
    }
    Faults faults;
    for (const Member& member : node.members()) {
      const MergeSchema::Field* field = type.find(member.key);
      const std::string step = "." + std::string(member.key.text());
      if (field == nullptr && type.element == MergeSchema::kNone) {
        faults.push_back({step, "field not declared in schema"});
        break;
      }
      append(faults, check(field == nullptr ? type.element : field->type, member.value, step));
    }
    return faults;
  }

  Faults check_list(const MergeSchema::List& type, const Node& node) {
    if (!node.is_list()) {
      return wanted("list", node);
    }
    Faults faults;
    std::set<MergeItem> seen;
    for (std::size_t i = 0; i < node.size(); ++i) {
      const Node& item = node.items()[i];
      std::string step = "[" + std::to_string(i) + "]";
      if (type.relation == MergeSchema::Relation::kAssociative) {
        const auto known = MergeItem::of(schema_, type, tree_, item);
        if (!known) {
          faults.push_back({"", "element " + std::to_string(i) + ": " + known.error()});
          return faults;
        }
        step = known->text(tree_);
        if (!seen.insert(*known).second && duplicates_ == Duplicates::kRefused) {
          faults.push_back({"", "duplicate entries for key " + step});
        }
      }
      append(faults, check(type.element, item, step));
    }
    return faults;
  }

  Faults wanted(std::string_view what, const Node& node) {
    if (node.is_null() && tree_.odd(node) == nullptr) {
      return {};
    }
    return {{"", "expected " + std::string(what) + ", got &{" + go_text(tree_, node) + "}"}};
  }

  static void append(Faults& faults, Faults more) {
    faults.insert(faults.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
  }

  const MergeSchema& schema_;
  const UntypedTree& tree_;
  Duplicates duplicates_;
};

void collect_atomics(const MergeSchema& schema, MergeSchema::TypeIndex type, const Node& node,
                     const std::string& path, std::vector<std::string>& out) {
  const MergeSchema::Atom& atom = schema.atom(type);
  if (node.is_map() && atom.map != MergeSchema::kNone) {
    const MergeSchema::Map& map = schema.map(atom);
    if (map.relation == MergeSchema::Relation::kAtomic) {
      out.push_back(path);
    }
    for (const Member& member : node.members()) {
      if (const MergeSchema::Field* field = map.find(member.key)) {
        collect_atomics(schema, field->type, member.value,
                        path + "." + std::string(member.key.text()), out);
      }
    }
  }
  if (node.is_list() && atom.list != MergeSchema::kNone) {
    const MergeSchema::List& list = schema.list(atom);
    if (list.relation == MergeSchema::Relation::kAtomic) {
      out.push_back(path);
    }
    for (std::size_t i = 0; i < node.size(); ++i) {
      collect_atomics(schema, list.element, node.items()[i], path + "[" + std::to_string(i) + "]",
                      out);
    }
  }
}

}  // namespace

MergeSchema::Atom deduce(const MergeSchema::Atom& atom, const Node& node) {
  MergeSchema::Atom only;
  switch (node.kind()) {
    case Kind::kNull:
      return atom;
    case Kind::kList:
      only.list = atom.list;
      return atom.list == MergeSchema::kNone ? atom : only;
    case Kind::kMap:
      only.map = atom.map;
      return atom.map == MergeSchema::kNone ? atom : only;
    default:
      only.scalar = atom.scalar;
      return atom.scalar == MergeSchema::Scalar::kNone ? atom : only;
  }
}

std::optional<std::string> scalar_fault(MergeSchema::Scalar type, const UntypedTree& tree,
                                        const Node& node) {
  if (node.is_null() && tree.odd(node) == nullptr) {
    return std::nullopt;
  }
  const bool is_number = node.is_int() || node.is_double();
  switch (type) {
    case MergeSchema::Scalar::kNumeric:
      if (!is_number) {
        return "expected numeric (int or float), got " + go_type(tree, node);
      }
      break;
    case MergeSchema::Scalar::kString:
      if (!node.is_string()) {
        return "expected string, got &value.valueUnstructured{Value:" + go_source(tree, node) + "}";
      }
      break;
    case MergeSchema::Scalar::kBoolean:
      if (!node.is_bool()) {
        return "expected boolean, got &{" + go_text(tree, node) + "}";
      }
      break;
    case MergeSchema::Scalar::kUntyped:
      if (!is_number && !node.is_string() && !node.is_bool()) {
        return "expected any scalar, got &{" + go_text(tree, node) + "}";
      }
      break;
    case MergeSchema::Scalar::kNone:
      break;
  }
  return std::nullopt;
}

std::optional<std::string> validate(const MergeSchema& schema, MergeSchema::TypeIndex type,
                                    const UntypedTree& tree, Duplicates duplicates) {
  const Faults faults = Validator(schema, tree, duplicates).check(type, tree.root(), "");
  if (faults.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> lines;
  for (const Fault& fault : faults) {
    lines.push_back(fault.path.empty() ? fault.message : fault.path + ": " + fault.message);
  }
  return lines.size() == 1 ? lines[0] : "errors:\n  " + join(lines, "\n  ");
}

std::vector<std::string> find_atomics(const MergeSchema& schema, MergeSchema::TypeIndex type,
                                      const UntypedTree& tree) {
  std::vector<std::string> atomics;
  collect_atomics(schema, type, tree.root(), "", atomics);
  return atomics;
}

}  // namespace seaworthy::document
