#include "document/big_natural.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "seaworthy/base/check.h"

namespace seaworthy::document {
namespace {

constexpr std::uint32_t kBase = 1'000'000'000;
constexpr std::uint32_t kDigits = 9;
constexpr std::array<std::uint32_t, kDigits> kPowers = {
    1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

}  // namespace

BigNatural::BigNatural(std::uint64_t value) {
  for (; value != 0; value /= kBase) {
    limbs_.push_back(static_cast<std::uint32_t>(value % kBase));
  }
}

BigNatural::BigNatural(std::string_view digits) {
  while (!digits.empty()) {
    const auto limb = digits.substr(digits.size() - std::min<std::size_t>(kDigits, digits.size()));
    std::from_chars(limb.data(), limb.data() + limb.size(), limbs_.emplace_back());
    digits.remove_suffix(limb.size());
  }
  trim();
}

void BigNatural::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) {
    limbs_.pop_back();
  }
}

std::string BigNatural::text() const {
  if (is_zero()) {
    return "0";
  }
  std::string out = std::to_string(limbs_.back());
  for (std::size_t at = limbs_.size() - 1; at-- > 0;) {
    const std::string limb = std::to_string(limbs_[at]);
    out.append(kDigits - limb.size(), '0');
    out += limb;
  }
  return out;
}

std::size_t BigNatural::digit_count() const {
  return is_zero() ? 0 : (limbs_.size() - 1) * kDigits + std::to_string(limbs_.back()).size();
}

void BigNatural::multiply(std::uint32_t factor) {
  std::uint64_t carry = 0;
  for (std::uint32_t& limb : limbs_) {
    carry += std::uint64_t{limb} * factor;
    limb = static_cast<std::uint32_t>(carry % kBase);
    carry /= kBase;
  }
  for (; carry != 0; carry /= kBase) {
    limbs_.push_back(static_cast<std::uint32_t>(carry % kBase));
  }
  trim();
}

void BigNatural::multiply_by_power_of_ten(std::uint32_t exponent) {
  if (is_zero()) {
    return;
  }
  multiply(kPowers[exponent % kDigits]);
  limbs_.insert(limbs_.begin(), exponent / kDigits, 0);
}

std::uint32_t BigNatural::divide(std::uint32_t divisor) {
  SEAWORTHY_CHECK(divisor != 0);
  std::uint64_t rest = 0;
  for (std::size_t at = limbs_.size(); at-- > 0;) {
    rest = rest * kBase + limbs_[at];
    limbs_[at] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  trim();
  return static_cast<std::uint32_t>(rest);
}

bool BigNatural::divide_by_power_of_ten_up(std::uint32_t exponent) {
  const std::size_t whole = std::min<std::size_t>(exponent / kDigits, limbs_.size());
  const auto cut = limbs_.begin() + static_cast<std::ptrdiff_t>(whole);
  bool exact = std::all_of(limbs_.begin(), cut, [](std::uint32_t limb) { return limb == 0; });
  limbs_.erase(limbs_.begin(), cut);
  if (divide(kPowers[exponent % kDigits]) != 0) {
    exact = false;
  }
  if (!exact) {
    add(BigNatural(1));
  }
  return exact;
}

std::uint32_t BigNatural::remove_factors(std::uint32_t factor) {
  std::uint32_t times = 0;
  for (BigNatural divided = *this; !is_zero() && divided.divide(factor) == 0; ++times) {
    *this = divided;
  }
  return times;
}

void BigNatural::add(const BigNatural& other) {
  if (limbs_.size() < other.limbs_.size()) {
    limbs_.resize(other.limbs_.size());
  }
  std::uint32_t carry = 0;
  for (std::size_t at = 0; at < limbs_.size(); ++at) {
    const std::uint32_t sum =
        limbs_[at] + carry + (at < other.limbs_.size() ? other.limbs_[at] : 0);
    limbs_[at] = sum % kBase;
    carry = sum / kBase;
  }
  if (carry != 0) {
    limbs_.push_back(carry);
  }
}

void BigNatural::subtract(const BigNatural& other) {
  SEAWORTHY_CHECK(other <= *this);
  std::uint32_t borrow = 0;
  for (std::size_t at = 0; at < limbs_.size(); ++at) {
    const std::uint32_t taken = borrow + (at < other.limbs_.size() ? other.limbs_[at] : 0);
    borrow = limbs_[at] < taken ? 1 : 0;
    limbs_[at] += borrow * kBase - taken;
  }
  trim();
}

std::strong_ordering operator<=>(const BigNatural& a, const BigNatural& b) {
  if (a.limbs_.size() != b.limbs_.size()) {
    return a.limbs_.size() <=> b.limbs_.size();
  }
  return std::lexicographical_compare_three_way(a.limbs_.rbegin(), a.limbs_.rend(),
                                                b.limbs_.rbegin(), b.limbs_.rend());
}

}  // namespace seaworthy::document
