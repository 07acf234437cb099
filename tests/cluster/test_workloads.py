"""Workloads: remedies happen at the Pod, refusals at the template, made by the platform's own controllers."""

from __future__ import annotations

import pytest

from client import Client, Object
from fleet import Fleet
from manifests import (
    HIGH_POLICIES,
    RESOURCE_POLICIES,
    assert_mended,
    careless_pod,
    good_pod,
    template_of,
    workload,
)
from processes import until

RESOURCES = {
    "Deployment": "deployments",
    "ReplicaSet": "replicasets",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "Job": "jobs",
    "CronJob": "cronjobs",
    "ReplicationController": "replicationcontrollers",
}
TEMPLATE_PATH = {"CronJob": "spec.jobTemplate.spec.template.spec"}
RUNNING = [kind for kind in RESOURCES if kind not in ("DaemonSet", "CronJob")]
"""The kinds whose controllers make Pods here: a DaemonSet would need a node, a CronJob a date."""


def pods_of(place: Client, count: int = 1) -> list[Object]:
    """The Pods that a controller has made, when there are enough."""

    def enough() -> list[Object] | None:
        found = place.items("pods")
        return found if len(found) >= count else None

    return until(enough, f"{count} Pods in {place.namespace}")


@pytest.mark.parametrize("door", ["url", "service"])
def test_a_bare_deployment(fleet: Fleet, unwatched: Client, door: str) -> None:
    place = fleet.namespace("apply", door)
    for where in (place, unwatched):
        done = where.kubectl("create", "deployment", f"web-{door}", "--image=nginx:1.27", "--replicas=2")
        assert done.returncode == 0, done.stderr
    stored = place.get("deployments", f"web-{door}").expect(200)
    assert stored["spec"] == unwatched.get("deployments", f"web-{door}").expect(200)["spec"]
    pods = pods_of(place, 2)
    for each in pods:
        assert_mended(each["spec"])
        assert each["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
    (replicas,) = place.items("replicasets")
    assert replicas["spec"]["template"]["spec"] == template_of(stored)["spec"]


@pytest.mark.parametrize("door", ["url", "service"])
def test_latest_is_refused_at_the_deployment(fleet: Fleet, door: str) -> None:
    place = fleet.namespace("apply", door)
    done = place.kubectl("create", "deployment", "web", "--image=nginx:latest")
    assert done.returncode == 1
    assert "no-latest-tag" in done.stderr
    # What would be mended in the Pods is no reason to refuse.
    assert [policy for policy in HIGH_POLICIES if policy in done.stderr] == ["no-latest-tag"]
    assert not place.exists("deployments", "web")


@pytest.mark.parametrize("kind", RESOURCES)
def test_a_careless_template_is_left_as_written(fleet: Fleet, unwatched: Client, kind: str) -> None:
    place = fleet.namespace("apply", "everything")
    body = workload(kind, f"careless-{kind.lower()}", careless_pod()["spec"])
    alone = unwatched.create(RESOURCES[kind], body).expect(201)
    stored = place.create(RESOURCES[kind], body).expect(201)
    assert template_of(stored)["spec"] == template_of(alone)["spec"]
    if kind in RUNNING:
        assert_mended(pods_of(place)[0]["spec"])


@pytest.mark.parametrize("kind", RESOURCES)
def test_what_no_remedy_answers_is_refused_at_the_template(fleet: Fleet, kind: str) -> None:
    place = fleet.namespace("apply")
    answer = place.create(RESOURCES[kind], workload(kind, "host", careless_pod(hostPID=True)["spec"]))
    assert answer.status == 403, answer
    assert [policy for policy in HIGH_POLICIES if policy in answer.message] == ["no-host-namespaces"]
    assert TEMPLATE_PATH.get(kind, "spec.template.spec") in answer.message
    assert place.items(RESOURCES[kind]) == []


@pytest.mark.parametrize("kind", RESOURCES)
def test_suggest_judges_the_template_as_written(fleet: Fleet, kind: str) -> None:
    place = fleet.namespace("suggest")
    answer = place.create(RESOURCES[kind], workload(kind, "careless", careless_pod()["spec"]))
    assert answer.status == 403, answer
    for policy in RESOURCE_POLICIES:
        assert policy in answer.message
    assert f"{TEMPLATE_PATH.get(kind, 'spec.template.spec')}.containers[0]" in answer.message
    assert place.create(RESOURCES[kind], workload(kind, "good", good_pod()["spec"])).status == 201


def test_a_cron_jobs_job(fleet: Fleet) -> None:
    place = fleet.namespace("apply")
    place.create("cronjobs", workload("CronJob", "report", careless_pod()["spec"])).expect(201)
    done = place.kubectl("create", "job", "--from=cronjob/report", "now")
    assert done.returncode == 0, done.stderr
    assert_mended(pods_of(place)[0]["spec"])


def test_controllers_are_judged_like_anyone(fleet: Fleet) -> None:
    """A ReplicaSet from before the server's time makes no more bad Pods, and its events say why."""
    place = fleet.namespace()
    body = workload("ReplicaSet", "old", careless_pod(hostPID=True)["spec"])
    body["spec"]["replicas"] = 0
    place.create("replicasets", body).expect(201)
    fleet.watch(place, "apply")
    place.patch("replicasets", "old", {"spec": {"replicas": 1}}, subresource="scale").expect(200)

    def refused() -> list[Object]:
        return [each for each in place.items("events") if each["reason"] == "FailedCreate"]

    events = until(refused, "the event of a refused Pod")
    assert "no-host-namespaces" in events[0]["message"]
    assert place.items("pods") == []
