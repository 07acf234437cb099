#include <gtest/gtest.h>

#include "evaluate_text.h"

// The patch types are there only for mutation expressions. What they do is tested with
// Kubernetes' answers in tests/policy.

namespace seaworthy::cel {
namespace {

TEST(PatchTypesTest, AreUnknownWhereTheyAreNotDeclared) {
  EXPECT_EQ(evaluate_text("Object{a: 1}", "{}"),
            "refused: undeclared reference to 'Object' (in container '')");
  EXPECT_EQ(evaluate_text("JSONPatch{op: 'add'}", "{}"),
            "refused: undeclared reference to 'JSONPatch' (in container '')");
  EXPECT_EQ(evaluate_text("jsonpatch.escapeKey('a')", "{}"),
            "refused: undeclared reference to 'jsonpatch' (in container '')");
}

}  // namespace
}  // namespace seaworthy::cel
