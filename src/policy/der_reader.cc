#include "policy/der_reader.h"

#include <algorithm>

namespace seaworthy::policy {

std::optional<Der> DerReader::next() {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest_[at]); };
  if (rest_.size() < 2) {
    return std::nullopt;
  }
  std::size_t header = 2;
  std::size_t length = byte(1);
  if (length >= 0x80) {
    constexpr std::size_t kLengthBytesMax = 4;
    const std::size_t count = length & 0x7F;
    if (count == 0 || count > kLengthBytesMax || rest_.size() < header + count) {
      return std::nullopt;
    }
    length = 0;
    for (std::size_t at = 0; at < count; ++at) {
      length = length << 8 | byte(header + at);
    }
    header += count;
  }
  if (rest_.size() - header < length) {
    return std::nullopt;
  }
  const Der der{.tag = byte(0),
                .content = rest_.substr(header, length),
                .whole = rest_.substr(0, header + length)};
  rest_.remove_prefix(der.whole.size());
  return der;
}

std::optional<Der> DerReader::next(std::uint8_t tag) {
  return !rest_.empty() && static_cast<unsigned char>(rest_.front()) == tag ? next() : std::nullopt;
}

std::vector<std::uint32_t> read_object_identifier(std::string_view content) {
  std::vector<std::uint32_t> numbers;
  std::uint32_t number = 0;
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    number = number << 7 | (byte & 0x7FU);
    if ((byte & 0x80U) != 0) {
      continue;
    }
    if (numbers.empty()) {
      const std::uint32_t first = std::min(number / 40, 2U);
      numbers = {first, number - first * 40};
    } else {
      numbers.push_back(number);
    }
    number = 0;
  }
  return numbers;
}

std::string decimal(std::string_view big_endian) {
  std::vector<std::uint32_t> digits{0};  // base 10^9, least significant first
  constexpr std::uint64_t kBase = 1'000'000'000;
  constexpr std::size_t kWordBytes = 4;
  for (std::size_t at = 0; at < big_endian.size();) {
    // The first word has what the others, which are whole, leave.
    const std::size_t rest = (big_endian.size() - at) % kWordBytes;
    std::uint64_t carry = 0;
    for (const char c : big_endian.substr(at, rest == 0 ? kWordBytes : rest)) {
      carry = carry << 8 | static_cast<unsigned char>(c);
      ++at;
    }
    for (auto& digit : digits) {
      carry += std::uint64_t{digit} << 32;
      digit = static_cast<std::uint32_t>(carry % kBase);
      carry /= kBase;
    }
    for (; carry > 0; carry /= kBase) {
      digits.push_back(static_cast<std::uint32_t>(carry % kBase));
    }
  }
  std::string text = std::to_string(digits.back());
  for (auto digit = digits.rbegin() + 1; digit != digits.rend(); ++digit) {
    const auto part = std::to_string(*digit);
    text.append(9 - part.size(), '0').append(part);
  }
  return text;
}

}  // namespace seaworthy::policy
