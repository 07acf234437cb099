"""A real control plane on loopback: etcd, kube-apiserver and kube-controller-manager, without nodes or scheduler.

Admission, controllers and garbage collection are the real ones; Pods stay Pending, which is all that an admission
webhook can see of them anyway.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from certificates import Certificate
from client import Client, Object
from processes import Folder, NotReady, Process, until

HERE = Path(__file__).resolve().parent
USERS = {"admin": ("admin-token", "system:masters"), "dev": ("dev-token", "developers")}
BIND_FAILURE = re.compile(r"address already in use")


def tools() -> Path:
    """The folder of the servers' binaries, built first where it must be."""
    done = subprocess.run([str(HERE / "build-tools")], check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago. Held together, so that they differ; somebody else may still be faster."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class PortTaken(Exception):
    """A process ended because its port had been taken meanwhile."""


class Cluster:
    """One control plane, started on entry and gone after exit."""

    def __init__(self) -> None:
        self.binaries = tools()
        self.home = Folder()
        self.folder = self.home.path
        self.processes: list[Process] = []
        self.audit_log = self.folder / "audit-events.log"
        self.certificate = Certificate.make(self.folder, "kube-apiserver")
        self.port = 0

    def __enter__(self) -> Cluster:
        try:
            for _ in range(5):
                try:
                    self._start()
                    return self
                except PortTaken:
                    self._stop_processes()
            raise NotReady("no attempt found free ports")
        except BaseException as failure:
            for name, text in self.tails().items():
                failure.add_note(f"--- {name}\n{text}")
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        self._stop_processes()
        self.home.remove()

    def client(self, user: str = "admin", namespace: str = "default") -> Client:
        return Client(
            host="127.0.0.1",
            port=self.port,
            ca=self.certificate.certificate,
            token=USERS[user][0],
            kubeconfig=self.folder / f"{user}.kubeconfig",
            kubectl_binary=self.binaries / "kubectl",
            namespace=namespace,
        )

    def namespace(self, name: str, user: str = "admin", **labels: str) -> Client:
        """A new namespace in which Pods can be created at once: its default service account is there."""
        admin = self.client(namespace=name)
        admin.create("namespaces", {"metadata": {"name": name, "labels": labels}}).expect(201)
        until(lambda: admin.exists("serviceaccounts", "default"), f"the default service account of {name}")
        return self.client(user, name)

    def tails(self) -> dict[str, str]:
        """The ends of the processes' logs, for a failing test's report."""
        return {each.name: each.tail() for each in self.processes}

    def audit_events(self, namespace: str) -> list[Object]:
        """What the API server's audit log says about requests in a namespace. It is written before the answer."""
        with self.audit_log.open() as lines:
            events = [json.loads(line) for line in lines if namespace in line]
        return [event for event in events if event.get("objectRef", {}).get("namespace") == namespace]

    def _start(self) -> None:
        etcd_client, etcd_peer, self.port, managers = free_ports(4)
        self._write_files()
        self._start_etcd(etcd_client, etcd_peer)
        self._start_apiserver(etcd_client)
        self._start_controllers(managers)
        admin = self.client()
        binding = {
            "metadata": {"name": "developers"},
            "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "developers"}],
            "roleRef": {"kind": "ClusterRole", "apiGroup": "rbac.authorization.k8s.io", "name": "edit"},
        }
        admin.create("clusterrolebindings", binding).expect(201)
        until(lambda: admin.exists("serviceaccounts", "default"), "the controllers' first service account", 60)

    def _write_files(self) -> None:
        tokens = "".join(f'{token},{user},{user},"{group}"\n' for user, (token, group) in USERS.items())
        (self.folder / "tokens.csv").write_text(tokens)
        policy = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"]}
        rules = [{"level": "None", "verbs": ["get", "list", "watch"]}, {"level": "Metadata"}]
        (self.folder / "audit-policy.json").write_text(json.dumps(policy | {"rules": rules}))
        for user, (token, _) in USERS.items():
            config = {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "test",
                "clusters": [{"name": "test", "cluster": {
                    "server": f"https://127.0.0.1:{self.port}",
                    "certificate-authority": str(self.certificate.certificate)}}],
                "users": [{"name": user, "user": {"token": token}}],
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
            }  # fmt: skip
            (self.folder / f"{user}.kubeconfig").write_text(json.dumps(config))

    def _start_etcd(self, client: int, peer: int) -> None:
        self._run("etcd", [
            f"--data-dir={self.folder / f'etcd-{peer}'}", "--unsafe-no-fsync", "--log-level=warn",
            f"--listen-client-urls=http://127.0.0.1:{client}", f"--advertise-client-urls=http://127.0.0.1:{client}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}", f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster=default=http://127.0.0.1:{peer}",
        ])  # fmt: skip

    def _start_apiserver(self, etcd: int) -> None:
        process = self._run("kube-apiserver", [
            f"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", f"--secure-port={self.port}",
            "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
            f"--cert-dir={self.folder}",
            f"--tls-cert-file={self.certificate.certificate}", f"--tls-private-key-file={self.certificate.key}",
            "--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-signing-key-file={self.certificate.key}",
            f"--service-account-key-file={self.certificate.certificate}",
            "--authorization-mode=RBAC", f"--token-auth-file={self.folder / 'tokens.csv'}",
            "--allow-privileged=true",  # or the API itself would refuse what a policy is to refuse
            f"--audit-policy-file={self.folder / 'audit-policy.json'}", f"--audit-log-path={self.audit_log}",
            "--audit-log-mode=blocking",
        ])  # fmt: skip
        self._wait(process, self._serves)

    def _start_controllers(self, port: int) -> None:
        process = self._run("kube-controller-manager", [
            f"--kubeconfig={self.folder / 'admin.kubeconfig'}", f"--root-ca-file={self.certificate.certificate}",
            f"--service-account-private-key-file={self.certificate.key}", "--use-service-account-credentials=true",
            "--leader-elect=false", "--bind-address=127.0.0.1", f"--secure-port={port}",
            f"--cert-dir={self.folder / 'controllers'}", "--kube-api-qps=500", "--kube-api-burst=1000",
        ])  # fmt: skip
        self._wait(process, lambda: self.client().exists("serviceaccounts", "default"))

    def _serves(self) -> bool:
        try:
            return self.client().request("GET", "/readyz").status == 200
        except OSError:  # it does not listen yet, or it does and drops what comes too early
            return False

    def _run(self, name: str, arguments: list[str]) -> Process:
        process = Process(name, [str(self.binaries / name), *arguments], self.folder)
        self.processes.append(process)
        return process

    def _wait(self, process: Process, ready: Callable[[], bool]) -> None:
        """Until it is ready; a process of the cluster that ends meanwhile ends the wait at once."""

        def probe() -> bool:
            for each in self.processes:
                if each.exit_code() is not None:
                    if BIND_FAILURE.search(each.output()):
                        raise PortTaken(each.name)
                    raise NotReady(f"{each.name} ended with {each.exit_code()}:\n{each.tail()}")
            return ready()

        until(probe, process.name, 90, pause=0.1)

    def _stop_processes(self) -> None:
        for each in reversed(self.processes):
            each.kill()  # nothing of it is kept, so nothing need be put in order
        self.processes = []
