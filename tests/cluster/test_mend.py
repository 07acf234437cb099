"""Remedies on Pods: what fails is mended, what was written stays, and the author is told what may go wrong."""

from __future__ import annotations

import pytest

from fleet import Fleet
from manifests import GOOD_CONTAINER, assert_kept, assert_mended, careless_pod, good_pod, pod


@pytest.mark.parametrize("door", ["url", "service"])
def test_a_careless_pod_is_mended(fleet: Fleet, door: str) -> None:
    place = fleet.namespace("apply", door)
    answer = place.create("pods", careless_pod())
    assert answer.status == 201, answer
    stored = place.get("pods", "careless").expect(200)
    assert_mended(stored["spec"])
    assert_kept(careless_pod()["spec"], stored["spec"])
    assert stored["spec"]["containers"][0]["image"] == "nginx:1.27"


def test_what_may_fail_at_start_is_said(fleet: Fleet) -> None:
    """No manifest fact says that nginx does not run as root, so that this was put in is worth a warning."""
    answer = fleet.namespace("apply").create("pods", careless_pod())
    assert [warning for warning in answer.warnings if "run-as-non-root" in warning], answer


def test_kubectl_run(fleet: Fleet) -> None:
    place = fleet.namespace("apply", "service")
    done = place.kubectl("run", "web", "--image=nginx:1.27")
    assert done.returncode == 0, done.stderr
    assert "Warning: " in done.stderr
    assert_mended(place.get("pods", "web").expect(200)["spec"])


def test_with_the_service_accounts_token(fleet: Fleet) -> None:
    """The API server's own volume and mount are in the Pod before we see it, and stay."""
    body = careless_pod()
    del body["spec"]["automountServiceAccountToken"]
    stored = fleet.namespace("apply").create("pods", body).expect(201)
    assert_mended(stored["spec"])
    mounts = [each["mountPath"] for each in stored["spec"]["containers"][0]["volumeMounts"]]
    assert "/var/run/secrets/kubernetes.io/serviceaccount" in mounts


def test_init_containers_and_sidecars_too(fleet: Fleet) -> None:
    init = [
        {"name": "migrate", "image": "registry.example.com/migrate:7"},
        {"name": "proxy", "image": "registry.example.com/proxy:3", "restartPolicy": "Always"},
    ]
    body = careless_pod(initContainers=init)
    stored = fleet.namespace("apply").create("pods", body).expect(201)
    assert_mended(stored["spec"])
    assert_kept(body["spec"], stored["spec"])


def test_what_was_written_stays(fleet: Fleet) -> None:
    container = {
        "name": "web",
        "image": "registry.example.com/web:2",
        "command": ["serve", "--port=8080"],
        "env": [{"name": "MODE", "value": "fast"}, {"name": "LEVEL", "value": "info"}],
        "ports": [{"containerPort": 8080, "name": "http"}],
        "resources": {"limits": {"memory": "3Gi", "cpu": "2"}},
        "securityContext": {"runAsUser": 4711, "capabilities": {"drop": ["NET_RAW"]}},
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp/"}, {"name": "data", "mountPath": "/data"}],
    }
    volumes = [{"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "data", "emptyDir": {}}]
    body = pod("written", container, volumes=volumes, nodeSelector={"disk": "ssd"})
    body["metadata"] |= {"labels": {"app": "web"}, "annotations": {"example.com/owner": "shop"}}
    stored = fleet.namespace("apply").create("pods", body).expect(201)
    assert_mended(stored["spec"])
    drop = stored["spec"]["containers"][0]["securityContext"]["capabilities"].pop("drop")
    assert set(drop) >= {"ALL", "NET_RAW"}
    del body["spec"]["containers"][0]["securityContext"]["capabilities"]
    assert_kept(body["spec"], stored["spec"])
    assert_kept(body["metadata"], stored["metadata"])
    # /tmp was there under another spelling, so it got no second mount
    mounts = [each["mountPath"] for each in stored["spec"]["containers"][0]["volumeMounts"]]
    assert sorted(mounts) == ["/data", "/tmp/"]


def test_a_volume_of_the_remedys_name(fleet: Fleet) -> None:
    """A Pod that uses the name for something else keeps it; the remedy's own gets another name."""
    first = fleet.namespace("apply").create("pods", careless_pod()).expect(201)["spec"]
    mount = next(each for each in first["containers"][0]["volumeMounts"] if each["mountPath"] == "/tmp")
    taken = {"name": mount["name"], "configMap": {"name": "settings"}}
    stored = fleet.namespace("apply").create("pods", careless_pod(volumes=[taken])).expect(201)
    assert_mended(stored["spec"])
    assert_kept([taken], stored["spec"]["volumes"])


def test_a_good_container_beside_a_careless_one(fleet: Fleet) -> None:
    body = pod("mixed", GOOD_CONTAINER, {"name": "web", "image": "nginx:1.27"})
    place = fleet.namespace("apply")
    stored = place.create("pods", body).expect(201)
    alone = fleet.namespace().create("pods", good_pod()).expect(201)
    assert stored["spec"]["containers"][0] == alone["spec"]["containers"][0]
    assert_mended({**stored["spec"], "containers": stored["spec"]["containers"][1:]})


def test_suggest_patches_nothing(fleet: Fleet) -> None:
    place = fleet.namespace("suggest", "recorded")
    assert place.create("pods", careless_pod()).status == 403
    exchanges = fleet.recorder("suggest").exchanges(place.namespace, "/mutate")
    assert [each.patch for each in exchanges] == [None]


def test_a_mirror_pod_is_never_patched(fleet: Fleet) -> None:
    """It mirrors a file on a node; what the kubelet runs would not be what is stored."""
    place = fleet.namespace("apply", "recorded")
    body = careless_pod("mirror", nodeName="node-1")
    body["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "0123456789abcdef"}
    place.create("pods", body, dry_run=True)
    exchanges = fleet.recorder("apply").exchanges(place.namespace, "/mutate")
    assert [(each.response["allowed"], each.patch) for each in exchanges] == [(True, None)]


def test_mutate_refuses_nothing(fleet: Fleet) -> None:
    """The refusal is /validate's, which sees the end state."""
    place = fleet.namespace("apply", "recorded")
    answer = place.create("pods", careless_pod(hostPID=True))
    assert answer.status == 403
    assert fleet.registration("apply", "recorded").hook("validate") in answer.message
    exchanges = fleet.recorder("apply").exchanges(place.namespace)
    verdicts = [(each.path.partition("?")[0], each.response["allowed"]) for each in exchanges]
    assert verdicts == [("/mutate", True), ("/validate", False)]
    assert exchanges[0].patch, "what can be mended is, whatever else is wrong"
    assert exchanges[1].patch is None
