// The names that expressions of native policies may use (DESIGN, native documents). request and
// namespaceObject have the fields that they have in in-tree policies.
#include "policy/native_environment.h"

#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/functions.h"

namespace seaworthy::policy {

using cel::Type;

NativeEnvironment make_native_environment(const cel::Environment& base, Each each,
                                          const std::vector<Parameter>& parameters) {
  NativeEnvironment native{base, {}};
  cel::Environment& environment = native.environment;
  NativeSlots& slots = native.slots;
  environment.declare(image_type());
  environment.add(native_functions());

  slots.object = environment.declare("object", Type::dyn());
  slots.old_object = environment.declare("oldObject", Type::dyn());
  slots.request = environment.declare("request", declare_request_type(environment));
  slots.namespace_object =
      environment.declare("namespaceObject", declare_namespace_type(environment));
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
