#include "seaworthy/cel/value.h"

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cel/eval/map_builder.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {
namespace {

class ValueTest : public testing::Test {
 protected:
  Value parse(std::string_view json) {
    return Value::of(*document::parse_json(json, arena_));  // NOLINT: the test's own text
  }

  bool equal(const Value& a, const Value& b) { return equals(a, b, evaluation_).is_true(); }

  Arena arena_;
  Evaluation evaluation_{arena_, {}};
};

TEST_F(ValueTest, ViewsNodesWithoutCopy) {
  const document::Node node = *document::parse_json(R"({"l":[1,2.5,"x",null,true]})", arena_);
  const Value list = Value::of(*node.find("l"));
  ASSERT_EQ(list.kind(), ValueKind::kList);
  EXPECT_TRUE(list.is_node_backed());
  EXPECT_EQ(list.nodes().data(), node.find("l")->items().data());
  EXPECT_EQ(list.item(0).as_int(), 1);
  EXPECT_EQ(list.item(1).as_double(), 2.5);
  EXPECT_EQ(list.item(2).as_text(), "x");
  EXPECT_TRUE(list.item(3).is(ValueKind::kNull));
  EXPECT_TRUE(list.item(4).is_true());
}

TEST_F(ValueTest, ComparesWhateverBacksAList) {
  const std::array items = {Value::integer(1), Value::number(2.0), Value::string("x")};
  EXPECT_TRUE(equal(parse(R"([1, 2, "x"])"), Value::list(items)));
  EXPECT_TRUE(equal(Value::list(items), parse(R"([1.0, 2, "x"])")));
  EXPECT_FALSE(equal(Value::list(items), parse(R"([1, 2])")));
  EXPECT_FALSE(equal(Value::list(items), parse(R"([1, 2, "y"])")));
}

TEST_F(ValueTest, ComparesWhateverBacksAMap) {
  const std::array entries = {MapEntry{Value::string("b"), Value::unsigned_integer(2)},
                              MapEntry{Value::string("a"), Value::null()}};
  EXPECT_TRUE(equal(Value::map(entries), parse(R"({"a":null,"b":2})")));
  EXPECT_TRUE(equal(parse(R"({"a":null,"b":2})"), Value::map(entries)));
  EXPECT_FALSE(equal(parse(R"({"a":null,"c":2})"), Value::map(entries)));
}

TEST_F(ValueTest, NumbersMeetAcrossKinds) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(equal(Value::integer(1), Value::unsigned_integer(1)));
  EXPECT_TRUE(equal(Value::unsigned_integer(1), Value::number(1)));
  EXPECT_FALSE(equal(Value::integer(-1), Value::unsigned_integer(0xFFFFFFFFFFFFFFFF)));
  EXPECT_TRUE(equal(Value::integer(9007199254740993), Value::number(9007199254740992.0)));
  EXPECT_FALSE(equal(Value::number(1e300), Value::integer(1)));
  EXPECT_FALSE(equal(Value::number(nan), Value::number(nan)));
  EXPECT_FALSE(equal(Value::integer(1), Value::string("1")));
  EXPECT_FALSE(equal(Value::null(), Value::boolean(false)));
}

TEST_F(ValueTest, TimestampsAreOneMomentInAnyZone) {
  EXPECT_TRUE(equal(Value::timestamp(5, 7), Value::timestamp(5, 7, 330)));
  EXPECT_FALSE(equal(Value::timestamp(5, 7), Value::timestamp(5, 8)));
  EXPECT_EQ(to_text(Value::timestamp(0, 500'000'000, -90), arena_), "1969-12-31T22:30:00.5-01:30");
}

TEST_F(ValueTest, BecomesJson) {
  const std::array items = {Value::unsigned_integer(7), Value::duration(1'500'000'000),
                            Value::bytes("hi"), Value::optional_none(), Value::timestamp(0, 0)};
  const std::array entries = {MapEntry{Value::integer(1), Value::list(items)}};
  EXPECT_EQ(document::print_json(to_node(Value::map(entries), arena_)),
            R"({"1":[7,"1.5s","aGk=",null,"1970-01-01T00:00:00Z"]})");
  const ErrorValue error{"division by zero", false};
  EXPECT_TRUE(to_node(Value::error(error), arena_).is_null());
}

TEST_F(ValueTest, BecomesText) {
  const Value inner = Value::string("x");
  EXPECT_EQ(to_text(Value::string("a b"), arena_), "a b");
  EXPECT_EQ(to_text(Value::number(1e21), arena_), "1e+21");
  EXPECT_EQ(to_text(Value::null(), arena_), "null");
  EXPECT_EQ(to_text(Value::optional_of(inner), arena_), "x");
  EXPECT_EQ(to_text(parse(R"({"a":[1,"x"]})"), arena_), R"({"a":[1,"x"]})");
}

TEST_F(ValueTest, BuiltMapsKeepOrderAndFindEveryKey) {
  MapBuilder builder(arena_);
  constexpr std::int64_t kCount = 100;
  for (std::int64_t i = 0; i < kCount; ++i) {
    builder.put(Value::integer(i * 7), Value::integer(i));
  }
  builder.put(Value::integer(0), Value::string("again"));
  builder.remove(Value::integer(7));
  EXPECT_EQ(builder.find(Value::integer(7)), nullptr);
  EXPECT_EQ(builder.find(Value::unsigned_integer(14)), nullptr);
  ASSERT_NE(builder.find(Value::integer(693)), nullptr);
  EXPECT_EQ(builder.find(Value::integer(693))->as_int(), 99);
  const Value map = builder.build();
  ASSERT_EQ(map.size(), 99U);
  EXPECT_EQ(map.value_at(0).as_text(), "again");
  EXPECT_EQ(map.key_at(1).as_int(), 14);
}

TEST_F(ValueTest, BudgetEndsWhereItPasses) {
  evaluation_.start(10);
  EXPECT_TRUE(evaluation_.spend(10));
  EXPECT_FALSE(evaluation_.spend(5));
  EXPECT_EQ(evaluation_.cost(), 15U);
  EXPECT_FALSE(evaluation_.spend(5));
  EXPECT_EQ(evaluation_.cost(), 15U);
  evaluation_.start(10);
  EXPECT_FALSE(evaluation_.spend_each(100));
  EXPECT_EQ(evaluation_.cost(), 11U);
}

}  // namespace
}  // namespace seaworthy::cel
