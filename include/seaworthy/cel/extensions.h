#pragma once

#include "seaworthy/cel/function.h"

namespace seaworthy::cel {

// Libraries of cel-go's ext package that Kubernetes does not have in its environment and others
// do: for Environment::add.

Library math_extension();  ///< math.greatest, least, ceil, abs, bitAnd … (ext/math.go, version 2)
Library encoders_extension();  ///< base64.encode, base64.decode (ext/encoders.go)
Library regex_extension();     ///< regex.replace, extract, extractAll (ext/regex.go, version 1)

}  // namespace seaworthy::cel
