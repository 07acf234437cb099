// What /proc, /sys/fs/cgroup and the system calls say of this process. Every answer has a fallback:
// none of these files is there in every sandbox.
#include "seaworthy/system/process.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace seaworthy::system {

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  if (!(file >> total_pages >> resident_pages)) {
    return 0;
  }
  return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::chrono::system_clock::time_point process_start() {
  std::ifstream stat_file("/proc/self/stat");
  std::string text;
  std::getline(stat_file, text);
  // The program's name may hold blanks and parentheses; the fields begin after its last one.
  // Rule: proc(5), field 22 is the start in clock ticks since the boot, btime of /proc/stat that.
  std::istringstream fields(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) {
    fields >> skipped;
  }
  std::uint64_t ticks = 0;
  if (text.empty() || !(fields >> ticks)) {
    return {};
  }
  std::ifstream boot_file("/proc/stat");
  std::string line;
  while (std::getline(boot_file, line)) {
    if (!line.starts_with("btime ")) {
      continue;
    }
    std::uint64_t boot_seconds = 0;
    std::istringstream(line.substr(6)) >> boot_seconds;
    const auto per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const std::chrono::duration<double> since_epoch(static_cast<double>(boot_seconds) +
                                                    static_cast<double>(ticks) / per_second);
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(since_epoch));
  }
  return {};
}

std::size_t available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::size_t processors = 1;
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) {
    processors = static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
  }
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  if (file >> quota >> period && quota > 0 && period > 0) {  // "max" is no number: no quota.
    const auto whole = static_cast<std::size_t>((quota + period - 1) / period);
    processors = std::min(processors, std::max<std::size_t>(whole, 1));
  }
  return processors;
}

std::size_t raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
      limit = raised;
    }
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace seaworthy::system
