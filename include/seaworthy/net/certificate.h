#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "seaworthy/base/file_system.h"
#include "seaworthy/base/result.h"

namespace seaworthy::net {

/// A certificate with what signed it, its key, and what people want to know of it.
struct Certificate {
  std::string chain_pem;  ///< The server's own first.
  std::string key_pem;
  std::chrono::system_clock::time_point not_before;
  std::chrono::system_clock::time_point not_after;
  std::vector<std::string> names;  ///< DNS names and addresses that it is for, sorted.
};

/// Reads and checks a pair. Errors: kInvalid (not PEM, an encrypted key, a key of another
/// certificate, no certificate in the file), those of the file system; each names the file.
[[nodiscard]] Result<Certificate> load_certificate(const FileSystem& files,
                                                   const std::string& certificate_path,
                                                   const std::string& key_path);

/// The same from texts; `certificate_name` and `key_name` are for the messages.
[[nodiscard]] Result<Certificate> parse_certificate(std::string chain_pem, std::string key_pem,
                                                    const std::string& certificate_name,
                                                    const std::string& key_name);

/// What clients will refuse, in words: ended, not begun yet, for no name. Empty where all is well.
[[nodiscard]] std::vector<std::string> certificate_warnings(
    const Certificate& certificate, std::chrono::system_clock::time_point now);

/// A certificate made here, and the authority that clients have to trust for it.
struct MadeCertificate {
  std::string ca_pem;
  Certificate certificate;
};

/// A new authority and a server certificate for `names` (DNS names, or IPv4 and IPv6 addresses),
/// both ECDSA P-256: the API server resumes no session, so each handshake signs. The authority's
/// key is forgotten. Both begin an hour before `now`, because clocks differ (kubectl#1307).
/// Errors: kInvalid (no name, or one that is neither).
[[nodiscard]] Result<MadeCertificate> make_certificate(std::span<const std::string> names,
                                                       std::chrono::system_clock::time_point now,
                                                       std::chrono::days lifetime);

}  // namespace seaworthy::net
