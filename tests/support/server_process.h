#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seaworthy/net/http_client.h"
#include "support/temp_folder.h"

namespace seaworthy::testing {

/// The program itself, serving on free ports of 127.0.0.1 with a certificate of its own making. It
/// dies with the test. The environment's SEAWORTHY_BIN names another build of it.
class ServerProcess {
 public:
  explicit ServerProcess(const std::vector<std::string>& options) {
    const char* other = std::getenv("SEAWORTHY_BIN");
    std::vector<std::string> arguments{other == nullptr ? SEAWORTHY_BINARY : other,
                                       "serve",
                                       "--listen",
                                       "127.0.0.1:0",
                                       "--health-listen",
                                       "127.0.0.1:0",
                                       "--tls-san",
                                       "127.0.0.1",
                                       "--ca-out",
                                       folder_ / "ca.crt"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    std::vector<char*> raw;
    for (auto& argument : arguments) {
      raw.push_back(argument.data());
    }
    raw.push_back(nullptr);
    const std::string log = log_path();
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      if (::getppid() == parent && ::dup2(out, STDERR_FILENO) >= 0) {
        ::execv(raw.front(), raw.data());
      }
      ::_exit(127);
    }
    port_ = listening("admission");
    health_port_ = listening("health");
  }

  ~ServerProcess() {
    if (is_alive()) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] net::HttpClient reviews() const {
    net::HttpClientOptions options;
    options.ca_pem = text_of(folder_ / "ca.crt");
    return net::HttpClient::make("https://127.0.0.1:" + std::to_string(port_), options).value();
  }

  [[nodiscard]] net::HttpClient health() const {
    return net::HttpClient::make("http://127.0.0.1:" + std::to_string(health_port_)).value();
  }

  [[nodiscard]] bool is_alive() {
    if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) {
      pid_ = 0;
    }
    return pid_ > 0;
  }

  /// SIGTERM, and the exit code that it leads to; -1 where a signal ended it.
  [[nodiscard]] int stop() {
    if (is_alive()) {
      ::kill(pid_, SIGTERM);
      ::waitpid(pid_, &status_, 0);
      pid_ = 0;
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

  [[nodiscard]] std::string log() const { return text_of(log_path()); }

 private:
  [[nodiscard]] std::string log_path() const { return folder_ / "log"; }

  static std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::uint16_t listening(const std::string& listener) {
    const std::string mark = R"("listener":")" + listener + R"(","address":"127.0.0.1:)";
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (is_alive() && std::chrono::steady_clock::now() < end) {
      const std::string text = log();
      const std::size_t at = text.find(mark);
      if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
        return static_cast<std::uint16_t>(std::stoul(text.substr(at + mark.size())));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "the server does not listen:\n" << log();
    return 0;
  }

  TempFolder folder_;
  pid_t pid_ = 0;
  int status_ = 0;
  std::uint16_t port_ = 0;
  std::uint16_t health_port_ = 0;
};

}  // namespace seaworthy::testing
