"""The objects that the tests send, and what is looked for in the ones that come back."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator
from typing import Any

from client import Object

HIGH_POLICIES = [
    "run-as-non-root",
    "read-only-root-filesystem",
    "drop-all-capabilities",
    "no-privilege-escalation",
    "seccomp-runtime-default",
    "memory-limit",
    "cpu-memory-requests",
    "no-privileged",
    "no-host-namespaces",
    "no-latest-tag",
    "no-secrets-in-env",
]
"""What `deny` refuses. `pinned-digest` is of low severity: it warns."""
UNMENDABLE = ["no-privileged", "no-host-namespaces", "no-latest-tag", "no-secrets-in-env"]
"""Those of them that no remedy can answer: what to do instead is for the author to say."""
RESOURCE_POLICIES = ["memory-limit", "cpu-memory-requests"]

SECRET = "zq8Vr2-canary-Lx71Tn4wKp9"
TAG = "registry.example.com/shop/api:1.4.2"
IMAGE = f"{TAG}@sha256:{'0123456789abcdef' * 4}"

GOOD_CONTAINER: Object = {
    "name": "api",
    "image": IMAGE,
    "resources": {
        "requests": {"cpu": "100m", "memory": "64Mi", "ephemeral-storage": "64Mi"},
        "limits": {"cpu": "1", "memory": "128Mi", "ephemeral-storage": "1Gi"},
    },
    "securityContext": {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "livenessProbe": {"httpGet": {"path": "/livez", "port": 8080}},
    "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080}},
}
GOOD_DEBUGGER: Object = {
    "name": "good-debugger",
    "image": IMAGE,
    "securityContext": GOOD_CONTAINER["securityContext"],
}
BAD_CONTAINER: Object = {
    "name": "web",
    "image": "nginx:latest",
    "securityContext": {"privileged": True},
    "env": [{"name": "DATABASE_PASSWORD", "value": SECRET}],
}


def pod(name: str, *containers: Object, **spec: Any) -> Object:
    """A Pod; `spec` is added to its spec. No token is mounted, so that what is stored is what was sent, defaulted."""
    body = {"automountServiceAccountToken": False, "containers": copy.deepcopy(list(containers))} | spec
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body}


def good_pod(name: str = "good", **spec: Any) -> Object:
    """Nothing to say against it."""
    hardened = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    return pod(name, GOOD_CONTAINER, securityContext=hardened, **spec)


def bad_pod(name: str = "bad", **spec: Any) -> Object:
    """Violates every policy, and carries a secret."""
    return pod(name, BAD_CONTAINER, hostNetwork=True, **spec)


def careless_pod(name: str = "careless", **spec: Any) -> Object:
    """Says nothing but what to run; a remedy has an answer to all of it."""
    return pod(name, {"name": "web", "image": "nginx:1.27"}, **spec)


def workload(kind: str, name: str, template_spec: Object) -> Object:
    """A controller of the kind around a Pod spec, as small as the API lets it be."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": copy.deepcopy(template_spec)}
    group = "batch/v1" if kind in ("Job", "CronJob") else "v1" if kind == "ReplicationController" else "apps/v1"
    made: Object = {"apiVersion": group, "kind": kind, "metadata": {"name": name}}
    if kind in ("Job", "CronJob"):
        template["spec"]["restartPolicy"] = "Never"
        spec: Object = {"template": template}
        if kind == "CronJob":
            spec = {"schedule": "0 0 29 2 *", "jobTemplate": {"spec": spec}}  # too seldom to run by itself
    else:
        selector = labels if kind == "ReplicationController" else {"matchLabels": labels}
        spec = {"selector": selector, "template": template}
        if kind == "StatefulSet":
            spec["serviceName"] = name
    return made | {"spec": spec}


def template_of(body: Object) -> Object:
    """The Pod template of a workload."""
    spec = body["spec"]
    return (spec["jobTemplate"]["spec"] if body["kind"] == "CronJob" else spec)["template"]


def containers_of(spec: Object) -> Iterator[Object]:
    yield from spec.get("initContainers", [])
    yield from spec["containers"]


def assert_hardened(container: Object, spec: Object) -> None:
    """What holds for a container whatever list it is in; of what both levels can say, the container's counts."""
    own = container.get("securityContext", {})
    effective = spec.get("securityContext", {}) | own
    assert effective.get("runAsNonRoot") is True, container
    assert effective.get("seccompProfile", {}).get("type") == "RuntimeDefault", container
    assert own.get("allowPrivilegeEscalation") is False, container
    assert own.get("readOnlyRootFilesystem") is True, container
    assert "ALL" in own.get("capabilities", {}).get("drop", []), container


def assert_mended(spec: Object) -> None:
    """Every container of a Pod spec satisfies the policies, and can still write to /tmp."""
    volumes = {each["name"]: each for each in spec.get("volumes", [])}
    for container in containers_of(spec):
        assert_hardened(container, spec)
        resources = container["resources"]
        assert resources["limits"]["memory"], container
        assert resources["requests"]["memory"] and resources["requests"]["cpu"], container
        mounts = {posixpath.normpath(each["mountPath"]): each for each in container["volumeMounts"]}
        assert "emptyDir" in volumes[mounts["/tmp"]["name"]], container


def assert_kept(written: Any, stored: Any, path: str = "") -> None:
    """Everything that was written is still there, and in its order."""
    if isinstance(written, dict):
        for key, value in written.items():
            assert key in stored, f"{path}.{key} is gone"
            assert_kept(value, stored[key], f"{path}.{key}")
    elif isinstance(written, list) and written and isinstance(written[0], dict):
        key = next(each for each in ("mountPath", "name") if each in written[0])
        names = [each[key] for each in written]
        kept = [each for each in stored if each[key] in names]
        assert [each[key] for each in kept] == names, path
        for name, before, after in zip(names, written, kept, strict=True):
            assert_kept(before, after, f"{path}[{name}]")
    else:
        assert written == stored, path
