#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

// Kubernetes' structured merge: what server-side apply, and with it a policy's ApplyConfiguration,
// makes of a live object and a patch. Rules: sigs.k8s.io/structured-merge-diff v6.3.3, typed/;
// error texts are its own.

/// A value that Go holds and JSON has no word for (a duration, CEL's own map in a map), as Go
/// prints it.
struct GoValue {
  std::string text;                             ///< `%v`
  std::string source;                           ///< `%#v`
  std::string type_name;                        ///< `%T`
  std::optional<Node> protobuf = std::nullopt;  ///< As protobuf's Value, where that takes it.
};

/// A tree that may hold such values: there stands null, and the tree knows what for. Lifetime: the
/// nodes lie in an arena of the caller's and must not be moved.
class UntypedTree {
 public:
  UntypedTree() = default;

  /// Plain JSON.
  explicit UntypedTree(const Node& root) : root_(&root) {}

  void set_root(const Node& root) { root_ = &root; }

  [[nodiscard]] const Node& root() const { return *root_; }

  void explain(const Node& place, GoValue value) { odd_.emplace(&place, std::move(value)); }

  /// The empty list at `place` is Go's nil: null in JSON where it is taken over as it is.
  void mark_nil(const Node& place) { odd_.emplace(&place, GoValue{}); }

  /// What stands at a null node; null where it is just that.
  [[nodiscard]] const GoValue* odd(const Node& place) const {
    const auto found = place.is_null() ? odd_.find(&place) : odd_.end();
    return found == odd_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool is_nil(const Node& place) const {
    return place.is_list() && place.size() == 0 && odd_.contains(&place);
  }

 private:
  const Node* root_ = nullptr;
  std::unordered_map<const Node*, GoValue> odd_;
};

/// How types merge: the built-in ones of Kubernetes 1.36, and any other as what it looks like (maps
/// by key, lists as wholes). Immutable; reading it takes about a millisecond.
class MergeSchema {
 public:
  MergeSchema();

  /// A type's place in the schema.
  using TypeIndex = std::uint32_t;

  /// The type of a kind; nothing where the schema has none. A group and version that it has no kind
  /// of at all is a custom resource's: that is the deduced type.
  [[nodiscard]] std::optional<TypeIndex> find(std::string_view api_version,
                                              std::string_view kind) const;

  /// Whether it has types of a group and version: find() then answers no deduced one.
  [[nodiscard]] bool is_built_in(std::string_view api_version) const {
    return versions_.contains(std::string(api_version));
  }

  // For structured_merge's own parts.
  enum class Scalar : std::uint8_t { kNone, kString, kNumeric, kBoolean, kUntyped };
  enum class Relation : std::uint8_t { kAtomic, kAssociative, kSeparable };
  static constexpr TypeIndex kNone = 0xFFFFFFFF;

  struct Field {
    Key name;
    TypeIndex type = kNone;
    std::optional<Node> key_default;  ///< Only of fields that are keys of a list.
  };

  struct List {
    Relation relation = Relation::kAtomic;
    std::vector<std::string_view> keys;
    TypeIndex element = kNone;
  };

  struct Map {
    Relation relation = Relation::kSeparable;
    std::vector<Field> fields;  ///< In order of name.
    TypeIndex element = kNone;  ///< Of what is no field; kNone: there is nothing else.

    [[nodiscard]] const Field* find(const Key& name) const;
  };

  /// What a value may be: one of a scalar, a list and a map, or any of them.
  struct Atom {
    Scalar scalar = Scalar::kNone;
    std::uint32_t list = kNone;
    std::uint32_t map = kNone;

    friend bool operator==(const Atom&, const Atom&) = default;
  };

  [[nodiscard]] const Atom& atom(TypeIndex type) const { return atoms_[type]; }

  [[nodiscard]] const List& list(const Atom& atom) const { return lists_[atom.list]; }

  [[nodiscard]] const Map& map(const Atom& atom) const { return maps_[atom.map]; }

 private:
  friend class MergeSchemaReader;

  std::vector<Atom> atoms_;
  std::vector<List> lists_;
  std::vector<Map> maps_;
  std::unordered_map<std::string, TypeIndex> kinds_;  ///< "apps/v1 Deployment"
  std::unordered_map<std::string, bool> versions_;    ///< "apps/v1"
  TypeIndex deduced_ = 0;
};

enum class Duplicates : std::uint8_t { kRefused, kAllowed };

/// Whether the tree is of the type: nothing, or what is wrong (".spec.hostNetwork: expected
/// boolean, got &{yes}"; several lines where several things are).
std::optional<std::string> validate(const MergeSchema& schema, MergeSchema::TypeIndex type,
                                    const UntypedTree& tree, Duplicates duplicates);

/// Whether numbers may have fractions: Kubernetes' own types have none but those of
/// CustomResourceDefinitions.
enum class Fractions : std::uint8_t { kRefused, kAllowed };

/// What Go's strict decoding of the object into its type refuses: `strict decoding error: unknown
/// field "spec.containers[0].fooBar"`, or in words of ours "spec.hostNetwork must be a boolean, not
/// a string"; empty: nothing. What `before` holds in the same place is not looked at, and neither
/// are ranges of numbers and spellings of quantities, times and bytes: the schema does not know
/// them.
std::string decoding_fault(const MergeSchema& schema, MergeSchema::TypeIndex type,
                           const Node& object, const Node& before, Fractions fractions);

/// Paths of the lists, maps and objects in a valid tree that can only be replaced as wholes:
/// ".spec.containers[0].args" (k8s.io/apiserver
/// pkg/admission/plugin/policy/mutating/patch/smd.go, findAtomics).
std::vector<std::string> find_atomics(const MergeSchema& schema, MergeSchema::TypeIndex type,
                                      const UntypedTree& tree);

/// `patch` merged into `live`, both valid: scalars of the patch win, maps are united, lists by
/// their keys in the order that structured-merge-diff gives them. Errors: its own texts. Lifetime:
/// what `live` and `patch` point to is shared.
Result<Node> merge(const MergeSchema& schema, MergeSchema::TypeIndex type, const Node& live,
                   const UntypedTree& patch, Arena& arena);

}  // namespace seaworthy::document
