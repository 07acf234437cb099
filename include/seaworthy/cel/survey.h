#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/result.h"

namespace seaworthy::cel {

/// A name in an expression that no macro of it binds, with the first field that is selected of it:
/// `pod`, `params.limit`. Offsets are bytes of the expression.
struct Mention {
  std::string name;
  std::string field;  ///< Empty where none is selected, or only an optional one.
  std::size_t begin = 0;
  std::size_t end = 0;  ///< Behind the name.
  /// The selection with parentheses around it; the name alone where there is no field.
  std::size_t field_begin = 0;
  std::size_t field_end = 0;
  bool tested = false;  ///< The field is asked for by has(): it must stay a selection.
};

/// What an expression is made of, as its text says it: for who rewrites expressions, or asks
/// whether another environment has what they use.
struct Survey {
  std::vector<Mention> mentions;  ///< By place.
  /// Functions by name (`quantity`), those of a namespace with it (`sets.contains`), macros by name
  /// (`transformList`), those of two variables that have one of one variable too as `all/2`; `.?`
  /// and `[?]` for optional selections.
  std::set<std::string> features;
  std::set<std::string> bound;  ///< Variables of macros.
};

/// Errors: kInvalid: the expression does not parse.
Result<Survey> survey(std::string_view expression);

}  // namespace seaworthy::cel
