// Abseil reads the zone files and knows what they mean; it is given the embedded ones under names
// of our own, so that nobody else's lookups change. It remembers every name that it is asked for,
// so it is asked for no other.

#include "cel/lib/zones.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include <absl/time/internal/cctz/include/cctz/zone_info_source.h>
#include <absl/time/time.h>

#include "cel/lib/zone_data.h"

namespace seaworthy::cel {
namespace {

namespace cctz = absl::time_internal::cctz;

constexpr std::string_view kOurs = "seaworthy:";

const zone_data::Entry* find(std::string_view name) {
  const auto entries = zone_data::entries();
  const auto found = std::ranges::lower_bound(entries, name, {}, &zone_data::Entry::name);
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

class EmbeddedZone final : public cctz::ZoneInfoSource {
 public:
  explicit EmbeddedZone(std::string_view bytes) : rest_(bytes) {}

  std::size_t Read(void* to, std::size_t size) override {  // NOLINT(readability-identifier-naming)
    const std::size_t count = std::min(size, rest_.size());
    std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

  int Skip(std::size_t count) override {  // NOLINT(readability-identifier-naming)
    const bool is_within = count <= rest_.size();
    rest_.remove_prefix(std::min(count, rest_.size()));
    return is_within ? 0 : -1;
  }

 private:
  std::string_view rest_;
};

using Source = std::unique_ptr<cctz::ZoneInfoSource>;

Source open_zone(const std::string& name,
                 const std::function<Source(const std::string&)>& fallback) {
  if (!name.starts_with(kOurs)) {
    return fallback(name);
  }
  const zone_data::Entry* entry = find(std::string_view(name).substr(kOurs.size()));
  if (entry == nullptr) {
    return nullptr;
  }
  return std::make_unique<EmbeddedZone>(zone_data::bytes().substr(entry->offset, entry->length));
}

}  // namespace

std::optional<std::int64_t> zone_offset(std::string_view name, std::int64_t moment) {
  if (find(name) == nullptr) {
    return std::nullopt;
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(std::string(kOurs) + std::string(name), &zone)) {
    return std::nullopt;
  }
  return zone.At(absl::FromUnixSeconds(moment)).offset;
}

}  // namespace seaworthy::cel

namespace absl {
ABSL_NAMESPACE_BEGIN

namespace time_internal::cctz_extension {

// The hook that Abseil has for this: its own definition is weak.
ZoneInfoSourceFactory zone_info_source_factory =  // NOLINT: Abseil declares it so
    seaworthy::cel::open_zone;

}  // namespace time_internal::cctz_extension

ABSL_NAMESPACE_END
}  // namespace absl
