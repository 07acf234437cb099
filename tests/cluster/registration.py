"""How a server is made known to the API server: two webhook configurations of the shape that the contract gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from client import Object, pem_base64
from cluster import Cluster
from processes import until

WATCH = "seaworthy.test/watched-by"  # the label of a namespace that names its registration
COUNTER = "apiserver_admission_webhook_request_total"
SERVICES = "harbour"  # the namespace of the ExternalName Services


def rule(group: str, resources: str, operations: str = "CREATE UPDATE", scope: str = "Namespaced") -> Object:
    """Resources and operations separated by blanks."""
    return {
        "apiGroups": [group],
        "apiVersions": ["v1"] if group != "*" else ["*"],
        "operations": operations.split(),
        "resources": resources.split(),
        "scope": scope,
    }


USUAL_RULES = [
    rule("", "pods pods/ephemeralcontainers pods/resize replicationcontrollers"),
    rule("apps", "deployments statefulsets daemonsets replicasets"),
    rule("batch", "jobs cronjobs"),
]
EVERYTHING = [rule("*", "*/*", "*")]  # what nobody should do and many do: every subresource and operation


@dataclass(frozen=True)
class Registration:
    """A pair of webhook configurations for the namespaces that wear this one's name."""

    name: str
    port: int
    ca: str
    by_service: bool = False
    """Through a Service, as in production (SNI, Host, HTTP/1.1 only), instead of a url."""
    rules: list[Object] = field(default_factory=lambda: USUAL_RULES)
    failure_policy: str = "Fail"
    reinvocation: str = "IfNeeded"
    timeout: int = 10
    versions: tuple[str, ...] = ("v1",)
    validating: bool = True
    watching: str = ""
    """The label's value of the namespaces that are watched; this registration's name unless said otherwise."""
    conditions: tuple[str, ...] = ()
    """CEL expressions of which all must be true, or the webhook is not called."""
    order: str = "seaworthy"
    """The prefix of the configurations' names: mutating webhooks are called in the order of these."""

    @property
    def san(self) -> str:
        return f"{self.name}.{SERVICES}.svc"

    def hook(self, kind: str) -> str:
        """The full name of the webhook: `mutate` or `validate`."""
        return f"{kind}.{self.name}.seaworthy.test"

    def apply(self, cluster: Cluster) -> Registration:
        """Registers, and returns when the API server calls both webhooks."""
        admin = cluster.client(namespace=SERVICES)
        if self.by_service:
            if not admin.exists("namespaces", SERVICES):
                cluster.namespace(SERVICES)
            # The API server dials an ExternalName by itself, with no kube-proxy to help it.
            service = {"metadata": {"name": self.name}, "spec": {"type": "ExternalName", "externalName": "127.0.0.1"}}
            admin.create("services", service).expect(201)
        for resource, configuration in self._configurations().items():
            admin.create(resource, configuration).expect(201)
        self._wait(cluster)
        return self

    def remove(self, cluster: Cluster) -> None:
        for resource, configuration in self._configurations().items():
            cluster.client().delete(resource, configuration["metadata"]["name"]).expect(200)

    def _configurations(self) -> dict[str, Object]:
        metadata = {"name": f"{self.order}-{self.name}"}
        mutating = self._webhook("mutate") | {"reinvocationPolicy": self.reinvocation}
        made: dict[str, Object] = {
            "mutatingwebhookconfigurations": {"metadata": metadata, "webhooks": [mutating]},
        }
        if self.validating:
            made["validatingwebhookconfigurations"] = {"metadata": metadata, "webhooks": [self._webhook("validate")]}
        return made

    def _webhook(self, kind: str) -> Object:
        target: dict[str, Any] = {"url": f"https://127.0.0.1:{self.port}/{kind}"}
        if self.by_service:
            service = {"namespace": SERVICES, "name": self.name, "path": f"/{kind}", "port": self.port}
            target = {"service": service}
        return {
            "name": self.hook(kind),
            "clientConfig": target | {"caBundle": pem_base64(self.ca)},
            "rules": self.rules,
            "namespaceSelector": {
                "matchLabels": {WATCH: self.watching or self.name},
                "matchExpressions": [
                    {
                        "key": "kubernetes.io/metadata.name",
                        "operator": "NotIn",
                        "values": ["kube-system", "kube-node-lease", SERVICES],
                    }
                ],
            },
            "failurePolicy": self.failure_policy,
            "matchPolicy": "Equivalent",
            "timeoutSeconds": self.timeout,
            "sideEffects": "NoneOnDryRun",
            "admissionReviewVersions": list(self.versions),
            "matchConditions": [
                {"name": f"condition-{number}", "expression": expression}
                for number, expression in enumerate(self.conditions)
            ],
        }

    def _wait(self, cluster: Cluster) -> None:
        """A configuration takes effect when an informer has seen it, and nothing tells when: so ask with Pods that
        are not kept until the API server's own metrics count a call of each webhook, whatever it answered."""
        marker = cluster.namespace(f"marker-{self.name}", **{WATCH: self.watching or self.name})
        pod = {"metadata": {"name": "marker"}, "spec": {"containers": [{"name": "marker", "image": "marker:1"}]}}
        kinds = ["mutate", "validate"] if self.validating else ["mutate"]

        def called() -> bool:
            marker.create("pods", pod, dry_run=True)
            _, metrics, _ = marker.raw("GET", "/metrics")
            counted = re.findall(rf'^{COUNTER}\{{.*name="([^"]+)"', metrics.decode(), re.M)
            return all(self.hook(kind) in counted for kind in kinds)

        until(called, f"the webhooks of {self.name}", pause=0.05)

    def altered(self, **changes: Any) -> Registration:
        return replace(self, **changes)
