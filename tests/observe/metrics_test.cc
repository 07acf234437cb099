#include "seaworthy/observe/metrics.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seaworthy/base/limits.h"

namespace seaworthy::observe {
namespace {

using std::chrono::microseconds;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(MetricsTest, CountsAdmissionRequestsByTheirLabels) {
  Metrics metrics("1.2.3");
  const AdmissionSample mended{AdmissionEndpoint::kMutate, "CREATE", "Pod",
                               AdmissionDecision::kMutate, false,    microseconds(80)};
  metrics.admission(mended);
  metrics.admission(mended);
  metrics.admission({AdmissionEndpoint::kValidate,
                     "CONNECT",
                     "NodeProxyOptions",
                     AdmissionDecision::kError,
                     true,
                     {}});
  metrics.admission({AdmissionEndpoint::kValidate,
                     "create",
                     "",
                     AdmissionDecision::kDeny,
                     false,
                     {},
                     AdmissionReuse::kAnswer});
  const std::string text = metrics.text();
  for (
      const char* line : {
          "# TYPE seaworthy_admission_requests_total counter\n",
          R"(seaworthy_admission_requests_total{endpoint="mutate",operation="CREATE",kind="Pod",decision="mutate",dry_run="false"} 2)",
          R"(seaworthy_admission_requests_total{endpoint="validate",operation="CONNECT",kind="other",decision="error",dry_run="true"} 1)",
          R"(seaworthy_admission_requests_total{endpoint="validate",operation="other",kind="other",decision="deny",dry_run="false"} 1)",
          R"(seaworthy_admission_reuse_total{reuse="nothing"} 3)",
          R"(seaworthy_admission_reuse_total{reuse="answer"} 1)",
      }) {
    EXPECT_THAT(text, HasSubstr(std::string(line)));
  }
}

TEST(MetricsTest, PutsDurationsIntoBuckets) {
  Metrics metrics("1");
  for (const auto duration : {microseconds(100), microseconds(101), microseconds(20'000'000)}) {
    metrics.admission(
        {AdmissionEndpoint::kMutate, "CREATE", "Pod", AdmissionDecision::kAllow, false, duration});
  }
  const std::string text = metrics.text();
  const std::string name = "seaworthy_admission_duration_seconds";
  for (const char* rest :
       {R"(_bucket{endpoint="mutate",le="0.0001"} 1)",
        R"(_bucket{endpoint="mutate",le="0.00025"} 2)", R"(_bucket{endpoint="mutate",le="10"} 2)",
        R"(_bucket{endpoint="mutate",le="+Inf"} 3)", R"(_count{endpoint="mutate"} 3)",
        R"(_sum{endpoint="mutate"} 20.000201)", R"(_count{endpoint="validate"} 0)"}) {
    EXPECT_THAT(text, HasSubstr(name + rest + "\n"));
  }
}

TEST(MetricsTest, CountsPoliciesUpToABudget) {
  Metrics metrics("1");
  PolicyCounters& first = metrics.policy("policy-0");
  for (std::size_t i = 0; i < limits::kPolicyLabelsMax + 50; ++i) {
    metrics.policy("policy-" + std::to_string(i)).add(PolicyResult::kFail);
  }
  EXPECT_EQ(&metrics.policy("policy-0"), &first);
  first.add(PolicyResult::kMended, 5);
  const std::string text = metrics.text();
  EXPECT_THAT(text,
              HasSubstr("seaworthy_policy_results_total{policy=\"policy-0\",result=\"fail\"} 1\n"));
  EXPECT_THAT(
      text, HasSubstr("seaworthy_policy_results_total{policy=\"policy-0\",result=\"mended\"} 5\n"));
  EXPECT_THAT(text,
              HasSubstr("seaworthy_policy_results_total{policy=\"other\",result=\"fail\"} 50\n"));
  EXPECT_THAT(text, Not(HasSubstr("policy-" + std::to_string(limits::kPolicyLabelsMax))));
}

TEST(MetricsTest, CountsListeners) {
  Metrics metrics("1");
  ListenerCounters& admission = metrics.listener("admission");
  admission.connections(3);
  admission.connections(-1);
  admission.request(200);
  admission.request(200);
  admission.request(413);
  admission.request(99);
  admission.request(600);
  admission.handshake_error();
  metrics.listener("health").request(503);
  const std::string text = metrics.text();
  for (const char* line : {R"(seaworthy_http_requests_total{listener="admission",code="200"} 2)",
                           R"(seaworthy_http_requests_total{listener="admission",code="413"} 1)",
                           R"(seaworthy_http_requests_total{listener="health",code="503"} 1)",
                           R"(seaworthy_connections{listener="admission"} 2)",
                           R"(seaworthy_connections{listener="health"} 0)",
                           R"(seaworthy_tls_handshake_errors_total{listener="admission"} 1)"}) {
    EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
  }
}

TEST(MetricsTest, TellsTheWholeOfAnEmptyServer) {
  Metrics metrics("1.2.3");
  metrics.set_policies(26, 2, 1);
  metrics.set_certificate_expiry(
      std::chrono::system_clock::time_point(std::chrono::seconds(1'798'761'600)));
  metrics.set_ready(true);
  metrics.set_process(8'388'608, std::chrono::system_clock::time_point(
                                     std::chrono::milliseconds(1'767'225'600'250)));
  const std::string text = metrics.text();
  const std::string gauges = text.substr(text.find("# HELP seaworthy_policies_loaded"));
  EXPECT_EQ(gauges,
            "# HELP seaworthy_policies_loaded Policies in use.\n"
            "# TYPE seaworthy_policies_loaded gauge\n"
            "seaworthy_policies_loaded 26\n"
            "# HELP seaworthy_policies_rejected Policies that the last load could not use.\n"
            "# TYPE seaworthy_policies_rejected gauge\n"
            "seaworthy_policies_rejected 2\n"
            "# HELP seaworthy_policies_kept Policies of which an earlier version goes on, because "
            "the last load's is broken.\n"
            "# TYPE seaworthy_policies_kept gauge\n"
            "seaworthy_policies_kept 1\n"
            "# HELP seaworthy_log_lines_dropped_total Log lines that were not written because "
            "standard error did not take them in time.\n"
            "# TYPE seaworthy_log_lines_dropped_total counter\n"
            "seaworthy_log_lines_dropped_total 0\n"
            "# HELP seaworthy_certificate_expiry_timestamp_seconds When the serving certificate "
            "ends, in Unix time; 0 without one.\n"
            "# TYPE seaworthy_certificate_expiry_timestamp_seconds gauge\n"
            "seaworthy_certificate_expiry_timestamp_seconds 1798761600\n"
            "# HELP seaworthy_ready 1 while /readyz says yes.\n"
            "# TYPE seaworthy_ready gauge\n"
            "seaworthy_ready 1\n"
            "# HELP seaworthy_build_info 1, labelled with the version.\n"
            "# TYPE seaworthy_build_info gauge\n"
            "seaworthy_build_info{version=\"1.2.3\"} 1\n"
            "# HELP process_resident_memory_bytes Memory that this process holds.\n"
            "# TYPE process_resident_memory_bytes gauge\n"
            "process_resident_memory_bytes 8388608\n"
            "# HELP process_start_time_seconds When this process started, in Unix time.\n"
            "# TYPE process_start_time_seconds gauge\n"
            "process_start_time_seconds 1767225600.25\n");
}

TEST(MetricsTest, CountsReloadsAndLostLines) {
  Metrics metrics("1");
  metrics.reload(ReloadSubject::kPolicies, true);
  metrics.reload(ReloadSubject::kPolicies, true);
  metrics.reload(ReloadSubject::kPolicies, false);
  metrics.reload(ReloadSubject::kCertificate, true);
  metrics.log_line_dropped();
  const std::string text = metrics.text();
  EXPECT_THAT(text,
              HasSubstr("# TYPE seaworthy_reloads_total counter\n"
                        "seaworthy_reloads_total{subject=\"policies\",result=\"failure\"} 1\n"
                        "seaworthy_reloads_total{subject=\"policies\",result=\"success\"} 2\n"
                        "seaworthy_reloads_total{subject=\"certificate\",result=\"success\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nseaworthy_log_lines_dropped_total 1\n"));
}

TEST(MetricsTest, LosesNothingBetweenThreads) {
  Metrics metrics("1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      for (int n = 0; n < 1000; ++n) {
        metrics.admission({AdmissionEndpoint::kMutate, "CREATE", "Pod", AdmissionDecision::kAllow,
                           false, microseconds(1)});
        metrics.policy("p").add(PolicyResult::kPass);
        if (n % 100 == 0) {
          EXPECT_FALSE(metrics.text().empty());
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(metrics.text(), HasSubstr("decision=\"allow\",dry_run=\"false\"} 4000\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("{policy=\"p\",result=\"pass\"} 4000\n"));
}

}  // namespace
}  // namespace seaworthy::observe
