#include "server/text_readers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "seaworthy/base/limits.h"
#include "seaworthy/policy/sight.h"

namespace seaworthy::server {
namespace {

using Names = std::span<const std::string_view>;

/// Fields of an AdmissionRequest that say what is asked at all.
constexpr std::array<std::string_view, 7> kDeciding{
    "kind",        "resource",        "subResource",       "operation",
    "requestKind", "requestResource", "requestSubResource"};

bool decides_all(Names path) {
  if (path.size() < 2 || path[0] != "request" || path[1] == "oldObject") {
    return true;
  }
  if (path[1] == "object") {
    return path.size() == 3 && (path[2] == "kind" || path[2] == "apiVersion");
  }
  return std::ranges::find(kDeciding, path[1]) != kDeciding.end();
}

/// Whether policy::Subject may hold it: who asks, for what, and whose it is.
bool names_subject(Names in_request) {
  if (in_request.front() != "object") {
    return true;
  }
  return in_request.size() > 2 && in_request[1] == "metadata" && in_request[2] != "uid" &&
         in_request[2] != "creationTimestamp" && in_request[2] != "managedFields";
}

TextReaders find_readers(Names path, Names pod_path, TextReaderIndex::Policies policies) {
  TextReaders readers{
      .decides_all = decides_all(path), .names_subject = false, .rules = {}, .words = {}};
  if (readers.decides_all) {
    return readers;
  }
  const Names in_request = path.subspan(1);
  if (in_request.front() == "uid") {
    return readers;  // of the call: expressions do not get it, and it is answered as it came
  }
  readers.names_subject = names_subject(in_request);
  for (std::uint32_t at = 0; at < policies.size(); ++at) {
    switch (policy::sight_of(*policies[at], in_request, pod_path)) {
      case policy::Sight::kRule:
        readers.rules.push_back(at);
        break;
      case policy::Sight::kWords:
        readers.words.push_back(at);
        break;
      case policy::Sight::kNothing:
        break;
    }
  }
  return readers;
}

}  // namespace

const TextReaders& TextReaderIndex::find(Names path, Names pod_path, Policies policies) {
  std::string key;
  for (const std::string_view name : pod_path) {
    key.append(name).push_back('\0');
  }
  for (const std::string_view name : path) {
    key.push_back('\1');
    key.append(std::to_string(name.size())).append(name);
  }
  if (const auto found = readers_.find(key); found != readers_.end()) {
    return found->second;
  }
  if (readers_.size() == limits::kTextPlacesMax) {
    static const TextReaders unknown{
        .decides_all = true, .names_subject = true, .rules = {}, .words = {}};
    return unknown;
  }
  return readers_.emplace(std::move(key), find_readers(path, pod_path, policies)).first->second;
}

}  // namespace seaworthy::server
