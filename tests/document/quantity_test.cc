#include "seaworthy/document/quantity.h"

#include <array>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace seaworthy::document {
namespace {

std::string integer_of(const Quantity& quantity) {
  const auto integer = quantity.as_int64();
  return integer ? std::to_string(*integer) : "none";
}

// Each row is what k8s.io/apimachinery v0.36.3 answers: String(), AsInt64(),
// AsApproximateFloat64().
TEST(Quantity, ReadsAsKubernetesDoes) {
  struct Case {
    std::string_view text;
    std::string_view printed;
    std::string_view integer;
    double number;
  };

  constexpr std::array<Case, 46> kCases = {{
      {"0", "0", "0", 0},
      {"1", "1", "1", 1},
      {"1.", "1.", "1", 1},
      {".", "0", "0", 0},
      {"m", "0", "none", 0},
      {"+", "0", "0", 0},
      {"0.0", "0", "none", 0},
      {".5", "500m", "none", 0.5},
      {"1.5", "1500m", "none", 1.5},
      {"0.3", "300m", "none", 0.30000000000000004},
      {"1.234", "1.234", "none", 1.234},
      {"+1", "+1", "1", 1},
      {"01", "01", "1", 1},
      {"1000", "1k", "1000", 1000},
      {"1000m", "1", "none", 1},
      {"1500", "1500", "1500", 1500},
      {"1000000", "1M", "1000000", 1e6},
      {"1.000", "1", "none", 1},
      {"100m", "100m", "none", 0.1},
      {"1e3", "1e3", "1000", 1000},
      {"1E3", "1E3", "1000", 1000},
      {"1e-3", "1e-3", "none", 0.001},
      {"2e4", "20e3", "20000", 20000},
      {"1E", "1E", "1000000000000000000", 1e18},
      {"1000E", "1", "none", 1e21},  // as printed there, though the value is 1e21
      {"1n", "1n", "none", 1e-9},
      {"0.1n", "1n", "none", 1e-9},
      {"0.0000000001", "1n", "none", 1e-9},
      {"-0.0000000001", "-1n", "none", -1e-9},
      {"1Ki", "1Ki", "1024", 1024},
      {"1024Ki", "1Mi", "1048576", 1048576},
      {"1025Ki", "1025Ki", "1049600", 1049600},
      {"-1Ki", "-1Ki", "-1024", -1024},
      {"0.5Gi", "512Mi", "none", 536870912},
      {"1.5Gi", "1536Mi", "none", 1610612736},
      {"1.0Gi", "1Gi", "none", 1073741824},
      {"0.5Ki", "512", "none", 512},
      {"7Ei", "7Ei", "none", 8070450532247928832.0},
      {"8Ei", "9223372036854775807", "none", 9223372036854775808.0},
      {"16Ei", "9223372036854775807", "none", 9223372036854775808.0},
      {"9223372036854775807", "9223372036854775807", "none", 9223372036854775808.0},
      {"123456789012345678", "123456789012345678", "123456789012345678", 123456789012345680.0},
      {"12345678901234567890", "12345678901234567890", "none", 12345678901234569000.0},
      {"9999999999999999999999999999999999999G", "9999999999999999999999999999999999999G", "none",
       1.0000000000000001e46},
      {"1e200", "100e198", "none", 1e200},
      {"-1.5", "-1500m", "none", -1.5},
  }};
  for (const Case& each : kCases) {
    const auto quantity = Quantity::parse(each.text);
    ASSERT_TRUE(quantity) << each.text;
    EXPECT_EQ(quantity->text(), each.printed) << each.text;
    EXPECT_EQ(integer_of(*quantity), each.integer) << each.text;
    EXPECT_EQ(quantity->as_approximate_double(), each.number) << each.text;
  }
}

// What has a way of its own because it is common comes out as by the general one, which a sign
// takes.
TEST(Quantity, ReadsCommonTextsAsAnyOther) {
  constexpr std::string_view kDigits[] = {
      "1", "7", "8", "10", "250", "1000", "1024", "4096", "999999", "123456789", "1234567890"};
  constexpr std::string_view kSuffixes[] = {"",   "n",  "u",  "m", "k", "M",  "G", "T",  "Ki",
                                            "Mi", "Gi", "Ti", "i", " ", "mi", "K", "kk", "1"};
  for (const std::string_view digits : kDigits) {
    for (const std::string_view suffix : kSuffixes) {
      const std::string text = std::string(digits) + std::string(suffix);
      const auto common = Quantity::parse(text);
      const auto general = Quantity::parse("+" + text);
      ASSERT_EQ(common.has_value(), general.has_value()) << text;
      if (!common) {
        continue;
      }
      EXPECT_EQ(common->parts().value, general->parts().value) << text;
      EXPECT_EQ(common->parts().scale, general->parts().scale) << text;
      EXPECT_EQ(common->parts().format, general->parts().format) << text;
      EXPECT_EQ(common->parts().decimal_backed, general->parts().decimal_backed) << text;
      EXPECT_EQ(common->parts().text.empty(), general->parts().text.empty()) << text;
    }
  }
}

TEST(Quantity, KeepsItsParts) {
  for (const std::string_view text :
       {"1", "1.5Gi", "-250m", "123456789012345678901234567890", "1e-3"}) {
    const auto quantity = Quantity::parse(text);
    ASSERT_TRUE(quantity) << text;
    const Quantity again = Quantity::of(quantity->parts());
    EXPECT_EQ(again.text(), quantity->text());
    EXPECT_EQ(integer_of(again), integer_of(*quantity));
    EXPECT_TRUE(again.parts() == quantity->parts());
    EXPECT_TRUE(Quantity().parts() < quantity->parts() || text.front() == '-');
  }
}

TEST(Quantity, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"",      " ",     " 1",   "1 ",  "1K",    "1i",     "1Gii",  "1mm",
        "1.1.1", "1e",    "1ee5", "1e+", "1e+-5", "1e++5",  "1e1.5", "--1",
        "+-1",   "1_000", "0x10", "Ei",  "e-15",  "\u0663", "1e257", "1e99999999999999999999"}) {
    EXPECT_FALSE(Quantity::parse(text)) << text;
  }
  EXPECT_FALSE(Quantity::parse(std::string(257, '1')));
  EXPECT_TRUE(Quantity::parse(std::string(256, '1')));
}

TEST(Quantity, ComparesByValue) {
  constexpr std::array<std::string_view, 14> kRising = {
      "-1e200", "-1Ei", "-1",   "-1n", "0", "1n", "100m", "0.5", "1", "1Ki", "9223372036854775807",
      "1e20",   "1e46", "1e200"};
  for (std::size_t a = 0; a < kRising.size(); ++a) {
    for (std::size_t b = 0; b < kRising.size(); ++b) {
      EXPECT_EQ(*Quantity::parse(kRising[a]) <=> *Quantity::parse(kRising[b]), a <=> b)
          << kRising[a] << " " << kRising[b];
    }
  }
  EXPECT_EQ(*Quantity::parse("1"), *Quantity::parse("1000m"));
  EXPECT_EQ(*Quantity::parse("0.5Gi"), *Quantity::parse("512Mi"));
  EXPECT_EQ(*Quantity::parse("-0"), Quantity::from_integer(0));
  EXPECT_EQ(Quantity::parse("-1n")->sign(), -1);
  EXPECT_EQ(Quantity::parse("0Gi")->sign(), 0);
}

TEST(Quantity, AddsAndSubtracts) {
  struct Case {
    std::string_view a;
    std::string_view b;
    std::string_view sum;
    std::string_view sum_integer;
    std::string_view difference;
  };

  constexpr std::array<Case, 9> kCases = {{
      {"50k", "20k", "70k", "70000", "30k"},
      {"1", "1.", "2", "2", "0"},
      {".5", "1.", "1500m", "none", "-500m"},
      {"0", "1Gi", "1Gi", "1073741824", "-1Gi"},  // zero takes the other's format
      {"1Gi", "1", "1073741825", "1073741825", "1073741823"},
      {"0.5Gi", "512Mi", "1Gi", "none", "0"},
      {"9223372036854775807", "9223372036854775807", "18446744073709551614", "none", "0"},
      {"1n", "1e30", "1000000000000000000000000000000000000001n", "none",
       "-999999999999999999999999999999999999999n"},
      {"-1", "1Ki", "1023", "1023", "-1025"},
  }};
  for (const Case& each : kCases) {
    const auto a = *Quantity::parse(each.a);
    const auto b = *Quantity::parse(each.b);
    EXPECT_EQ(a.plus(b).text(), each.sum) << each.a << " " << each.b;
    EXPECT_EQ(integer_of(a.plus(b)), each.sum_integer) << each.a << " " << each.b;
    EXPECT_EQ(a.minus(b).text(), each.difference) << each.a << " " << each.b;
  }
  const auto least = Quantity::from_integer(INT64_MIN);
  EXPECT_EQ(Quantity::from_integer(0).minus(least).text(), "-9223372036854775808");
  EXPECT_EQ(least.plus(least).text(), "-18446744073709551616");
}

}  // namespace
}  // namespace seaworthy::document
