#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// Who a permission is asked for: a request's user, or a service account.
struct AuthorizationUser {
  std::string name;
  std::string uid = {};
  std::vector<std::string> groups = {};
  std::map<std::string, std::vector<std::string>> extra = {};
};

/// What a request is about, for `authorizer.requestResource`.
struct AuthorizationResource {
  std::string group;
  std::string resource;
  std::string subresource = {};
  std::string name_space = {};
  std::string name = {};
};

/// `field = value` or `field != value`.
struct FieldRequirement {
  std::string field;
  bool is_equal = true;
  std::string value;

  friend bool operator==(const FieldRequirement&, const FieldRequirement&) = default;
};

/// `key`, `!key`, `key in (a, b)` …; values sorted, each once.
struct LabelRequirement {
  enum class Operator : std::uint8_t {
    kExists,
    kDoesNotExist,
    kEquals,
    kDoubleEquals,
    kNotEquals,
    kIn,
    kNotIn,
    kGreaterThan,
    kLessThan,
  };

  std::string key;
  Operator op = Operator::kExists;
  std::vector<std::string> values;

  friend bool operator==(const LabelRequirement&, const LabelRequirement&) = default;
};

/// A selector that did not parse has no requirements and an error in apimachinery's words; the
/// permission is then asked for without it, which is to ask for more.
template <class Requirement>
struct ParsedSelector {
  std::vector<Requirement> requirements;
  std::string error;
};

/// One question. Rule: k8s.io/apiserver pkg/authorization/authorizer, Attributes.
struct AuthorizationAttributes {
  AuthorizationUser user;
  std::string verb;
  bool is_resource = false;  ///< Else `path` alone counts.
  std::string path;
  std::string group;
  std::string version;  ///< "*" of resources.
  std::string resource;
  std::string subresource;
  std::string name_space;
  std::string name;
  ParsedSelector<FieldRequirement> fields;
  ParsedSelector<LabelRequirement> labels;
};

/// An authorizer's answer. Without an error `error` is empty.
struct Decision {
  enum class Verdict : std::uint8_t { kDeny, kAllow, kNoOpinion };

  Verdict verdict = Verdict::kNoOpinion;
  std::string reason = {};
  std::string error = {};
};

/// Whoever knows what users may do. May be slow: an expression can ask twice at most
/// (each `check` costs 350,000).
class Authorizer {
 public:
  Authorizer() = default;
  Authorizer(const Authorizer&) = delete;
  Authorizer& operator=(const Authorizer&) = delete;
  Authorizer(Authorizer&&) = delete;
  Authorizer& operator=(Authorizer&&) = delete;
  virtual ~Authorizer() = default;

  virtual Decision authorize(const AuthorizationAttributes& attributes) = 0;
};

/// Asks each question once. Made for one request; not for several threads. Rule: apiserver
/// pkg/admission/plugin/authorizer/caching_authorizer.go: the order of groups and extras does not
/// matter, and a selector that did not parse is no part of the question.
class CachingAuthorizer final : public Authorizer {
 public:
  /// `inner` outlives this.
  explicit CachingAuthorizer(Authorizer& inner) : inner_(&inner) {}

  Decision authorize(const AuthorizationAttributes& attributes) override;

 private:
  Authorizer* inner_;
  std::map<std::string, Decision, std::less<>> decisions_;
};

/// Declares `authorizer` and `authorizer.requestResource`.
struct AuthorizerSlots {
  Slot authorizer;
  Slot request_resource;
};

AuthorizerSlots declare_authorizer(Environment& environment);

/// The value of `authorizer`: asks `authorizer` what `user` may do. Both outlive the value. Where
/// `authorizer` is null, `check` answers the error "authorization is not known here: there is no
/// API server to ask".
Value authorizer_value(Authorizer* authorizer, const AuthorizationUser& user, Arena& arena);

/// The value of `authorizer.requestResource`, which begins with the request's own resource;
/// `resource` outlives it too.
Value request_resource_value(Authorizer* authorizer, const AuthorizationUser& user,
                             const AuthorizationResource& resource, Arena& arena);

}  // namespace seaworthy::cel
