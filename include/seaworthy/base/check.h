#pragma once

#include <cstdio>
#include <cstdlib>

/// Aborts with the expression and its place: for broken invariants only, never for what an input
/// can cause.
#define SEAWORTHY_CHECK(condition)                                              \
  do {                                                                          \
    if (!(condition)) {                                                         \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, \
                   #condition); /*NOLINT*/                                      \
      std::abort();                                                             \
    }                                                                           \
  } while (false)
