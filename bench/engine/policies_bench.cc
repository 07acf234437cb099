// What judging a Pod costs, in this thread's time: policies_bench LIST REVIEW.
//
// 1. The listed bundle on Pods of 1, 3 and 10 containers, and on a recorded review, with and
//    without reading the JSON.
// 2. 10 policies against 1,000: the ways in which a cluster comes to have so many. "copies": every
//    team has the rules under names of its own. "variants": half of the rules have a limit or a
//    registry of the team's own. Both with and without sharing.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "allocations.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/document/json.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/evaluator.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/policy/policy_set.h"
#include "timing.h"

namespace seaworthy {
namespace {

/// Every `from` as `to`.
std::string replaced(std::string text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

constexpr std::string_view kPod = R"({"apiVersion":"v1","kind":"Pod",
"metadata":{"name":"web-7d4b9c","namespace":"shop","labels":{"app":"web","tier":"front"}},
"spec":{"serviceAccountName":"web","securityContext":{"seccompProfile":{"type":"RuntimeDefault"}},
"containers":[@CONTAINERS],"volumes":[{"name":"tmp","emptyDir":{}}]}})";

constexpr std::string_view kContainer = R"({"name":"c@N",
"image":"registry.example.com/shop/c@N:1.@N.0","imagePullPolicy":"IfNotPresent",
"ports":[{"containerPort":808@N}],"env":[{"name":"MODE","value":"production"}],
"resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"memory":"256Mi"}},
"securityContext":{"runAsNonRoot":true,"privileged":false,"allowPrivilegeEscalation":false,
"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}},
"volumeMounts":[{"name":"tmp","mountPath":"/tmp"}]})";

constexpr std::string_view kReview = R"({"apiVersion":"admission.k8s.io/v1",
"kind":"AdmissionReview","request":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
"kind":{"group":"","version":"v1","kind":"Pod"},
"resource":{"group":"","version":"v1","resource":"pods"},
"requestKind":{"group":"","version":"v1","kind":"Pod"},
"requestResource":{"group":"","version":"v1","resource":"pods"},
"name":"web-7d4b9c","namespace":"shop","operation":"CREATE",
"userInfo":{"username":"system:serviceaccount:kube-system:replicaset-controller",
"uid":"1","groups":["system:serviceaccounts","system:authenticated"]},
"object":@OBJECT,"oldObject":null,"dryRun":false,"options":null}})";

/// The AdmissionReview of a Pod's creation.
std::string review_json(int containers) {
  std::string list;
  for (int i = 0; i < containers; ++i) {
    list += (i == 0 ? "" : ",") + replaced(std::string(kContainer), "@N", std::to_string(i));
  }
  return replaced(std::string(kReview), "@OBJECT",
                  replaced(std::string(kPod), "@CONTAINERS", list));
}

std::shared_ptr<const policy::PolicySet> load(const std::vector<policy::SourceText>& sources) {
  auto set = policy::load_policies(sources);
  for (const auto& diagnostic : set->diagnostics()) {
    std::cerr << diagnostic.file << ": " << diagnostic.message << "\n";
    std::exit(1);
  }
  return set;
}

/// A policy set and a Pod, judged again and again.
class Judging {
 public:
  Judging(std::shared_ptr<const policy::PolicySet> set, std::string json)
      : set_(std::move(set)), json_(std::move(json)) {}

  void read() {
    document_.reset();
    const document::JsonOptions options{.skipped = admission::kManagedFieldsPath};
    review_ = admission::read_review(parser_.parse(json_, document_, options).value()).value();
  }

  std::size_t judge() {
    arena_.reset();
    engine::JudgeRequest request;
    request.settings.mode = policy::Mode::kDeny;
    request.namespace_object = engine::namespace_from_name("shop", arena_);
    return engine::judge(set_->policies(), review_, request, arena_)->verdicts.size();
  }

  /// The whole of it: bytes to bytes.
  std::size_t answer() {
    read();
    arena_.reset();
    engine::JudgeRequest request;
    request.settings.mode = policy::Mode::kDeny;
    request.namespace_object = engine::namespace_from_name("shop", arena_);
    const auto admission = engine::admit(set_->policies(), review_, request, arena_).value();
    return admission::print_response(review_.api_version, review_.uid, admission.response).size();
  }

  std::size_t evaluate() {
    arena_.reset();
    const auto target = engine::Target::make(review_, {}, arena_).value();
    return engine::evaluate(set_->policies(), target, arena_)->size();
  }

 private:
  std::shared_ptr<const policy::PolicySet> set_;
  std::string json_;
  document::JsonParser parser_;
  Arena document_;
  Arena arena_;
  admission::Review review_;
};

std::string contents(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void bench_bundle(const std::string& list_file, const std::string& review_file) {
  std::vector<policy::SourceText> sources;
  std::ifstream list(list_file);
  for (std::string file; std::getline(list, file);) {
    sources.push_back({file, contents(file)});
  }
  const auto set = load(sources);
  std::cout << "| Pod | policies | read µs | evaluate µs | judge µs | answer µs | allocations |\n"
               "|---|--:|--:|--:|--:|--:|--:|\n";
  const std::vector<std::pair<std::string, std::string>> pods{
      {"1 container", review_json(1)},
      {"3 containers", review_json(3)},
      {"10 containers", review_json(10)},
      {"the recorded review", contents(review_file)}};
  for (const auto& [name, json] : pods) {
    Judging judging(set, json);
    judging.read();
    judging.judge();
    const std::uint64_t before = bench::allocations();
    judging.judge();
    const std::uint64_t made = bench::allocations() - before;
    const double read = bench::least_nanoseconds([&] { judging.read(); });
    const double evaluate = bench::least_nanoseconds([&] { judging.evaluate(); });
    const double judge = bench::least_nanoseconds([&] { judging.judge(); });
    const double answer = bench::least_nanoseconds([&] { judging.answer(); });
    std::cout << fmt::format("| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {} |\n", name,
                             set->policies().size(), read / 1000, evaluate / 1000, judge / 1000,
                             answer / 1000, made);
  }
}

/// Ten rules of the kinds that clusters have.
constexpr std::string_view kTeam = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: team-@T, version: 1.0.0}
spec:
  policies:
    - name: privileged-@T
      severity: critical
      require: "pod.containers.all(c, !c.?securityContext.privileged.orValue(false))"
      message: "@T"
    - name: host-@T
      severity: critical
      require: "!pod.?hostNetwork.orValue(false) && !pod.?hostPID.orValue(false) && !pod.?hostIPC.orValue(false)"
      message: "@T"
    - name: capabilities-@T
      severity: high
      require: "pod.containers.all(c, c.?securityContext.capabilities.drop.orValue([]).exists(d, d == 'ALL'))"
      message: "@T"
    - name: non-root-@T
      severity: high
      require: "pod.?securityContext.runAsNonRoot.orValue(false) || pod.containers.all(c, c.?securityContext.runAsNonRoot.orValue(false))"
      message: "@T"
    - name: read-only-@T
      severity: medium
      each: container
      require: "container.?securityContext.readOnlyRootFilesystem.orValue(false)"
      message: "@T"
    - name: registry-@T
      severity: high
      require: "pod.containers.all(c, c.image.startsWith('registry.example.com/@R'))"
      message: "@T"
    - name: memory-@T
      severity: medium
      require: "pod.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits && quantity(c.resources.limits.memory).isLessThan(quantity('@MMi')))"
      message: "@T"
    - name: tag-@T
      severity: medium
      require: "pod.containers.all(c, c.image.contains('@') || (c.image.contains(':') && !c.image.endsWith(':latest')))"
      message: "@T"
    - name: ports-@T
      severity: low
      require: "pod.containers.all(c, !has(c.ports) || c.ports.all(p, p.containerPort > @P))"
      message: "@T"
    - name: labels-@T
      severity: low
      require: "has(object.metadata.labels) && 'app' in object.metadata.labels"
      message: "@T"
)yaml";

std::string team_policies(int team, std::string_view kind) {
  const int own = kind == "variants" ? team : 0;
  std::string text = replaced(std::string(kTeam), "@T", std::to_string(team));
  text = replaced(text, "@R", own == 0 ? "" : "t" + std::to_string(own));
  text = replaced(text, "@M", std::to_string(4096 + own));
  text = replaced(text, "@P", std::to_string(1024 - own));
  return kind == "others" && team > 0
             ? replaced(text, "      require:",
                        "      match: {resourceRules: [{apiGroups: [''], apiVersions: [v1], "
                        "operations: [CREATE, UPDATE], resources: [services]}]}\n      require:")
             : text;
}

void bench_many() {
  std::cout << "\n| policies | kind | evaluate µs, 10 containers | × |\n|--:|---|--:|--:|\n";
  for (const std::string_view kind : {"copies", "others", "variants"}) {
    double ten = 0;
    for (const int teams : {1, 10, 100}) {
      std::vector<policy::SourceText> sources;
      for (int team = 0; team < teams; ++team) {
        sources.push_back({fmt::format("{}.yaml", team), team_policies(team, kind)});
      }
      Judging judging(load(sources), review_json(10));
      judging.read();
      const double spent = bench::least_nanoseconds([&] { judging.evaluate(); });
      ten = teams == 1 ? spent : ten;
      std::cout << fmt::format("| {} | {} | {:.1f} | {:.1f} |\n", teams * 10, kind, spent / 1000,
                               spent / ten);
    }
  }
}

}  // namespace
}  // namespace seaworthy

int main(int count, char** arguments) {
  const std::string what = count == 4 ? arguments[3] : "";
  if (count < 3 || count > 4 || !(what.empty() || what == "bundle" || what == "many")) {
    std::cerr << "policies_bench LIST REVIEW [bundle|many]; LIST is a file with the name of a "
                 "policy file on each line, REVIEW an AdmissionReview\n";
    return 2;
  }
  if (what != "many") {
    seaworthy::bench_bundle(arguments[1], arguments[2]);
  }
  if (what != "bundle") {
    seaworthy::bench_many();
  }
}
