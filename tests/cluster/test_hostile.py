"""What somebody would try who may write Pods, workloads and namespaces' labels, but not policies."""

from __future__ import annotations

import json

import pytest

from client import Client, Object
from fleet import Fleet
from manifests import GOOD_CONTAINER, careless_pod, good_pod, pod, workload
from processes import until

PRIVILEGED: Object = {
    "name": "old",
    "image": "registry.example.com/tools/old:1",
    "securityContext": {"privileged": True},
}


def with_old(fleet: Fleet, *bodies: Object) -> Client:
    """A namespace with objects from before it was watched."""
    place = fleet.namespace()
    for body in bodies:
        resource = "pods" if body["kind"] == "Pod" else "deployments"
        place.create(resource, body).expect(201)
        if body["spec"].get("replicas") != 0:
            until(lambda: place.items("pods"), "the old Pod, before anybody watches")
    fleet.watch(place, "suggest")
    return place


def test_an_image_swap_in_an_old_privileged_container(fleet: Fleet) -> None:
    place = with_old(fleet, pod("old", GOOD_CONTAINER, PRIVILEGED))
    label = {"metadata": {"labels": {"team": "shop"}}}
    assert place.patch("pods", "old", label).status == 200
    for image in ("registry.example.com/tools/old:2", "evil.example.com/miner:1"):
        change = {"spec": {"containers": [{"name": "old", "image": image}]}}
        answer = place.patch("pods", "old", change, "strategic")
        assert answer.status == 403, answer
        assert "- no-privileged: spec.containers[1]: container old is privileged" in answer.message
    assert place.get("pods", "old").body["spec"]["containers"][1]["image"] == PRIVILEGED["image"]


def test_a_restart_of_a_bad_deployment_is_refused_at_the_template(fleet: Fleet) -> None:
    place = with_old(fleet, workload("Deployment", "old", pod("old", PRIVILEGED)["spec"]))
    pods = place.items("pods")
    done = place.kubectl("rollout", "restart", "deployment/old")
    assert done.returncode != 0
    assert "no-privileged: spec.template.spec.containers[0]" in done.stderr
    assert [each["metadata"]["uid"] for each in place.items("pods")] == [each["metadata"]["uid"] for each in pods]


def test_containers_reordered_and_renamed(fleet: Fleet) -> None:
    """Of a Deployment the whole template is judged when it changes; of a Pod the API allows neither."""
    body = workload("Deployment", "old", pod("old", GOOD_CONTAINER, PRIVILEGED)["spec"])
    body["spec"]["replicas"] = 0
    place = with_old(fleet, body, pod("old", GOOD_CONTAINER, PRIVILEGED))
    spec = body["spec"]["template"]["spec"]
    for containers in (spec["containers"][::-1], [GOOD_CONTAINER, PRIVILEGED | {"name": "renamed"}]):
        change = {"spec": {"template": {"spec": {"containers": containers}}}}
        answer = place.patch("deployments", "old", change)
        assert answer.status == 403, answer
        assert "no-privileged" in answer.message
        answer = place.patch("pods", "old", {"spec": {"containers": containers}})
        assert answer.status in (403, 422), answer
    assert place.patch("deployments", "old", {"spec": {"replicas": 1}}).status == 200


@pytest.mark.parametrize(
    "owner",
    [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "lenient", "uid": "0"},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "lenient-too-x", "uid": "0", "controller": True},
        {"apiVersion": "v1", "kind": "Node", "name": "lenient", "uid": "0", "controller": True},
        {"apiVersion": "example.com/v1", "kind": "Lenient", "name": "lenient", "uid": "0", "controller": True},
    ],
)
def test_a_spoofed_owner_exempts_nobody(fleet: Fleet, owner: Object) -> None:
    body = careless_pod()
    body["metadata"] |= {"ownerReferences": [owner], "labels": {"pod-template-hash": "x"}}
    answer = fleet.namespace("enforced").create("pods", body)
    assert answer.status == 403, answer
    assert "memory-limit" in answer.message


def test_an_excused_sidecars_name_on_a_foreign_image(fleet: Fleet) -> None:
    place = fleet.namespace("enforced")

    def with_sidecar(image: str) -> Object:
        body = good_pod()
        body["spec"]["initContainers"] = [{"name": "proxy", "image": image, "restartPolicy": "Always"}]
        return body

    place.create("pods", with_sidecar("registry.example.com/mesh/proxy:1")).expect(201)
    for image in ("evil.example.com/mesh/proxy:1", "registry.example.com/meshwork/proxy:1"):
        answer = place.create("pods", with_sidecar(image), dry_run=True)
        assert answer.status == 403, answer
        assert "spec.initContainers[0]" in answer.message


def test_a_namespaces_label_loosens_nothing(fleet: Fleet) -> None:
    """enforcement.yaml switches everything off where a namespace is labelled so; the server knows only its name."""
    place = fleet.namespace("enforced")
    label = {"metadata": {"labels": {"example.com/lax": "true"}}}
    place.patch("namespaces", place.namespace, label).expect(200)
    assert place.create("pods", careless_pod()).status == 403


def test_what_a_custom_resources_controller_makes(fleet: Fleet) -> None:
    """Its service account is a user like any other, and its resource as owner exempts nothing."""
    place = fleet.namespace("suggest")
    group = fleet.name("ships") + ".example.com"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"ships.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": "ships", "kind": "Ship"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
    place.create("customresourcedefinitions", definition).expect(201)
    manifest = f"apiVersion: {group}/v1\nkind: Ship\nmetadata: {{name: mary}}\n"
    until(lambda: place.kubectl("apply", "-f", "-", stdin=manifest).returncode == 0, "the custom resource")
    done = place.kubectl("get", f"ships.{group}", "mary", "-o", "jsonpath={.metadata.uid}")
    owner = {"apiVersion": f"{group}/v1", "kind": "Ship", "name": "mary", "uid": done.stdout, "controller": True}
    body = careless_pod()
    body["metadata"]["ownerReferences"] = [owner]
    place.kubectl("create", "serviceaccount", "captain")
    account = f"{place.namespace}:captain"
    place.kubectl("create", "rolebinding", "captain", "--clusterrole=edit", f"--serviceaccount={account}")
    as_captain = f"--as=system:serviceaccount:{account}"
    done = place.kubectl("create", "-f", "-", as_captain, stdin=json.dumps(body))
    assert done.returncode != 0
    assert "memory-limit" in done.stderr
    body["spec"] = good_pod()["spec"]
    done = place.kubectl("create", "-f", "-", as_captain, stdin=json.dumps(body))
    assert done.returncode == 0, done.stderr
