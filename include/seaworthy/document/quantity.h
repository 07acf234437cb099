#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::document {

/// A quantity of Kubernetes ("100m", "1.5Gi", "2e3"), exact.
/// Rule: k8s.io/apimachinery/pkg/api/resource (quantity.go, amount.go, suffix.go): value = digits ×
/// 10^exponent or × 2^(10k), rounded up to nano, capped at 2^63-1 with a binary suffix; sums and
/// texts as there, oddities included ("1.234" stays as it is, "1.5" is "1500m"). Ours: a text over
/// 256 bytes or an exponent beyond ±256 is no quantity.
class Quantity {
 public:
  enum class Format : std::uint8_t { kDecimalExponent, kBinarySI, kDecimalSI };

  /// What a quantity is made of, as a view that owns nothing: for those who keep it where there are
  /// no destructors. Lifetime of limbs and text: whose they are.
  struct Parts {
    std::int64_t value = 0;
    std::int32_t scale = 0;
    Format format = Format::kDecimalSI;
    bool decimal_backed = false;
    bool negative = false;
    std::span<const std::uint32_t> limbs;
    std::string_view text;

    friend std::strong_ordering operator<=>(const Parts& a, const Parts& b);

    friend bool operator==(const Parts& a, const Parts& b) { return (a <=> b) == 0; }
  };

  [[nodiscard]] Parts parts() const;
  static Quantity of(const Parts& parts);

  /// Nothing where `text` is no quantity.
  static std::optional<Quantity> parse(std::string_view text);
  static Quantity from_integer(std::int64_t value, Format format = Format::kDecimalSI);

  /// By value: 1 equals 1000m.
  friend std::strong_ordering operator<=>(const Quantity& a, const Quantity& b) {
    return compare(a, b);
  }

  friend bool operator==(const Quantity& a, const Quantity& b) { return compare(a, b) == 0; }

  [[nodiscard]] Quantity plus(const Quantity& other) const;
  [[nodiscard]] Quantity minus(const Quantity& other) const;
  /// -1, 0, 1.
  [[nodiscard]] int sign() const;
  /// The value where it is a whole int64 that Go's AsInt64 would answer: nothing for values held as
  /// inf.Dec there (see cel.md section 6, 17: '1.5Gi' is none).
  [[nodiscard]] std::optional<std::int64_t> as_int64() const;
  /// Go's AsApproximateFloat64, to the bit: '0.3' is 0.30000000000000004.
  [[nodiscard]] double as_approximate_double() const;
  /// The form that the API server prints: the text that was read where that is canonical by its
  /// reckoning.
  [[nodiscard]] std::string text() const;

 private:
  struct Decimal;

  bool parse_short(std::string_view text);

  static std::strong_ordering compare(const Quantity& a, const Quantity& b);
  [[nodiscard]] Quantity sum(const Quantity& other, bool negated) const;
  [[nodiscard]] Decimal decimal() const;
  void set(const Decimal& decimal);

  // As Go holds it: value × 10^scale in an int64, or, where limbs_ or decimal_backed_ says so, in
  // an inf.Dec.
  std::int64_t value_ = 0;
  std::int32_t scale_ = 0;
  Format format_ = Format::kDecimalSI;
  bool decimal_backed_ = false;
  bool negative_ = false;             ///< Of a decimal.
  std::vector<std::uint32_t> limbs_;  ///< Of a decimal: its magnitude (BigNatural).
  std::string text_;                  ///< What was read, where it is printed as it was.
};

}  // namespace seaworthy::document
