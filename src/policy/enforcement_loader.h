#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/enforcement_reader.h"
#include "policy/fields.h"
#include "seaworthy/policy/enforcement.h"

namespace seaworthy::policy {

/// Gathers Enforcement and PolicyException documents while a load reads its sources, and makes them
/// of use once all policies are known.
class EnforcementLoader {
 public:
  /// True where the kind is one of the two. The context and the nodes stay until finish().
  static bool is_kind(std::string_view kind);
  void add(const ReadContext& context, std::string_view kind, const document::Node& metadata,
           const document::Node& spec);

  struct Loaded {
    std::span<const std::shared_ptr<Policy>> policies;
    /// Names of policies that were set aside, or are of another kind.
    std::span<const std::string> others;
    DeclaredParameters parameters;
    std::optional<std::chrono::system_clock::time_point> now;
    std::shared_ptr<const Arena> arena;
  };

  /// Null where there was none that can be used. Documents with mistakes, and those of one kind
  /// that share a name, are set aside; all is reported.
  std::shared_ptr<const EnforcementSet> finish(const Loaded& loaded);

  /// True where a document was set aside; known after finish().
  [[nodiscard]] bool is_broken() const { return broken_; }

 private:
  struct Document {
    ReadContext context;
    bool is_exception = false;
    const document::Node* metadata = nullptr;
    const document::Node* spec = nullptr;
    bool twice = false;
  };

  void read(const Document& document, const KnownNames& known, const Loaded& loaded,
            EnforcementSet& set);
  void report_duplicates();

  std::vector<Document> documents_;
  bool broken_ = false;
};

}  // namespace seaworthy::policy
