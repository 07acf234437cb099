#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"

namespace seaworthy::engine {

/// Takes out of texts what secrets hold: every stretch of kRedactedBytesMin bytes and more that is
/// part of a secret, whatever the case of its letters, and of no public text. In order: watch()
/// what is to be said, seal(), add_secret(), add_public(), redact(). What is said is looked for in
/// the secrets, not the other way round: they are read once and nothing of them is kept.
class Redactor {
 public:
  void watch(std::string_view text);
  /// Nothing more is watched.
  void seal();

  void add_secret(std::string_view text) { mark(text, kSecret); }

  void add_public(std::string_view text) { mark(text, kPublic); }

  /// True where something of a secret is in a text that is watched.
  [[nodiscard]] bool found() const { return found_; }

  /// Of a text that was watched: itself, or in `arena`, each such stretch as `***`.
  [[nodiscard]] std::string_view redact(std::string_view text, Arena& arena) const;

 private:
  enum Mark : std::uint8_t { kSecret = 1, kPublic = 2 };

  void mark(std::string_view text, Mark mark);
  /// Where it is in `grams_`; its size for what is watched nowhere.
  [[nodiscard]] std::size_t find(std::uint64_t gram) const;

  std::vector<std::uint64_t> grams_;  ///< Mixed, sorted, each once.
  std::vector<std::uint8_t> marks_;   ///< Of each.
  std::vector<std::uint32_t> first_;  ///< By the upper bits: where those of `grams_` begin.
  unsigned shift_ = 0;
  bool found_ = false;
};

}  // namespace seaworthy::engine
