#include "seaworthy/admission/pod_lists.h"

#include <algorithm>
#include <array>

namespace seaworthy::admission {
namespace {

constexpr std::array<std::string_view, 1> kName{"name"};
constexpr std::array<std::string_view, 1> kMountPath{"mountPath"};
constexpr std::array<std::string_view, 1> kDevicePath{"devicePath"};
constexpr std::array<std::string_view, 1> kIp{"ip"};
constexpr std::array<std::string_view, 1> kUid{"uid"};
constexpr std::array<std::string_view, 2> kPort{"containerPort", "protocol"};
constexpr std::array<std::string_view, 2> kSpread{"topologyKey", "whenUnsatisfiable"};

struct Row {
  std::string_view field;
  ListRule rule;
};

constexpr std::array kRows{
    Row{"containers", {ListKind::kKeyed, kName}},
    Row{"initContainers", {ListKind::kKeyed, kName}},
    Row{"ephemeralContainers", {ListKind::kKeyed, kName}},
    Row{"volumes", {ListKind::kKeyed, kName}},
    Row{"env", {ListKind::kKeyed, kName}},
    Row{"resourceClaims", {ListKind::kKeyed, kName}},
    Row{"claims", {ListKind::kKeyed, kName}},
    Row{"imagePullSecrets", {ListKind::kKeyed, kName}},
    Row{"schedulingGates", {ListKind::kKeyed, kName}},
    Row{"volumeMounts", {ListKind::kKeyed, kMountPath}},
    Row{"volumeDevices", {ListKind::kKeyed, kDevicePath}},
    Row{"hostAliases", {ListKind::kKeyed, kIp}},
    Row{"ownerReferences", {ListKind::kKeyed, kUid}},
    Row{"ports", {ListKind::kKeyed, kPort}},
    Row{"topologySpreadConstraints", {ListKind::kKeyed, kSpread}},
    Row{"finalizers", {ListKind::kSet, {}}},
};

}  // namespace

ListRule list_rule(std::string_view field) {
  const auto* row = std::ranges::find(kRows, field, &Row::field);
  return row == kRows.end() ? ListRule{} : row->rule;
}

}  // namespace seaworthy::admission
