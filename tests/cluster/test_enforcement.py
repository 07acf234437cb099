"""Enforcement and PolicyException documents (enforcement.yaml) of a server that otherwise denies."""

from __future__ import annotations

import pytest

from client import Object
from fleet import Fleet
from manifests import GOOD_CONTAINER, careless_pod, pod, workload
from processes import until


def pod_of(image: str, **container: object) -> Object:
    """A Pod that is in order but for one container, which has nothing but an image."""
    return pod("legacy", GOOD_CONTAINER, {"name": "old", "image": image} | container)


def test_a_rule_for_a_workload_holds_for_its_pods(fleet: Fleet) -> None:
    """The Deployment, its ReplicaSet and its Pods, which a controller makes, are one workload."""
    place = fleet.namespace("enforced")
    spec = careless_pod()["spec"]
    answer = place.create("deployments", workload("Deployment", "lenient", spec))
    assert answer.status == 201, answer
    assert any("memory-limit" in warning for warning in answer.warnings)
    until(lambda: place.items("pods"), "the Pod of the lenient Deployment")
    refused = place.create("deployments", workload("Deployment", "lenient-too", spec))
    assert refused.status == 403, refused


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("registry.example.com/legacy/app:1", 201),
        ("registry.example.com/legacywork/app:1", 403),
        ("registry.example.com.evil.io/legacy/app:1", 403),
        ("registry.example.com/past/app:1", 403),
    ],
)
def test_an_exception_is_for_its_image_until_it_expires(fleet: Fleet, image: str, status: int) -> None:
    answer = fleet.namespace("enforced").create("pods", pod_of(image))
    assert answer.status == status, answer
    assert ("exception past of the proving ground expired on 2020-01-01" in answer.message) == ("past" in image)


def test_an_exception_does_not_cover_the_pod_as_a_whole(fleet: Fleet) -> None:
    body = pod_of("registry.example.com/legacy/app:1")
    body["spec"]["hostNetwork"] = True
    answer = fleet.namespace("enforced").create("pods", body)
    assert answer.status == 403
    assert "no-host-namespaces" in answer.message
    assert "memory-limit" not in answer.message


def test_an_excused_container_may_not_get_another_image(fleet: Fleet) -> None:
    place = fleet.namespace("enforced")
    place.create("pods", pod_of("registry.example.com/legacy/app:1", securityContext={"privileged": True})).expect(201)

    def swap(image: str) -> int:
        change = {"spec": {"containers": [{"name": "old", "image": image}]}}
        return place.patch("pods", "legacy", change, "strategic").status

    assert swap("registry.example.com/legacy/app:2") == 200
    assert swap("evil.example.com/app:1") == 403
