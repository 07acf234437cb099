#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cel/eval/code.h"

namespace seaworthy::cel {

/// A planned expression.
class CompiledProgram final : public Program {
 public:
  CompiledProgram(std::shared_ptr<const Code> code, Type type, std::string expression)
      : code_(std::move(code)), type_(std::move(type)), expression_(std::move(expression)) {}

  /// The same with other nodes: what the Linker made of them.
  CompiledProgram(const CompiledProgram& original, std::vector<Node> nodes)
      : code_(original.code_),
        linked_(std::move(nodes)),
        type_(original.type_),
        expression_(original.expression_) {}

  [[nodiscard]] const Type& result_type() const override { return type_; }

  [[nodiscard]] const std::string& expression() const override { return expression_; }

  [[nodiscard]] const std::vector<Slot>& slots() const override { return code_->slots; }

  [[nodiscard]] bool may_see(Slot slot, std::span<const std::string_view> path) const override;

  [[nodiscard]] bool may_say(Slot slot, std::span<const std::string_view> path) const override {
    return may_say(code_->root, slot, path);
  }

  [[nodiscard]] std::optional<std::vector<Place>> places() const override;

  [[nodiscard]] Value evaluate(Evaluation& evaluation) const override;

  [[nodiscard]] const Code& code() const { return *code_; }

  [[nodiscard]] std::span<const Node> nodes() const {
    return linked_.empty() ? std::span<const Node>(code_->nodes) : linked_;
  }

 private:
  [[nodiscard]] bool may_say(NodeIndex index, Slot slot,
                             std::span<const std::string_view> path) const;

  std::shared_ptr<const Code> code_;
  std::vector<Node> linked_;  ///< Empty: the code's own.
  Type type_;
  std::string expression_;
};

}  // namespace seaworthy::cel
