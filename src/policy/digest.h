#pragma once

#include <string>
#include <string_view>

namespace seaworthy::policy {

// Digests of a text's bytes in lower-case hexadecimal, for policies that compare them; nothing here
// rests on their strength. Rules: RFC 1321, FIPS 180-4.

std::string md5_hex(std::string_view text);
std::string sha1_hex(std::string_view text);
std::string sha256_hex(std::string_view text);

}  // namespace seaworthy::policy
