#pragma once

#include "seaworthy/base/arena.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/parameter_values.h"
#include "seaworthy/engine/target.h"

namespace seaworthy::engine {

/// Takes out of all that a judgement says in words (messages, why remedies are undone, remedies to
/// write) what env entries, arguments, annotations, HTTP headers of probes and a Secret's data hold
/// in the object, the old one and the namespace. A message that nobody is told at `door` becomes
/// its policy's title, as do those of an object of which more is said than
/// limits::kRedactedTextBytesMax. Rule: DESIGN section 5, item 11.
void keep_secrets(Judgement& judgement, const Target& target, Door door,
                  const ParameterValues& parameters, Arena& arena);

/// The same for what admission policies say, in messages and audit annotations.
void keep_secrets(AdmissionJudgement& judgement, const Target& target, Arena& arena);

}  // namespace seaworthy::engine
