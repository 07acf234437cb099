#pragma once

#include <string>
#include <vector>

#include "seaworthy/cel/type.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// Whether a run-time value may be passed for a parameter: declared types are not trusted at run
/// time, because dyn values flow in. Rule: cel-go types.Type.defaultIsAssignableRuntimeType: of a
/// list or map only the first element is looked at.
class Guard {
 public:
  Guard() = default;  ///< Lets everything pass.
  explicit Guard(const Type& type);

  [[nodiscard]] bool accepts(const Value& value) const {
    if (any_) {
      return true;
    }
    if (value.kind() != kind_) {
      return false;
    }
    return !deep_ || accepts_inside(value);
  }

 private:
  [[nodiscard]] bool accepts_inside(const Value& value) const;

  bool any_ = true;
  bool deep_ = false;  ///< Elements, or the name of an opaque type, count too.
  ValueKind kind_ = ValueKind::kNull;
  std::string name_;
  std::vector<Guard> inner_;
};

}  // namespace seaworthy::cel
