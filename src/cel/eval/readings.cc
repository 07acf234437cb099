#include "seaworthy/cel/readings.h"

#include "cel/eval/program.h"

namespace seaworthy::cel {

std::vector<Reading> readings_of(const Program& program) {
  std::vector<Reading> readings;
  const auto* compiled = dynamic_cast<const CompiledProgram*>(&program);
  if (compiled == nullptr) {
    return readings;
  }
  const Code& code = compiled->code();
  for (const Node& node : code.nodes) {
    if (!is_attribute(node.op) || !is_variable(node.base)) {
      continue;
    }
    Reading reading{.slot = node.a, .path = {}, .only_asked = (node.flags & kTestOnly) != 0};
    for (std::size_t at = node.b; at < std::size_t{node.b} + node.c; ++at) {
      const Qualifier& step = code.qualifiers[at];
      if (step.kind == Qualifier::Kind::kNode || !step.key.is(ValueKind::kString)) {
        break;
      }
      reading.path.push_back(step.key.as_text());
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace seaworthy::cel
