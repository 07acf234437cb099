"""The bundle beside Pod Security: whatever its Restricted level refuses, the bundle refuses, and by the right rule."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from client import Answer, Client, Object
from cluster import Cluster
from fleet import Fleet
from manifests import assert_mended, careless_pod
from pod_security import Case, cases
from processes import environment
from registration import WATCH
from seaworthy import binary

CASES = cases()
NUMBERED = [(f"pod-{number}", case) for number, case in enumerate(CASES)]
RULES = {rule for case in CASES for rule in case.rules}
"""The bundle's other rules are about other things; what they say is left out."""


ENFORCE = "pod-security.kubernetes.io/enforce"
RESTRICTED = {ENFORCE: "restricted", f"{ENFORCE}-version": "latest"}


@pytest.fixture(scope="module")
def restricted(cluster: Cluster) -> Client:
    """A namespace in which the API server enforces Pod Security's Restricted level of its newest version."""
    return cluster.namespace("pod-security", **RESTRICTED)


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What `seaworthy check` denies, all Pods in one run: rules by the Pod's name."""
    folder: Path = tmp_path_factory.mktemp("pods")
    for name, case in NUMBERED:
        (folder / f"{name}.json").write_text(json.dumps(named(name, case)))
    done = subprocess.run(
        [binary(), "check", "-o", "json", str(folder)], capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 1, done.stderr
    denied: dict[str, set[str]] = {name: set() for name, _ in NUMBERED}
    for row in json.loads(done.stdout)["results"]:
        if row["result"] in ("fail", "error"):
            denied[row["resource"]["name"]].add(row["policy"])
    return denied


def named(name: str, case: Case) -> Object:
    return case.pod | {"metadata": case.pod["metadata"] | {"name": name}}


def asked(place: Client, body: Object) -> Answer:
    """What the API server says to the Pod; debug containers join it when it is there."""
    debuggers = body["spec"].get("ephemeralContainers")
    if debuggers is None:
        return place.create("pods", body, dry_run=True)
    rest = {key: value for key, value in body["spec"].items() if key != "ephemeralContainers"}
    place.create("pods", body | {"spec": rest}).expect(201)
    change = {"spec": {"ephemeralContainers": debuggers}}
    name = body["metadata"]["name"]
    return place.patch("pods", name, change, "strategic", subresource="ephemeralcontainers", dry_run=True)


@pytest.mark.parametrize(("name", "case"), NUMBERED, ids=[str(case) for case in CASES])
def test_both_judge_alike(restricted: Client, refusals: dict[str, set[str]], name: str, case: Case) -> None:
    answer = asked(restricted, named(name, case))
    if case.rules:
        assert answer.status == 403, answer
        assert 'violates PodSecurity "restricted:latest": ' in answer.message
    else:
        assert answer.status == 201, answer
    assert refusals[name] & RULES == set(case.rules)


def test_what_is_mended_passes(restricted: Client, fleet: Fleet) -> None:
    assert restricted.create("pods", careless_pod()).status == 403
    watch = {WATCH: fleet.registration("apply").name}
    place = fleet.cluster.namespace(fleet.name("test"), **RESTRICTED, **watch)
    stored = place.create("pods", careless_pod()).expect(201)
    assert_mended(stored["spec"])
