"""The servers of a test session, one a setting, each started and registered when it is first asked for."""

from __future__ import annotations

import itertools
from pathlib import Path

from certificates import Certificate
from client import Client, Object
from cluster import Cluster
from hooks import Recorder
from processes import until
from registration import EVERYTHING, SERVICES, WATCH, Registration
from seaworthy import Seaworthy

SETTINGS = {
    "apply": ["--mode", "deny", "--remedy", "apply"],
    "safe": ["--mode", "deny", "--remedy", "safe"],
    "safe-warn": ["--mode", "warn", "--remedy", "safe"],
    "suggest": ["--mode", "deny", "--remedy", "suggest"],
    "audit": ["--mode", "audit"],
    "warn": ["--mode", "warn"],
    "enforced": ["--mode", "deny", "--enforcement", str(Path(__file__).with_name("enforcement.yaml"))],
    "pss": ["--mode", "deny", "--remedy", "apply", "--policies", "builtin:pss-restricted"],
    "pss-v1-22": "--mode deny --remedy apply --policies builtin:pss-restricted --param version=v1.22".split(),
    "dry-run": ["--mode", "deny", "--remedy", "apply", "--dry-run"],
}
DOORS = ["url", "service", "recorded", "everything", "v1beta1", "once"]
"""How a setting's server is reached: by url, through a Service, by url with a recorder between, by url with rules
that match every request in the namespace, with a recorder by reviews of the old version, and with a recorder but
without a second look at what others have changed."""


class Fleet:
    """Servers by setting, registrations by setting and door, namespaces for the asking."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.certificate = Certificate.make(cluster.folder, "hooks")
        self.servers: dict[str, Seaworthy] = {}
        self.recorders: dict[str, Recorder] = {}
        self.registrations: dict[str, Registration] = {}
        self._numbers = itertools.count(1)

    def server(self, setting: str) -> Seaworthy:
        if setting not in self.servers:
            san = f"{setting}-service.{SERVICES}.svc"
            self.servers[setting] = Seaworthy(
                f"seaworthy-{setting}", self.cluster.folder, SETTINGS[setting], san
            ).start()
        return self.servers[setting]

    def recorder(self, setting: str) -> Recorder:
        if setting not in self.recorders:
            self.recorders[setting] = Recorder(self.certificate, self.server(setting))
        return self.recorders[setting]

    def registration(self, setting: str, door: str = "url") -> Registration:
        name = f"{setting}-{door}"
        if name not in self.registrations:
            server = self.server(setting)
            made = Registration(name, server.port, server.ca)
            if door == "service":
                made = made.altered(by_service=True)
            elif door == "everything":
                made = made.altered(rules=EVERYTHING)
            elif door in ("recorded", "v1beta1", "once"):
                recorder = self.recorder(setting)
                made = made.altered(
                    port=recorder.port,
                    ca=recorder.ca,
                    versions=("v1beta1" if door == "v1beta1" else "v1",),
                    reinvocation="Never" if door == "once" else "IfNeeded",
                )
            self.registrations[name] = made.apply(self.cluster)
        return self.registrations[name]

    def name(self, prefix: str) -> str:
        """A name that nothing else in this session has."""
        return f"{prefix}-{next(self._numbers)}"

    def namespace(self, setting: str | None = None, door: str = "url", user: str = "admin") -> Client:
        """A fresh namespace under a setting's server; without one nobody watches it."""
        labels = {WATCH: self.registration(setting, door).name} if setting else {}
        return self.cluster.namespace(self.name("test"), user, **labels)

    def watch(self, namespace: Client, setting: str, door: str = "url") -> None:
        """Puts a namespace that is there already under a setting that denies, and returns when that is in effect."""
        label = {"metadata": {"labels": {WATCH: self.registration(setting, door).name}}}
        namespace.patch("namespaces", namespace.namespace, label).expect(200)
        probe: Object = {
            "metadata": {"name": "probe"},
            "spec": {"containers": [{"name": "probe", "image": "probe:latest"}]},
        }
        refused = lambda: namespace.create("pods", probe, dry_run=True).status == 403  # noqa: E731
        until(refused, f"the watch of {setting} over {namespace.namespace}")

    def stop(self) -> None:
        for recorder in self.recorders.values():
            recorder.stop()
        for server in self.servers.values():
            server.terminate()
        for server in self.servers.values():
            server.stop()
