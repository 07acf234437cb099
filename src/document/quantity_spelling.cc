#include "document/quantity_spelling.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace seaworthy::document {
namespace {

constexpr std::int64_t kExponentMax = 256;

struct Suffix {
  std::string_view text;
  std::int32_t exponent;
};

constexpr std::array<Suffix, 10> kDecimalSuffixes = {{{"n", -9},
                                                      {"u", -6},
                                                      {"m", -3},
                                                      {"", 0},
                                                      {"k", 3},
                                                      {"M", 6},
                                                      {"G", 9},
                                                      {"T", 12},
                                                      {"P", 15},
                                                      {"E", 18}}};
constexpr std::array<Suffix, 6> kBinarySuffixes = {
    {{"Ki", 10}, {"Mi", 20}, {"Gi", 30}, {"Ti", 40}, {"Pi", 50}, {"Ei", 60}}};

}  // namespace

std::optional<Unit> read_suffix(std::string_view text) {
  for (const Suffix& suffix : kDecimalSuffixes) {
    if (suffix.text == text) {
      return Unit{Quantity::Format::kDecimalSI, suffix.exponent};
    }
  }
  for (const Suffix& suffix : kBinarySuffixes) {
    if (suffix.text == text) {
      return Unit{Quantity::Format::kBinarySI, suffix.exponent};
    }
  }
  if (text.size() < 2 || (text.front() != 'e' && text.front() != 'E')) {
    return std::nullopt;
  }
  auto digits = text.substr(1);
  if (digits.front() == '+') {
    digits.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.starts_with('+')) {
    return std::nullopt;
  }
  if (std::abs(exponent) > kExponentMax || text.substr(1).starts_with("+-")) {
    return std::nullopt;
  }
  return Unit{Quantity::Format::kDecimalExponent, static_cast<std::int32_t>(exponent)};
}

std::string suffix_of(Quantity::Format format, std::int32_t exponent) {
  if (format == Quantity::Format::kDecimalExponent) {
    return exponent == 0 ? "" : "e" + std::to_string(exponent);
  }
  auto among = [&](const auto& suffixes) {
    const auto found = std::ranges::find(suffixes, exponent, &Suffix::exponent);
    return found == suffixes.end() ? std::string() : std::string(found->text);
  };
  return format == Quantity::Format::kBinarySI ? among(kBinarySuffixes) : among(kDecimalSuffixes);
}

std::optional<Spelling> split_spelling(std::string_view text) {
  Spelling spelling;
  if (text.starts_with('-') || text.starts_with('+')) {
    spelling.negative = text.starts_with('-');
    text.remove_prefix(1);
  }
  const auto zeros = std::min(text.find_first_not_of('0'), text.size());
  text.remove_prefix(zeros);
  auto take = [&](std::string_view set) {
    const auto end = std::min(text.find_first_not_of(set), text.size());
    const auto taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
  };
  constexpr std::string_view kDigits = "0123456789";
  spelling.whole = take(kDigits);
  spelling.has_digits = zeros > 0 || !spelling.whole.empty();
  if (spelling.whole.empty()) {
    spelling.whole = "0";
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    spelling.fraction = take(kDigits);
    if (!spelling.fraction.empty()) {
      spelling.has_digits = true;
    }
  }
  const char* const suffix = text.data();
  take("eEinumkKMGTP");
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  take(kDigits);
  spelling.suffix = std::string_view(suffix, static_cast<std::size_t>(text.data() - suffix));
  if (!text.empty()) {
    return std::nullopt;
  }
  return spelling;
}

}  // namespace seaworthy::document
