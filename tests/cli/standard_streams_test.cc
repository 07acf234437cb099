// The program itself and its standard streams: what could not be written is no success.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "support/temp_folder.h"

namespace seaworthy::cli {
namespace {

struct Ended {
  int code = -1;
  std::string text;  ///< What came through the shell's standard output.
};

/// Runs `$SW arguments` in a shell.
Ended run_in_shell(const std::string& command) {
  const char* other = std::getenv("SEAWORTHY_BIN");
  const std::string whole =
      std::string("SW='") + (other == nullptr ? SEAWORTHY_BINARY : other) + "'; " + command;
  Ended ended;
  std::FILE* pipe = ::popen(whole.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ended.text.append(buffer.data(), count);
  }
  const int status = ::pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

class StandardStreamsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(pod_) << "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: "
                           "[{name: a, image: 'b:1'}]}\n";
  }

  testing::TempFolder folder_;
  std::string pod_ = folder_ / "pod.yaml";
};

TEST_F(StandardStreamsTest, OutputThatCannotBeWrittenIsToldOf) {
  const std::string commands[] = {
      "fix -o yaml " + pod_,
      "fix --diff " + pod_,
      "check -o json " + pod_,
      "check " + pod_,
      "explain",
      "--help",
      "version",
  };
  for (const auto& command : commands) {
    const auto full = run_in_shell("$SW " + command + " 2>&1 >/dev/full");
    EXPECT_EQ(full.code, 2) << command;
    EXPECT_TRUE(full.text.ends_with(
        "seaworthy: standard output could not be written: No space left on device\n"))
        << command << ": " << full.text;
    const auto closed = run_in_shell("$SW " + command + " 2>&1 >&-");
    EXPECT_EQ(closed.code, 2) << command;
    EXPECT_TRUE(closed.text.ends_with(
        "seaworthy: standard output could not be written: Bad file descriptor\n"))
        << command << ": " << closed.text;
  }
}

/// Else the file that is written would get the number of standard output, and what is printed.
TEST_F(StandardStreamsTest, ClosedStreamsLeaveFilesAlone) {
  const auto run = run_in_shell("$SW fix " + pod_ + " <&- >&- 2>&-; cat " + pod_);
  EXPECT_TRUE(run.text.starts_with("apiVersion: v1\nkind: Pod\nmetadata: ")) << run.text;
  EXPECT_EQ(run.text.find("1 resource:"), std::string::npos) << run.text;
}

TEST_F(StandardStreamsTest, SaysWhyStandardInputCannotBeRead) {
  const auto folder = run_in_shell("$SW check - < / 2>&1 >/dev/null");
  EXPECT_EQ(folder.code, 2);
  EXPECT_EQ(folder.text, "seaworthy: standard input could not be read: Is a directory\n");
}

TEST_F(StandardStreamsTest, ALimitOnFilesIsAnErrorOfWriting) {
  const auto run = run_in_shell("ulimit -f 0; $SW fix " + pod_ + " 2>&1 >/dev/null");
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(run.text.ends_with("seaworthy: not written: " + pod_ + ": File too large\n"))
      << run.text;
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()),
                          std::filesystem::directory_iterator()),
            1);
}

}  // namespace
}  // namespace seaworthy::cli
