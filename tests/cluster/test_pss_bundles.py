"""The bundles of the Pod Security Standards beside the API server's own admission, at every version that changed them.

Whatever the API server refuses in a namespace that enforces a level of a version, the bundle refuses with that version,
and it refuses nothing else. Beside the Pods below, Pod Security's own examples are asked about: the module that the API
server is built from has thousands, by level and version, some that must pass and some that must fail.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client import Object
from cluster import Cluster
from fleet import Fleet
from manifests import careless_pod, good_pod, workload
from pod_security import ABSENT, Case, cases, changed, pod_with, refused_everywhere, windows_pod
from processes import environment
from registration import WATCH
from seaworthy import binary
from test_pod_security import ENFORCE, asked, named

TOOLS = Path(__file__).resolve().parent / "tools"
LEVELS = ("baseline", "restricted")
MINORS = (0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36)
"""Each version with which a check changed, and the one before it."""
VERSIONS = [f"v1.{minor}" for minor in MINORS] + ["latest"]
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io"


def more_cases() -> Iterator[Case]:
    """What Baseline or an older version sees differently."""
    yield Case("none", "a careless Pod", careless_pod())
    silent = {"securityContext": ABSENT}
    for system in ("linux", "windows"):
        body = pod_with(os={"name": system}, securityContext=ABSENT, container=silent)
        yield Case("os", f"{system}, without security contexts", body)
    yield Case("os", "Windows, as its user", windows_pod({"securityContext": {"runAsNonRoot": ABSENT}}))
    bare: Object = {"seccompProfile": ABSENT}
    no_field: Object = {"securityContext": bare, "container": {"securityContext": bare}}
    for value in ("runtime/default", "docker/default", "localhost/web.json", "unconfined", "localhost/"):
        yield Case("seccomp", f"the Pod's annotation {value!r}", pod_with({SECCOMP: value}, **no_field))
        body = pod_with({f"{SECCOMP_CONTAINER}/api": value}, **no_field)
        yield Case("seccomp", f"the container's annotation {value!r}", body)
    yield Case("seccomp", "an annotation of nobody", pod_with({f"{SECCOMP_CONTAINER}/other": "unconfined"}))
    for kind, value in {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}.items():
        context = {"seccompProfile": {"type": kind}}
        body = pod_with({SECCOMP: value}, securityContext=context, container={"securityContext": bare})
        yield Case("seccomp", f"an annotation beside the field {kind}", body)
    defaults = "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID"
    for name in [*defaults.split(), "SYS_CHROOT", "NET_RAW", "CAP_CHOWN", "chown", "SYS_PTRACE", "ALL"]:
        yield from refused_everywhere("capabilities", f"adds {name}", (), {"capabilities": {"add": [name]}})
    for name, value in {
        "net.ipv4.ip_local_reserved_ports": "8080",
        "net.ipv4.tcp_keepalive_time": "600",
        "net.ipv4.tcp_fin_timeout": "30",
        "net.ipv4.tcp_keepalive_intvl": "30",
        "net.ipv4.tcp_keepalive_probes": "3",
        "net.ipv4.tcp_rmem": "4096 131072 6291456",
        "net.ipv4.tcp_wmem": "4096 16384 4194304",
        "net.ipv4.tcp_syncookies": "1",
    }.items():
        yield Case("sysctls", name, pod_with(securityContext={"sysctls": [{"name": name, "value": value}]}))
    unmasked = {"securityContext": {"procMount": "Unmasked"}}
    yield Case("procMount", "Unmasked and careless", pod_with(hostUsers=False, container=unmasked))
    body = changed(careless_pod(), {"spec": {"hostUsers": False}})
    yield Case("hostUsers", "careless in a user namespace", body)


PODS = [(f"pod-{number}", named(f"pod-{number}", case), str(case))
        for number, case in enumerate([*cases(), *more_cases()])]  # fmt: skip


def bundle(level: str, version: str) -> list[str]:
    return ["--policies", f"builtin:pss-{level}", "--param", f"version={version}"]


def refused(level: str, version: str, folder: Path) -> dict[str, set[str]]:
    """Which rules deny something of each file, all files in one run."""
    done = subprocess.run(
        [binary(), "check", *bundle(level, version), "-o", "json", str(folder)],
        capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert done.returncode in (0, 1) and not done.stderr, done.stderr
    denied: dict[str, set[str]] = {}
    for row in json.loads(done.stdout)["results"]:
        if row["result"] in ("fail", "error"):
            denied.setdefault(row["file"], set()).add(row["policy"])
    return denied


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pods")
    for name, body, _ in PODS:
        (place / f"{name}.json").write_text(json.dumps(body))
    return place


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_both_judge_alike(
    cluster: Cluster, folder: Path, tell: Callable[[str], None], level: str, version: str
) -> None:
    labels = {ENFORCE: level, f"{ENFORCE}-version": version}
    place = cluster.namespace(f"pss-{level}-{version.replace('.', '-')}", **labels)
    rules = refused(level, version, folder)
    differences = []
    counts = {True: 0, False: 0}
    for name, body, text in PODS:
        answer = asked(place, body)
        assert answer.status in (200, 201, 403), f"{text}: {answer}"
        lets_in = answer.status != 403
        assert lets_in or f'violates PodSecurity "{level}:{version}": ' in answer.message, answer
        counts[lets_in] += 1
        said = rules.get(str(folder / f"{name}.json"), set())
        if lets_in == bool(said):
            differences.append(f"{text}: API server {answer.status} {answer.message}; seaworthy {sorted(said)}")
    tell(f"{level} {version}: {counts[True]} Pods let in, {counts[False]} refused, {len(differences)} differences")
    assert not differences, "\n".join(differences)
    assert counts[True] >= 20 and counts[False] >= 50


def examples() -> Path:
    """Pod Security's own Pods: <level>/<version>/pass and fail."""
    go = subprocess.run([str(TOOLS.parent / "find-go")], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    module = subprocess.run(
        [go, "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission"],
        check=True, stdout=subprocess.PIPE, text=True, cwd=TOOLS, env=environment(GOTOOLCHAIN="local", GOWORK="off"),
    ).stdout.strip()  # fmt: skip
    return Path(module) / "test" / "testdata"


@pytest.mark.parametrize("level", LEVELS)
def test_the_examples_of_pod_security(tell: Callable[[str], None], level: str) -> None:
    wrong = []
    count = 0
    for versioned in sorted((examples() / level).iterdir()):
        rules = refused(level, versioned.name, versioned)
        for file in sorted(versioned.glob("*/*.yaml")):
            count += 1
            said = rules.get(str(file), set())
            if bool(said) != (file.parent.name == "fail"):
                wrong.append(f"{file}: {sorted(said)}")
    tell(f"{level}: {count} examples of Pod Security, {len(wrong)} judged otherwise")
    assert not wrong, "\n".join(wrong)
    assert count > 1000


@pytest.mark.parametrize(("setting", "version"), [("pss", "latest"), ("pss-v1-22", "v1.22")])
def test_what_is_mended_passes(fleet: Fleet, setting: str, version: str) -> None:
    labels = {ENFORCE: "restricted", f"{ENFORCE}-version": version}
    alone = fleet.cluster.namespace(fleet.name("test"), **labels)
    assert alone.create("pods", careless_pod()).status == 403
    watch = {WATCH: fleet.registration(setting).name}
    place = fleet.cluster.namespace(fleet.name("test"), **labels, **watch)
    stored = place.create("pods", careless_pod()).expect(201)
    context = stored["spec"]["containers"][0]["securityContext"]
    assert context == {
        "allowPrivilegeEscalation": False,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
        "capabilities": {"drop": ["ALL"]},
    }


def test_a_template_is_refused_at_the_template(fleet: Fleet) -> None:
    place = fleet.namespace("pss")
    good = workload("Deployment", "good", good_pod()["spec"])
    place.create("deployments", good).expect(201)
    bad = workload("Deployment", "bad", pod_with(hostPID=True)["spec"])
    answer = place.create("deployments", bad)
    assert answer.status == 403, answer
    assert "- pss-restricted-host-namespaces: spec.template.spec: the Pod uses the node's namespaces: hostPID" in (
        answer.message
    )
