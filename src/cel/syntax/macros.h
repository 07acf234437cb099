#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace seaworthy::cel {

/// A name and a number of arguments that make a call a macro.
struct MacroForm {
  std::string_view name;
  std::size_t arguments;
  bool member;
};

std::vector<MacroForm> macro_forms();

}  // namespace seaworthy::cel
