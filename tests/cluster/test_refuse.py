"""Refusals: everything that is wrong, at once, in words that help, and never a secret among them."""

from __future__ import annotations

import json

import pytest

from client import Answer
from fleet import Fleet
from manifests import (
    GOOD_CONTAINER,
    HIGH_POLICIES,
    SECRET,
    TAG,
    UNMENDABLE,
    bad_pod,
    careless_pod,
    good_pod,
    pod,
    workload,
)


def named(answer: Answer, policies: list[str]) -> list[str]:
    """Those of the policies that the refusal speaks of."""
    return [policy for policy in policies if policy in answer.message]


def assert_refused(answer: Answer) -> None:
    assert answer.status == 403, answer
    assert answer.body["reason"] == "Forbidden"
    assert "denied the request: " in answer.message


@pytest.mark.parametrize("door", ["url", "service"])
def test_every_violation_is_listed(fleet: Fleet, door: str) -> None:
    place = fleet.namespace("suggest", door)
    answer = place.create("pods", bad_pod())
    assert_refused(answer)
    assert named(answer, HIGH_POLICIES) == HIGH_POLICIES
    assert "details" not in answer.body or "name" not in answer.body["details"]
    assert not place.exists("pods", "bad")


def test_each_violation_has_a_line_with_its_path(fleet: Fleet) -> None:
    answer = fleet.namespace("suggest").create("pods", careless_pod(hostPID=True))
    lines = answer.message.splitlines()
    for policy, path in {
        "no-host-namespaces": "spec",
        "memory-limit": "spec.containers[0]",
        "drop-all-capabilities": "spec.containers[0]",
    }.items():
        assert [line for line in lines if policy in line and path in line], answer.message
    assert "no-privileged" not in answer.message  # what is not wrong is not spoken of
    assert "no-latest-tag" not in answer.message


def test_every_container_is_judged(fleet: Fleet) -> None:
    init = {"name": "migrate", "image": "registry.example.com/migrate:latest"}
    body = good_pod(initContainers=[init])
    answer = fleet.namespace("suggest").create("pods", body)
    assert_refused(answer)
    assert "spec.initContainers[0]" in answer.message
    assert "spec.containers[0]" not in answer.message


def test_low_severity_warns(fleet: Fleet) -> None:
    body = good_pod()
    body["spec"]["containers"][0]["image"] = TAG
    answer = fleet.namespace("suggest").create("pods", body)
    assert answer.status == 201, answer
    assert [warning for warning in answer.warnings if "pinned-digest" in warning]
    assert not [warning for warning in answer.warnings for policy in HIGH_POLICIES if policy in warning]


@pytest.mark.parametrize("door", ["url", "service"])
@pytest.mark.parametrize("setting", ["suggest", "apply"])
def test_a_good_pod_passes_in_silence(fleet: Fleet, setting: str, door: str) -> None:
    place = fleet.namespace(setting, door)
    alone = fleet.namespace().create("pods", good_pod()).expect(201)
    answer = place.create("pods", good_pod())
    assert answer.status == 201, answer
    assert answer.warnings == []
    assert answer.body["spec"] == alone["spec"]


def test_only_what_no_remedy_answers_is_refused(fleet: Fleet) -> None:
    body = careless_pod(hostNetwork=True)
    answer = fleet.namespace("apply").create("pods", body)
    assert_refused(answer)
    assert named(answer, HIGH_POLICIES) == ["no-host-namespaces"]


def test_remedies_excuse_nothing_else(fleet: Fleet) -> None:
    answer = fleet.namespace("apply").create("pods", bad_pod())
    assert_refused(answer)
    assert named(answer, UNMENDABLE) == UNMENDABLE
    assert named(answer, ["memory-limit", "cpu-memory-requests"]) == []


def test_whoever_asks(fleet: Fleet) -> None:
    place = fleet.namespace("suggest", user="dev")
    assert_refused(place.create("pods", bad_pod()))
    assert place.create("pods", good_pod()).status == 201


def test_server_side_apply_is_a_create(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    assert_refused(place.patch("pods", "bad", bad_pod(), "apply"))
    assert place.patch("pods", "good", good_pod(), "apply").status == 201


def test_kubectl_shows_all_of_it(fleet: Fleet) -> None:
    done = fleet.namespace("suggest").kubectl("apply", "-f", "-", stdin=json.dumps(bad_pod()))
    assert done.returncode == 1
    assert "(Forbidden)" in done.stderr
    assert [policy for policy in HIGH_POLICIES if policy not in done.stderr] == []


def test_a_changed_template_is_judged(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    spec = good_pod()["spec"]
    place.create("deployments", workload("Deployment", "api", spec)).expect(201)
    containers = [{"name": "api", "image": "registry.example.com/shop/api:latest"}]
    change = {"spec": {"template": {"spec": {"containers": containers}}}}
    answer = place.patch("deployments", "api", change, "strategic")
    assert_refused(answer)
    assert named(answer, HIGH_POLICIES) == ["no-latest-tag"]
    assert "spec.template.spec.containers[0]" in answer.message


def test_many_containers_stay_readable(fleet: Fleet) -> None:
    """Every failing policy is named even where one line per violation would be too long."""
    containers = [{"name": f"c{number}", "image": "nginx:latest"} for number in range(40)]
    answer = fleet.namespace("suggest").create("pods", pod("many", *containers))
    assert_refused(answer)
    absent = ("no-privileged", "no-host-namespaces", "no-secrets-in-env")
    assert named(answer, HIGH_POLICIES) == [policy for policy in HIGH_POLICIES if policy not in absent]
    assert len(answer.message) < 1500


@pytest.mark.parametrize("setting", ["suggest", "apply", "warn", "audit", "dry-run"])
def test_a_secret_is_never_repeated(fleet: Fleet, setting: str) -> None:
    place = fleet.namespace(setting, "recorded")
    carrying = {"args": [f"--token={SECRET}"], "env": [{"name": "API_TOKEN", "value": SECRET}]}
    body = pod("canary", GOOD_CONTAINER | carrying)
    body["metadata"]["annotations"] = {"example.com/note": SECRET}
    answer = place.create("pods", body)
    assert answer.ok == (setting not in ("suggest", "apply")), answer
    said = [exchange.answer for exchange in fleet.recorder(setting).exchanges(place.namespace)]
    assert said, "nothing was asked"
    assert SECRET not in json.dumps(said)
    assert SECRET not in answer.message + "".join(answer.warnings)
    server = fleet.server(setting)
    assert SECRET not in server.process.output()
    assert SECRET not in server.metrics()
    assert SECRET not in json.dumps(fleet.cluster.audit_events(place.namespace))
