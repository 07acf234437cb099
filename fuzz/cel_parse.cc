#include <string>
#include <string_view>

#include "cel/syntax/parser.h"
#include "entries.h"
#include "seaworthy/base/check.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::fuzz {

void cel_parse(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const cel::ParseResult parsed = cel::parse(text);
  if (!parsed.issues.empty()) {
    SEAWORTHY_CHECK(!format_issues(text, parsed.issues).empty());
    return;
  }
  SEAWORTHY_CHECK(parsed.ast.root < parsed.ast.nodes.size());
  SEAWORTHY_CHECK(parsed.ast.extents.size() == parsed.ast.nodes.size());
  for (const cel::SourceExtent& extent : parsed.ast.extents) {
    SEAWORTHY_CHECK(extent.begin <= extent.end);
  }
}

}  // namespace seaworthy::fuzz
