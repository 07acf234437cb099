"""Requests that are not about what runs go through, even where the rules send every one of them to the server."""

from __future__ import annotations

import pytest

from client import Client
from fleet import Fleet
from manifests import bad_pod, careless_pod, good_pod, workload
from processes import until

DOORS = ["url", "everything"]


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return request.param


def old(fleet: Fleet, door: str) -> Client:
    """A namespace with bad things in it from before it was watched."""
    place = fleet.namespace()
    place.create("pods", bad_pod()).expect(201)
    deployment = workload("Deployment", "old", bad_pod()["spec"])
    deployment["spec"]["replicas"] = 0
    place.create("deployments", deployment).expect(201)
    fleet.watch(place, "suggest", door)
    return place


def test_scale(fleet: Fleet, door: str) -> None:
    place = old(fleet, door)
    answer = place.patch("deployments", "old", {"spec": {"replicas": 2}}, subresource="scale")
    assert answer.status == 200, answer
    assert place.get("deployments", "old").body["spec"]["replicas"] == 2
    done = place.kubectl("scale", "deployment/old", "--replicas=0")
    assert done.returncode == 0, done.stderr


def test_status(fleet: Fleet, door: str) -> None:
    place = old(fleet, door)
    condition = {"type": "example.com/Seen", "status": "True"}
    answer = place.patch("pods", "bad", {"status": {"conditions": [condition]}}, "strategic", "status")
    assert answer.status == 200, answer
    assert "example.com/Seen" in [each["type"] for each in answer.body["status"]["conditions"]]
    assert place.patch("deployments", "old", {"status": {"observedGeneration": 1}}, subresource="status").status == 200


def test_delete(fleet: Fleet, door: str) -> None:
    place = old(fleet, door)
    assert place.delete("pods", "bad").status == 200
    assert not place.exists("pods", "bad")
    assert place.delete("deployments", "old").status == 200
    assert not place.exists("deployments", "old")


def test_deletecollection(fleet: Fleet, door: str) -> None:
    place = old(fleet, door)
    assert place.delete_all("pods").status == 200
    assert place.items("pods") == []


def test_eviction(fleet: Fleet, door: str) -> None:
    place = old(fleet, door)
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "bad"}}
    answer = place.create("pods", eviction, "bad", "eviction")
    assert answer.status == 201, answer
    assert not place.exists("pods", "bad")


def test_binding(fleet: Fleet) -> None:
    """What the scheduler does to a Pod."""
    place = old(fleet, "everything")
    binding = {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": "bad"},
        "target": {"apiVersion": "v1", "kind": "Node", "name": "node-1"},
    }
    answer = place.create("pods", binding, "bad", "binding")
    assert answer.status == 201, answer
    assert place.get("pods", "bad").body["spec"]["nodeName"] == "node-1"


def test_the_end_of_a_namespace(fleet: Fleet) -> None:
    """The namespace controller's deletions, which name no object, empty it."""
    place = old(fleet, "everything")
    assert place.delete("namespaces", place.namespace).status == 200
    until(lambda: not place.items("pods") and not place.items("deployments"), "the end of what was in the namespace")


def test_other_kinds(fleet: Fleet) -> None:
    place = fleet.namespace("suggest", "everything")
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
    answer = place.create("configmaps", settings)
    assert (answer.status, answer.warnings) == (201, [])
    service = {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}], "selector": {"app": "web"}}}
    assert place.create("services", service).status == 201


@pytest.mark.parametrize("setting", ["suggest", "apply"])
def test_resize_is_never_patched(fleet: Fleet, setting: str) -> None:
    place = fleet.namespace()
    for body in (good_pod(), careless_pod("unmended")):
        requests = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}
        body["spec"]["containers"][0]["resources"] = requests
        place.create("pods", body).expect(201)
    fleet.watch(place, setting, "recorded")
    for name in ("good", "unmended"):
        before = place.get("pods", name).expect(200)["spec"]
        container = before["containers"][0]
        change = {"spec": {"containers": [{"name": container["name"], "resources": {"requests": {"cpu": "75m"}}}]}}
        answer = place.patch("pods", name, change, "strategic", "resize")
        assert answer.status == 200, answer
        container["resources"]["requests"]["cpu"] = "75m"
        assert place.get("pods", name).body["spec"] == before
    exchanges = [
        each
        for each in fleet.recorder(setting).exchanges(place.namespace)
        if each.request.get("subResource") == "resize"
    ]
    assert len(exchanges) >= 4  # two Pods, two webhooks
    assert [each.patch for each in exchanges if each.patch] == []
