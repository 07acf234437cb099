#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/document/node.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::policy {

/// A set of the fields that a FieldIndex has numbered.
class FieldSet {
 public:
  static constexpr std::size_t kFieldsMax = 256;

  void add(std::size_t field) { words_[field / 64] |= std::uint64_t{1} << (field % 64); }

  void add(const FieldSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      words_[i] |= other.words_[i];
    }
  }

  [[nodiscard]] bool has(std::size_t field) const {
    return (words_[field / 64] >> (field % 64) & 1) != 0;
  }

  [[nodiscard]] bool meets(const FieldSet& other) const {
    std::uint64_t common = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      common |= words_[i] & other.words_[i];
    }
    return common != 0;
  }

 private:
  std::array<std::uint64_t, kFieldsMax / 64> words_{};
};

/// What of a request fields are looked for in.
enum class FieldRoot : std::uint8_t { kObject, kPod, kPodMetadata, kContainer, kVolume };

inline constexpr std::size_t kFieldRoots = 5;

/// The fields that the policies of one load ask for, numbered: one walk over a container tells for
/// all of them which are there.
class FieldIndex {
 public:
  /// The number of the field at a path of at least one name; nothing once kFieldsMax have one.
  std::optional<std::size_t> number(FieldRoot root, std::span<const std::string_view> path);

  /// Adds to `found` what is there below `node`: a null too, and all that may lie below what is no
  /// map.
  void find(FieldRoot root, const document::Node& node, FieldSet& found) const;

 private:
  struct Field {
    document::Key name;
    std::optional<std::size_t> number;
    std::vector<std::size_t> children;  ///< Into fields_.
  };

  void find(const std::vector<std::size_t>& fields, const document::Node& node,
            FieldSet& found) const;
  void add_all(const std::vector<std::size_t>& fields, FieldSet& found) const;

  std::array<std::vector<std::size_t>, kFieldRoots> roots_;  ///< Into fields_.
  std::vector<Field> fields_;
  std::deque<std::string> names_;  ///< What the keys of fields_ point to.
  std::size_t count_ = 0;
};

/// What is known of a policy without running it: most of what policies forbid is not there at all.
struct Footprint {
  /// What an expression comes to where nothing is there that it asks for. kUnknown: it asks for
  /// more than fields, or does not come to a bool.
  enum class Answer : std::uint8_t { kUnknown, kTrue, kFalse };

  struct Expression {
    FieldSet asked;
    std::array<Answer, 4> answers{};  ///< By container kind; all the same where there are none.

    [[nodiscard]] Answer answer(const FieldSet& present, std::size_t container_kind) const {
      return asked.meets(present) ? Answer::kUnknown : answers[container_kind];
    }
  };

  Expression when;  ///< True where the policy has none.
  Expression require;
};

}  // namespace seaworthy::policy
