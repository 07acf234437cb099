// One environment for all of a policy's expressions. Its slots are numbered as they are declared:
// what the functions of the libraries read has numbers that they know.
#include "policy/kyverno_environment.h"

#include <chrono>
#include <functional>

#include "policy/kyverno_libraries.h"
#include "seaworthy/base/check.h"
#include "seaworthy/cel/extensions.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::policy {
namespace {

using cel::Type;
using document::MapBuilder;
using document::Node;

constexpr cel::Slot kRequestSlot = 2;
constexpr cel::Slot kExceptionsSlot = 4;

class KyvernoSlots final : public ExtraSlots {
 public:
  cel::Value resolve(cel::Slot slot, const AdmissionInputs& inputs,
                     cel::Evaluation& evaluation) const override {
    switch (slot) {
      case kRequestSlot:
        return cel::Value::of(request(inputs, evaluation.arena()));
      case kExceptionsSlot:
        return cel::Value::of(exceptions(inputs, evaluation.arena()));
      case kKyvernoNowSlot:
        return now(inputs);
      case kKyvernoSeedSlot:
        return cel::Value::integer(seed(inputs));
      default:
        return {};
    }
  }

 private:
  static Node texts(const std::vector<std::string>& texts, Arena& arena) {
    std::vector<Node> items;
    for (const auto& text : texts) {
      items.push_back(document::make_string(text, arena));
    }
    return document::make_list(items, arena);
  }

  static Node request(const AdmissionInputs& inputs, Arena& arena) {
    Node request = inputs.request;
    for (const auto& [name, object] : {std::pair{"object", &inputs.request_object},
                                       std::pair{"oldObject", &inputs.old_object}}) {
      if (!object->is_null()) {
        request = document::with_member(request, name, *object, arena);
      }
    }
    return request;
  }

  static Node exceptions(const AdmissionInputs& inputs, Arena& arena) {
    return MapBuilder(arena)
        .add("allowedImages", texts(inputs.allowed_images, arena))
        .add("allowedValues", texts(inputs.allowed_values, arena))
        .build();
  }

  static cel::Value now(const AdmissionInputs& inputs) {
    using namespace std::chrono;
    if (!inputs.now) {
      return cel::Value::null();
    }
    const auto whole = floor<seconds>(*inputs.now);
    const auto rest = duration_cast<nanoseconds>(*inputs.now - whole);
    return cel::Value::timestamp(whole.time_since_epoch().count(),
                                 static_cast<std::uint32_t>(rest.count()));
  }

  /// Differs between requests, and between the same request at other times.
  static std::int64_t seed(const AdmissionInputs& inputs) {
    std::uint64_t seed =
        inputs.now ? static_cast<std::uint64_t>(inputs.now->time_since_epoch().count()) : 0;
    if (inputs.review != nullptr) {
      seed ^= std::hash<std::string_view>{}(inputs.review->uid) +
              31 * std::hash<std::string_view>{}(inputs.review->name);
    }
    return static_cast<std::int64_t>(seed);
  }
};

}  // namespace

AdmissionEnvironments make_kyverno_environments(const cel::Environment& base) {
  AdmissionEnvironments made{base, base, base, {}};
  cel::Environment& environment = made.expressions;
  made.slots.object = environment.declare("object", Type::dyn());
  made.slots.old_object = environment.declare("oldObject", Type::dyn());
  made.slots.request = environment.declare(
      "request", declare_request_type(environment, AdmissionRequestObjects::kDeclared));
  made.slots.namespace_object =
      environment.declare("namespaceObject", declare_namespace_type(environment));
  environment.declare({"libs.Exception",
                       {{"allowedImages", Type::list(Type::string())},
                        {"allowedValues", Type::list(Type::string())}}});
  const auto exceptions = environment.declare("exceptions", Type::structure("libs.Exception"));
  // No expression can spell these.
  const auto now = environment.declare("@now", Type::timestamp());
  const auto seed = environment.declare("@seed", Type::integer());
  SEAWORTHY_CHECK(made.slots.request == kRequestSlot && exceptions == kExceptionsSlot &&
                  now == kKyvernoNowSlot && seed == kKyvernoSeedSlot);
  for (const auto& library :
       {kyverno_hash_functions(), kyverno_image_functions(), kyverno_data_functions(),
        kyverno_time_functions(), kyverno_math_functions(), kyverno_random_functions(),
        kyverno_bytes_functions(), kyverno_identity_functions(), cel::math_extension(),
        cel::encoders_extension(), cel::regex_extension()}) {
    environment.add(library);
  }
  environment.declare_bindings();
  environment.declare_composite("variables");
  made.conditions = environment;
  made.messages = environment;
  return made;
}

std::shared_ptr<const ExtraSlots> make_kyverno_slots() {
  return std::make_shared<const KyvernoSlots>();
}

}  // namespace seaworthy::policy
