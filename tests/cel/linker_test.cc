#include "seaworthy/cel/linker.h"

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

// What is computed once, and that nobody can tell: values, errors, costs and limits stay.

namespace seaworthy::cel {
namespace {

/// How often `probe(x)` ran, by this thread.
thread_local int probes = 0;

constexpr FunctionRow kProbe[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"probe", "probe_dyn", "(dyn) -> dyn",
     [](std::span<const Value> arguments, Evaluation& evaluation) {
       ++probes;
       return arguments[0].is(ValueKind::kNull) ? evaluation.error("probed null") : arguments[0];
     }},
};

constexpr std::string_view kObject =
    R"({"a": {"b": {"c": {"d": 7}}}, "l": [{"n": 1}, {"n": 2}, {"n": 3}], "none": null})";

class Linked {
 public:
  explicit Linked(const std::vector<std::string>& expressions, LinkOptions options = {}) {
    environment_.add({"test", kProbe});
    environment_.declare("object", Type::dyn());
    Linker linker(options);
    const SlotIdentity object{"object", 0};
    for (const std::string& expression : expressions) {
      const Compilation compiled = environment_.compile(expression);
      EXPECT_TRUE(compiled.issues.empty()) << format_issues(expression, compiled.issues);
      alone_.push_back(compiled.program);
      programs_.push_back(compiled.program);
      linker.add(programs_.back(), std::span(&object, 1));
    }
    layout_ = linker.link();
  }

  /// "value (cost)" or "error: … (cost)" of each, with one memo for all or without.
  std::vector<std::string> run(bool sharing, std::uint64_t limit = 1'000'000) {
    probes = 0;
    Arena arena;
    Memo memo(layout_, arena);
    Value object = Value::of(document::parse_json(kObject, arena).value());
    Evaluation evaluation(arena, std::span(&object, 1), nullptr, sharing ? &memo : nullptr);
    std::vector<std::string> answers;
    for (const auto& program : sharing ? programs_ : alone_) {
      evaluation.start(limit);
      const Value value = program->evaluate(evaluation);
      const std::string text = value.is_error() ? "error: " + std::string(value.as_error().message)
                                                : std::string(to_text(value, arena));
      answers.push_back(text + " (" + std::to_string(evaluation.cost()) + ")");
    }
    return answers;
  }

 private:
  Environment environment_ = Environment::kubernetes();
  std::deque<std::shared_ptr<const Program>> alone_;
  std::deque<std::shared_ptr<const Program>> programs_;
  MemoLayout layout_;
};

struct Case {
  std::string_view name;
  std::vector<std::string> expressions;
  int probes_alone;
  int probes_shared;
};

const Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"whole", {"probe(object.a) == 1", "probe(object.a) == 1"}, 2, 1},
    {"part", {"probe(object.a) == 1", "probe(object.a) != 2"}, 2, 1},
    {"twice_in_one", {"probe(object.a) == probe(object.a)"}, 2, 1},
    {"other_argument", {"probe(object.a) == 1", "probe(object.l) == 1"}, 2, 2},
    {"error", {"probe(object.none) == 1", "probe(object.none) == 2"}, 2, 1},
    {"error_is_absorbed_where_it_may_be",
     {"probe(object.none) == 1 || true", "probe(object.none) == 1"},
     2,
     1},
    {"not_needed", {"true || probe(object.a) == 1", "probe(object.a) == 1"}, 1, 1},
    {"invariant_in_a_loop", {"object.l.all(x, probe(object.a) != x)"}, 3, 1},
    {"element_of_two_loops",
     {"object.l.all(x, probe(x.n) > 0)", "object.l.exists(y, probe(y.n) == 3)"},
     6,
     3},
    {"element_of_two_loops_of_one",
     {"object.l.map(x, probe(x.n)).size() == object.l.filter(y, probe(y.n) > 1).size()"},
     6,
     3},
    {"element_only_as_far_as_needed",
     {"object.l.exists(x, probe(x.n) == 1)", "object.l.all(x, probe(x.n) > 0)"},
     4,
     3},
    {"other_ranges",
     {"object.l.all(x, probe(x.n) > 0)", "[{'n': 1}].all(x, probe(x.n) > 0)"},
     4,
     4},
    {"outer_and_inner_loop_of_one_range",
     {"object.l.all(x, object.l.exists(y, probe(x.n) == probe(y.n)))"},
     12,
     6},
    {"second_variable_is_not_the_first",
     {"object.l.all(i, v, probe(i) >= 0) && object.l.all(i, v, probe(v) != null)"},
     6,
     6},
    {"index_in_both",
     {"object.l.all(i, v, probe(i) >= 0)", "object.l.exists(k, w, probe(k) == 2)"},
     6,
     3},
};

TEST(LinkerTest, ComputesOnceWhatIsCommon) {
  for (const Case& test : kCases) {
    Linked linked(test.expressions);
    const std::vector<std::string> alone = linked.run(false);
    EXPECT_EQ(probes, test.probes_alone) << test.name;
    EXPECT_EQ(linked.run(true), alone) << test.name;
    EXPECT_EQ(probes, test.probes_shared) << test.name;
  }
}

TEST(LinkerTest, PassesEveryLimitAtTheSameUnit) {
  const std::vector<std::string> expressions = {
      "object.l.map(x, {'a': [x.n + 1], 'b': [x.n * 1]}).exists(m, m.a == [9])",
      "object.l.map(x, {'a': [x.n + 1], 'b': [x.n * 1]}).all(m, m.b.size() == 1) || object.none.x",
      "quantity('1Gi').isLessThan(quantity('2Gi')) && object.a.b.c.d == 7",
      "object.a.b.c.d == 7 ? object.l.map(x, x.n + 1).size() : 0",
  };
  for (const bool everything : {false, true}) {
    Linked linked(expressions, {.everything = everything});
    for (std::uint64_t limit = 0; limit < 200; ++limit) {
      EXPECT_EQ(linked.run(true, limit), linked.run(false, limit)) << limit;
    }
  }
}

TEST(LinkerTest, KeepsNothingOfLongRanges) {
  const std::string loop = "lists.range(2000).all(x, probe(x) + probe(x) >= 0)";
  Linked linked({loop, loop + " || false"});
  const std::vector<std::string> alone = linked.run(false);
  EXPECT_EQ(probes, 8000);
  EXPECT_EQ(linked.run(true), alone);
  EXPECT_EQ(probes, 4000);  // the loop as a whole is kept
}

TEST(LinkerTest, ServesManyThreads) {
  const std::vector<std::string> expressions = {
      "object.l.all(x, probe(x.n) > 0) && object.a.b.c.d == 7",
      "object.l.exists(y, probe(y.n) == 3) && object.a.b.c.d == 7",
      "object.l.map(x, string(x.n)).join(',').matches('^' + string(object.l[0].n) + ',.*')",
      "quantity('1Gi').isLessThan(quantity(string(object.a.b.c.d) + 'Gi'))",
  };
  Linked linked(expressions);
  const std::vector<std::string> expected = linked.run(false);
  std::atomic<int> same = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        same += linked.run(true) == expected ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(same, 1600);
}

TEST(LinkerTest, KeepsRowsApart) {
  Environment environment = Environment::kubernetes();
  environment.add({"test", kProbe});
  environment.declare("container", Type::dyn());
  std::shared_ptr<const Program> first = environment.compile("probe(container) == 'a'").program;
  std::shared_ptr<const Program> second = environment.compile("probe(container) == 'b'").program;
  Linker linker;
  const SlotIdentity container{"container", 1};
  linker.add(first, std::span(&container, 1));
  linker.add(second, std::span(&container, 1));
  const MemoLayout layout = linker.link();
  Arena arena;
  Memo memo(layout, arena);
  Value slot;
  Evaluation evaluation(arena, std::span(&slot, 1), nullptr, &memo);
  std::string answers;
  probes = 0;
  for (const Program* program : {first.get(), second.get()}) {
    for (std::uint32_t row = 0; row < 2; ++row) {
      memo.select(1, row, 2);
      slot = Value::string(row == 0 ? "a" : "b");
      evaluation.start();
      answers += program->evaluate(evaluation).is_true() ? "y" : "n";
    }
  }
  EXPECT_EQ(answers, "ynny");
  EXPECT_EQ(probes, 2);
}

TEST(LinkerTest, SharesNothingOfASlotWithoutIdentity) {
  Environment environment = Environment::kubernetes();
  environment.add({"test", kProbe});
  environment.declare("secret", Type::dyn());
  std::shared_ptr<const Program> first = environment.compile("probe(secret) == 1").program;
  std::shared_ptr<const Program> second = environment.compile("probe(secret) == 1").program;
  Linker linker;
  const SlotIdentity unknown;
  EXPECT_EQ(linker.add(first, std::span(&unknown, 1)).name, "");
  EXPECT_EQ(linker.add(second, std::span(&unknown, 1)).name, "");
  const MemoLayout layout = linker.link();
  EXPECT_EQ(layout.scopes[0].cells, 0U);
}

TEST(LinkerTest, NamesWhatComputesTheSameAlike) {
  Environment environment = Environment::kubernetes();
  environment.declare("object", Type::dyn());
  std::shared_ptr<const Program> programs[] = {
      // NOLINT(modernize-avoid-c-arrays)
      environment.compile("object.l.filter(c, c.n > 1)").program,
      environment.compile("object.l.filter(x, x.n > 1)").program,
      environment.compile("object.l.filter(x, x.n > 2)").program,
  };
  Linker linker;
  const SlotIdentity object{"object", 0};
  const std::string first = linker.add(programs[0], std::span(&object, 1)).name;
  EXPECT_NE(first, "");
  EXPECT_EQ(linker.add(programs[1], std::span(&object, 1)).name, first);
  EXPECT_NE(linker.add(programs[2], std::span(&object, 1)).name, first);
}

}  // namespace
}  // namespace seaworthy::cel
