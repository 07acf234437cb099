#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/policy_options.h"
#include "seaworthy/base/file_system.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/server/readiness.h"
#include "seaworthy/server/server.h"
#include "seaworthy/server/webhook.h"
#include "seaworthy/system/file_watcher.h"

namespace seaworthy::cli {

/// Every path whose change means that policies are loaded again; none for built-in bundles.
std::vector<std::string> policy_paths(const PolicyOptions& options);

/// Logs the load's diagnostics; why its policies keep a server from becoming ready, or "".
std::string report_load(const LoadedPolicies& loaded, observe::Log& log);

/// Keeps the policies of a running server at what its files say. What is broken does not take back
/// what worked: policy::succeed says what goes on. A server that is ready stays so. Lifetime:
/// everything outlives it. Threads: one at a time.
class PolicyReload {
 public:
  struct Parts {
    const PolicyOptions& options;
    bool allow_broken = false;
    const FileSystem& files;
    server::Readiness& readiness;
    observe::Log& log;
    observe::Metrics& metrics;
    const Clock* clock = nullptr;  ///< Null: exceptions that have expired are not warned of.
  };

  explicit PolicyReload(const Parts& parts) : parts_(parts) {}

  /// Sets readiness by the first load. Answers the same as `report_load`.
  std::string begin(const LoadedPolicies& loaded);

  /// Loads again and publishes what has changed. False where something could not be read, so that
  /// it is worth trying again although nothing changes.
  [[nodiscard]] bool reload(server::Webhook& webhook);

 private:
  void become_ready(const LoadedPolicies& loaded, const std::string& reason);
  void count(const policy::PolicySet& next, const std::vector<std::string>& kept);

  Parts parts_;
  bool ready_ = false;
  std::shared_ptr<const policy::PolicySet> current_;
  std::string told_;  ///< The problems of the last load: the same are not logged again.
};

/// Reads a server's certificate again, and says so once for each outcome.
class CertificateReload {
 public:
  CertificateReload(observe::Log& log, observe::Metrics& metrics) : log_(log), metrics_(metrics) {}

  /// False where the files are no good (now): the certificate in use goes on.
  [[nodiscard]] bool reload(server::Server& server);

 private:
  observe::Log& log_;
  observe::Metrics& metrics_;
  std::string told_;
};

}  // namespace seaworthy::cli
