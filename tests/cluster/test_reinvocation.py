"""Other webhooks change Pods too, before ours and after: a second look finds what they added and repeats nothing.

The API server calls mutating webhooks by their configurations' names, and then once more those that ask for it and
have not seen the last change. Whatever they make of one another, /validate judges what comes out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from client import Client, Object
from fleet import Fleet
from hooks import Exchange, patching_hook
from manifests import assert_mended, careless_pod
from registration import Registration, rule


AFTER = "zz"
BEFORE = "aa"


@contextmanager
def another_webhook(
    fleet: Fleet,
    place: Client,
    patch: Callable[[Object], list[Object]],
    order: str = AFTER,
    reinvocation: str = "Never",
    door: str = "recorded",
) -> Iterator[None]:
    """A mutating webhook that is called after Seaworthy's or before it, for one namespace only."""

    def patch_here(body: Object) -> list[Object]:
        return patch(body) if body["metadata"]["namespace"] == place.namespace else []

    hook = patching_hook(fleet.certificate, patch_here)
    other = Registration(
        fleet.name("another"),
        hook.port,
        hook.ca,
        rules=[rule("", "pods", "CREATE")],
        failure_policy="Ignore",  # the API server may call it a moment longer than it is registered
        reinvocation=reinvocation,
        validating=False,
        watching=fleet.registration("apply", door).name,
        order=order,
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


def test_a_container_injected_before_is_mended_at_once(fleet: Fleet) -> None:
    def inject(body: Object) -> list[Object]:
        if len(body["spec"]["containers"]) > 1:
            return []
        return [{"op": "add", "path": "/spec/containers/-", "value": {"name": "proxy", "image": "proxy:3"}}]

    for reinvocation in ("Never", "IfNeeded"):
        place = fleet.namespace("apply", "recorded")
        with another_webhook(fleet, place, inject, BEFORE, reinvocation):
            stored = place.create("pods", careless_pod()).expect(201)
        assert [each["name"] for each in stored["spec"]["containers"]] == ["web", "proxy"]
        assert_mended(stored["spec"])
        assert [bool(each.patch) for each in mutations(fleet, place)] == [True]


def test_a_container_injected_last_of_all_is_refused(fleet: Fleet) -> None:
    """In the second pass, after ours, when nobody is asked again."""
    calls: list[Object] = []

    def inject(body: Object) -> list[Object]:
        calls.append(body)
        if len(calls) == 1:
            return [{"op": "add", "path": "/spec/containers/0/env", "value": [{"name": "A", "value": "b"}]}]
        return [{"op": "add", "path": "/spec/containers/-", "value": {"name": "proxy", "image": "proxy:3"}}]

    # Somebody before ours changes something in the second pass, or nobody after ours would be asked again.
    def touch(body: Object) -> list[Object]:
        metadata = body["metadata"]
        if "labels" not in metadata:
            return [{"op": "add", "path": "/metadata/labels", "value": {"seen": "1"}}]
        return [{"op": "replace", "path": "/metadata/labels/seen", "value": "2"}]

    place = fleet.namespace("apply", "recorded")
    with (
        another_webhook(fleet, place, touch, BEFORE, "IfNeeded"),
        another_webhook(fleet, place, inject, AFTER, "IfNeeded"),
    ):
        answer = place.create("pods", careless_pod())
    assert len(calls) == 2
    assert answer.status == 403, answer
    assert "container proxy" in answer.message
    assert "container web" not in answer.message
    assert [bool(each.patch) for each in mutations(fleet, place)] == [True, False]


def test_one_that_never_rests_makes_no_loop(fleet: Fleet) -> None:
    calls: list[Object] = []

    def count(body: Object) -> list[Object]:
        calls.append(body)
        return [{"op": "add", "path": "/metadata/labels", "value": {"calls": str(len(calls))}}]

    for order in (BEFORE, AFTER):
        place = fleet.namespace("apply", "recorded")
        calls.clear()
        with another_webhook(fleet, place, count, order, "IfNeeded"):
            stored = place.create("pods", careless_pod()).expect(201)
        assert_mended(stored["spec"])
        assert stored["metadata"]["labels"] == {"calls": "2" if order == BEFORE else "1"}
        assert [bool(each.patch) for each in mutations(fleet, place)] == [True, False]


def take_away(body: Object) -> list[Object]:
    """Takes away what the remedies wrote, wherever it is found."""
    if "capabilities" not in body["spec"]["containers"][0].get("securityContext", {}):
        return []
    return [{"op": "remove", "path": "/spec/containers/0/securityContext"}]


def contradict(body: Object) -> list[Object]:
    """Says the opposite of what a remedy wrote; a remedy never overwrites what somebody says."""
    if "readOnlyRootFilesystem" not in body["spec"]["containers"][0].get("securityContext", {}):
        return []
    return [{"op": "replace", "path": "/spec/containers/0/securityContext/readOnlyRootFilesystem", "value": False}]


@pytest.mark.parametrize(
    ("order", "theirs", "door", "taken_away", "contradicted"),
    [
        # Ours looks again and repairs, or finds the contradiction and leaves it.
        (AFTER, "Never", "recorded", 201, 403),
        # They are asked again after ours, which has repaired.
        (AFTER, "IfNeeded", "recorded", 403, 403),
        # Ours is not asked again.
        (AFTER, "Never", "once", 403, 403),
        (AFTER, "IfNeeded", "once", 403, 403),
        # They see the Pod before ours has written anything.
        (BEFORE, "Never", "recorded", 201, 201),
        (BEFORE, "Never", "once", 201, 201),
        # They see it again; ours looks after them.
        (BEFORE, "IfNeeded", "recorded", 201, 403),
        (BEFORE, "IfNeeded", "once", 403, 403),
    ],
)
def test_the_end_state_is_judged(
    fleet: Fleet, order: str, theirs: str, door: str, taken_away: int, contradicted: int
) -> None:
    def undo(body: Object) -> list[Object]:
        calls.append(body)
        return (take_away if body["metadata"]["name"] == "taken-away" else contradict)(body)

    calls: list[Object] = []
    place = fleet.namespace("apply", door)
    with another_webhook(fleet, place, undo, order, theirs, door):
        for name, status, policies in (
            ("taken-away", taken_away, ["drop-all-capabilities", "read-only-root-filesystem"]),
            ("contradicted", contradicted, ["read-only-root-filesystem"]),
        ):
            calls.clear()
            answer = place.create("pods", careless_pod(name))
            assert answer.status == status, f"{name}: {answer}"
            assert place.exists("pods", name) == (status == 201)
            if status == 201:
                assert_mended(answer.body["spec"])
            else:
                assert fleet.registration("apply", door).hook("validate") in answer.message
                assert [policy for policy in policies if policy not in answer.message] == []
            ours = [each for each in mutations(fleet, place) if each.request["name"] == name]
            assert 1 <= len(ours) <= 2 and 1 <= len(calls) <= 2
            validations = fleet.recorder("apply").exchanges(place.namespace, "/validate")
            assert len([each for each in validations if each.request["name"] == name]) == 1


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
