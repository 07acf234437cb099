// The names that expressions of native policies may use (DESIGN, native documents). request and
// namespaceObject are declared with the fields that Kubernetes declares for in-tree policies
// (AP/admission/plugin/cel/compile.go BuildRequestType, BuildNamespaceType), so that a misspelt
// field is an error when the policy loads.
#include "policy/native_environment.h"

#include "seaworthy/policy/functions.h"

namespace seaworthy::policy {
namespace {

using cel::StructType;
using cel::Type;

Type texts() { return Type::list(Type::string()); }

Type labels() { return Type::map(Type::string(), Type::string()); }

void declare_request(cel::Environment& environment) {
  environment.declare(StructType{
      "kubernetes.GroupVersionKind",
      {{"group", Type::string()}, {"version", Type::string()}, {"kind", Type::string()}}});
  environment.declare(StructType{
      "kubernetes.GroupVersionResource",
      {{"group", Type::string()}, {"version", Type::string()}, {"resource", Type::string()}}});
  environment.declare(StructType{"kubernetes.UserInfo",
                                 {{"username", Type::string()},
                                  {"uid", Type::string()},
                                  {"groups", texts()},
                                  {"extra", Type::map(Type::string(), texts())}}});
  const Type kind = Type::structure("kubernetes.GroupVersionKind");
  const Type resource = Type::structure("kubernetes.GroupVersionResource");
  environment.declare(StructType{"kubernetes.AdmissionRequest",
                                 {{"kind", kind},
                                  {"resource", resource},
                                  {"subResource", Type::string()},
                                  {"requestKind", kind},
                                  {"requestResource", resource},
                                  {"requestSubResource", Type::string()},
                                  {"name", Type::string()},
                                  {"namespace", Type::string()},
                                  {"operation", Type::string()},
                                  {"userInfo", Type::structure("kubernetes.UserInfo")},
                                  {"dryRun", Type::boolean()},
                                  {"options", Type::dyn()}}});
}

void declare_namespace(cel::Environment& environment) {
  environment.declare(StructType{"kubernetes.NamespaceMetadata",
                                 {{"name", Type::string()},
                                  {"generateName", Type::string()},
                                  {"namespace", Type::string()},
                                  {"labels", labels()},
                                  {"annotations", labels()},
                                  {"UID", Type::string()},
                                  {"creationTimestamp", Type::timestamp()},
                                  {"deletionGracePeriodSeconds", Type::integer()},
                                  {"deletionTimestamp", Type::timestamp()},
                                  {"generation", Type::integer()},
                                  {"resourceVersion", Type::string()},
                                  {"finalizers", texts()}}});
  environment.declare(StructType{"kubernetes.NamespaceSpec", {{"finalizers", texts()}}});
  environment.declare(StructType{"kubernetes.NamespaceStatus",
                                 {{"phase", Type::string()}, {"conditions", Type::dyn()}}});
  environment.declare(StructType{"kubernetes.Namespace",
                                 {{"metadata", Type::structure("kubernetes.NamespaceMetadata")},
                                  {"spec", Type::structure("kubernetes.NamespaceSpec")},
                                  {"status", Type::structure("kubernetes.NamespaceStatus")}}});
}

}  // namespace

NativeEnvironment make_native_environment(const cel::Environment& base, Each each,
                                          const std::vector<Parameter>& parameters) {
  NativeEnvironment native{base, {}};
  cel::Environment& environment = native.environment;
  NativeSlots& slots = native.slots;
  declare_request(environment);
  declare_namespace(environment);
  environment.declare(image_type());
  environment.add(native_functions());

  slots.object = environment.declare("object", Type::dyn());
  slots.old_object = environment.declare("oldObject", Type::dyn());
  slots.request = environment.declare("request", Type::structure("kubernetes.AdmissionRequest"));
  slots.namespace_object =
      environment.declare("namespaceObject", Type::structure("kubernetes.Namespace"));
  slots.pod = environment.declare("pod", Type::dyn());
  slots.pod_metadata = environment.declare("podMetadata", Type::dyn());
  if (each == Each::kContainer) {
    slots.container = environment.declare("container", Type::dyn());
    slots.container_kind = environment.declare("containerKind", Type::string());
  }
  if (each == Each::kContainer || each == Each::kImage) {
    slots.image = environment.declare("image", Type::structure("seaworthy.Image"));
  }
  if (each == Each::kVolume) {
    slots.volume = environment.declare("volume", Type::dyn());
  }
  environment.declare_composite("params");
  slots.first_parameter = environment.slot_count();
  for (const auto& parameter : parameters) {
    environment.declare_field("params", parameter.name, parameter.type);
  }
  environment.declare_composite("variables");
  slots.first_variable = environment.slot_count();
  slots.count = environment.slot_count();
  return native;
}

}  // namespace seaworthy::policy
