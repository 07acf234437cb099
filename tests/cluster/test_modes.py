"""The modes that refuse nothing: what they say, and that they change nothing."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter

import pytest

from client import Answer, Client, Object
from fleet import Fleet
from manifests import HIGH_POLICIES, bad_pod, careless_pod, good_pod, pod, workload
from processes import environment
from seaworthy import binary


def violations(fleet: Fleet, body: Object) -> list[str]:
    """The policies that `seaworthy check` finds violated, once for each place."""
    manifest = fleet.cluster.folder / f"{fleet.name('manifest')}.json"
    manifest.write_text(json.dumps(body))
    done = subprocess.run([binary(), "check", "-o", "json", str(manifest)], capture_output=True, env=environment())
    return [row["policy"] for row in json.loads(done.stdout)["results"] if row["result"] in ("fail", "warn")]


def same_as_unwatched(fleet: Fleet, place: Client, resource: str, body: Object) -> Answer:
    """Creates the object, which must come out as it does where no webhook is."""
    alone = fleet.namespace().create(resource, body).expect(201)
    answer = place.create(resource, body)
    assert answer.status == 201, answer
    assert answer.body["spec"] == alone["spec"]
    assert answer.body["metadata"].get("annotations") == alone["metadata"].get("annotations")
    return answer


@pytest.mark.parametrize("setting", ["audit", "dry-run"])
def test_watching_only(fleet: Fleet, setting: str) -> None:
    place = fleet.namespace(setting, "everything")
    for body in (bad_pod(), careless_pod(), good_pod()):
        assert same_as_unwatched(fleet, place, "pods", body).warnings == []
    deployment = workload("Deployment", "bad", bad_pod()["spec"])
    assert same_as_unwatched(fleet, place, "deployments", deployment).warnings == []


def test_audit_leaves_a_trace(fleet: Fleet) -> None:
    """The API server's audit log says what would have been refused, under the webhook's name."""
    place = fleet.namespace("audit")
    place.create("pods", bad_pod()).expect(201)
    prefix = fleet.registration("audit").hook("validate") + "/"
    events = fleet.cluster.audit_events(place.namespace)
    (event,) = [each for each in events if each["verb"] == "create" and each["objectRef"]["resource"] == "pods"]
    said = {key: value for key, value in event["annotations"].items() if key.startswith(prefix)}
    text = " ".join([*said, *said.values()])
    assert [policy for policy in HIGH_POLICIES if policy not in text] == []


def test_warn_says_everything_and_refuses_nothing(fleet: Fleet) -> None:
    place = fleet.namespace("warn")
    for body in (careless_pod(), bad_pod()):
        violated = violations(fleet, body)
        answer = same_as_unwatched(fleet, place, "pods", body)
        *said, last = answer.warnings
        rest = re.fullmatch("seaworthy: and ([0-9]+) more: `seaworthy check` shows all", last)
        if not rest:
            said.append(last)
        named = [warning.partition(":")[0] for warning in said]
        assert not Counter(named) - Counter(violated), "more was said than is wrong"
        assert len(said) + int(rest[1] if rest else 0) == len(violated)
        if rest:  # only what is of low severity is left out, and only where the warnings would be too many
            assert len(answer.warnings) == 15
            assert [policy for policy in HIGH_POLICIES if policy not in named] == []
        else:
            assert "pinned-digest" in named


def test_warnings_are_short_and_plain(fleet: Fleet) -> None:
    """The API server drops one with a control character without a word, and cuts all of them when they are long."""
    place = fleet.namespace("warn", "recorded")
    containers = [
        {"name": f"{letter * 62}{number}", "image": f"registry.example.com/{letter * 180}:latest"}
        for number, letter in enumerate("abc")
    ]
    body = pod("long", *containers)
    answer = place.create("pods", body)
    assert answer.status == 201, answer
    (review,) = fleet.recorder("warn").exchanges(place.namespace, "/validate")
    sent = review.response["warnings"]
    assert answer.warnings == sent, "the API server dropped or cut some"
    assert len(set(sent)) == len(sent)
    for warning in sent:
        assert warning.isprintable() and 0 < len(warning) <= 120, warning


def test_kubectl_prints_warnings(fleet: Fleet) -> None:
    done = fleet.namespace("warn", "service").kubectl("create", "deployment", "web", "--image=nginx:latest")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("Warning: ") and "no-latest-tag" in line]
