"""Other webhooks change Pods too, after ours: a second look finds what they added and repeats nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from client import Client, Object
from fleet import Fleet
from hooks import Exchange, patching_hook
from manifests import assert_mended, careless_pod
from registration import Registration, rule


@contextmanager
def another_webhook(fleet: Fleet, place: Client, patch: Callable[[Object], list[Object]]) -> Iterator[None]:
    """A mutating webhook that is called after Seaworthy's, for one namespace only."""

    def patch_here(body: Object) -> list[Object]:
        return patch(body) if body["metadata"]["namespace"] == place.namespace else []

    hook = patching_hook(fleet.certificate, patch_here)
    other = Registration(
        fleet.name("another"),
        hook.port,
        hook.ca,
        rules=[rule("", "pods", "CREATE")],
        failure_policy="Ignore",  # the API server may call it a moment longer than it is registered
        reinvocation="Never",
        validating=False,
        watching=fleet.registration("apply", "recorded").name,
        order="zz",
    ).apply(fleet.cluster)
    try:
        yield
    finally:
        other.remove(fleet.cluster)
        hook.stop()


def mutations(fleet: Fleet, place: Client) -> list[Exchange]:
    return fleet.recorder("apply").exchanges(place.namespace, "/mutate")


def test_the_second_pass_has_nothing_to_add(fleet: Fleet) -> None:
    def annotate(body: Object) -> list[Object]:
        if "annotations" in body["metadata"]:
            return [{"op": "add", "path": "/metadata/annotations/example.com~1seen", "value": "yes"}]
        return [{"op": "add", "path": "/metadata/annotations", "value": {"example.com/seen": "yes"}}]

    place = fleet.namespace("apply", "recorded")
    with another_webhook(fleet, place, annotate):
        stored = place.create("pods", careless_pod()).expect(201)
    assert stored["metadata"]["annotations"]["example.com/seen"] == "yes"
    assert_mended(stored["spec"])
    first, second = mutations(fleet, place)
    assert first.patch
    assert second.request["object"]["metadata"]["annotations"]["example.com/seen"] == "yes"
    assert second.patch is None
    assert "patchType" not in second.response


def test_an_injected_container_is_mended(fleet: Fleet) -> None:
    def inject(body: Object) -> list[Object]:
        if len(body["spec"]["containers"]) > 1:
            return []
        sidecar = {"name": "proxy", "image": "registry.example.com/proxy:3"}
        return [{"op": "add", "path": "/spec/containers/0", "value": sidecar}]

    place = fleet.namespace("apply", "recorded")
    with another_webhook(fleet, place, inject):
        stored = place.create("pods", careless_pod()).expect(201)
    assert [each["name"] for each in stored["spec"]["containers"]] == ["proxy", "web"]
    assert_mended(stored["spec"])
    first, second = mutations(fleet, place)
    assert first.patch and second.patch
    for operation in second.patch:  # the one that was mended already stays as it is
        assert not operation["path"].startswith("/spec/containers/1"), second.patch


def test_what_was_undone_is_refused(fleet: Fleet) -> None:
    """Whoever takes the remedy away in the last pass meets /validate."""

    def undo(body: Object) -> list[Object]:
        return [{"op": "add", "path": "/spec/hostPID", "value": True}]

    place = fleet.namespace("apply", "recorded")
    with another_webhook(fleet, place, undo):
        answer = place.create("pods", careless_pod())
    assert answer.status == 403, answer
    assert "no-host-namespaces" in answer.message


def test_a_mended_pod_sent_again(fleet: Fleet) -> None:
    place = fleet.namespace("apply", "recorded")
    stored = place.create("pods", careless_pod()).expect(201)
    again = copy.deepcopy(stored)
    again["metadata"] = {key: value for key, value in stored["metadata"].items() if key in ("labels", "annotations")}
    again["metadata"]["name"] = "again"
    copied = place.create("pods", again).expect(201)
    assert copied["spec"] == stored["spec"]
    first, second = mutations(fleet, place)
    assert first.patch
    assert second.patch is None
