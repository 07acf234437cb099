#include "cli/test_suites.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "cli/policy_options.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// Reads what a case is about from its own file; the reason why it cannot be used, or nothing.
std::string read_subject(const std::string& path, const FileSystem& files, Arena& arena,
                         policy::TestCase& test) {
  const auto text = files.read(path);
  if (!text) {
    return text.error().message;
  }
  const auto read = document::read_source(*text, path, arena);
  if (!read.value || has_errors(read.diagnostics)) {
    const auto& first = read.diagnostics.front();
    return fmt::format("{}:{}:{}: {}", path, first.position.line, first.position.column,
                       first.message);
  }
  if (read.value->size() != 1) {
    return fmt::format("{}: holds {} documents; a case is about one", path, read.value->size());
  }
  const Node& root = read.value->front().root();
  (root["kind"].as_string() == "AdmissionReview" ? test.review : test.object) = root;
  return "";
}

class SuiteReader {
 public:
  explicit SuiteReader(const FileSystem& files) : files_(&files) {}

  /// `is_asked`: it is said where there is none.
  void read(const std::string& path, bool is_asked) {
    const auto before = found_.suites.size() + found_.diagnostics.size();
    std::vector<std::string> paths{path};
    const bool is_folder = files_->is_folder(path);
    bool is_whole = true;
    if (is_folder) {
      auto below = files_->files_below(path);
      is_whole = below.unreadable.empty();
      for (const auto& each : below.unreadable) {
        fail(is_asked, each.error.message);
      }
      paths = std::move(below.files);
    }
    for (const auto& file : paths) {
      if (!is_folder || is_document_file(file)) {
        is_whole &= read_file(file, is_asked);
      }
    }
    if (is_whole && found_.suites.size() + found_.diagnostics.size() == before) {
      fail(is_asked, path + (is_folder ? ": no file in it holds a PolicyTest"
                                       : ": holds no document of kind PolicyTest"));
    }
  }

  TestSuites finish() { return std::move(found_); }

 private:
  /// False where the file could not be read.
  bool read_file(const std::string& file, bool is_asked) {
    const auto text = files_->read(file);
    if (!text) {
      fail(is_asked, text.error().message);
      return false;
    }
    if (text->find("PolicyTest") == std::string::npos || !seen_.insert(file).second) {
      return true;
    }
    auto read = policy::read_test_suites(*text, file);
    std::ranges::move(read.diagnostics, std::back_inserter(found_.diagnostics));
    for (auto& suite : *read.value) {
      for (auto& test : suite.cases) {
        if (!test.file.empty() && test.fault.empty()) {
          test.fault = read_subject(resolve_beside(file, test.file), *files_, *suite.arena, test);
        }
      }
      found_.suites.push_back(std::move(suite));
    }
    return true;
  }

  void fail(bool is_asked, std::string reason) {
    if (is_asked) {
      found_.unreadable.push_back(std::move(reason));
    }
  }

  const FileSystem* files_;
  TestSuites found_;
  std::set<std::string> seen_;
};

}  // namespace

std::string resolve_beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

TestSuites read_suites(const std::vector<std::string>& inputs,
                       const std::vector<std::string>& policies, const FileSystem& files) {
  SuiteReader reader(files);
  for (const auto& path : inputs) {
    reader.read(path, true);
  }
  for (const auto& path : policies) {
    reader.read(path, false);  // the loader says what of these cannot be read
  }
  return reader.finish();
}

}  // namespace seaworthy::cli
