#include "seaworthy/engine/finding.h"

namespace seaworthy::engine {

std::string Item::text() const {
  std::string text;
  if (!in_pod) {
    return text;
  }
  for (const std::string_view step : holder) {
    text += step;
    text += '.';
  }
  text += "spec";
  if (!list.empty()) {
    text += '.';
    text += list;
    text += '[' + std::to_string(index) + ']';
  }
  if (is_image) {
    text += list == "volumes" ? ".image.reference" : ".image";
  }
  return text;
}

}  // namespace seaworthy::engine
