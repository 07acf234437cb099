#pragma once

#include <memory>
#include <string>

#include "cel/eval/code.h"

namespace seaworthy::cel {

/// A planned expression.
class CompiledProgram final : public Program {
 public:
  CompiledProgram(std::unique_ptr<const Code> code, Type type, std::string expression)
      : code_(std::move(code)), type_(std::move(type)), expression_(std::move(expression)) {}

  [[nodiscard]] const Type& result_type() const override { return type_; }

  [[nodiscard]] const std::string& expression() const override { return expression_; }

  [[nodiscard]] const std::vector<Slot>& slots() const override { return code_->slots; }

  [[nodiscard]] Value evaluate(Evaluation& evaluation) const override;

 private:
  std::unique_ptr<const Code> code_;
  Type type_;
  std::string expression_;
};

}  // namespace seaworthy::cel
