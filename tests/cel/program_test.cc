#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/readings.h"
#include "seaworthy/document/json.h"

// What a program promises its callers: slots, laziness, budgets, no memory asked for, threads.

namespace {
std::atomic<std::size_t> allocations = 0;  // NOLINT: counts what the operators below are asked for
}

// A sanitizer has operators of its own, which must stay: there nothing is counted.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SEAWORTHY_COUNTS_ALLOCATIONS 1

// NOLINTBEGIN: replacing these is how allocations are counted
void* operator new(std::size_t size) {
  ++allocations;
  if (void* room = std::malloc(size)) {
    return room;
  }
  std::abort();
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}

void operator delete(void* room) noexcept { std::free(room); }

void operator delete(void* room, std::size_t) noexcept { std::free(room); }

// NOLINTEND
#else
#define SEAWORTHY_COUNTS_ALLOCATIONS 0
#endif

namespace seaworthy::cel {
namespace {

class Variables final : public LazySlots {
 public:
  Value resolve(std::uint32_t slot, Evaluation& evaluation) override {
    ++asked[slot];
    return slot == 1 ? Value::integer(7) : evaluation.error("composited variable \"bad\" fails");
  }

  std::map<std::uint32_t, int> asked;
};

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    environment_.declare("object", Type::dyn());
    environment_.declare_composite("variables");
    environment_.declare_field("variables", "seven", Type::integer());
    environment_.declare_field("variables", "bad", Type::dyn());
    environment_.declare_field("variables", "a__dash__b", Type::dyn());
  }

  std::shared_ptr<const Program> compile(std::string_view expression) {
    Compilation compilation = environment_.compile(expression);
    EXPECT_NE(compilation.program, nullptr) << format_issues(expression, compilation.issues);
    return compilation.program;
  }

  std::vector<Value> slots_for(std::string_view json, Arena& arena) {
    std::vector<Value> slots(environment_.slot_count());
    slots[0] = Value::of(*document::parse_json(json, arena));  // NOLINT: the test's own text
    return slots;
  }

  Environment environment_ = Environment::kubernetes();
};

TEST_F(ProgramTest, NamesTheSlotsItReads) {
  EXPECT_EQ(compile("variables.seven > object.a && object.b")->slots(), (std::vector<Slot>{0, 1}));
  EXPECT_EQ(compile("1 + 1 == 2")->slots(), std::vector<Slot>{});
}

TEST_F(ProgramTest, NamesWhatItMaySee) {
  struct Case {
    std::string_view expression;
    bool sees;
  };

  constexpr std::array<Case, 17> kCases{{
      {"object.a == 1", false},
      {"object.metadata.name == 'a'", false},
      {"object.?metadata.?labels['managedFields'].orValue('') == ''", false},
      {"object.metadata[?'labels'].hasValue()", false},
      {"has(object.metadata.labels)", false},
      {"variables.seven == 7", false},
      {"object.spec.containers.all(c, c.metadata.managedFields == 1)", false},
      {"object.metadata.managedFields == null", true},
      {"object.metadata.managedFields[0].manager == 'kubectl'", true},
      {"has(object.metadata.managedFields)", true},
      {"object.?metadata.?managedFields.hasValue()", true},
      {"object['metadata']['managedFields'] == null", true},
      {"object.metadata == null", true},
      {"object == null", true},
      {"object.metadata[variables.bad] == 1", true},
      {"object.exists(key, object[key].managedFields == 1)", true},
      {"(object.a ? object : {}).size() == 0", true},
  }};
  constexpr std::array<std::string_view, 2> kPath{"metadata", "managedFields"};
  for (const auto& [expression, sees] : kCases) {
    EXPECT_EQ(compile(expression)->may_see(0, kPath), sees) << expression;
    EXPECT_FALSE(compile(expression)->may_see(99, kPath)) << expression;
  }
}

TEST_F(ProgramTest, NamesThePlacesThatDecide) {
  struct Case {
    std::string_view expression;
    std::string_view places;
  };

  constexpr std::array<Case, 13> kCases{{
      {"1 == 1", ""},
      {"object.a == 1", "0.a"},
      {"object.a.b == 1 && object.a.b != 2", "0.a.b"},
      {"object.?a.b.orValue(1) == 1", "0.a.b"},
      {"object.a.?b.hasValue()", "0.a"},
      {"has(object.a)", "0.a"},
      {"has(object.a.b.c)", "0.a.b"},
      {"has(object.?a.b)", "0.a.b"},
      {"object.?a[?'b'].orValue(1) == 1", "0.a.b"},
      {"object.?a[?0].orValue(1) == 1", "0.a"},
      {"object.a.all(x, x.b == 1)", "0.a"},
      {"object[object.a] == 1", "0 0.a"},
      {"variables.seven == 7", "1"},
  }};
  for (const auto& [expression, expected] : kCases) {
    const auto program = compile(expression);
    const auto places = program->places();
    ASSERT_TRUE(places) << expression;
    std::vector<std::string> texts;
    for (const Place& place : *places) {
      std::string text = std::to_string(place.slot);
      for (const std::string_view name : place.path) {
        text += "." + std::string(name);
      }
      texts.push_back(text);
    }
    std::ranges::sort(texts);
    EXPECT_EQ(join(texts, " "), expected) << expression;
  }
}

TEST_F(ProgramTest, NamesWhatItReads) {
  struct Case {
    std::string_view expression;
    std::string_view readings;
  };

  constexpr std::array<Case, 9> kCases{{
      {"object.a.b == 1", "0 a b;"},
      {"object.?a.?b.orValue(1) == 1 && object.c != 2", "0 a b;0 c;"},
      {"!has(object.a.b) || object.a.b == 1", "0 a b?;0 a b;"},
      {"object['a'][?'b/c'].hasValue()", "0 a b/c;"},
      {"object.list[0].a == 1", "0 list;"},
      {"object.list.all(each, each.a == object.b)", "0 list;0 b;"},
      {"object.a[object.b].c == 1", "0 b;0 a;"},
      {"variables.seven > object.a", "1;0 a;"},
      {"1 + 1 == 2", ""},
  }};
  for (const auto& [expression, expected] : kCases) {
    std::string found;
    const auto program = compile(expression);
    for (const auto& reading : readings_of(*program)) {
      found += std::to_string(reading.slot);
      for (const auto name : reading.path) {
        found += ' ' + std::string(name);
      }
      found += reading.only_asked ? "?;" : ";";
    }
    EXPECT_EQ(found, expected) << expression;
  }
}

TEST_F(ProgramTest, ResolvesALazySlotOnceAndOnlyWhenRead) {
  Arena arena;
  Variables lazy;
  std::vector<Value> slots = slots_for(R"({"a":1})", arena);
  Evaluation evaluation(arena, slots, &lazy);
  EXPECT_TRUE(compile("object.a == 1 || variables.seven == 7")->evaluate(evaluation).is_true());
  EXPECT_TRUE(lazy.asked.empty());
  EXPECT_TRUE(compile("variables.seven + variables.seven == 14")->evaluate(evaluation).is_true());
  EXPECT_EQ(lazy.asked, (std::map<std::uint32_t, int>{{1, 1}}));
  EXPECT_EQ(slots[1].as_int(), 7);
}

TEST_F(ProgramTest, AbsorbsALazySlotsError) {
  Arena arena;
  Variables lazy;
  std::vector<Value> slots = slots_for("{}", arena);
  Evaluation evaluation(arena, slots, &lazy);
  EXPECT_EQ(compile("variables.bad")->evaluate(evaluation).as_error().message,
            "composited variable \"bad\" fails");
  EXPECT_TRUE(compile("variables.bad || true")->evaluate(evaluation).is_true());
  EXPECT_EQ(compile("has(variables.bad)")->evaluate(evaluation).as_error().message,
            "composited variable \"bad\" fails");
}

TEST_F(ProgramTest, DoesNotFindAVariableUnderAnEscapedName) {
  Arena arena;
  Variables lazy;
  std::vector<Value> slots = slots_for("{}", arena);
  Evaluation evaluation(arena, slots, &lazy);
  EXPECT_EQ(compile("variables.a__dash__b")->evaluate(evaluation).as_error().message,
            "no such key: a__dash__b");
  EXPECT_TRUE(compile("has(variables.a__dash__b)")->evaluate(evaluation).is_false());
}

TEST_F(ProgramTest, SaysWhichSlotHasNoValue) {
  Arena arena;
  std::vector<Value> slots(environment_.slot_count());
  Evaluation evaluation(arena, slots);
  EXPECT_EQ(compile("object.a")->evaluate(evaluation).as_error().message, "no such attribute");
}

TEST_F(ProgramTest, EndsAtTheLimitWhateverWouldAbsorbIt) {
  Arena arena;
  std::vector<Value> slots = slots_for(R"({"l":[1,2,3,4,5,6,7,8]})", arena);
  for (const std::string_view expression :
       {"object.l.all(x, x > 0) || true", "object.l.exists(x, object.l.all(y, y > 0)) || true",
        "object.l.map(x, object.l.map(y, x * y)).size() > 0 || true",
        "[object.l.all(x, x > 0)] == [true] || true"}) {
    Evaluation evaluation(arena, slots);
    evaluation.start(20);
    const Value value = compile(expression)->evaluate(evaluation);
    ASSERT_TRUE(value.is_error()) << expression;
    EXPECT_EQ(value.as_error().message, "operation cancelled: actual cost limit exceeded");
    EXPECT_TRUE(value.as_error().is_limit);
    EXPECT_GT(evaluation.cost(), 20U);
  }
}

TEST_F(ProgramTest, ReportsWhatOnlyShowsWhenItIsMade) {
  const Compilation compilation = environment_.compile("int('x') == 1");
  EXPECT_EQ(compilation.program, nullptr);
  ASSERT_EQ(compilation.issues.size(), 1U);
  EXPECT_EQ(compilation.issues[0].message, "type conversion error from 'string' to 'int'");
}

TEST_F(ProgramTest, SurvivesTheDeepestExpression) {
  std::string expression = "object.a";
  for (int i = 0; i < 100; ++i) {
    expression = "(" + expression + " + 1)";
  }
  std::string disjunction = "object.nope";
  for (int i = 0; i < 2000; ++i) {
    disjunction += " || object.nope";
  }
  Arena arena;
  std::vector<Value> slots = slots_for(R"({"a":0})", arena);
  Evaluation evaluation(arena, slots);
  EXPECT_EQ(compile(expression)->evaluate(evaluation).as_int(), 100);
  EXPECT_EQ(compile(disjunction)->evaluate(evaluation).as_error().message, "no such key: nope");
}

constexpr std::string_view kPod =
    R"({"replicas":3,"metadata":{"name":"web-1","labels":{"app":"web"}},"spec":{"containers":[
{"name":"a","image":"r.io/a:1","securityContext":{"capabilities":{"drop":["ALL"]}}},
{"name":"b","image":"r.io/b:2"}]}})";

constexpr std::string_view kTypical =
    "object.replicas <= 5 && object.metadata.labels['app'] in ['web', 'db'] && "
    "object.metadata.name.matches('^[a-z-]+[0-9]$') && "
    "object.spec.containers.all(c, c.image.startsWith('r.io/') && (!has(c.securityContext) || "
    "c.securityContext.capabilities.drop.exists(d, d == 'ALL')))";

TEST_F(ProgramTest, AsksForNoMemoryInSteadyState) {
  if (SEAWORTHY_COUNTS_ALLOCATIONS == 0) {
    GTEST_SKIP()
        << "a sanitizer's own operator new is in use: allocations are counted in the dev build";
  }
  const auto program = compile(kTypical);
  Arena arena;
  std::vector<Value> slots = slots_for(kPod, arena);
  Arena scratch;
  for (int i = 0; i < 3; ++i) {
    Evaluation evaluation(scratch, slots);
    EXPECT_TRUE(program->evaluate(evaluation).is_true());
    scratch.reset();
  }
  const std::size_t before = allocations;
  bool held = true;
  for (int i = 0; i < 100; ++i) {
    Evaluation evaluation(scratch, slots);
    held = program->evaluate(evaluation).is_true() && held;
    scratch.reset();
  }
  const std::size_t after = allocations;
  EXPECT_TRUE(held);
  EXPECT_EQ(after - before, 0U);
}

TEST_F(ProgramTest, IsSharedByThreads) {
  const auto program = compile(kTypical);
  std::vector<std::thread> threads;
  std::atomic<int> held = 0;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      Arena arena;
      std::vector<Value> slots = slots_for(kPod, arena);
      for (int i = 0; i < 100; ++i) {
        Evaluation evaluation(arena, slots);
        held += program->evaluate(evaluation).is_true() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(held, 800);
}

}  // namespace
}  // namespace seaworthy::cel
