#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "seaworthy/document/node.h"

namespace seaworthy::testing {

/// Writes trees as people do: in whatever style, with comments everywhere ("# note 17", each once),
/// keys in no order, quotes of both kinds or none, and short things between brackets.
class ManifestWriter {
 public:
  explicit ManifestWriter(unsigned seed);

  std::string write(const document::Node& root);

  [[nodiscard]] std::size_t notes() const { return notes_; }

 private:
  void block(const document::Node& node, std::size_t indent, bool on_dash);
  void value(const document::Node& node, std::size_t indent, bool in_list);
  void flow(const document::Node& node, bool is_tall, std::size_t indent);
  void word(const document::Node& node, bool in_flow);
  void remark(std::size_t indent);
  void end_line();
  bool chance(int percent);

  std::mt19937 random_;
  std::size_t step_;
  std::size_t list_indent_;
  std::size_t notes_ = 0;
  bool is_behind_text_ = false;
  std::string out_;
};

}  // namespace seaworthy::testing
