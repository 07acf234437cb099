#include "seaworthy/cel/authorizer.h"

#include <algorithm>

// A question's key is its parts, each with its length before it, so that no two questions share
// one.

namespace seaworthy::cel {
namespace {

class Key {
 public:
  Key& add(std::string_view part) {
    text_ += std::to_string(part.size());
    text_ += ':';
    text_ += part;
    return *this;
  }

  Key& add(std::vector<std::string> parts) {
    std::ranges::sort(parts);
    add(std::to_string(parts.size()));
    for (const std::string& part : parts) {
      add(std::string_view(part));
    }
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string key_of(const AuthorizationAttributes& attributes) {
  Key key;
  const AuthorizationUser& user = attributes.user;
  key.add(user.name).add(user.uid).add(user.groups);
  for (const auto& [name, values] : user.extra) {
    key.add(name).add(values);
  }
  key.add(attributes.verb).add(attributes.is_resource ? "resource" : "path");
  for (const std::string* part :
       {&attributes.path, &attributes.group, &attributes.version, &attributes.resource,
        &attributes.subresource, &attributes.name_space, &attributes.name}) {
    key.add(*part);
  }
  for (const FieldRequirement& requirement : attributes.fields.requirements) {
    key.add("field").add(requirement.field).add(requirement.is_equal ? "=" : "!=");
    key.add(requirement.value);
  }
  for (const LabelRequirement& requirement : attributes.labels.requirements) {
    key.add("label").add(requirement.key);
    key.add(std::to_string(static_cast<int>(requirement.op))).add(requirement.values);
  }
  return key.take();
}

}  // namespace

Decision CachingAuthorizer::authorize(const AuthorizationAttributes& attributes) {
  std::string key = key_of(attributes);
  if (const auto known = decisions_.find(key); known != decisions_.end()) {
    return known->second;
  }
  return decisions_.emplace(std::move(key), inner_->authorize(attributes)).first->second;
}

}  // namespace seaworthy::cel
