// A certificate (RFC 5280) read field by field; what is not there is what Go has for it: null for
// a list, 0, false, "".
#include "policy/certificate_node.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "policy/der_reader.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::policy {
namespace {

using document::MapBuilder;
using document::Node;

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kIdentifier = 0x06;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;

/// The bytes of the first block of this label; nothing where there is none.
std::optional<std::string> read_pem(std::string_view pem, std::string_view label) {
  const auto begin = fmt::format("-----BEGIN {}-----", label);
  const auto start = pem.find(begin);
  if (start == std::string_view::npos) {
    return std::nullopt;
  }
  const auto body = pem.substr(start + begin.size());
  const auto end = body.find(fmt::format("-----END {}-----", label));
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  return admission::from_base64(body.substr(0, end));
}

class CertificateReader {
 public:
  explicit CertificateReader(Arena& arena) : arena_(&arena), fields_(arena) {}

  Result<Node> read(std::string_view bytes) {
    const auto outer = DerReader(bytes).next(kSequence);
    DerReader certificate(outer ? outer->content : std::string_view());
    const auto signed_part = certificate.next(kSequence);
    const auto algorithm = certificate.next(kSequence);
    const auto signature = certificate.next(kBitString);
    if (!signed_part || !algorithm || !signature) {
      return fail(ErrorCode::kInvalid, "x509: malformed certificate");
    }
    add("Raw", base64(outer->whole));
    add("RawTBSCertificate", base64(signed_part->whole));
    add("Signature",
        base64(signature->content.substr(std::min<std::size_t>(1, signature->content.size()))));
    if (const auto fault = read_signed(signed_part->content); !fault.empty()) {
      return fail(ErrorCode::kInvalid, fault);
    }
    for (const auto* absent : {"ExtraExtensions", "OCSPServer", "IssuingCertificateURL",
                               "PermittedDNSDomains", "ExcludedDNSDomains"}) {
      add(absent, Node());
    }
    return fields_.build();
  }

 private:
  void add(std::string_view name, const Node& value) { fields_.add(name, value); }

  Node text(std::string_view text) { return document::make_string(text, *arena_); }

  Node base64(std::string_view bytes) { return text(admission::to_base64(bytes)); }

  Node list(const std::vector<Node>& items) {
    return items.empty() ? Node() : document::make_list(items, *arena_);
  }

  /// What is wrong; empty where nothing is.
  std::string read_signed(std::string_view content) {
    DerReader reader(content);
    reader.next(0xA0);  // version
    const auto serial = reader.next(kInteger);
    const auto algorithm = reader.next(kSequence);
    const auto issuer = reader.next(kSequence);
    const auto validity = reader.next(kSequence);
    const auto subject = reader.next(kSequence);
    const auto key = reader.next(kSequence);
    if (!serial || !algorithm || !issuer || !validity || !subject || !key) {
      return "x509: malformed tbs certificate";
    }
    add("SerialNumber", Node::integer(last_bytes(serial->content)));
    add("RawIssuer", base64(issuer->whole));
    add("Issuer", name(issuer->content));
    DerReader times(validity->content);
    add("NotBefore", time(times.next()));
    add("NotAfter", time(times.next()));
    add("RawSubject", base64(subject->whole));
    add("RawSubjectPublicKeyInfo", base64(key->whole));
    if (auto fault = read_key(key->content); !fault.empty()) {
      return fault;
    }
    reader.next(0x81);
    reader.next(0x82);
    const auto extensions = reader.next(0xA3);
    read_extensions(extensions ? extensions->content : std::string_view());
    return "";
  }

  /// Go's Int64 of a big number: its lowest 64 bits.
  static std::int64_t last_bytes(std::string_view content) {
    std::uint64_t value = 0;
    for (const char c : content) {
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return static_cast<std::int64_t>(value);
  }

  Node time(const std::optional<Der>& der) {
    if (!der || der->content.size() < 13) {
      return text("");
    }
    std::string digits(der->content);
    if (der->tag == 0x17) {  // UTCTime
      digits.insert(0, digits[0] >= '5' ? "19" : "20");
    }
    if (digits.size() < 14) {
      return text("");
    }
    return text(fmt::format("{}-{}-{}T{}:{}:{}Z", digits.substr(0, 4), digits.substr(4, 2),
                            digits.substr(6, 2), digits.substr(8, 2), digits.substr(10, 2),
                            digits.substr(12, 2)));
  }

  Node name(std::string_view content) {
    struct Part {
      std::string_view field;
      std::uint32_t number;
    };

    static constexpr std::array<Part, 7> kLists{{{"Country", 6},
                                                 {"Organization", 10},
                                                 {"OrganizationalUnit", 11},
                                                 {"Locality", 7},
                                                 {"Province", 8},
                                                 {"StreetAddress", 9},
                                                 {"PostalCode", 17}}};
    std::array<std::vector<Node>, kLists.size()> values;
    std::string_view serial;
    std::string_view common;
    std::vector<Node> names;
    DerReader sets(content);
    for (auto set = sets.next(kSet); set; set = sets.next(kSet)) {
      const auto pair = DerReader(set->content).next(kSequence);
      DerReader parts(pair ? pair->content : std::string_view());
      const auto type = parts.next(kIdentifier);
      const auto value = parts.next();
      if (!type || !value) {
        continue;
      }
      const auto numbers = read_object_identifier(type->content);
      names.push_back(MapBuilder(*arena_)
                          .add("Type", identifier(numbers))
                          .add("Value", text(value->content))
                          .build());
      if (numbers.size() != 4 || numbers[0] != 2 || numbers[1] != 5 || numbers[2] != 4) {
        continue;
      }
      serial = numbers[3] == 5 ? value->content : serial;
      common = numbers[3] == 3 ? value->content : common;
      const auto* list = std::ranges::find(kLists, numbers[3], &Part::number);
      if (list != kLists.end()) {
        values.at(static_cast<std::size_t>(list - kLists.begin())).push_back(text(value->content));
      }
    }
    MapBuilder builder(*arena_);
    for (std::size_t at = 0; at < kLists.size(); ++at) {
      builder.add(kLists.at(at).field, list(values.at(at)));
    }
    return builder.add("SerialNumber", text(serial))
        .add("CommonName", text(common))
        .add("Names", list(names))
        .add("ExtraNames", Node())
        .build();
  }

  Node identifier(const std::vector<std::uint32_t>& numbers) {
    std::vector<Node> items;
    for (const auto number : numbers) {
      items.push_back(Node::integer(number));
    }
    return list(items);
  }

  std::string read_key(std::string_view content) {
    DerReader reader(content);
    const auto algorithm = reader.next(kSequence);
    const auto bits = reader.next(kBitString);
    const auto type =
        DerReader(algorithm ? algorithm->content : std::string_view()).next(kIdentifier);
    const std::vector<std::uint32_t> rsa{1, 2, 840, 113549, 1, 1, 1};
    if (!type || !bits || read_object_identifier(type->content) != rsa) {
      return "certificate should use rsa algorithm";
    }
    const auto numbers =
        DerReader(bits->content.substr(std::min<std::size_t>(1, bits->content.size())))
            .next(kSequence);
    DerReader key(numbers ? numbers->content : std::string_view());
    const auto modulus = key.next(kInteger);
    const auto exponent = key.next(kInteger);
    if (!modulus || !exponent) {
      return "failed to parse subject public key info";
    }
    if (modulus->content.size() > limits::kModulusBytesMax) {
      return fmt::format("x509: an RSA modulus of over {} bytes is not supported",
                         limits::kModulusBytesMax);
    }
    add("PublicKeyAlgorithm", Node::integer(1));
    add("PublicKey", MapBuilder(*arena_)
                         .add("N", text(decimal(modulus->content)))
                         .add("E", Node::integer(last_bytes(exponent->content)))
                         .build());
    return "";
  }

  void read_extensions(std::string_view content) {
    std::int64_t usage = 0;
    bool constrained = false;
    bool authority = false;
    std::int64_t path = 0;
    std::vector<Node> hosts;
    std::vector<Node> mails;
    std::vector<Node> addresses;
    const auto all = DerReader(content).next(kSequence);
    DerReader reader(all ? all->content : std::string_view());
    for (auto extension = reader.next(kSequence); extension; extension = reader.next(kSequence)) {
      DerReader parts(extension->content);
      const auto type = parts.next(kIdentifier);
      parts.next(0x01);  // critical
      const auto value = parts.next(kOctetString);
      const auto numbers =
          type ? read_object_identifier(type->content) : std::vector<std::uint32_t>();
      if (!value || numbers.size() != 4 || numbers[0] != 2 || numbers[1] != 5 || numbers[2] != 29) {
        continue;
      }
      DerReader inner(value->content);
      if (numbers[3] == 15) {
        const auto bits = inner.next(kBitString);
        usage = bits ? usage_of(bits->content) : 0;
      } else if (numbers[3] == 17) {
        const auto names = inner.next(kSequence);
        read_names(names ? names->content : std::string_view(), hosts, mails, addresses);
      } else if (numbers[3] == 19) {
        const auto constraints = inner.next(kSequence);
        DerReader fields(constraints ? constraints->content : std::string_view());
        constrained = true;
        const auto flag = fields.next(0x01);
        authority = flag && flag->content != std::string_view("\0", 1);
        const auto length = fields.next(kInteger);
        path = length ? last_bytes(length->content) : -1;
      }
    }
    add("KeyUsage", Node::integer(usage));
    add("BasicConstraintsValid", Node::boolean(constrained));
    add("IsCA", Node::boolean(authority));
    add("MaxPathLen", Node::integer(path));
    add("MaxPathLenZero", Node::boolean(constrained && path == 0));
    add("DNSNames", list(hosts));
    add("EmailAddresses", list(mails));
    add("IPAddresses", list(addresses));
  }

  /// Bit n of the string is 1 << n.
  static std::int64_t usage_of(std::string_view content) {
    std::int64_t usage = 0;
    for (std::size_t bit = 0; bit < 9 && bit / 8 + 1 < content.size(); ++bit) {
      const auto byte = static_cast<unsigned char>(content[1 + bit / 8]);
      usage |= std::int64_t{byte >> (7 - bit % 8) & 1} << bit;
    }
    return usage;
  }

  void read_names(std::string_view content, std::vector<Node>& hosts, std::vector<Node>& mails,
                  std::vector<Node>& addresses) {
    constexpr std::size_t kIpv4Bytes = 4;
    DerReader reader(content);
    for (auto name = reader.next(); name; name = reader.next()) {
      if (name->tag == 0x82) {
        hosts.push_back(text(name->content));
      } else if (name->tag == 0x81) {
        mails.push_back(text(name->content));
      } else if (name->tag == 0x87 && name->content.size() == kIpv4Bytes) {
        const auto part = [&](std::size_t at) {
          return static_cast<unsigned>(static_cast<unsigned char>(name->content[at]));
        };
        addresses.push_back(text(fmt::format("{}.{}.{}.{}", part(0), part(1), part(2), part(3))));
      }
    }
  }

  Arena* arena_;
  MapBuilder fields_;
};

}  // namespace

Result<Node> certificate_node(std::string_view pem, Arena& arena) {
  const auto bytes = read_pem(pem, "CERTIFICATE");
  if (!bytes) {
    return fail(ErrorCode::kInvalid, read_pem(pem, "CERTIFICATE REQUEST")
                                         ? "certificate requests are not supported"
                                         : "failed to decode PEM block");
  }
  return CertificateReader(arena).read(*bytes);
}

}  // namespace seaworthy::policy
