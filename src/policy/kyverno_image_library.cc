// image.*: the parts of an image reference (libs/image), as go-containerregistry's weak validation
// reads it (pkg/name: tag.go, digest.go, repository.go, registry.go): no registry is Docker Hub's
// index, no tag is `latest`, and what has a digest has no tag. That is not what container runtimes
// read, and not what our own policies see (image/reference.h).
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "policy/kyverno_libraries.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::RuntimeType;
using cel::Value;
using Arguments = std::span<const Value>;

constexpr std::string_view kHub = "index.docker.io";

struct Parts {
  std::string_view registry;
  std::string_view repository;
  bool in_library = false;  ///< "library/" goes before the repository.
  std::string_view tag;
  std::string_view digest;
};

Value equal(const Value& self, const Value& other, Evaluation& evaluation);

constexpr RuntimeType kImageType{.name = "kyverno.image", .equal = equal};

class ImageValue final : public cel::OpaqueValue {
 public:
  explicit ImageValue(const Parts& parts) : OpaqueValue(kImageType), parts_(parts) {}

  [[nodiscard]] const Parts& parts() const { return parts_; }

 private:
  Parts parts_;
};

const Parts& parts_of(const Value& value) {
  return static_cast<const ImageValue&>(value.as_opaque()).parts();
}

Value equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!other.is(cel::ValueKind::kOpaque) || &other.as_opaque().type() != &kImageType) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  const Parts& a = parts_of(self);
  const Parts& b = parts_of(other);
  return Value::boolean(a.registry == b.registry && a.repository == b.repository &&
                        a.tag == b.tag && a.digest == b.digest);
}

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// What net/url takes as an authority that has no user and stays what it is: of its escapes none
/// does. Source: go-containerregistry pkg/name/registry.go checkRegistry; Go 1.26 net/url
/// parseHost, shouldEscape.
bool is_authority(std::string_view host) {
  constexpr std::string_view kRefused = " #%/?@\\^`{|}\x7f";
  const auto is_refused = [&](char c) {
    return static_cast<unsigned char>(c) < ' ' || kRefused.find(c) != std::string_view::npos;
  };
  std::string_view port = host;
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    constexpr std::string_view kAddress = "0123456789abcdefABCDEF:.";
    const auto address = host.substr(1, end == std::string_view::npos ? 0 : end - 1);
    if (address.find(':') == std::string_view::npos ||
        address.find_first_not_of(kAddress) != std::string_view::npos) {
      return false;
    }
    port.remove_prefix(end + 1);
    if (!port.empty() && port.front() != ':') {
      return false;
    }
  } else if (host.find_first_of("[]") != std::string_view::npos) {
    return false;
  }
  const auto colon = port.find(':');
  const bool numbered = colon == std::string_view::npos ||
                        port.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  return numbered && std::ranges::none_of(host, is_refused);
}

std::optional<Parts> read_repository(std::string_view text) {
  constexpr std::size_t kShortest = 2;
  constexpr std::size_t kLongest = 255;
  Parts parts;
  parts.registry = kHub;
  parts.repository = text;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos &&
      text.substr(0, slash).find_first_of(".:") != std::string_view::npos) {
    parts.registry = text.substr(0, slash);
    parts.repository = text.substr(slash + 1);
  }
  if (parts.registry == "docker.io") {
    parts.registry = kHub;
  }
  const auto is_allowed = [](char c) {
    return is_lower_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '/';
  };
  if (parts.repository.size() < kShortest || parts.repository.size() > kLongest ||
      !std::ranges::all_of(parts.repository, is_allowed) || !is_authority(parts.registry)) {
    return std::nullopt;
  }
  parts.in_library = parts.registry == kHub && parts.repository.find('/') == std::string_view::npos;
  return parts;
}

std::optional<Parts> read_tagged(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  std::string_view tag = "latest";
  std::string_view base = text;
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
    base = text.substr(0, colon);
    tag = text.substr(colon + 1);
    const auto is_allowed = [](char c) {
      return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
    };
    if (tag.empty() || tag.size() > kLongest || !std::ranges::all_of(tag, is_allowed)) {
      return std::nullopt;
    }
  }
  auto parts = read_repository(base);
  if (parts) {
    parts->tag = tag;
  }
  return parts;
}

std::optional<Parts> read_digested(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr std::size_t kDigits = 64;
  const auto at = text.find('@');
  if (at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto digest = text.substr(at + 1);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!digest.starts_with(kPrefix) || digest.size() != kPrefix.size() + kDigits ||
      !std::ranges::all_of(digest.substr(kPrefix.size()), is_hex)) {
    return std::nullopt;
  }
  auto parts = read_tagged(text.substr(0, at));
  if (!parts) {
    parts = read_repository(text.substr(0, at));
  }
  if (parts) {
    parts->tag = {};
    parts->digest = digest;
  }
  return parts;
}

std::optional<Parts> read(std::string_view text) {
  const auto tagged = read_tagged(text);
  return tagged ? tagged : read_digested(text);
}

Value is_image(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(read(arguments[0].as_text()).has_value());
}

Value parse(Arguments arguments, Evaluation& evaluation) {
  const auto parts = read(arguments[0].as_text());
  if (!parts) {
    // Kyverno says the text, too, which may be decoded from a Secret.
    return evaluation.error("could not parse reference");
  }
  return Value::opaque(*evaluation.arena().create<ImageValue>(*parts));
}

Value contains_digest(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(!parts_of(arguments[0]).digest.empty());
}

Value registry(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(parts_of(arguments[0]).registry);
}

Value repository(Arguments arguments, Evaluation& evaluation) {
  const Parts& parts = parts_of(arguments[0]);
  return Value::string(parts.in_library
                           ? evaluation.arena().copy("library/" + std::string(parts.repository))
                           : parts.repository);
}

Value identifier(Arguments arguments, Evaluation& /*evaluation*/) {
  const Parts& parts = parts_of(arguments[0]);
  return Value::string(parts.digest.empty() ? parts.tag : parts.digest);
}

Value tag(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(parts_of(arguments[0]).tag);
}

Value digest(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(parts_of(arguments[0]).digest);
}

constexpr std::array kRows{
    FunctionRow{"image", "string_to_image_deprecated", "(string) -> kyverno.image", parse,
                kyverno_text_cost},
    FunctionRow{"parseImageReference", "string_to_image", "(string) -> kyverno.image", parse,
                kyverno_text_cost},
    FunctionRow{"isImage", "is_image_string", "(string) -> bool", is_image, kyverno_text_cost},
    FunctionRow{"containsDigest", "image_contains_digest", "kyverno.image.() -> bool",
                contains_digest},
    FunctionRow{"registry", "image_registry", "kyverno.image.() -> string", registry},
    FunctionRow{"repository", "image_repository", "kyverno.image.() -> string", repository},
    FunctionRow{"identifier", "image_identifier", "kyverno.image.() -> string", identifier},
    FunctionRow{"tag", "image_tag", "kyverno.image.() -> string", tag},
    FunctionRow{"digest", "image_digest", "kyverno.image.() -> string", digest},
};

}  // namespace

cel::Library kyverno_image_functions() { return {"kyverno.image", kRows}; }

}  // namespace seaworthy::policy
