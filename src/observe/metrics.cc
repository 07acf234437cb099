// The counters are arrays of atomics, one element for each combination of labels, because the
// library's families take a mutex and hash the labels at each look-up. Its model and serializer are
// used where that costs nothing: text() collects what is not zero into prometheus::MetricFamily.
#include "seaworthy/observe/metrics.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "seaworthy/base/limits.h"

namespace seaworthy::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr std::string_view kOther = "other";
constexpr std::array<std::string_view, 2> kEndpoints{"mutate", "validate"};
constexpr std::array<std::string_view, 5> kOperations{"CREATE", "UPDATE", "DELETE", "CONNECT",
                                                      kOther};
constexpr std::array<std::string_view, 5> kDecisions{"allow", "deny", "warn", "mutate", "error"};
constexpr std::array<std::string_view, 2> kDryRun{"false", "true"};
constexpr std::array<std::string_view, 3> kReuses{"nothing", "outcomes", "answer"};
constexpr std::array<std::string_view, PolicyCounters::kResults> kResults{
    "pass", "fail", "warn", "skip", "error", "mended"};
constexpr std::array<std::string_view, 2> kReloadSubjects{"policies", "certificate"};
constexpr std::array<std::string_view, 2> kReloadResults{"failure", "success"};
/// Kinds that have a Pod spec, and the built-in ones that policies are most often written for.
constexpr std::array<std::string_view, 19> kKinds{"Pod",
                                                  "Deployment",
                                                  "ReplicaSet",
                                                  "StatefulSet",
                                                  "DaemonSet",
                                                  "Job",
                                                  "CronJob",
                                                  "PodTemplate",
                                                  "ReplicationController",
                                                  "Namespace",
                                                  "Service",
                                                  "Ingress",
                                                  "ConfigMap",
                                                  "Secret",
                                                  "ServiceAccount",
                                                  "NetworkPolicy",
                                                  "PersistentVolumeClaim",
                                                  "PodExecOptions",
                                                  kOther};
constexpr std::array<double, 16> kDurationBuckets{
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
constexpr std::size_t kAdmissionSeries =
    kEndpoints.size() * kOperations.size() * kKinds.size() * kDecisions.size() * kDryRun.size();

/// Its place in `names`, whose last element stands for all others.
std::size_t index_in(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? names.size() - 1 : static_cast<std::size_t>(found - names.begin());
}

ClientMetric::Label label(const char* name, std::string_view value) {
  return {name, std::string(value)};
}

ClientMetric counter(Labels labels, std::uint64_t count) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(count);
  return metric;
}

ClientMetric gauge(Labels labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  return metric;
}

double seconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

/// Builds the families in the order of their appearance; one without a series is left out.
class Families {
 public:
  void begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }

  void add(ClientMetric metric) { families_.back().metric.push_back(std::move(metric)); }

  void one_gauge(const char* name, const char* help, double value) {
    begin(name, help, MetricType::Gauge);
    add(gauge({}, value));
  }

  [[nodiscard]] std::string text() {
    std::erase_if(families_, [](const MetricFamily& family) { return family.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

/// A histogram over kDurationBuckets.
struct Durations {
  void observe(std::chrono::nanoseconds duration) {
    const double value = std::chrono::duration<double>(duration).count();
    // Prometheus' buckets hold what is at most their bound.
    const auto bucket =
        std::ranges::lower_bound(kDurationBuckets, value) - kDurationBuckets.begin();
    counts.at(static_cast<std::size_t>(bucket)).fetch_add(1, std::memory_order_relaxed);
    const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
    sum_ns.fetch_add(ns, std::memory_order_relaxed);
  }

  [[nodiscard]] ClientMetric collect(Labels labels) const {
    ClientMetric metric;
    metric.label = std::move(labels);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      total += counts.at(i).load(std::memory_order_relaxed);
      const double bound = i < kDurationBuckets.size() ? kDurationBuckets.at(i)
                                                       : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({total, bound});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum = static_cast<double>(sum_ns.load(std::memory_order_relaxed)) / 1e9;
    return metric;
  }

  std::array<std::atomic<std::uint64_t>, kDurationBuckets.size() + 1> counts{};
  std::atomic<std::uint64_t> sum_ns{0};
};

}  // namespace

struct Metrics::Admission {
  std::array<std::atomic<std::uint64_t>, kAdmissionSeries> requests{};
  std::array<Durations, kEndpoints.size()> durations;
  std::array<std::atomic<std::uint64_t>, kReuses.size()> reuses{};

  static std::size_t series(const AdmissionSample& sample) {
    std::size_t index = static_cast<std::size_t>(sample.endpoint);
    index = index * kOperations.size() + index_in(kOperations, sample.operation);
    index = index * kKinds.size() + index_in(kKinds, sample.kind);
    index = index * kDecisions.size() + static_cast<std::size_t>(sample.decision);
    return index * kDryRun.size() + (sample.dry_run ? 1 : 0);
  }

  /// The inverse of series().
  static Labels labels(std::size_t index) {
    const auto next = [&index](std::span<const std::string_view> names) {
      const std::string_view name = names[index % names.size()];
      index /= names.size();
      return name;
    };
    const std::string_view dry_run = next(kDryRun);
    const std::string_view decision = next(kDecisions);
    const std::string_view kind = next(kKinds);
    const std::string_view operation = next(kOperations);
    const std::string_view endpoint = next(kEndpoints);
    return {label("endpoint", endpoint), label("operation", operation), label("kind", kind),
            label("decision", decision), label("dry_run", dry_run)};
  }

  void collect(Families& out) const {
    out.begin("seaworthy_admission_requests_total",
              "Admission reviews answered; one user request may be several.", MetricType::Counter);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (const std::uint64_t count = requests.at(i).load(std::memory_order_relaxed); count > 0) {
        out.add(counter(labels(i), count));
      }
    }
    out.begin("seaworthy_admission_duration_seconds",
              "From the first byte of an admission review to its answer.", MetricType::Histogram);
    for (std::size_t i = 0; i < durations.size(); ++i) {
      out.add(durations.at(i).collect({label("endpoint", kEndpoints.at(i))}));
    }
    out.begin("seaworthy_admission_reuse_total",
              "Admission reviews by how much of an earlier one's judgement was used again.",
              MetricType::Counter);
    for (std::size_t i = 0; i < reuses.size(); ++i) {
      if (const std::uint64_t count = reuses.at(i).load(std::memory_order_relaxed); count > 0) {
        out.add(counter({label("reuse", kReuses.at(i))}, count));
      }
    }
  }
};

struct Metrics::Gauges {
  std::atomic<std::uint64_t> policies_loaded{0};
  std::atomic<std::uint64_t> policies_rejected{0};
  std::atomic<std::uint64_t> policies_kept{0};
  /// By subject, then failure and success.
  std::array<std::array<std::atomic<std::uint64_t>, 2>, kReloadSubjects.size()> reloads{};
  std::atomic<std::uint64_t> log_lines_dropped{0};
  std::atomic<double> certificate_expiry{0};
  std::atomic<bool> ready{false};
  std::atomic<std::uint64_t> resident_bytes{0};
  std::atomic<double> process_start{0};
};

Metrics::Metrics(std::string version)
    : version_(std::move(version)),
      admission_(std::make_unique<Admission>()),
      gauges_(std::make_unique<Gauges>()) {}

Metrics::~Metrics() = default;

void Metrics::admission(const AdmissionSample& sample) {
  admission_->requests.at(Admission::series(sample)).fetch_add(1, std::memory_order_relaxed);
  admission_->durations.at(static_cast<std::size_t>(sample.endpoint)).observe(sample.duration);
  admission_->reuses.at(static_cast<std::size_t>(sample.reuse))
      .fetch_add(1, std::memory_order_relaxed);
}

PolicyCounters& Metrics::policy(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  auto found = policies_.find(name);
  if (found == policies_.end()) {
    const bool full = policies_.size() >= limits::kPolicyLabelsMax;
    found = policies_.try_emplace(std::string(full ? kOther : name)).first;
  }
  if (!found->second) {
    found->second = std::make_unique<PolicyCounters>();
  }
  return *found->second;
}

ListenerCounters& Metrics::listener(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  auto& counters = listeners_[std::string(name)];
  if (!counters) {
    counters = std::make_unique<ListenerCounters>();
  }
  return *counters;
}

void Metrics::set_policies(std::size_t loaded, std::size_t rejected, std::size_t kept) {
  gauges_->policies_loaded = loaded;
  gauges_->policies_rejected = rejected;
  gauges_->policies_kept = kept;
}

void Metrics::reload(ReloadSubject subject, bool good) {
  ++gauges_->reloads.at(static_cast<std::size_t>(subject)).at(good ? 1 : 0);
}

void Metrics::log_line_dropped() {
  gauges_->log_lines_dropped.fetch_add(1, std::memory_order_relaxed);
}

void Metrics::set_certificate_expiry(std::chrono::system_clock::time_point expiry) {
  gauges_->certificate_expiry = seconds(expiry);
}

void Metrics::set_ready(bool ready) { gauges_->ready = ready; }

void Metrics::set_process(std::uint64_t resident_bytes,
                          std::chrono::system_clock::time_point start) {
  gauges_->resident_bytes = resident_bytes;
  gauges_->process_start = seconds(start);
}

std::string Metrics::text() const {
  Families out;
  admission_->collect(out);
  {
    const std::scoped_lock lock(mutex_);
    out.begin("seaworthy_policy_results_total", "Results of policies, by policy.",
              MetricType::Counter);
    for (const auto& [name, counters] : policies_) {
      for (std::size_t i = 0; i < kResults.size(); ++i) {
        if (const std::uint64_t count = counters->counts_.at(i); count > 0) {
          out.add(counter({label("policy", name), label("result", kResults.at(i))}, count));
        }
      }
    }
    out.begin("seaworthy_http_requests_total", "HTTP requests answered.", MetricType::Counter);
    for (const auto& [name, counters] : listeners_) {
      for (std::size_t i = 0; i < counters->codes_.size(); ++i) {
        if (const std::uint64_t count = counters->codes_.at(i); count > 0) {
          const std::string code = std::to_string(ListenerCounters::kCodeMin + static_cast<int>(i));
          out.add(counter({label("listener", name), label("code", code)}, count));
        }
      }
    }
    out.begin("seaworthy_connections", "Open connections.", MetricType::Gauge);
    for (const auto& [name, counters] : listeners_) {
      out.add(gauge({label("listener", name)}, static_cast<double>(counters->connections_)));
    }
    out.begin("seaworthy_tls_handshake_errors_total", "TLS handshakes that failed.",
              MetricType::Counter);
    for (const auto& [name, counters] : listeners_) {
      if (const std::uint64_t count = counters->handshake_errors_; count > 0) {
        out.add(counter({label("listener", name)}, count));
      }
    }
  }
  out.one_gauge("seaworthy_policies_loaded", "Policies in use.",
                static_cast<double>(gauges_->policies_loaded));
  out.one_gauge("seaworthy_policies_rejected", "Policies that the last load could not use.",
                static_cast<double>(gauges_->policies_rejected));
  out.one_gauge("seaworthy_policies_kept",
                "Policies of which an earlier version goes on, because the last load's is broken.",
                static_cast<double>(gauges_->policies_kept));
  out.begin("seaworthy_reloads_total", "Times that files were read again while serving.",
            MetricType::Counter);
  for (std::size_t i = 0; i < kReloadSubjects.size(); ++i) {
    for (std::size_t j = 0; j < kReloadResults.size(); ++j) {
      if (const std::uint64_t count = gauges_->reloads.at(i).at(j); count > 0) {
        out.add(counter(
            {label("subject", kReloadSubjects.at(i)), label("result", kReloadResults.at(j))},
            count));
      }
    }
  }
  out.begin("seaworthy_log_lines_dropped_total",
            "Log lines that were not written because standard error did not take them in time.",
            MetricType::Counter);
  out.add(counter({}, gauges_->log_lines_dropped));
  out.one_gauge("seaworthy_certificate_expiry_timestamp_seconds",
                "When the serving certificate ends, in Unix time; 0 without one.",
                gauges_->certificate_expiry);
  out.one_gauge("seaworthy_ready", "1 while /readyz says yes.", gauges_->ready ? 1 : 0);
  out.begin("seaworthy_build_info", "1, labelled with the version.", MetricType::Gauge);
  out.add(gauge({label("version", version_)}, 1));
  out.one_gauge("process_resident_memory_bytes", "Memory that this process holds.",
                static_cast<double>(gauges_->resident_bytes));
  out.one_gauge("process_start_time_seconds", "When this process started, in Unix time.",
                gauges_->process_start);
  return out.text();
}

}  // namespace seaworthy::observe
