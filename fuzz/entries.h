#pragma once

#include <cstddef>
#include <cstdint>

namespace seaworthy::fuzz {

// What the fuzzers call with their bytes, and the ordinary tests with the corpora. Each aborts
// where something that must hold does not.

/// The bytes are an expression: the parser answers a tree, all of whose nodes have a type of node
/// and a part of the text, or issues with places in the text.
void cel_parse(const std::uint8_t* data, std::size_t size);
/// The bytes are an expression: compiling it in the environment of admission policies, and without
/// checking, answers a program or issues, and both can be printed.
void cel_check(const std::uint8_t* data, std::size_t size);
/// The bytes choose an expression over a made object, within a grammar: evaluating it twice gives
/// the same value at the same cost, what passes the cost limit is the limit's error, and explaining
/// it comes to the same value.
void cel_evaluate(const std::uint8_t* data, std::size_t size);

}  // namespace seaworthy::fuzz
