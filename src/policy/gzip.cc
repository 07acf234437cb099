// Inflating (RFC 1951) bit by bit: codes are canonical, so a table of how many there are of each
// length, and the symbols in their order, is all that a code needs.
#include "policy/gzip.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "seaworthy/base/limits.h"

namespace seaworthy::policy {
namespace {

constexpr std::size_t kLongest = 15;

/// What eight bits do to a checksum.
consteval std::array<std::uint32_t, 256> checksum_steps() {
  std::array<std::uint32_t, 256> steps{};
  for (std::uint32_t byte = 0; byte < steps.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xEDB88320U : crc >> 1;
    }
    steps.at(byte) = crc;
  }
  return steps;
}

std::uint32_t checksum(std::string_view text) {
  static constexpr auto kSteps = checksum_steps();
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) {
    crc = kSteps[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ crc >> 8;
  }
  return ~crc;
}

/// A Huffman code from the length of each symbol's.
class Code {
 public:
  explicit Code(std::span<const std::uint8_t> lengths) {
    for (const auto length : lengths) {
      ++counts_.at(length);
    }
    counts_[0] = 0;
    std::array<std::uint16_t, kLongest + 2> offsets{};
    for (std::size_t length = 1; length <= kLongest; ++length) {
      offsets.at(length + 1) = static_cast<std::uint16_t>(offsets.at(length) + counts_.at(length));
    }
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0) {
        symbols_.at(offsets.at(lengths[symbol])++) = static_cast<std::uint16_t>(symbol);
      }
    }
  }

  [[nodiscard]] std::uint16_t count(std::size_t length) const { return counts_.at(length); }

  [[nodiscard]] std::uint16_t symbol(std::size_t index) const { return symbols_.at(index); }

 private:
  std::array<std::uint16_t, kLongest + 1> counts_{};
  std::array<std::uint16_t, 288> symbols_{};
};

class Inflater {
 public:
  /// `room`: bytes that may come of it.
  Inflater(std::string_view bytes, std::size_t room) : bytes_(bytes), room_(room) {}

  /// False where the stream is broken or too long.
  bool run() {
    bool last = false;
    while (!last && good_) {
      last = bits(1) == 1;
      switch (bits(2)) {
        case 0:
          stored();
          break;
        case 1:
          fixed();
          break;
        case 2:
          dynamic();
          break;
        default:
          good_ = false;
      }
    }
    return good_;
  }

  [[nodiscard]] const std::string& out() const { return out_; }

  [[nodiscard]] bool too_long() const { return too_long_; }

  /// Bytes read, the last one counted whole.
  [[nodiscard]] std::size_t used() const { return at_; }

 private:
  std::uint32_t bits(std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t bit = 0; bit < count; ++bit) {
      if (left_ == 0) {
        if (at_ >= bytes_.size()) {
          good_ = false;
          return 0;
        }
        buffer_ = static_cast<unsigned char>(bytes_[at_++]);
        left_ = 8;
      }
      value |= (buffer_ & 1U) << bit;
      buffer_ >>= 1;
      --left_;
    }
    return value;
  }

  /// False where so much more is too much.
  bool has_room(std::size_t bytes) {
    if (bytes > room_ - out_.size()) {
      too_long_ = true;
      good_ = false;
    }
    return good_;
  }

  void put(char c) {
    if (has_room(1)) {
      out_ += c;
    }
  }

  void stored() {
    left_ = 0;
    const std::uint32_t length = bits(16);
    const std::uint32_t inverse = bits(16);
    good_ = good_ && (length ^ 0xFFFFU) == inverse && bytes_.size() - at_ >= length;
    if (good_ && has_room(length)) {
      out_ += bytes_.substr(at_, length);
      at_ += length;
    }
  }

  std::size_t decode(const Code& code) {
    std::int32_t value = 0;
    std::int32_t first = 0;
    std::int32_t index = 0;
    for (std::size_t length = 1; length <= kLongest && good_; ++length) {
      value |= static_cast<std::int32_t>(bits(1));
      const std::int32_t count = code.count(length);
      if (value - count < first) {
        return code.symbol(static_cast<std::size_t>(index + value - first));
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    good_ = false;
    return 0;
  }

  void codes(const Code& literals, const Code& distances) {
    constexpr std::array<std::uint16_t, 29> kLengths{3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                     15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                     67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::array<std::uint8_t, 29> kLengthBits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    while (good_) {
      const std::size_t symbol = decode(literals);
      if (symbol == 256) {
        return;
      }
      if (symbol < 256) {
        put(static_cast<char>(symbol));
        continue;
      }
      if (symbol - 257 >= kLengths.size()) {
        good_ = false;
        return;
      }
      const std::size_t length = kLengths.at(symbol - 257) + bits(kLengthBits.at(symbol - 257));
      copy(length, decode(distances));
    }
  }

  void copy(std::size_t length, std::size_t symbol) {
    constexpr std::size_t kDistances = 30;
    if (!good_ || symbol >= kDistances) {
      good_ = false;
      return;
    }
    const std::size_t extra = symbol < 4 ? 0 : symbol / 2 - 1;
    const std::size_t base = symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << extra) + 1;
    const std::size_t distance = base + bits(extra);
    good_ = good_ && distance <= out_.size();
    if (!good_ || !has_room(length)) {
      return;
    }
    // What is copied may be part of what it makes: then in stretches of the distance.
    for (std::size_t left = length; left > 0;) {
      const std::size_t stretch = std::min(left, distance);
      const std::size_t from = out_.size() - distance;
      out_.resize(out_.size() + stretch);
      std::copy_n(out_.begin() + static_cast<std::ptrdiff_t>(from), stretch,
                  out_.end() - static_cast<std::ptrdiff_t>(stretch));
      left -= stretch;
    }
  }

  void fixed() {
    std::array<std::uint8_t, 288> lengths{};
    std::ranges::fill(lengths, std::uint8_t{8});
    std::fill(lengths.begin() + 144, lengths.begin() + 256, std::uint8_t{9});
    std::fill(lengths.begin() + 256, lengths.begin() + 280, std::uint8_t{7});
    std::array<std::uint8_t, 30> distances{};
    std::ranges::fill(distances, std::uint8_t{5});
    codes(Code(lengths), Code(distances));
  }

  void dynamic() {
    constexpr std::array<std::uint8_t, 19> kOrder{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                  11, 4,  12, 3, 13, 2, 14, 1, 15};
    const std::size_t literals = bits(5) + 257;
    const std::size_t distances = bits(5) + 1;
    const std::size_t count = bits(4) + 4;
    std::array<std::uint8_t, 19> code_lengths{};
    for (std::size_t at = 0; at < count; ++at) {
      code_lengths.at(kOrder.at(at)) = static_cast<std::uint8_t>(bits(3));
    }
    const Code code(code_lengths);
    std::array<std::uint8_t, 320> lengths{};
    for (std::size_t at = 0; at < literals + distances && good_;) {
      const std::size_t symbol = decode(code);
      if (symbol < 16) {
        lengths.at(at++) = static_cast<std::uint8_t>(symbol);
        continue;
      }
      const bool repeats = symbol == 16;
      const std::size_t times = symbol == 18 ? 11 + bits(7) : 3 + bits(repeats ? 2 : 3);
      if ((repeats && at == 0) || at + times > literals + distances) {
        good_ = false;
        return;
      }
      const std::uint8_t value = repeats ? lengths.at(at - 1) : std::uint8_t{0};
      for (std::size_t time = 0; time < times; ++time) {
        lengths.at(at++) = value;
      }
    }
    if (good_ && literals <= 286) {
      const std::span<const std::uint8_t> all(lengths);
      codes(Code(all.first(literals)), Code(all.subspan(literals, distances)));
    } else {
      good_ = false;
    }
  }

  std::string_view bytes_;
  std::size_t room_;
  std::size_t at_ = 0;
  std::uint32_t buffer_ = 0;
  std::size_t left_ = 0;
  std::string out_;
  bool good_ = true;
  bool too_long_ = false;
};

/// The size of a member's header; 0 where there is none.
std::size_t header_size(std::string_view bytes) {
  constexpr std::size_t kFixed = 10;
  if (bytes.size() < kFixed || !bytes.starts_with("\x1f\x8b\x08")) {
    return 0;
  }
  const auto flags = static_cast<unsigned char>(bytes[3]);
  std::size_t at = kFixed;
  const auto byte = [&](std::size_t index) {
    return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U;
  };
  if ((flags & 4U) != 0) {
    at += 2 + byte(at) + 256 * byte(at + 1);
  }
  for (const unsigned text : {8U, 16U}) {  // a name, a comment
    if ((flags & text) != 0) {
      const auto end = bytes.find('\0', std::min(at, bytes.size()));
      at = end == std::string_view::npos ? bytes.size() : end + 1;
    }
  }
  at += (flags & 2U) != 0 ? 2 : 0;
  return at < bytes.size() ? at : 0;
}

std::string little_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return bytes;
}

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t& made) {
  constexpr std::size_t kTrailer = 8;
  std::string out;
  made = 0;
  do {
    const std::size_t header = header_size(bytes);
    if (header == 0) {
      return fail(ErrorCode::kInvalid, "gzip: invalid header");
    }
    Inflater inflater(bytes.substr(header), limits::kFunctionResultBytesMax - out.size());
    const bool good = inflater.run();
    made += inflater.out().size();
    if (!good) {
      return inflater.too_long() ? fail(ErrorCode::kOverLimit, "gzip: too much data")
                                 : fail(ErrorCode::kInvalid, "gzip: corrupt data");
    }
    const std::size_t end = header + inflater.used();
    const std::string& text = inflater.out();
    const std::string trailer =
        little_endian(checksum(text)) + little_endian(static_cast<std::uint32_t>(text.size()));
    if (bytes.substr(end, kTrailer) != trailer) {
      return fail(ErrorCode::kInvalid, "gzip: invalid checksum");
    }
    out += text;
    bytes.remove_prefix(end + kTrailer);
  } while (!bytes.empty());
  return out;
}

std::string gzip(std::string_view text) {
  constexpr std::size_t kBlock = 65535;
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  std::string_view rest = text;
  do {
    const auto block = rest.substr(0, kBlock);
    rest.remove_prefix(block.size());
    const auto size = static_cast<std::uint32_t>(block.size());
    out += rest.empty() ? '\1' : '\0';
    out += little_endian(size | (size ^ 0xFFFFU) << 16);
    out += block;
  } while (!rest.empty());
  return out + little_endian(checksum(text)) +
         little_endian(static_cast<std::uint32_t>(text.size()));
}

}  // namespace seaworthy::policy
