#pragma once

#include <map>
#include <string>
#include <vector>

#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::engine {

/// A field that mutating policies do not agree about.
struct MutationFight {
  const policy::AdmissionPolicy* policy = nullptr;  ///< The one that had the last word.
  const policy::AdmissionPolicy* other =
      nullptr;  ///< Itself: it changes the field whenever it runs.
  std::string path;
};

/// Watches what mutating policies do to one object, one after the other.
class MutationFights {
 public:
  /// `again`: the policy runs a second time, because others have changed the object.
  void add(const policy::AdmissionPolicy& policy, const document::Node& before,
           const document::Node& after, bool again);

  /// Each pair and field once, in the order found.
  [[nodiscard]] const std::vector<MutationFight>& found() const { return found_; }

 private:
  struct Word {
    const policy::AdmissionPolicy* policy = nullptr;
    document::Node value;
    bool is_length = false;
  };

  void report(const policy::AdmissionPolicy& policy, const policy::AdmissionPolicy& other,
              const std::string& path);

  std::map<std::string, Word> last_;
  std::vector<MutationFight> found_;
};

}  // namespace seaworthy::engine
