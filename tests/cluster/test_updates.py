"""Updates of what was there before the policies: nothing that leaves the running thing alone is in the way."""

from __future__ import annotations

from typing import Any

import pytest

from client import Client
from fleet import Fleet
from manifests import GOOD_CONTAINER, HIGH_POLICIES, bad_pod, careless_pod, good_pod, workload

SETTINGS = ["suggest", "apply"]
GATE = [{"name": "example.com/wait"}]
TOLERATION = {"key": "example.com/x", "operator": "Exists"}
CHANGES: dict[str, tuple[str, Any]] = {
    "label": ("merge", {"metadata": {"labels": {"team": "shop"}}}),
    "annotation": ("merge", {"metadata": {"annotations": {"example.com/note": "seen"}}}),
    "finalizer": ("merge", {"metadata": {"finalizers": ["example.com/hold"]}}),
    "scheduling gate": ("merge", {"spec": {"schedulingGates": []}}),
    "toleration": ("json", [{"op": "add", "path": "/spec/tolerations/-", "value": TOLERATION}]),
    "deadline": ("merge", {"spec": {"activeDeadlineSeconds": 600}}),
}


def with_old_pods(fleet: Fleet, setting: str, door: str = "url") -> Client:
    """A namespace with Pods from before it was watched."""
    place = fleet.namespace()
    place.create("pods", careless_pod(schedulingGates=GATE)).expect(201)
    place.create("pods", bad_pod(schedulingGates=GATE)).expect(201)
    fleet.watch(place, setting, door)
    return place


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_does_not_change_what_runs(fleet: Fleet, setting: str) -> None:
    place = with_old_pods(fleet, setting, "recorded")
    for name in ("careless", "bad"):
        for change, (kind, patch) in CHANGES.items():
            answer = place.patch("pods", name, patch, kind)
            assert answer.status == 200, f"{change} of {name}: {answer}"
    exchanges = fleet.recorder(setting).exchanges(place.namespace, "/mutate")
    updates = [each for each in exchanges if each.request["operation"] == "UPDATE"]
    assert len(updates) >= 2 * len(CHANGES)
    assert [each.patch for each in updates if each.patch] == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_changed_image_is_judged(fleet: Fleet, setting: str) -> None:
    place = with_old_pods(fleet, setting)
    change = {"spec": {"containers": [{"name": "web", "image": "nginx:1.28"}]}}
    answer = place.patch("pods", "careless", change, "strategic")
    assert answer.status == 403, answer  # no remedy: a Pod's spec cannot be changed any more
    for policy in ("drop-all-capabilities", "memory-limit"):
        assert policy in answer.message
    assert place.get("pods", "careless").body["spec"]["containers"][0]["image"] == "nginx:1.27"


def test_a_good_pod_may_change_its_image(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    place.create("pods", good_pod()).expect(201)
    better = GOOD_CONTAINER["image"].replace("1.4.2", "1.4.3")
    change = {"spec": {"containers": [{"name": "api", "image": better}]}}
    assert place.patch("pods", "good", change, "strategic").status == 200
    change = {"spec": {"containers": [{"name": "api", "image": "registry.example.com/shop/api:latest"}]}}
    answer = place.patch("pods", "good", change, "strategic")
    assert answer.status == 403
    assert [policy for policy in HIGH_POLICIES if policy in answer.message] == ["no-latest-tag"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_only_the_changed_container_is_judged(fleet: Fleet, setting: str) -> None:
    place = fleet.namespace()
    body = good_pod("mixed")
    body["spec"]["containers"].append({"name": "web", "image": "nginx:1.27"})
    place.create("pods", body).expect(201)
    fleet.watch(place, setting)
    better = GOOD_CONTAINER["image"].replace("1.4.2", "1.4.3")
    change = {"spec": {"containers": [{"name": "api", "image": better}]}}
    assert place.patch("pods", "mixed", change, "strategic").status == 200


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_old_deployment(fleet: Fleet, setting: str) -> None:
    """Its metadata and its size change freely; a changed template is judged in full."""
    place = fleet.namespace()
    body = workload("Deployment", "old", bad_pod()["spec"])
    body["spec"]["replicas"] = 0
    place.create("deployments", body).expect(201)
    fleet.watch(place, setting)
    for patch in (
        {"metadata": {"labels": {"team": "shop"}}},
        {"spec": {"replicas": 3}},
        {"spec": {"paused": True}},
        {"spec": {"revisionHistoryLimit": 3}},
    ):
        answer = place.patch("deployments", "old", patch)
        assert answer.status == 200, f"{patch}: {answer}"
    touched = {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}}}}}
    answer = place.patch("deployments", "old", touched)
    assert answer.status == 403, answer
    assert "no-privileged" in answer.message


def test_a_pod_on_its_way_out(fleet: Fleet) -> None:
    """The last finalizer of a bad Pod that is being deleted can be taken away."""
    place = fleet.namespace()
    body = bad_pod()
    body["metadata"]["finalizers"] = ["example.com/hold"]
    place.create("pods", body).expect(201)
    fleet.watch(place, "suggest", "everything")
    place.delete("pods", "bad").expect(200)
    assert place.get("pods", "bad").body["metadata"]["deletionTimestamp"]
    place.patch("pods", "bad", {"metadata": {"finalizers": None}}).expect(200)
    assert not place.exists("pods", "bad")
