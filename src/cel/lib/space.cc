#include "cel/lib/space.h"

#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

bool is_space(std::string_view character) {
  constexpr std::string_view kAscii = "\t\n\v\f\r ";
  if (character.size() == 1) {
    return kAscii.find(character[0]) != std::string_view::npos;
  }
  for (const std::string_view space :
       {"\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
        "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F",
        "\u3000"}) {
    if (character == space) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view trim_space(std::string_view text) {
  while (!text.empty() && is_space(text.substr(0, utf8_length(text, 0)))) {
    text.remove_prefix(utf8_length(text, 0));
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
      --at;
    }
    if (!is_space(text.substr(at))) {
      break;
    }
    text = text.substr(0, at);
  }
  return text;
}

}  // namespace seaworthy::cel
