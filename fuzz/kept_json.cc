#include "seaworthy/document/kept_json.h"

#include <string>
#include <string_view>
#include <vector>

#include "entries.h"
#include "seaworthy/base/check.h"

namespace seaworthy::fuzz {

void kept_json(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = bytes.find('\0');
  if (middle == std::string_view::npos) {
    return;
  }
  const std::string_view document = bytes.substr(0, middle);
  const std::string_view other = bytes.substr(middle + 1);
  document::JsonParser parser;
  Arena arena;
  const auto parsed = parser.parse(document, arena);
  auto kept = document::KeptJson::make(document, parser);
  SEAWORTHY_CHECK(kept.has_value() == parsed.has_value());
  if (!kept || !*kept) {
    return;
  }
  std::vector<document::KeptJson::Change> changes;
  SEAWORTHY_CHECK((*kept)->compare(document, 0, parser, arena, changes));
  if ((*kept)->compare(other, 16, parser, arena, changes)) {
    const auto tree = parser.parse(other, arena);
    SEAWORTHY_CHECK(tree.has_value());
    const document::KeptJson::Reading reading(**kept, changes);
    SEAWORTHY_CHECK(document::print_json(reading.root()) == document::print_json(*tree));
    for (const auto& change : changes) {
      SEAWORTHY_CHECK(!(*kept)->path(change.text).empty());
    }
  }
  SEAWORTHY_CHECK(document::print_json((*kept)->root()) == document::print_json(*parsed));
}

}  // namespace seaworthy::fuzz
