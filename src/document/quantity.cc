// A quantity is held as Go holds it, in an int64 with a power of ten or in a decimal of any size,
// because what can be seen of it depends on that: whether it has an integer, the last bit of its
// double, its text. References are to k8s.io/apimachinery/pkg/api/resource at v0.36.
#include "seaworthy/document/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "document/big_natural.h"
#include "document/quantity_spelling.h"

namespace seaworthy::document {
namespace {

constexpr std::size_t kTextMax = 256;
constexpr std::int32_t kNano = -9;
constexpr std::int32_t kInt64Digits = 18;  // math.go, maxInt64Factors
constexpr std::int64_t kInt64Max = 0x7FFFFFFFFFFFFFFF;
__extension__ using Wide = __int128;

/// `value` × 10^exponent where int64 holds it.
std::optional<std::int64_t> scaled(std::int64_t value, std::int32_t exponent) {
  for (; exponent > 0 && value != 0; --exponent) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) {
      return std::nullopt;
    }
  }
  return value;
}

/// Go's math.Pow10, to the bit.
double power_of_ten(std::int32_t exponent) {
  constexpr std::array<double, 32> kSmall = {1e00, 1e01, 1e02, 1e03, 1e04, 1e05, 1e06, 1e07,
                                             1e08, 1e09, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                             1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23,
                                             1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31};
  constexpr std::array<double, 10> kUp = {1e00,  1e32,  1e64,  1e96,  1e128,
                                          1e160, 1e192, 1e224, 1e256, 1e288};
  constexpr std::array<double, 11> kDown = {1e-00,  1e-32,  1e-64,  1e-96,  1e-128, 1e-160,
                                            1e-192, 1e-224, 1e-256, 1e-288, 1e-320};
  const auto size = static_cast<std::uint32_t>(std::abs(exponent));
  if (exponent >= 0 && exponent <= 308) {
    return kUp[size / 32] * kSmall[size % 32];
  }
  if (exponent < 0 && exponent >= -323) {
    return kDown[size / 32] / kSmall[size % 32];
  }
  return exponent > 0 ? HUGE_VAL : 0;
}

}  // namespace

/// What Go holds as an inf.Dec: ± magnitude × 10^scale.
struct Quantity::Decimal {
  bool negative = false;
  BigNatural magnitude;
  std::int32_t scale = 0;

  void lower_scale(std::int32_t to) {
    if (scale <= to) {
      return;
    }
    magnitude.multiply_by_power_of_ten(static_cast<std::uint32_t>(scale - to));
    scale = to;
  }

  /// To exactly that scale, away from zero; answers whether nothing was lost.
  bool round_up(std::int32_t to) {
    lower_scale(to);
    if (scale == to) {
      return true;
    }
    const bool exact = magnitude.divide_by_power_of_ten_up(static_cast<std::uint32_t>(to - scale));
    scale = to;
    return exact;
  }
};

Quantity::Decimal Quantity::decimal() const {
  if (decimal_backed_) {
    return {negative_, BigNatural(limbs_), scale_};
  }
  const auto magnitude = static_cast<std::uint64_t>(value_);
  return {value_ < 0, BigNatural(value_ < 0 ? 0 - magnitude : magnitude), scale_};
}

void Quantity::set(const Decimal& decimal) {
  decimal_backed_ = true;
  negative_ = decimal.negative && !decimal.magnitude.is_zero();
  limbs_ = decimal.magnitude.limbs();
  scale_ = decimal.scale;
  value_ = 0;
  text_.clear();
}

/// "250m", "64Mi", "4": up to nine digits and a suffix, which is nearly every quantity that people
/// write. False where the text is anything else. The result is the long way's, to the field.
bool Quantity::parse_short(std::string_view text) {
  constexpr std::size_t kDigitsMax = 9;
  std::size_t at = 0;
  std::int64_t value = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    value = value * 10 + (text[at] - '0');
    if (at == kDigitsMax) {
      return false;
    }
  }
  if (at == 0 || text.front() == '0' || text.size() - at > 2) {
    return false;
  }
  const bool binary = text.size() - at == 2;
  const char unit = at < text.size() ? text[at] : '1';
  if (binary) {
    constexpr std::string_view kUnits = "KMG";
    const std::size_t power = kUnits.find(unit);
    if (text[at + 1] != 'i' || power == std::string_view::npos || at > 4) {
      return false;
    }
    format_ = Format::kBinarySI;
    value_ = value << (10 * (power + 1));
    if ((value & 7) != 0) {
      text_ = text;
    }
    return true;
  }
  constexpr std::string_view kUnits = "num1kMG";
  const std::size_t power = kUnits.find(unit);
  if (power == std::string_view::npos) {
    return false;
  }
  value_ = value;
  scale_ = static_cast<std::int32_t>(power) * 3 + kNano;
  if (value % 1000 != 0) {
    text_ = text;
  }
  return true;
}

std::optional<Quantity> Quantity::parse(std::string_view text) {
  if (text.empty() || text.size() > kTextMax) {
    return std::nullopt;
  }
  if (Quantity quantity; quantity.parse_short(text)) {
    return quantity;
  }
  const auto spelling = split_spelling(text);
  if (!spelling) {
    return std::nullopt;
  }
  const auto unit = read_suffix(spelling->suffix);
  if (!unit) {
    return std::nullopt;
  }
  Quantity quantity;
  quantity.format_ = unit->format;
  const bool binary = unit->format == Format::kBinarySI;
  const auto whole_digits = static_cast<std::int32_t>(spelling->whole.size());
  const auto fraction_digits = static_cast<std::int32_t>(spelling->fraction.size());
  const std::string digits = std::string(spelling->whole) + std::string(spelling->fraction);

  // ParseQuantity's short way: what an int64 holds for sure.
  std::int32_t spare = kInt64Digits - whole_digits - fraction_digits;
  if (binary) {
    spare = fraction_digits > 0 ? -1 : 15 - whole_digits - unit->exponent * 3 / 10 - 1;
  }
  const std::int32_t scale = (binary ? 0 : unit->exponent) - fraction_digits;
  if (spare >= 0 && scale >= kNano) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    std::int64_t result = 0;
    if (!__builtin_mul_overflow(value, std::int64_t{1} << (binary ? unit->exponent : 0), &result)) {
      quantity.value_ = spelling->negative ? -result : result;
      quantity.scale_ = scale;
      const bool canonical =
          binary ? (value & 7) != 0
                 : scale % 3 == 0 && !digits.ends_with("000") && digits.front() != '0';
      if (canonical) {
        quantity.text_ = text;
      }
      return quantity;
    }
  }

  // The long way. A text without any digit is zero on the short one only.
  if (!spelling->has_digits) {
    return std::nullopt;
  }
  Decimal decimal{spelling->negative, BigNatural(digits), -fraction_digits};
  if (binary) {
    for (std::int32_t bit = 0; bit < unit->exponent; bit += 10) {
      decimal.magnitude.multiply(1024);
    }
  } else {
    decimal.scale += unit->exponent;
  }
  if (!decimal.magnitude.is_zero()) {
    decimal.round_up(kNano);
  }
  if (binary) {
    Quantity magnitude;
    magnitude.set({false, decimal.magnitude, decimal.scale});
    if (compare(magnitude, from_integer(kInt64Max)) > 0) {
      decimal.magnitude = BigNatural(static_cast<std::uint64_t>(kInt64Max));
      decimal.scale = 0;
    }
    if (magnitude.sign() > 0 && compare(magnitude, from_integer(1)) < 0) {
      quantity.format_ = Format::kDecimalSI;
    }
  }
  quantity.set(decimal);
  return quantity;
}

Quantity Quantity::from_integer(std::int64_t value, Format format) {
  Quantity quantity;
  quantity.format_ = format;
  quantity.value_ = value;
  return quantity;
}

int Quantity::sign() const {
  if (decimal_backed_) {
    return limbs_.empty() ? 0 : (negative_ ? -1 : 1);
  }
  return (value_ > 0 ? 1 : 0) - (value_ < 0 ? 1 : 0);
}

namespace {

/// The order of value × 10^scale in int64; nothing where 128 bits may not hold them.
std::optional<std::strong_ordering> order_of(std::int64_t a, std::int32_t a_scale, std::int64_t b,
                                             std::int32_t b_scale) {
  if (a_scale == b_scale) {
    return a <=> b;
  }
  const std::int32_t apart = std::abs(a_scale - b_scale);
  if (apart > kInt64Digits) {  // ± 2^63 × 10^18 fits 128 bits.
    return std::nullopt;
  }
  const Wide power = *scaled(1, apart);
  const Wide left = Wide{a} * (a_scale > b_scale ? power : 1);
  const Wide right = Wide{b} * (b_scale > a_scale ? power : 1);
  return left < right
             ? std::strong_ordering::less
             : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
}

}  // namespace

Quantity::Parts Quantity::parts() const {
  return {value_, scale_, format_, decimal_backed_, negative_, limbs_, text_};
}

Quantity Quantity::of(const Parts& parts) {
  Quantity quantity;
  quantity.value_ = parts.value;
  quantity.scale_ = parts.scale;
  quantity.format_ = parts.format;
  quantity.decimal_backed_ = parts.decimal_backed;
  quantity.negative_ = parts.negative;
  quantity.limbs_.assign(parts.limbs.begin(), parts.limbs.end());
  quantity.text_ = parts.text;
  return quantity;
}

std::strong_ordering operator<=>(const Quantity::Parts& a, const Quantity::Parts& b) {
  if (!a.decimal_backed && !b.decimal_backed) {
    if (const auto order = order_of(a.value, a.scale, b.value, b.scale)) {
      return *order;
    }
  }
  return Quantity::of(a) <=> Quantity::of(b);
}

std::strong_ordering Quantity::compare(const Quantity& a, const Quantity& b) {
  if (!a.decimal_backed_ && !b.decimal_backed_) {
    if (const auto order = order_of(a.value_, a.scale_, b.value_, b.scale_)) {
      return *order;
    }
  }
  if (a.sign() != b.sign() || a.sign() == 0) {
    return a.sign() <=> b.sign();
  }
  Decimal left = a.decimal();
  Decimal right = b.decimal();
  const std::int32_t common = std::min(left.scale, right.scale);
  left.lower_scale(common);
  right.lower_scale(common);
  return left.negative ? right.magnitude <=> left.magnitude : left.magnitude <=> right.magnitude;
}

/// quantity.go, Add and Sub; amount.go, int64Amount.Add.
Quantity Quantity::sum(const Quantity& other, bool negated) const {
  Quantity result = *this;
  result.text_.clear();
  if (sign() == 0) {
    result.format_ = other.format_;
  }
  if (!decimal_backed_ && !other.decimal_backed_) {
    // Go's negation: of the smallest number it is that number again.
    const bool same = !negated || other.value_ == -kInt64Max - 1;
    const std::int64_t added = same ? other.value_ : -other.value_;
    if (added == 0) {
      return result;
    }
    const std::int32_t common = value_ == 0 ? other.scale_ : std::min(scale_, other.scale_);
    const auto left = scaled(value_, scale_ - common);
    const auto right = scaled(added, other.scale_ - common);
    if (left && right && !__builtin_add_overflow(*left, *right, &result.value_)) {
      result.scale_ = common;
      return result;
    }
  }
  Decimal left = decimal();
  Decimal right = other.decimal();
  if (negated) {
    right.negative = !right.negative;
  }
  const std::int32_t common = std::min(left.scale, right.scale);
  left.lower_scale(common);
  right.lower_scale(common);
  if (left.negative == right.negative) {
    left.magnitude.add(right.magnitude);
  } else {
    if (left.magnitude < right.magnitude) {
      std::swap(left, right);
    }
    left.magnitude.subtract(right.magnitude);
  }
  result.set(left);
  return result;
}

Quantity Quantity::plus(const Quantity& other) const { return sum(other, false); }

Quantity Quantity::minus(const Quantity& other) const { return sum(other, true); }

std::optional<std::int64_t> Quantity::as_int64() const {
  if (decimal_backed_ || scale_ < 0) {
    return std::nullopt;
  }
  return scaled(value_, scale_);
}

double Quantity::as_approximate_double() const {
  auto base = static_cast<double>(value_);
  if (decimal_backed_) {
    const std::string digits = BigNatural(limbs_).text();
    base = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), base).ec != std::errc()) {
      base = HUGE_VAL;
    }
    if (negative_) {
      base = -base;
    }
  }
  return scale_ == 0 ? base : base * power_of_ten(scale_);
}

/// quantity.go, CanonicalizeBytes; amount.go, AsCanonicalBytes and AsCanonicalBase1024Bytes.
std::string Quantity::text() const {
  if (!text_.empty()) {
    return text_;
  }
  if (sign() == 0) {
    return "0";
  }
  Decimal value = decimal();
  const std::string minus = value.negative ? "-" : "";
  if (format_ == Format::kBinarySI &&
      (compare(*this, from_integer(-1024)) <= 0 || compare(*this, from_integer(1024)) >= 0)) {
    Decimal whole = value;
    if (whole.round_up(0)) {
      const auto times = static_cast<std::int32_t>(whole.magnitude.remove_factors(1024));
      return minus + whole.magnitude.text() + suffix_of(Format::kBinarySI, times * 10);
    }
  }
  std::int32_t exponent =
      value.scale + static_cast<std::int32_t>(value.magnitude.remove_factors(10));
  for (; exponent % 3 != 0; --exponent) {
    value.magnitude.multiply(10);
  }
  const Format format = format_ == Format::kBinarySI ? Format::kDecimalSI : format_;
  return minus + value.magnitude.text() + suffix_of(format, exponent);
}

}  // namespace seaworthy::document
