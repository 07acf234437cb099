// The batch protocol: an answer a line, whatever the line is.
#include <string>

#include <gtest/gtest.h>

#include "cli/eval_run.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::cli {
namespace {

EvalRun run_batch(const std::string& input, std::size_t piece = 65536) {
  testing::MemoryFileSystem files;
  EvalOptions options;
  options.batch = true;
  return run_eval(options, files, input, piece);
}

struct Case {
  std::string request;
  std::string answer;
};

TEST(EvalBatchTest, AnswersALineEach) {
  const Case cases[] = {
      {R"j({"expr":"1 + 2"})j", R"j({"cost":1,"expr":"1 + 2","type":"int","value":{"int":"3"}})j"},
      {R"j({"expr":"object.a","vars":{"object":{}}})j",
       R"j({"cost":2,"error":"no such key: a","expr":"object.a","type":"dyn"})j"},
      {R"j({"expr":"objec"})j",
       R"j({"compileError":"compilation failed: ERROR: <input>:1:1: undeclared reference to 'objec' (in container '')\n | objec\n | ^","expr":"objec"})j"},
      {R"j({"expr":"int('x')"})j",
       R"j({"compileError":"program instantiation failed: type conversion error from 'string' to 'int'","expr":"int('x')"})j"},
      {R"j({"expr":"null","returns":"bool"})j",
       R"j({"compileError":"must evaluate to bool but got null_type","expr":"null"})j"},
      {R"j({"expr":"timestamp(0)","returns":"duration"})j",
       R"j({"compileError":"must evaluate to google.protobuf.Duration but got google.protobuf.Timestamp","expr":"timestamp(0)"})j"},
      {R"j({"expr":"variables.a + variables.a","variables":[{"name":"a","expression":"object.n + 1"}],"vars":{"object":{"n":2}}})j",
       R"j({"cost":5,"expr":"variables.a + variables.a","type":"int","value":{"int":"6"},"variablesCost":3})j"},
      {R"j({"expr":"variables.b || true","variables":[{"name":"b","expression":"x"}]})j",
       R"j({"cost":2,"expr":"variables.b || true","type":"bool","value":{"bool":true},"var:b":"compilation failed: ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x\n | ^"})j"},
      {R"j({"expr":"{'b': dyn(1.0), 'a': dyn([dyn(b'x'), dyn(optional.of(1)), dyn(int)])}"})j",
       R"j({"cost":43,"expr":"{'b': dyn(1.0), 'a': dyn([dyn(b'x'), dyn(optional.of(1)), dyn(int)])}","type":"map(string, dyn)","value":{"map":[[{"string":"a"},{"list":[{"bytes":"78"},{"optional":{"int":"1"}},{"type":"int"}]}],[{"string":"b"},{"double":"1.0"}]]}})j"},
      {R"j({"expr":"quantity('1.5Gi')"})j",
       R"j({"cost":1,"expr":"quantity('1.5Gi')","type":"kubernetes.Quantity","value":{"opaque":{"go":"1536Mi","type":"kubernetes.Quantity"}}})j"},
      {R"j({"patchType":"JSONPatch","expr":"[JSONPatch{op: 'add', path: '/metadata/labels', value: {'a': request.operation}}]","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}})j",
       R"j({"expr":"[JSONPatch{op: 'add', path: '/metadata/labels', value: {'a': request.operation}}]","patchType":"JSONPatch","result":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"CREATE"}}}})j"},
      {R"j({"patchType":"ApplyConfiguration","expr":"int('x')","object":{"apiVersion":"v1","kind":"Pod"}})j",
       R"j({"error":"must evaluate to Object but got int","expr":"int('x')","patchType":"ApplyConfiguration"})j"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(run_batch(each.request + "\n").out, each.answer + "\n") << each.request;
  }
}

TEST(EvalBatchTest, NamesTheLineThatIsNoRequest) {
  const Case cases[] = {
      {"1", R"j({"error":"not an object","line":1})j"},
      {R"j({"exp":"1"})j", R"j({"error":"expr is not a string","line":1})j"},
      {R"j({"expr":1})j", R"j({"error":"expr is not a string","line":1})j"},
      {R"j({"expr":"1","returns":1})j", R"j({"error":"returns is not a string","line":1})j"},
      {R"j({"expr":"1","vars":[]})j", R"j({"error":"vars is not an object","line":1})j"},
      {R"j({"expr":"1","variables":{}})j", R"j({"error":"variables is not a list","line":1})j"},
      {R"j({"expr":"1","variables":[{"name":"a"}]})j",
       R"j({"error":"variables[0].expression is not a string","line":1})j"},
      {R"j({"expr":"1","variables":[{"name":"a","expression":"1"},{"name":"a","expression":"2"}]})j",
       R"j({"error":"variable 'a' is there twice","line":1})j"},
      {R"j({"expr":"1","patchType":"Merge","object":{}})j",
       R"j({"error":"patchType is neither ApplyConfiguration nor JSONPatch","line":1})j"},
  };
  for (const auto& each : cases) {
    const EvalRun run = run_batch(each.request + "\n");
    EXPECT_EQ(run.out, each.answer + "\n") << each.request;
    EXPECT_EQ(run.code, ExitCode::kUsage);
  }
  const EvalRun mixed = run_batch("{\n# a comment\n\n{\"expr\":\"1\"}");
  EXPECT_NE(mixed.out.find("\"line\":1}\n{\"cost\":0,\"expr\":\"1\""), std::string::npos)
      << mixed.out;
}

TEST(EvalBatchTest, KeepsNoLineThatIsTooLong) {
  const std::string longest(limits::kBatchLineBytesMax + 1, ' ');
  const EvalRun run = run_batch(longest + "\n{\"expr\":\"true\"}\n");
  EXPECT_EQ(run.out,
            "{\"error\":\"longer than 16 MiB\",\"line\":1}\n"
            "{\"cost\":0,\"expr\":\"true\",\"type\":\"bool\",\"value\":{\"bool\":true}}\n");
  EXPECT_EQ(run.code, ExitCode::kUsage);
}

TEST(EvalBatchTest, FlushesBeforeItWaits) {
  const std::string two = "{\"expr\":\"1\"}\n{\"expr\":\"2\"}\n";
  EXPECT_EQ(run_batch(two).flushes, 3);  // before the first read, before the last, at the end
  const EvalRun pieces = run_batch(two, 5);
  EXPECT_GE(pieces.flushes, 3);
  EXPECT_EQ(pieces.out, run_batch(two).out);
}

}  // namespace
}  // namespace seaworthy::cli
