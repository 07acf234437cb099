#include "seaworthy/server/readiness.h"

#include <algorithm>

namespace seaworthy::server {

void Readiness::set(std::string_view name, std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  reasons_.insert_or_assign(std::string(name), std::string(reason));
  ready_ = std::ranges::all_of(reasons_, [](const auto& entry) { return entry.second.empty(); });
}

void Readiness::block(std::string_view name, std::string_view reason) {
  set(name, reason.empty() ? "no reason given" : reason);
}

void Readiness::allow(std::string_view name) { set(name, {}); }

std::vector<Readiness::Condition> Readiness::conditions() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Condition> all;
  for (const auto& [name, reason] : reasons_) {
    all.push_back({name, reason});
  }
  return all;
}

}  // namespace seaworthy::server
