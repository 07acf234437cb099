// A fragment becomes patches in the order of its fields: maps that are missing are added empty,
// then what is to be in them, where nothing is there yet. JSON patches, as an apply configuration
// may not touch atomic lists such as capabilities.drop. What native remedies do besides (merging
// lists by their keys, proving what came of it) has no words in-tree and is left out.
#include "translate/remedy_writer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "seaworthy/base/text.h"
#include "seaworthy/cel/explain.h"

namespace seaworthy::translate {
namespace {

using document::Node;
using policy::Each;
using policy::Fragment;
using policy::Policy;

std::string literal(const Node& node) { return cel::to_source(cel::Value::of(node)); }

std::string quoted(std::string_view text) { return cel::to_source(cel::Value::string(text)); }

bool is_name(std::string_view text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9') &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

std::string pointer_escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return text;
}

/// Where a patch goes to, and how to ask what is there: both CEL.
struct Place {
  std::string base;     ///< The path of what holds the fragment: "'/spec'".
  std::string pointer;  ///< From there: "/securityContext/capabilities".
  std::string value;    ///< An optional: "container.?securityContext.?capabilities".

  [[nodiscard]] Place below(std::string_view key) const {
    return {base, pointer + "/" + pointer_escaped(key),
            value + (is_name(key) ? ".?" + std::string(key) : "[?" + quoted(key) + "]")};
  }

  [[nodiscard]] std::string patch(const std::string& content) const {
    return fmt::format("[JSONPatch{{op: 'add', path: {} + {}, value: {}}}]", base, quoted(pointer),
                       content);
  }
};

/// A leaf that is written with expressions.
class LeafWriter {
 public:
  LeafWriter(const Policy& policy, ExpressionWriter& expressions, bool in_container)
      : policy_(&policy), expressions_(&expressions), in_container_(in_container) {}

  /// CEL of the leaf's type, or of an optional of it.
  Result<std::string> write(const policy::TextTemplate& leaf, bool& is_optional) {
    if (!leaf.is_single_expression()) {
      return text_of(leaf);
    }
    const auto& program = *leaf.parts().front().program;
    if (const auto* parameter = parameter_of(program.expression())) {
      return literal(parameter->value);
    }
    cel::Type type = program.result_type();
    is_optional = type.kind() == cel::TypeKind::kOptional;
    if (is_optional) {
      type = type.parameters()[0];
    }
    constexpr std::array kScalars{cel::TypeKind::kBool, cel::TypeKind::kInt, cel::TypeKind::kDouble,
                                  cel::TypeKind::kString};
    if (std::ranges::find(kScalars, type.kind()) == kScalars.end()) {
      return fail(ErrorCode::kInvalid, fmt::format("writes what it computes as {}, for which "
                                                   "in-tree policies have no words",
                                                   type.text()));
    }
    return of_place(program.expression());
  }

 private:
  Result<std::string> of_place(std::string_view expression) {
    if (!in_container_ && expressions_->depends_on_item(expression)) {
      return fail(ErrorCode::kInvalid, "writes into the Pod what depends on one of its parts");
    }
    return expressions_->write(expression);
  }

  Result<std::string> text_of(const policy::TextTemplate& leaf) {
    std::string text;
    for (const auto& part : leaf.parts()) {
      std::string piece = quoted(part.text);
      if (part.program != nullptr) {
        SEAWORTHY_TRY(piece, of_place(part.program->expression()));
        piece = "string(" + piece + ")";
      }
      text += (text.empty() ? "" : " + ") + piece;
    }
    return text;
  }

  /// Of `params.name`: a Quantity is written as its text.
  [[nodiscard]] const policy::Parameter* parameter_of(std::string_view expression) const {
    constexpr std::string_view kPrefix = "params.";
    const auto name = trim(expression);
    const auto found =
        std::ranges::find_if(policy_->parameters, [&](const policy::Parameter& each) {
          return name.starts_with(kPrefix) && name.substr(kPrefix.size()) == each.name;
        });
    return found == policy_->parameters.end() ? nullptr : &*found;
  }

  const Policy* policy_;
  ExpressionWriter* expressions_;
  bool in_container_;
};

/// The patches of one fragment.
class FragmentWriter {
 public:
  FragmentWriter(const Fragment& fragment, LeafWriter leaves)
      : fragment_(&fragment), leaves_(leaves) {}

  /// Lists of JSONPatch, to be added up.
  Result<std::vector<std::string>> write(const Place& root) {
    for (const auto& member : fragment_->tree.members()) {
      if (auto done = add(member.value, root.below(member.key.text())); !done) {
        return std::unexpected(done.error());
      }
    }
    return std::move(patches_);
  }

 private:
  Result<void> add(const Node& node, const Place& place) {
    const Node& appended = node["$append"];
    if (appended.is_list()) {
      return append(appended, place);
    }
    if (node.is_map()) {
      patches_.push_back(fmt::format("({}.hasValue() ? [] : {})", place.value, place.patch("{}")));
      for (const auto& member : node.members()) {
        if (auto done = add(member.value, place.below(member.key.text())); !done) {
          return done;
        }
      }
      return {};
    }
    if (node.is_list()) {
      return fail(ErrorCode::kInvalid, "merges a list by its keys");
    }
    const auto leaf = fragment_->leaves.find(&node);
    bool is_optional = false;
    std::string content = leaf == fragment_->leaves.end() ? literal(node) : "";
    if (content.empty()) {
      SEAWORTHY_TRY(content, leaves_.write(leaf->second, is_optional));
    }
    // What is there and not empty stays.
    const auto absent = place.value + ".orValue('') == ''";
    patches_.push_back(is_optional ? fmt::format("({} && ({}).hasValue() ? {} : [])", absent,
                                                 content, place.patch("(" + content + ").value()"))
                                   : fmt::format("({} ? {} : [])", absent, place.patch(content)));
    return {};
  }

  Result<void> append(const Node& items, const Place& place) {
    std::vector<std::string> texts;
    for (const auto& item : items.items()) {
      if (!item.is_string() || fragment_->leaves.contains(&item)) {
        return fail(ErrorCode::kInvalid, "appends to a list what is no plain text");
      }
      texts.push_back(quoted(item.as_string()));
    }
    const auto missing = fmt::format("[{}].filter(each, !(each in {}.orValue([])))",
                                     fmt::join(texts, ", "), place.value);
    patches_.push_back(
        fmt::format("({}.size() == 0 ? [] : {})", missing,
                    place.patch(fmt::format("{}.orValue([]) + {}", place.value, missing))));
    return {};
  }

  const Fragment* fragment_;
  LeafWriter leaves_;
  std::vector<std::string> patches_;
};

}  // namespace

Result<std::string> RemedyWriter::of_containers(const std::string& fails) {
  std::vector<std::string> lists;
  for (const auto* field : {"initContainers", "containers"}) {
    FragmentWriter fragment(policy_->remedy->container, LeafWriter(*policy_, *expressions_, true));
    SEAWORTHY_TRY(const auto patches,
                  fragment.write({.base = fmt::format("'/spec/{}/' + string(index)", field),
                                  .pointer = "",
                                  .value = expressions_->item_itself()}));
    lists.push_back(fmt::format("{}.transformList(index, {}, {}, {}).flatten()",
                                expressions_->items_of(field), expressions_->item(), fails,
                                fmt::join(patches, " + ")));
  }
  return fmt::format("{}", fmt::join(lists, " + "));
}

Result<std::string> RemedyWriter::of_pod(const std::string& fails) {
  std::vector<std::string> all;
  for (const auto& [fragment, base, value] :
       {std::tuple{&policy_->remedy->pod, "'/spec'", expressions_->pod_spec()},
        std::tuple{&policy_->remedy->pod_metadata, "'/metadata'", expressions_->pod_metadata()}}) {
    FragmentWriter writer(*fragment, LeafWriter(*policy_, *expressions_, false));
    SEAWORTHY_TRY(const auto patches, writer.write({.base = base, .pointer = "", .value = value}));
    all.insert(all.end(), patches.begin(), patches.end());
  }
  const auto items = expressions_->items();
  return fmt::format(
      "({} ? {} : [])",
      items.empty() ? fails : fmt::format("{}.exists({}, {})", items, expressions_->item(), fails),
      fmt::join(all, " + "));
}

Result<std::string> RemedyWriter::write(const std::string& passes, bool only_with_fact) {
  const auto& remedy = *policy_->remedy;
  if (!remedy.overwrite.empty() || !remedy.remove.empty()) {
    return fail(ErrorCode::kInvalid, "replaces or removes what is there");
  }
  std::string fails = "!(" + passes + ")";
  if (remedy.safety == policy::Safety::kNeedsFact && only_with_fact) {
    if (remedy.fact == nullptr) {
      return fail(ErrorCode::kInvalid, "needs a fact that no manifest answers");
    }
    SEAWORTHY_TRY(const std::string fact, expressions_->write(remedy.fact->expression()));
    fails = fmt::format("{} && ({})", fails, fact);
  }
  std::vector<std::string> parts;
  if (!remedy.container.tree.is_null()) {
    SEAWORTHY_TRY(parts.emplace_back(), of_containers(fails));
  }
  if (!remedy.pod.tree.is_null() || !remedy.pod_metadata.tree.is_null()) {
    SEAWORTHY_TRY(parts.emplace_back(), of_pod(fails));
  }
  return fmt::format("{}", fmt::join(parts, " + "));
}

}  // namespace seaworthy::translate
