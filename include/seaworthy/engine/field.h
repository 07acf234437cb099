#pragma once

#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"
#include "seaworthy/engine/admission_verdict.h"
#include "seaworthy/engine/finding.h"

namespace seaworthy::engine {

/// The field that a violation is about, from the root of `object`: the first one that is there of
/// those that the policy names, which are what its remedy writes first, and what its `require`
/// reads of the failing part; else the first of these, which may not be there; the part itself
/// where none is named. Names ask for no evaluation: the answer is where to look, not what to
/// change.
document::Path field_of(const Finding& finding, const document::Node& object);

/// The same for what a policy says that was not written for us: the first field that is there of
/// those that the failing validation reads of the object; the object where it reads none.
document::Path field_of(const AdmissionVerdict& verdict, const document::Node& object);

}  // namespace seaworthy::engine
