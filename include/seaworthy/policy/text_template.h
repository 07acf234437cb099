#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/diagnostic.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::policy {

/// A text with `${CEL}` parts; `$${` is a plain `${`. Immutable once compiled.
class TextTemplate {
 public:
  struct Part {
    std::string text;  ///< Where `program` is null.
    std::shared_ptr<const cel::Program> program;
  };

  /// Compiles every part. Positions of the issues are within `text`.
  static TextTemplate compile(std::string_view text, const cel::Environment& environment,
                              std::vector<cel::Issue>& issues);

  /// The text, or the first part's error value.
  [[nodiscard]] cel::Value render(cel::Evaluation& evaluation) const;

  /// True where the whole is one `${CEL}`: render() then keeps the value's type.
  [[nodiscard]] bool is_single_expression() const {
    return parts_.size() == 1 && parts_.front().program != nullptr;
  }

  /// True where there is no expression in it.
  [[nodiscard]] bool is_plain() const;

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace seaworthy::policy
