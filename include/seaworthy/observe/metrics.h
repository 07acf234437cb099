#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::observe {

enum class AdmissionEndpoint : std::uint8_t { kMutate, kValidate };
enum class AdmissionDecision : std::uint8_t { kAllow, kDeny, kWarn, kMutate, kError };

/// How much of what an earlier review came to was used again.
enum class AdmissionReuse : std::uint8_t { kNothing, kOutcomes, kAnswer };

/// What is counted of one admission request.
struct AdmissionSample {
  AdmissionEndpoint endpoint = AdmissionEndpoint::kValidate;
  /// As the review says it; what is none of CREATE, UPDATE, DELETE and CONNECT counts as "other".
  std::string_view operation;
  /// As the review says it; what is no kind of the platform's own counts as "other".
  std::string_view kind;
  AdmissionDecision decision = AdmissionDecision::kAllow;
  bool dry_run = false;
  std::chrono::nanoseconds duration{0};
  AdmissionReuse reuse = AdmissionReuse::kNothing;
};

enum class ReloadSubject : std::uint8_t { kPolicies, kCertificate };

enum class PolicyResult : std::uint8_t { kPass, kFail, kWarn, kSkip, kError, kMended };

/// The results of one policy: `seaworthy_policy_results_total`. Threads: any.
class PolicyCounters {
 public:
  static constexpr std::size_t kResults = 6;

  void add(PolicyResult result, std::uint64_t count = 1) {
    counts_.at(static_cast<std::size_t>(result)).fetch_add(count, std::memory_order_relaxed);
  }

 private:
  friend class Metrics;
  std::array<std::atomic<std::uint64_t>, kResults> counts_{};
};

/// One listener: `seaworthy_http_requests_total`, `seaworthy_connections`,
/// `seaworthy_tls_handshake_errors_total`. Threads: any.
class ListenerCounters {
 public:
  /// Codes outside 100 to 599 are not counted.
  void request(int code) {
    if (code >= kCodeMin && code < kCodeMin + static_cast<int>(codes_.size())) {
      codes_.at(static_cast<std::size_t>(code - kCodeMin)).fetch_add(1, std::memory_order_relaxed);
    }
  }

  void connections(std::int64_t step) { connections_.fetch_add(step, std::memory_order_relaxed); }

  void handshake_error() { handshake_errors_.fetch_add(1, std::memory_order_relaxed); }

 private:
  friend class Metrics;
  static constexpr int kCodeMin = 100;
  std::array<std::atomic<std::uint64_t>, 500> codes_{};
  std::atomic<std::int64_t> connections_{0};
  std::atomic<std::uint64_t> handshake_errors_{0};
};

/// Every number that Prometheus gets. The number of series is bounded whatever requests say: kinds
/// and operations are those of a list, policies at most limits::kPolicyLabelsMax. Recording is one
/// addition to an atomic a series; label children are looked up once by who records. Threads: any.
class Metrics {
 public:
  explicit Metrics(std::string version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void admission(const AdmissionSample& sample);

  /// The counters of policy `name`, the same at each call; those beyond the limit share the ones of
  /// "other". Lifetime: as long as this.
  [[nodiscard]] PolicyCounters& policy(std::string_view name);
  /// The counters of a listener ("admission", "health"). Lifetime: as long as this.
  [[nodiscard]] ListenerCounters& listener(std::string_view name);

  /// How many policies the set in use has, how many the last load could not use, and how many of
  /// those go on in an earlier version.
  void set_policies(std::size_t loaded, std::size_t rejected, std::size_t kept);
  /// Files were read again because they had changed; `good`: all of it could be used.
  void reload(ReloadSubject subject, bool good);
  void log_line_dropped();
  void set_certificate_expiry(std::chrono::system_clock::time_point expiry);
  void set_ready(bool ready);
  void set_process(std::uint64_t resident_bytes, std::chrono::system_clock::time_point start);

  /// Prometheus' text format 0.0.4. Series that were never counted are left out, but for gauges.
  [[nodiscard]] std::string text() const;

 private:
  struct Admission;
  struct Gauges;

  std::string version_;
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<Gauges> gauges_;
  mutable std::mutex mutex_;  ///< For the two maps, not for what they point to.
  std::map<std::string, std::unique_ptr<PolicyCounters>, std::less<>> policies_;
  std::map<std::string, std::unique_ptr<ListenerCounters>, std::less<>> listeners_;
};

}  // namespace seaworthy::observe
