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
/// The bytes are JSON or not: the walk over simdjson's tokens and the slower reader give the same
/// tree or both refuse, and leaving managedFields out leaves out nothing else.
void json(const std::uint8_t* data, std::size_t size);
/// The bytes are two JSON documents with a NUL between: where the second is a like of the first, it
/// is read as the parser reads it.
void kept_json(const std::uint8_t* data, std::size_t size);
/// The bytes are the body of an AdmissionReview for a server with the built-in policies: what is
/// answered, at both endpoints, is what a server answers that has seen no review, and an answer, its patch applies to the object, and what is refused
/// is refused in words.
void review(const std::uint8_t* data, std::size_t size);
/// The bytes are documents of policies, Enforcement and exceptions: each policy that loads is
/// whole, what does not load is set aside with a diagnostic, and the tests that they carry run.
void bundle(const std::uint8_t* data, std::size_t size);
/// The bytes are manifests in YAML for `check` with the built-in policies: every result has a line,
/// the reports are printed, and YAML that is printed is read as the same.
void manifest(const std::uint8_t* data, std::size_t size);

}  // namespace seaworthy::fuzz
