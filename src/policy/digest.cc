// MD5, SHA-1 and SHA-256 over 64-byte blocks: the message, a 1 bit, zeros, and the length in bits
// (little-endian in MD5, big-endian in the others). What differs is the compression of a block.
#include "policy/digest.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

namespace seaworthy::policy {
namespace {

constexpr std::size_t kBlock = 64;

enum class Order : bool { kLittle, kBig };

template <Order order>
std::uint32_t word_at(std::string_view block, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t byte = 0; byte < 4; ++byte) {
    const std::size_t shift = order == Order::kBig ? 3 - byte : byte;
    word |= std::uint32_t{static_cast<unsigned char>(block[index * 4 + byte])} << (8 * shift);
  }
  return word;
}

template <Order order>
std::string padded(std::string_view text) {
  std::string message(text);
  message += '\x80';
  while (message.size() % kBlock != kBlock - 8) {
    message += '\0';
  }
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    const std::size_t shift = order == Order::kBig ? 7 - byte : byte;
    message += static_cast<char>(bits >> (8 * shift) & 0xFF);
  }
  return message;
}

template <Order order>
std::string hex(std::span<const std::uint32_t> words) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint32_t word : words) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      const std::size_t shift = order == Order::kBig ? 3 - byte : byte;
      const std::uint32_t value = word >> (8 * shift) & 0xFF;
      out += kDigits[value >> 4];
      out += kDigits[value & 15];
    }
  }
  return out;
}

void md5_block(std::string_view block, std::array<std::uint32_t, 4>& state) {
  constexpr std::array<std::array<int, 4>, 4> kShifts{
      {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};
  auto [a, b, c, d] = state;
  for (std::uint32_t i = 0; i < 64; ++i) {
    std::uint32_t f = 0;
    std::uint32_t g = 0;
    switch (i / 16) {
      case 0:
        f = (b & c) | (~b & d);
        g = i;
        break;
      case 1:
        f = (d & b) | (~d & c);
        g = (5 * i + 1) % 16;
        break;
      case 2:
        f = b ^ c ^ d;
        g = (3 * i + 5) % 16;
        break;
      default:
        f = c ^ (b | ~d);
        g = 7 * i % 16;
        break;
    }
    // RFC 1321, 3.4: the sines' whole part in units of 2^-32.
    const auto sine = static_cast<std::uint32_t>(std::abs(std::sin(i + 1.0)) * 4294967296.0);
    f += a + sine + word_at<Order::kLittle>(block, g);
    a = d;
    d = c;
    c = b;
    b += std::rotl(f, kShifts.at(i / 16).at(i % 4));
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

void sha1_block(std::string_view block, std::array<std::uint32_t, 5>& state) {
  std::array<std::uint32_t, 80> w{};
  for (std::size_t i = 0; i < w.size(); ++i) {
    w.at(i) = i < 16 ? word_at<Order::kBig>(block, i)
                     : std::rotl(w.at(i - 3) ^ w.at(i - 8) ^ w.at(i - 14) ^ w.at(i - 16), 1);
  }
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < w.size(); ++i) {
    std::uint32_t f = 0;
    std::uint32_t k = 0;
    switch (i / 20) {
      case 0:
        f = (b & c) | (~b & d);
        k = 0x5A827999;
        break;
      case 1:
        f = b ^ c ^ d;
        k = 0x6ED9EBA1;
        break;
      case 2:
        f = (b & c) | (b & d) | (c & d);
        k = 0x8F1BBCDC;
        break;
      default:
        f = b ^ c ^ d;
        k = 0xCA62C1D6;
        break;
    }
    const std::uint32_t next = std::rotl(a, 5) + f + e + k + w.at(i);
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

/// FIPS 180-4, 4.2.2: of the first 64 primes the cube roots' fractions.
std::array<std::uint32_t, 64> sha256_constants() {
  std::array<std::uint32_t, 64> constants{};
  std::size_t found = 0;
  for (std::uint32_t number = 2; found < constants.size(); ++number) {
    bool prime = true;
    for (std::uint32_t divisor = 2; divisor * divisor <= number; ++divisor) {
      prime = prime && number % divisor != 0;
    }
    if (prime) {
      const long double root = std::cbrt(static_cast<long double>(number));
      constants.at(found++) = static_cast<std::uint32_t>((root - std::floor(root)) * 4294967296.0L);
    }
  }
  return constants;
}

void sha256_block(std::string_view block, const std::array<std::uint32_t, 64>& constants,
                  std::array<std::uint32_t, 8>& state) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < w.size(); ++i) {
    if (i < 16) {
      w.at(i) = word_at<Order::kBig>(block, i);
      continue;
    }
    const std::uint32_t x = w.at(i - 15);
    const std::uint32_t y = w.at(i - 2);
    w.at(i) = w.at(i - 16) + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3) + w.at(i - 7) +
              (std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const std::uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                ((e & f) ^ (~e & g)) + constants.at(i) + w.at(i);
    const std::uint32_t second =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d,
           state[4] + e, state[5] + f, state[6] + g, state[7] + h};
}

}  // namespace

std::string md5_hex(std::string_view text) {
  std::array<std::uint32_t, 4> state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
  const std::string message = padded<Order::kLittle>(text);
  for (std::size_t at = 0; at < message.size(); at += kBlock) {
    md5_block(std::string_view(message).substr(at, kBlock), state);
  }
  return hex<Order::kLittle>(state);
}

std::string sha1_hex(std::string_view text) {
  std::array<std::uint32_t, 5> state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  const std::string message = padded<Order::kBig>(text);
  for (std::size_t at = 0; at < message.size(); at += kBlock) {
    sha1_block(std::string_view(message).substr(at, kBlock), state);
  }
  return hex<Order::kBig>(state);
}

std::string sha256_hex(std::string_view text) {
  std::array<std::uint32_t, 8> state{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                     0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  const auto constants = sha256_constants();
  const std::string message = padded<Order::kBig>(text);
  for (std::size_t at = 0; at < message.size(); at += kBlock) {
    sha256_block(std::string_view(message).substr(at, kBlock), constants, state);
  }
  return hex<Order::kBig>(state);
}

}  // namespace seaworthy::policy
