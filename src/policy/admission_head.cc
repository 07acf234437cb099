#include "policy/admission_head.h"

#include <fmt/format.h>

#include "policy/kubernetes_names.h"

namespace seaworthy::policy {

AdmissionHead read_admission_head(const ReadContext& context, const document::Node& root) {
  Fields fields(context, root, "");
  for (const auto* known : {"apiVersion", "kind", "status"}) {
    fields.take(known);
  }
  AdmissionHead head;
  head.metadata = fields.take_map("metadata");
  head.spec = fields.take_map("spec");
  fields.warn_unknown();
  if (head.metadata == nullptr || (*head.metadata)["name"].size() == 0) {
    context.error(root, "metadata.name is missing");
  } else {
    head.name = (*head.metadata)["name"].as_string();
    if (!is_dns_subdomain(head.name)) {
      context.error(
          (*head.metadata)["name"],
          fmt::format("metadata.name must be a DNS name such as 'no-host-network', not '{}'",
                      head.name));
    }
  }
  if (head.spec == nullptr) {
    context.error(root, "spec is missing");
  }
  return head;
}

}  // namespace seaworthy::policy
