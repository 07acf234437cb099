"""Raw calls to the Kubernetes API: what was answered, word for word, with its warnings."""

from __future__ import annotations

import base64
import http.client
import json
import re
import ssl
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from processes import environment

Object = dict[str, Any]

GROUPS = {
    "/api/v1": "namespaces nodes pods services serviceaccounts events replicationcontrollers configmaps",
    "/apis/apps/v1": "deployments replicasets statefulsets daemonsets",
    "/apis/batch/v1": "jobs cronjobs",
    "/apis/rbac.authorization.k8s.io/v1": "clusterrolebindings",
    "/apis/apiextensions.k8s.io/v1": "customresourcedefinitions",
    "/apis/admissionregistration.k8s.io/v1": "validatingwebhookconfigurations mutatingwebhookconfigurations"
    " validatingadmissionpolicies validatingadmissionpolicybindings"
    " mutatingadmissionpolicies mutatingadmissionpolicybindings",
}
PREFIX = {resource: prefix for prefix, resources in GROUPS.items() for resource in resources.split()}
CLUSTER_SCOPED = {
    "namespaces",
    "nodes",
    "clusterrolebindings",
    "customresourcedefinitions",
    *GROUPS["/apis/admissionregistration.k8s.io/v1"].split(),
}
PATCHES = {
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",
}
_WARNING = re.compile(r'^299 \S+ "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Answer:
    """One answer of the API server."""

    status: int
    body: Object
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        """The message of a Status; empty for any other object."""
        return self.body.get("message", "") if self.body.get("kind") == "Status" else ""

    def expect(self, status: int = 0) -> Object:
        """The body, after it is sure that the status is the given one (or any success)."""
        assert self.status == status if status else self.ok, f"answered {self.status}: {self.message or self.body}"
        return self.body


@dataclass(frozen=True)
class Client:
    """Calls as one user, within one namespace unless a call says otherwise."""

    host: str
    port: int
    ca: Path
    token: str
    kubeconfig: Path
    kubectl_binary: Path
    namespace: str = "default"

    def within(self, namespace: str) -> Client:
        return replace(self, namespace=namespace)

    def request(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **query: str
    ) -> Answer:
        status, raw, headers = self.raw(method, path, body, content_type, **query)
        warnings = [
            re.sub(r"\\(.)", r"\1", match[1])
            for name, value in headers
            if name.lower() == "warning" and (match := _WARNING.match(value.encode("latin-1").decode("utf-8")))
        ]
        try:
            decoded = json.loads(raw)
        except ValueError:
            decoded = {"text": raw.decode("utf-8", "replace")}
        return Answer(status, decoded, warnings)

    def raw(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **query: str
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        """Status, bytes and headers. A connection a call: the API server is near, and nothing is left behind."""
        connection = http.client.HTTPSConnection(
            self.host, self.port, timeout=60, context=ssl.create_default_context(cafile=str(self.ca))
        )
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = content_type
        try:
            connection.request(method, path + ("?" + urlencode(query) if query else ""), data, headers)
            response = connection.getresponse()
            return response.status, response.read(), response.getheaders()
        finally:
            connection.close()

    def path(self, resource: str, name: str = "", subresource: str = "") -> str:
        place = "" if resource in CLUSTER_SCOPED else f"/namespaces/{self.namespace}"
        return f"{PREFIX[resource]}{place}/{resource}" + "".join(f"/{part}" for part in (name, subresource) if part)

    def get(self, resource: str, name: str = "", subresource: str = "") -> Answer:
        return self.request("GET", self.path(resource, name, subresource))

    def items(self, resource: str, selector: str = "") -> list[Object]:
        return self.request("GET", self.path(resource), labelSelector=selector).expect(200)["items"]

    def create(
        self, resource: str, body: Object, name: str = "", subresource: str = "", dry_run: bool = False
    ) -> Answer:
        return self.request("POST", self.path(resource, name, subresource), body, **_dry(dry_run))

    def update(self, resource: str, body: Object, subresource: str = "", dry_run: bool = False) -> Answer:
        path = self.path(resource, body["metadata"]["name"], subresource)
        return self.request("PUT", path, body, **_dry(dry_run))

    def patch(
        self, resource: str, name: str, patch: Any, kind: str = "merge", subresource: str = "", dry_run: bool = False
    ) -> Answer:
        query = _dry(dry_run) | ({"fieldManager": "test", "force": "true"} if kind == "apply" else {})
        return self.request("PATCH", self.path(resource, name, subresource), patch, PATCHES[kind], **query)

    def delete(self, resource: str, name: str, dry_run: bool = False) -> Answer:
        return self.request("DELETE", self.path(resource, name), **_dry(dry_run))

    def delete_all(self, resource: str, selector: str = "") -> Answer:
        return self.request("DELETE", self.path(resource), labelSelector=selector)

    def exists(self, resource: str, name: str) -> bool:
        answer = self.get(resource, name)
        assert answer.status in (200, 404), answer
        return answer.status == 200

    def kubectl(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """kubectl as this user in this namespace; a failure is the caller's to judge."""
        home = self.kubeconfig.parent  # its discovery cache goes there
        return subprocess.run(
            [str(self.kubectl_binary), f"--namespace={self.namespace}", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment(KUBECONFIG=str(self.kubeconfig), HOME=str(home)),
        )


def _dry(dry_run: bool) -> dict[str, str]:
    return {"dryRun": "All"} if dry_run else {}


def pem_base64(pem: str) -> str:
    """A PEM text as the API wants it in a []byte field."""
    return base64.b64encode(pem.encode()).decode()
