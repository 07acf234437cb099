#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include <gtest/gtest.h>

#include "seaworthy/document/json.h"

namespace seaworthy::testing {

/// Texts that occur nowhere else, one for each place that a template names.
class Canaries {
 public:
  /// The template with every `@name@` replaced by a text of sixteen letters, or, where the name
  /// begins with "number", by sixteen digits: the same for the same name.
  std::string plant(std::string_view text) {
    std::string planted;
    for (;;) {
      const auto from = text.find('@');
      if (from == std::string_view::npos) {
        return planted.append(text);
      }
      const auto to = text.find('@', from + 1);
      planted.append(text.substr(0, from));
      planted += canary(text.substr(from + 1, to - from - 1));
      text.remove_prefix(to + 1);
    }
  }

  /// Fails where a stretch of six bytes of a canary is in `said`, whatever the case of its letters.
  void expect_none_in(std::string said, std::string_view where) const {
    for (char& byte : said) {
      byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
    }
    std::unordered_map<std::string_view, std::string_view> stretches;
    for (const auto& [name, canary] : canaries_) {
      for (std::size_t at = 0; at + kStretch <= canary.size(); ++at) {
        stretches.emplace(std::string_view(canary).substr(at, kStretch), name);
      }
    }
    for (std::size_t at = 0; at + kStretch <= said.size(); ++at) {
      const auto found = stretches.find(std::string_view(said).substr(at, kStretch));
      if (found != stretches.end()) {
        ADD_FAILURE() << where << " holds a part of '" << found->second
                      << "': " << said.substr(at < 150 ? 0 : at - 150, 300);
        return;
      }
    }
  }

  [[nodiscard]] std::size_t count() const { return canaries_.size(); }

 private:
  static constexpr std::size_t kStretch = 6;

  const std::string& canary(std::string_view name) {
    std::string& made = canaries_[std::string(name)];
    const bool digits = name.starts_with("number");
    while (made.size() < 16) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      const auto random = state_ >> 33;
      made += digits ? static_cast<char>('1' + random % 9) : static_cast<char>('a' + random % 26);
    }
    return made;
  }

  std::map<std::string, std::string, std::less<>> canaries_;
  std::uint64_t state_ = 1;
};

/// A container of a list, as JSON, with a canary in every place that may hold a secret. `at` tells
/// them from those of other containers.
inline std::string container_with_canaries(const std::string& at, const std::string& more = "") {
  std::string text = R"({"name":"c-AT","image":"registry.example.com/team/AT:1","env":[
{"name":"PLAIN","value":"@env-AT@"},{"name":"NUMBER","value":"@number-env-AT@"},
{"name":"ADDRESS","value":"https://user:@env-url-AT@@host-AT@.example.com/?q=%"},
{"name":"QUOTED","value":"\"@quoted-AT@\n\"@quoted-more-AT@"}],
"command":["/bin/sh","-c","login @command-AT@ && run"],
"args":["--password=@arg-AT@","@arg-plain-AT@"],
"livenessProbe":{"exec":{"command":["check","@probe-AT@"]}},
"startupProbe":{"httpGet":{"port":80,"httpHeaders":[{"name":"Authorization","value":"Bearer @header-AT@"}]}},
"lifecycle":{"preStop":{"exec":{"command":["stop","@lifecycle-AT@"]}}}MORE})";
  const auto replace = [&](std::string_view what, const std::string& with) {
    for (auto found = text.find(what); found != std::string::npos; found = text.find(what)) {
      text.replace(found, what.size(), with);
    }
  };
  replace("MORE", more);
  replace("AT", at);
  return text;
}

inline std::string metadata_with_canaries(const std::string& at) {
  return R"({"name":"web","namespace":"shop","labels":{"app":"web"},"annotations":{
"example.com/note":"@annotation-)" +
         at +
         R"(@","kubectl.kubernetes.io/last-applied-configuration":"{\"spec\":{\"containers\":[{\"name\":\"c-)" +
         at + R"(\",\"env\":[{\"name\":\"A\",\"value\":\"@applied-)" + at + R"(@\"}]}]}}"}})";
}

/// A Pod's spec with containers of every kind.
inline std::string spec_with_canaries(const std::string& at) {
  return R"({"volumes":[{"name":"data","emptyDir":{}}],"containers":[)" +
         container_with_canaries(at + "-main") + "],\"initContainers\":[" +
         container_with_canaries(at + "-init") + "," +
         container_with_canaries(at + "-sidecar", R"(,"restartPolicy":"Always")") +
         "],\"ephemeralContainers\":[" + container_with_canaries(at + "-debug") + "]}";
}

inline std::string pod_with_canaries(const std::string& at) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":)" + metadata_with_canaries(at) +
         ",\"spec\":" + spec_with_canaries(at) + "}";
}

inline std::string deployment_with_canaries(const std::string& at) {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":)" + metadata_with_canaries(at) +
         R"(,"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":)" +
         metadata_with_canaries(at + "-template") +
         ",\"spec\":" + spec_with_canaries(at + "-template") + "}}}";
}

/// Policies whose every word and mistake quotes what it may not. `%TESTS%` stands where a policy's
/// tests may be.
inline constexpr std::string_view kHostilePolicies = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: hostile, version: 1.0.0}
spec:
  policies:
    - {name: m-env, severity: critical, each: container, require: "false", message: "env ${container.env[0].value}"}
    - {name: m-number, severity: high, each: container, require: "false", message: "number ${int(container.env[1].value)}"}
    - {name: m-container, severity: high, each: container, require: "false", message: "all ${container}"}
    - {name: m-env-list, severity: high, each: container, require: "false", message: "all ${container.env.map(e, e.value)}"}
    - {name: m-address, severity: high, each: container, require: "false", message: "it is at ${container.env[2].value}"}
    - {name: m-quoted, severity: high, each: container, require: "false", message: "${container.env[3].value} and ${'%s'.format([container.env[3]])}"}
    - {name: m-format, severity: high, each: container, require: "false", message: "${'%s'.format([container.env])}"}
    - {name: m-args, severity: high, each: container, require: "false", message: "${container.args.join(' ')}"}
    - {name: m-arg-part, severity: high, each: container, require: "false", message: "password ${container.args[0].split('=')[1]}"}
    - {name: m-substring, severity: high, each: container, require: "false", message: "begins with ${container.env[0].value.substring(2, 12)}"}
    - {name: m-upper, severity: high, each: container, require: "false", message: "${container.env[0].value.upperAscii()}"}
    - {name: m-command, severity: low, each: container, require: "false", message: "${container.command[2]}"}
    - {name: m-probe, severity: low, each: container, require: "false", message: "${container.livenessProbe} ${container.startupProbe}"}
    - {name: m-lifecycle, severity: low, each: container, require: "false", message: "all ${container.lifecycle.preStop.exec.command}"}
    - {name: m-variable, severity: high, each: container, variables: [{name: all, expression: "container.args + container.command"}], require: "false", message: "all ${variables.all}"}
    - {name: m-annotation, severity: high, require: "false", message: "${podMetadata.annotations['example.com/note']}"}
    - {name: m-annotations, severity: high, require: "false", message: "all ${object.metadata.annotations}"}
    - {name: m-object, severity: high, require: "false", message: "all ${object}"}
    - {name: m-old, severity: high, when: "oldObject != null", require: "false", message: "${oldObject.metadata.annotations} was"}
    - {name: m-old-object, severity: high, when: "oldObject != null", require: "false", message: "was ${oldObject}"}
    - {name: m-namespace, severity: high, require: "false", message: "in ${namespaceObject}"}
    - {name: m-image, severity: high, each: image, require: "false", message: "${image.reference} beside ${pod.containers[0].args[1]}"}
    - {name: m-volume, severity: high, each: volume, require: "false", message: "${volume.name} beside ${pod.containers[0].env[0].value}"}
    - {name: m-message, severity: high, each: container, require: "false", message: "${int(container.env[0].value)}"}
    - {name: e-int, severity: high, each: container, require: "int(container.env[0].value) > 0", message: never said}
    - {name: e-double, severity: high, each: container, failurePolicy: Ignore, require: "double(container.env[0].value) > 0.0", message: never said}
    - {name: e-key, severity: high, each: container, require: "container[container.env[0].value] == 1", message: never said}
    - {name: e-key-cut, severity: high, each: container, require: "{'a': 1}[container.args[0].replace('=', ': ')] == 1", message: never said}
    - {name: e-pattern, severity: high, each: container, require: "'x'.matches('(' + container.env[0].value)", message: never said}
    - {name: e-quantity, severity: high, each: container, require: "quantity(container.env[0].value).isGreaterThan(quantity('1'))", message: never said}
    - {name: e-url, severity: high, each: container, require: "url(container.env[2].value).getHost() == ''", message: never said}
    - {name: e-ip, severity: high, each: container, require: "ip(container.env[0].value).family() == 4", message: never said}
    - {name: e-duration, severity: high, each: container, require: "duration(container.env[0].value) > duration('1s')", message: never said}
    - {name: e-timestamp, severity: high, each: container, require: "timestamp(container.env[0].value) > timestamp('2020-01-01T00:00:00Z')", message: never said}
    - {name: e-semver, severity: high, each: container, require: "semver(container.env[0].value) == semver('1.0.0')", message: never said}
    - {name: e-format, severity: high, each: container, require: "container.env[0].value.format([1]) == 'x'", message: never said}
    - {name: e-quoted, severity: high, each: container, require: "int(container.env[3].value) > 0", message: never said}
    - {name: e-annotation, severity: high, require: "int(podMetadata.annotations['example.com/note']) > 0", message: never said}
    - {name: e-type, severity: high, each: container, require: "container.env[0].value", message: never said}
    - name: r-label
      severity: high
      each: container
      require: "has(podMetadata.labels.never)"
      message: no label
      remedy: {safety: safe, podMetadata: {labels: {copied: "${container.env[0].value}"}}}
    - name: r-leaves
      severity: high
      each: container
      require: "has(container.workingDir)"
      message: no working directory
      remedy:
        safety: safe
        container: {workingDir: "/srv/${container.env[0].value}", resources: {limits: "${{container.env[0].value: container.args[1]}}"}, securityContext: {runAsUser: "${int(container.env[1].value)}"}}
    - name: r-error
      severity: high
      each: container
      require: "false"
      message: never right
      remedy: {safety: safe, container: {securityContext: {runAsUser: "${int(container.env[0].value)}"}}}
    - name: r-refused
      severity: high
      each: container
      require: "has(container.volumeMounts)"
      message: no mount
      remedy: {safety: safe, container: {volumeMounts: [{name: "${container.env[0].value}", mountPath: "/${container.args[1]}"}]}}
    - name: r-kept
      severity: high
      each: container
      require: "container.image == ''"
      message: an image
      remedy: {safety: safe, container: {image: "${container.env[0].value}"}}
    - name: t-tested
      severity: high
      each: container
      require: "container.env[0].value == ''"
      message: "${container.env[0].value} and ${container.args[0]}"
      %TESTS%
---
apiVersion: seaworthy.dev/v1
kind: PolicyException
metadata: {name: valid}
spec: {policies: [m-env], namespaces: [shop], owner: team-a, reason: it is old, expires: '2999-01-01T00:00:00Z'}
---
apiVersion: seaworthy.dev/v1
kind: PolicyException
metadata: {name: expired}
spec: {policies: [m-args, e-int], namespaces: [shop], owner: team-a, reason: it was old, expires: '2001-01-01T00:00:00Z'}
---
apiVersion: seaworthy.dev/v1
kind: Enforcement
metadata: {name: some}
spec: {rules: [{policies: {names: ["m-q*", "e-q*"]}, mode: warn}, {policies: {names: [m-format]}, mode: audit, remedy: apply}]}
)yaml";

}  // namespace seaworthy::testing
