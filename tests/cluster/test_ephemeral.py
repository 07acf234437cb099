"""`kubectl debug`: the container that is added is judged and mended, nothing else of the running Pod is touched."""

from __future__ import annotations

import copy

from client import Answer, Client, Object
from fleet import Fleet
from manifests import GOOD_DEBUGGER, HIGH_POLICIES, RESOURCE_POLICIES, assert_hardened, careless_pod, good_pod

BARE: Object = {"name": "debugger", "image": "busybox:1.36"}


def add(place: Client, pod: str, *containers: Object) -> Answer:
    """Adds ephemeral containers to a Pod, as `kubectl debug` does."""
    body = place.get("pods", pod).expect(200)
    body["spec"].setdefault("ephemeralContainers", []).extend(copy.deepcopy(containers))
    return place.update("pods", body, "ephemeralcontainers")


def debug(place: Client, image: str) -> tuple[int, str]:
    """kubectl's own way. Its baseline profile asks for nothing, where the default one asks for SYS_PTRACE."""
    done = place.kubectl("debug", "good", f"--image={image}", "--container=debugger", "--profile=baseline")
    return done.returncode, done.stderr


def test_kubectl_debug_is_judged(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    place.create("pods", good_pod()).expect(201)
    code, said = debug(place, "busybox:1.36")
    assert code != 0
    for policy in ("drop-all-capabilities", "no-privilege-escalation", "read-only-root-filesystem"):
        assert policy in said
    assert [policy for policy in RESOURCE_POLICIES if policy in said] == []  # it can have no resources
    assert "ephemeralContainers" not in place.get("pods", "good").body["spec"]


def test_kubectl_debug_is_mended(fleet: Fleet) -> None:
    place = fleet.namespace("apply", "service")
    before = place.create("pods", good_pod()).expect(201)
    code, said = debug(place, "busybox:1.36")
    assert code == 0, said
    after = place.get("pods", "good").expect(200)
    (added,) = after["spec"].pop("ephemeralContainers")
    assert_hardened(added, after["spec"])
    assert "volumeMounts" not in added  # of a remedy, only the securityContext may be used here
    assert after["spec"] == before["spec"]


def test_what_no_remedy_answers_is_refused(fleet: Fleet) -> None:
    place = fleet.namespace("apply")
    place.create("pods", good_pod()).expect(201)
    code, said = debug(place, "busybox:latest")
    assert code != 0
    assert [policy for policy in HIGH_POLICIES if policy in said] == ["no-latest-tag"]


def test_a_good_one_passes(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    place.create("pods", good_pod()).expect(201)
    assert add(place, "good", GOOD_DEBUGGER).status == 200


def test_only_what_is_added_is_touched(fleet: Fleet) -> None:
    place = fleet.namespace()
    place.create("pods", good_pod()).expect(201)
    (first,) = add(place, "good", BARE).expect(200)["spec"]["ephemeralContainers"]
    fleet.watch(place, "apply", "recorded")
    answer = add(place, "good", BARE | {"name": "second"})
    assert answer.status == 200, answer
    spec = place.get("pods", "good").body["spec"]
    kept, added = spec["ephemeralContainers"]
    assert kept == first
    assert_hardened(added, spec)
    patches = [
        each.patch
        for each in fleet.recorder("apply").exchanges(place.namespace, "/mutate")
        if each.request.get("subResource") == "ephemeralcontainers"
    ]
    operations = [operation for patch in patches if patch for operation in patch]
    assert operations
    for operation in operations:
        assert operation["path"].startswith("/spec/ephemeralContainers/1/securityContext"), operations


def test_an_old_one_is_not_judged_again(fleet: Fleet) -> None:
    place = fleet.namespace()
    place.create("pods", good_pod()).expect(201)
    add(place, "good", BARE).expect(200)
    fleet.watch(place, "suggest")
    assert add(place, "good", GOOD_DEBUGGER).status == 200


def test_a_pod_level_rule_is_judged_with_it(fleet: Fleet) -> None:
    place = fleet.namespace()
    place.create("pods", careless_pod(hostPID=True)).expect(201)
    fleet.watch(place, "apply")
    answer = add(place, "careless", GOOD_DEBUGGER)
    assert answer.status == 403, answer
    assert "no-host-namespaces" in answer.message
