#include "cel/lib/pattern_cache.h"

#include <mutex>

#include "seaworthy/base/limits.h"

namespace seaworthy::cel {

PatternCache::Entry PatternCache::get(std::string_view expression) {
  {
    const std::shared_lock reading(mutex_);
    if (const auto found = entries_.find(expression); found != entries_.end()) {
      return found->second;
    }
  }
  auto made = std::make_shared<const Result<Pattern>>(Pattern::compile(expression));
  const std::size_t size = *made ? (*made)->size() : expression.size();
  if (size <= limits::kKeptPatternSizeMax) {
    const std::unique_lock writing(mutex_);
    if (entries_.size() >= limits::kPatternsKeptMax) {
      entries_.erase(entries_.begin());
    }
    entries_.emplace(expression, made);
  }
  return made;
}

}  // namespace seaworthy::cel
