#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::document {

/// A natural number of any size, in limbs of nine decimal digits, the least first: what scaling by
/// powers of ten and printing ask for. Zero has no limbs.
class BigNatural {
 public:
  BigNatural() = default;
  explicit BigNatural(std::uint64_t value);
  /// `digits`: ASCII digits only.
  explicit BigNatural(std::string_view digits);

  explicit BigNatural(std::vector<std::uint32_t> limbs) : limbs_(std::move(limbs)) {}

  [[nodiscard]] bool is_zero() const { return limbs_.empty(); }

  [[nodiscard]] const std::vector<std::uint32_t>& limbs() const { return limbs_; }

  [[nodiscard]] std::string text() const;
  /// How many decimal digits; 0 for zero.
  [[nodiscard]] std::size_t digit_count() const;

  void multiply(std::uint32_t factor);
  void multiply_by_power_of_ten(std::uint32_t exponent);
  /// Answers the remainder. `divisor` is not 0.
  std::uint32_t divide(std::uint32_t divisor);
  /// Rounds up; answers whether nothing was lost.
  bool divide_by_power_of_ten_up(std::uint32_t exponent);
  /// Divides while it goes without remainder; answers how often. Zero stays.
  std::uint32_t remove_factors(std::uint32_t factor);
  void add(const BigNatural& other);
  /// `other` is not larger.
  void subtract(const BigNatural& other);

  friend std::strong_ordering operator<=>(const BigNatural& a, const BigNatural& b);
  friend bool operator==(const BigNatural& a, const BigNatural& b) = default;

 private:
  void trim();

  std::vector<std::uint32_t> limbs_;
};

}  // namespace seaworthy::document
