// merge_schema.txt read into tables. Its types refer to each other by name, also forwards: each
// name gets its place when it is first met, and is filled when its line comes.

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include "seaworthy/base/check.h"
#include "seaworthy/base/embedded.h"
#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {

/// Reads one file into one schema.
class MergeSchemaReader {
 public:
  MergeSchemaReader(MergeSchema& schema, std::string_view text) : schema_(schema), rest_(text) {}

  void read() {
    add_deduced();
    while (!rest_.empty()) {
      const std::string_view line = rest_.substr(0, rest_.find('\n'));
      rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
      if (line.starts_with('=')) {
        read_package(line.substr(1));
      } else if (!line.starts_with('#') && !line.empty()) {
        read_type(line);
      }
    }
  }

 private:
  using TypeIndex = MergeSchema::TypeIndex;

  /// structured-merge-diff typed/parser.go, DeducedParseableType.
  void add_deduced() {
    const TypeIndex whole = add({});
    const TypeIndex any = add({});
    for (const TypeIndex type : {whole, any}) {
      MergeSchema::Atom& atom = schema_.atoms_[type];
      atom.scalar = MergeSchema::Scalar::kUntyped;
      atom.list = add_list({MergeSchema::Relation::kAtomic, {}, whole});
      MergeSchema::Map map;
      map.relation =
          type == whole ? MergeSchema::Relation::kAtomic : MergeSchema::Relation::kSeparable;
      map.element = type;
      atom.map = add_map(std::move(map));
    }
    schema_.deduced_ = any;
    whole_ = whole;
  }

  void read_package(std::string_view line) {
    const std::size_t space = line.find(' ');
    const std::size_t version = line.find(' ', space + 1);
    versions_[std::string(line.substr(0, space))] =
        version == std::string_view::npos ? std::string_view() : line.substr(version + 1);
  }

  void read_type(std::string_view line) {
    const std::size_t space = line.find(' ');
    const std::string_view name = line.substr(0, space);
    const TypeIndex place = named(name);
    at_ = line.substr(space + 1);
    const TypeIndex type = read_atom();
    SEAWORTHY_CHECK(at_.empty());
    schema_.atoms_[place] = schema_.atoms_[type];
    add_kind(name, schema_.atoms_[place]);
  }

  void add_kind(std::string_view name, const MergeSchema::Atom& atom) {
    const std::size_t dot = name.find('.');
    const std::string_view version = versions_[std::string(name.substr(0, dot))];
    if (version.empty() || atom.map == MergeSchema::kNone) {
      return;
    }
    const MergeSchema::Map& map = schema_.map(atom);
    if (map.find("apiVersion") == nullptr || map.find("kind") == nullptr) {
      return;
    }
    schema_.versions_[std::string(version)] = true;
    schema_.kinds_.emplace(std::string(version) + " " + std::string(name.substr(dot + 1)),
                           named(name));
  }

  TypeIndex named(std::string_view name) {
    const auto [found, added] = names_.emplace(name, 0);
    if (added) {
      found->second = add({});
    }
    return found->second;
  }

  bool take(char c) {
    if (!at_.starts_with(c)) {
      return false;
    }
    at_.remove_prefix(1);
    return true;
  }

  std::string_view take_until(std::string_view ends) {
    const std::string_view taken = at_.substr(0, at_.find_first_of(ends));
    at_.remove_prefix(taken.size());
    return taken;
  }

  TypeIndex read_atom() {
    MergeSchema::Atom atom;
    const bool atomic = take('!');
    if (take('{')) {
      atom.map = read_fields(atomic);
    } else if (take('*')) {
      MergeSchema::Map map;
      map.relation = atomic ? MergeSchema::Relation::kAtomic : MergeSchema::Relation::kSeparable;
      map.element = read_atom();
      atom.map = add_map(std::move(map));
    } else if (take('[')) {
      atom.list = read_list(MergeSchema::Relation::kAtomic, {}, ']');
    } else if (take('<')) {
      atom.list = read_list(MergeSchema::Relation::kAssociative, {}, '>');
    } else if (take('(')) {
      std::vector<std::string_view> keys;
      while (!take('|')) {
        keys.push_back(take_until(" |"));
        take(' ');
      }
      atom.list = read_list(MergeSchema::Relation::kAssociative, std::move(keys), ')');
    } else {
      return read_word();
    }
    return add(atom);
  }

  TypeIndex read_word() {
    const bool granular = take('+');
    const std::string_view word = take_until(",=}])>");
    constexpr std::string_view kScalars = "snbu";
    if (word == "d" || word == "w") {
      return word == "d" ? schema_.deduced_ : whole_;
    }
    if (word.size() == 1) {
      const std::size_t scalar = kScalars.find(word[0]);
      SEAWORTHY_CHECK(scalar != std::string_view::npos);
      MergeSchema::Atom atom;
      atom.scalar = static_cast<MergeSchema::Scalar>(scalar + 1);
      return add(atom);
    }
    const TypeIndex type = named(word);
    if (!granular) {
      return type;
    }
    MergeSchema::Atom atom = schema_.atoms_[type];
    SEAWORTHY_CHECK(atom.map != MergeSchema::kNone);
    MergeSchema::Map map = schema_.map(atom);
    map.relation = MergeSchema::Relation::kSeparable;
    atom.map = add_map(std::move(map));
    return add(atom);
  }

  std::uint32_t read_list(MergeSchema::Relation relation, std::vector<std::string_view> keys,
                          char end) {
    const TypeIndex element = read_atom();
    SEAWORTHY_CHECK(take(end));
    return add_list({relation, std::move(keys), element});
  }

  std::uint32_t read_fields(bool atomic) {
    MergeSchema::Map map;
    map.relation = atomic ? MergeSchema::Relation::kAtomic : MergeSchema::Relation::kSeparable;
    while (!take('}')) {
      MergeSchema::Field field;
      field.name = take_until(":");
      take(':');
      field.type = read_atom();
      if (take('=')) {
        field.key_default = read_default(take_until(",}"));
      }
      map.fields.push_back(field);
      take(',');
    }
    return add_map(std::move(map));
  }

  static Node read_default(std::string_view text) {
    if (text.starts_with('"')) {
      return Node::string(text.substr(1, text.size() - 2));
    }
    if (text == "true" || text == "false") {
      return Node::boolean(text == "true");
    }
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return Node::number(number);
  }

  TypeIndex add(const MergeSchema::Atom& atom) {
    schema_.atoms_.push_back(atom);
    return static_cast<TypeIndex>(schema_.atoms_.size() - 1);
  }

  std::uint32_t add_list(MergeSchema::List list) {
    schema_.lists_.push_back(std::move(list));
    return static_cast<std::uint32_t>(schema_.lists_.size() - 1);
  }

  std::uint32_t add_map(MergeSchema::Map map) {
    schema_.maps_.push_back(std::move(map));
    return static_cast<std::uint32_t>(schema_.maps_.size() - 1);
  }

  MergeSchema& schema_;
  TypeIndex whole_ = MergeSchema::kNone;
  std::string_view rest_;
  std::string_view at_;  ///< What is left of the line.
  std::map<std::string, std::string_view, std::less<>> versions_;
  std::map<std::string, TypeIndex, std::less<>> names_;
};

MergeSchema::MergeSchema() {
  for (const EmbeddedFile& file : embedded::merge_schema()) {
    MergeSchemaReader(*this, file.contents).read();
  }
}

std::optional<MergeSchema::TypeIndex> MergeSchema::find(std::string_view api_version,
                                                        std::string_view kind) const {
  const auto found = kinds_.find(std::string(api_version) + " " + std::string(kind));
  if (found != kinds_.end()) {
    return found->second;
  }
  if (versions_.contains(std::string(api_version))) {
    return std::nullopt;
  }
  return deduced_;
}

const MergeSchema::Field* MergeSchema::Map::find(const Key& name) const {
  const auto found = std::ranges::lower_bound(fields, name.text(), {},
                                              [](const Field& field) { return field.name.text(); });
  return found != fields.end() && found->name == name ? &*found : nullptr;
}

}  // namespace seaworthy::document
