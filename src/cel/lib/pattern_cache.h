#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cel/lib/pattern.h"

namespace seaworthy::cel {

/// Patterns that are no constants of an expression, by their text: made of parameters, they are the
/// same in every request. Belongs to an Environment and the programs that it compiled. At most
/// limits::kPatternsKeptMax, and only small ones, so that what it holds is bounded. Threads: any.
class PatternCache {
 public:
  /// A pattern, or why it is none.
  using Entry = std::shared_ptr<const Result<Pattern>>;

  Entry get(std::string_view expression);

 private:
  struct Hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

}  // namespace seaworthy::cel
