// The bytes are a row of choices in a grammar whose rules have holes: ‹b› for a bool, ‹n› for a
// number, ‹s› for a string, ‹l› for a list, ‹m› for a map, ‹o› for an optional, ‹d› for anything,
// ‹v› for a loop's variable. When the bytes run out, the first rule of a kind, which has no holes,
// ends the growth.
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entries.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/check.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/explain.h"
#include "seaworthy/cel/tagged_json.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/admission_environment.h"

namespace seaworthy::fuzz {
namespace {

constexpr std::string_view kObject =
    R"({"a":1,"b":true,"s":"héllo","e":"","n":null,"f":1.5,"l":[1,"a",null,2.5,{"k":1},[1]],"i":[3,1,2],"t":["b","a","b"],"m":{"a":1,"b":{"c":[1]}},"big":9223372036854775807,"min":-9223372036854775808,"q":"1.5Gi","ip":"10.0.0.1"})";

constexpr std::array<std::string_view, 22> kBools = {"true",
                                                     "false",
                                                     "object.b",
                                                     "‹b› && ‹b›",
                                                     "‹b› || ‹b›",
                                                     "!‹b›",
                                                     "(‹b› ? ‹b› : ‹b›)",
                                                     "‹n› < ‹n›",
                                                     "‹d› == ‹d›",
                                                     "‹d› != ‹d›",
                                                     "‹d› in ‹l›",
                                                     "‹s› in ‹m›",
                                                     "‹l›.all(v, ‹b›)",
                                                     "‹l›.exists(v, ‹b›)",
                                                     "‹l›.exists_one(v, ‹b›)",
                                                     "‹m›.all(k, v, ‹b›)",
                                                     "has(‹d›.a)",
                                                     "‹s›.contains(‹s›)",
                                                     "‹s›.matches(‹s›)",
                                                     "‹o›.hasValue()",
                                                     "‹l›.isSorted()",
                                                     "sets.contains(‹l›, ‹l›)"};
constexpr std::array<std::string_view, 24> kNumbers = {"1",
                                                       "0",
                                                       "-1",
                                                       "9223372036854775807",
                                                       "1.5",
                                                       "2u",
                                                       "object.a",
                                                       "object.big",
                                                       "object.min",
                                                       "(‹n› + ‹n›)",
                                                       "(‹n› - ‹n›)",
                                                       "(‹n› * ‹n›)",
                                                       "(‹n› / ‹n›)",
                                                       "(‹n› % ‹n›)",
                                                       "-(‹n›)",
                                                       "size(‹d›)",
                                                       "‹s›.indexOf(‹s›)",
                                                       "int(‹d›)",
                                                       "double(‹d›)",
                                                       "‹l›.sum()",
                                                       "‹l›.max()",
                                                       "quantity(‹s›).compareTo(quantity(‹s›))",
                                                       "timestamp(‹s›).getHours()",
                                                       "duration(‹s›).getSeconds()"};
constexpr std::array<std::string_view, 22> kStrings = {"'a'",
                                                       "''",
                                                       "'日本'",
                                                       "'1h'",
                                                       "'1Gi'",
                                                       "'[a-z]+'",
                                                       "'%s %d'",
                                                       "object.s",
                                                       "object.q",
                                                       "object.ip",
                                                       "(‹s› + ‹s›)",
                                                       "string(‹d›)",
                                                       "‹s›.substring(‹n›)",
                                                       "‹s›.replace(‹s›, ‹s›)",
                                                       "‹s›.charAt(‹n›)",
                                                       "‹s›.upperAscii()",
                                                       "‹l›.join(‹s›)",
                                                       "‹s›.format(‹l›)",
                                                       "'%s'.format([‹d›])",
                                                       "‹s›.trim()",
                                                       "string(type(‹d›))",
                                                       "ip(‹s›).family() == 4 ? 'a' : 'b'"};
constexpr std::array<std::string_view, 22> kLists = {"[]",
                                                     "object.l",
                                                     "object.i",
                                                     "object.t",
                                                     "[‹d›]",
                                                     "[‹n›, ‹n›]",
                                                     "(‹l› + ‹l›)",
                                                     "‹l›.filter(v, ‹b›)",
                                                     "‹l›.map(v, ‹d›)",
                                                     "‹l›.map(v, ‹b›, ‹d›)",
                                                     "‹l›.reverse()",
                                                     "‹l›.distinct()",
                                                     "‹l›.sort()",
                                                     "‹l›.sortBy(v, ‹n›)",
                                                     "‹l›.slice(‹n›, ‹n›)",
                                                     "‹l›.flatten()",
                                                     "lists.range(‹n›)",
                                                     "‹s›.split(‹s›)",
                                                     "‹s›.findAll(‹s›)",
                                                     "‹l›.transformList(k, v, ‹d›)",
                                                     "[?‹o›]",
                                                     "‹m›.map(v, ‹d›)"};
constexpr std::array<std::string_view, 8> kMaps = {"{}",
                                                   "object.m",
                                                   "object",
                                                   "{‹s›: ‹d›}",
                                                   "{'a': ‹d›, 'b': ‹d›}",
                                                   "{?'a': ‹o›}",
                                                   "‹m›.transformMap(k, v, ‹d›)",
                                                   "‹l›.transformMapEntry(k, v, {‹s›: ‹d›})"};
constexpr std::array<std::string_view, 12> kOptionals = {
    "optional.none()", "optional.of(‹d›)",   "optional.ofNonZeroValue(‹d›)",
    "‹m›[?‹s›]",       "‹l›[?‹n›]",          "‹d›.?a",
    "‹o›.or(‹o›)",     "‹o›.optMap(v, ‹d›)", "‹o›.optFlatMap(v, ‹o›)",
    "‹l›.first()",     "‹l›.last()",         "(‹b› ? ‹o› : ‹o›)"};
constexpr std::array<std::string_view, 18> kAnything = {
    "null",     "object.n",         "variables.x", "‹v›",      "dyn(‹b›)",  "dyn(‹n›)",
    "dyn(‹s›)", "dyn(‹l›)",         "dyn(‹m›)",    "dyn(‹o›)", "‹l›[‹n›]",  "‹m›[‹s›]",
    "‹d›.b",    "‹o›.orValue(‹d›)", "‹o›.value()", "b'\\xff'", "type(‹d›)", "(‹b› ? ‹d› : ‹d›)"};

class Maker {
 public:
  explicit Maker(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::string make(char kind, int depth) {
    switch (kind) {
      case 'b':
        return fill(pick(kBools), depth);
      case 'n':
        return fill(pick(kNumbers), depth);
      case 's':
        return fill(pick(kStrings), depth);
      case 'l':
        return fill(pick(kLists), depth);
      case 'm':
        return fill(pick(kMaps), depth);
      case 'o':
        return fill(pick(kOptionals), depth);
      case 'v':
        return choose(2) == 0 ? "v" : "k";
      default:
        return fill(pick(kAnything), depth);
    }
  }

  std::size_t choose(std::size_t count) {
    if (at_ == bytes_.size()) {
      return 0;
    }
    return bytes_[at_++] % count;
  }

 private:
  static constexpr int kDepthMax = 12;
  static constexpr std::string_view kOpen = "‹";
  static constexpr std::string_view kClose = "›";

  std::string_view pick(std::span<const std::string_view> rules) {
    return rules[choose(rules.size())];
  }

  std::string fill(std::string_view rule, int depth) {
    if (depth > kDepthMax) {
      return "null";
    }
    std::string out;
    for (std::size_t hole = rule.find(kOpen); hole != std::string_view::npos;
         hole = rule.find(kOpen)) {
      out += rule.substr(0, hole);
      out += make(rule[hole + kOpen.size()], depth + 1);
      rule.remove_prefix(hole + kOpen.size() + 1 + kClose.size());
    }
    return out + std::string(rule);
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// `variables.x`.
class Variable final : public cel::LazySlots {
 public:
  explicit Variable(std::shared_ptr<const cel::Program> program) : program_(std::move(program)) {}

  cel::Value resolve(std::uint32_t /*slot*/, cel::Evaluation& evaluation) override {
    cel::Evaluation inner(evaluation.arena(), evaluation.slots(), this);
    inner.start();
    const cel::Value value = program_->evaluate(inner);
    return value.is_error() ? evaluation.error(value.as_error().message) : value;
  }

 private:
  std::shared_ptr<const cel::Program> program_;
};

struct Result {
  std::string value;
  std::uint64_t cost = 0;

  friend bool operator==(const Result&, const Result&) = default;
};

}  // namespace

void cel_evaluate(const std::uint8_t* data, std::size_t size) {
  static const policy::AdmissionEnvironment kAdmission = policy::make_admission_environment(
      cel::Environment::kubernetes(), policy::AdmissionParams::kNone);
  Maker maker({data, size});
  constexpr std::array kLimits = {limits::kExpressionCostMax, std::uint64_t{100}, std::uint64_t{7}};
  const std::uint64_t limit = kLimits[maker.choose(kLimits.size())];
  cel::Environment environment = kAdmission.environment;
  const cel::Compilation variable = environment.compile(maker.make('d', 0));
  const auto slot = environment.declare_field("variables", "x", cel::Type::dyn());
  const std::string expression = maker.make("bnslmod"[maker.choose(7)], 0);
  const cel::Compilation compiled = environment.compile(expression);
  if (compiled.program == nullptr) {
    return;
  }
  Arena arena;
  const auto object = document::parse_json(kObject, arena);
  SEAWORTHY_CHECK(object);
  std::vector<cel::Value> slots(environment.slot_count(), cel::Value::null());
  slots[kAdmission.slots.object] = cel::Value::of(*object);
  slots[slot] = variable.program == nullptr ? cel::Value::null() : cel::Value();
  Variable lazy(variable.program);
  const auto run = [&] {
    std::vector<cel::Value> own = slots;
    cel::Evaluation evaluation(arena, own, &lazy);
    evaluation.start(limit);
    const cel::Value value = compiled.program->evaluate(evaluation);
    SEAWORTHY_CHECK(!value.is(cel::ValueKind::kUnset));
    SEAWORTHY_CHECK(!evaluation.over_limit() || (value.is_error() && value.as_error().is_limit));
    Result result;
    print_tagged(value, result.value);
    SEAWORTHY_CHECK(!to_source(value).empty());
    result.cost = evaluation.cost();
    return result;
  };
  const Result first = run();
  SEAWORTHY_CHECK(first == run());
  if (limit == limits::kExpressionCostMax) {
    const auto explained = explain(environment, expression, slots, &lazy, arena);
    std::string value;
    print_tagged(explained.root.value, value);
    SEAWORTHY_CHECK(value == first.value);
  }
}

}  // namespace seaworthy::fuzz
