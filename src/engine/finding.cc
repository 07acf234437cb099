#include "seaworthy/engine/finding.h"

namespace seaworthy::engine {

document::Path Item::path() const {
  std::vector<document::PathStep> steps;
  if (!in_pod) {
    return {};
  }
  for (const std::string_view step : holder) {
    steps.emplace_back(std::string(step));
  }
  steps.emplace_back("spec");
  if (!list.empty()) {
    steps.emplace_back(std::string(list));
    steps.emplace_back(index);
  }
  if (is_image) {
    steps.emplace_back("image");
    if (list == "volumes") {
      steps.emplace_back("reference");
    }
  }
  return document::Path(std::move(steps));
}

}  // namespace seaworthy::engine
