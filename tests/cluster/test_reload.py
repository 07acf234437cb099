"""Certificates and policies of a running server, changed as a cluster changes them. No API server is needed."""

from __future__ import annotations

import http.client
import json
import signal
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from certificates import Certificate
from processes import Folder, until
from seaworthy import Seaworthy
from volume import Volume

BUNDLE = """apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: team}
spec:
  policies:
    - {name: no-host-network, each: pod, require: "pod.?hostNetwork.orValue(false) == %s", message: asked}
"""
REVIEW = json.dumps({
    "apiVersion": "admission.k8s.io/v1",
    "kind": "AdmissionReview",
    "request": {
        "uid": "u", "operation": "CREATE", "namespace": "n", "name": "p",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": {"metadata": {"name": "p"}, "spec": {"hostNetwork": True, "containers": []}},
    },
})  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Folder()
    yield made.path
    made.remove()


class Server:
    """A server whose certificate and policies are mounted volumes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pairs = [Certificate.make(folder, f"pair{i}") for i in range(3)]
        self.tls = Volume(folder / "tls")
        self.policies = Volume(folder / "policies")
        self.use(0, 0)
        self.policies.project(team_yaml=BUNDLE % "false")
        mounted = Certificate(self.tls.folder / "tls.crt", self.tls.folder / "tls.key")
        options = ["--policies", str(self.policies.folder), "--mode", "deny"]
        self.process = Seaworthy("reloading", folder, options, "", mounted).start()

    def use(self, certificate: int, key: int) -> None:
        self.tls.project(
            tls_crt=self.pairs[certificate].certificate.read_text(), tls_key=self.pairs[key].key.read_text()
        )

    def serves(self, pair: int) -> bool:
        """Whether a new connection is shown that certificate."""
        shown = ssl.get_server_certificate(("127.0.0.1", self.process.port))
        return shown.strip() == self.pairs[pair].certificate.read_text().strip()

    def lets_in(self) -> bool:
        context = ssl.create_default_context(cadata="".join(each.ca for each in self.pairs))
        connection = http.client.HTTPSConnection("127.0.0.1", self.process.port, context=context, timeout=10)
        try:
            connection.request("POST", "/validate", REVIEW, {"Content-Type": "application/json"})
            response = connection.getresponse()
            assert response.status == 200
            return json.loads(response.read())["response"]["allowed"]
        finally:
            connection.close()

    def metric(self, name: str) -> float:
        for line in self.process.metrics().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return 0.0


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    made = Server(folder)
    yield made
    made.process.kill()


def test_a_renewed_certificate_is_used_at_once(server: Server) -> None:
    assert server.serves(0)
    before = server.metric("seaworthy_certificate_expiry_timestamp_seconds")
    server.use(1, 1)
    until(lambda: server.serves(1), "the second certificate", 4)  # Before the poll, which is every 5 s.
    assert server.metric("seaworthy_certificate_expiry_timestamp_seconds") >= before > 0
    assert server.metric('seaworthy_reloads_total{subject="certificate",result="success"}') == 1
    server.use(2, 1)
    failed = 'seaworthy_reloads_total{subject="certificate",result="failure"}'
    until(lambda: server.metric(failed) >= 1, "the complaint about half a pair", 4)
    assert server.serves(1)
    assert "is not the private key of" in server.process.process.tail()
    server.use(2, 2)
    until(lambda: server.serves(2), "the third certificate", 4)


def test_policies_follow_their_volume(server: Server) -> None:
    assert not server.lets_in()
    server.policies.project(team_yaml=BUNDLE % "true")
    until(server.lets_in, "the changed policy", 4)
    server.policies.project(team_yaml=BUNDLE % "nothing")
    until(lambda: server.metric("seaworthy_policies_kept") == 1, "the broken policy", 4)
    assert server.lets_in()
    assert server.process.health("/readyz") == 200
    server.policies.project(team_yaml=BUNDLE % "false")
    until(lambda: not server.lets_in(), "the mended policy", 4)
    assert server.metric("seaworthy_policies_kept") == 0
    server.policies.project()
    until(lambda: server.metric("seaworthy_policies_kept") == 1, "the emptied volume", 4)
    assert not server.lets_in()
    assert server.process.health("/readyz") == 200


def test_a_hangup_means_load_again(server: Server) -> None:
    loaded = 'seaworthy_reloads_total{subject="policies",result="success"}'
    assert server.metric(loaded) == 0
    server.process.process.signal(signal.SIGHUP)
    until(lambda: server.metric(loaded) == 1, "the reload", 4)
    assert server.process.process.exit_code() is None
    assert not server.lets_in()
