"""Every remedy on Pods that it could clash with: whatever is patched, the API server takes it, and stores it so."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from awkward import DEBUGGERS, PODS, REFUSED
from client import Answer, Client, Object
from fleet import Fleet
from hooks import Exchange, patched

BUNDLE = Path(__file__).parents[2] / "policies/production"
SETTINGS = ["apply", "safe", "safe-warn"]


def remedies() -> dict[str, str]:
    """The bundle's policies that have a remedy, with its safety."""
    found = {}
    for file in BUNDLE.glob("*.yaml"):
        for policy in re.split(r"^    - name: ", file.read_text(), flags=re.M)[1:]:
            if safety := re.search(r"^      remedy:\n        safety: (.+)$", policy, re.M):
                found[policy.partition("\n")[0]] = safety[1]
    return found


@dataclass(frozen=True)
class Outcome:
    """What became of one Pod under one setting."""

    answer: Answer
    exchanges: list[Exchange]
    place: Client

    @property
    def mended(self) -> set[str]:
        """The policies whose remedies the audit annotations say were applied."""
        said = [each.response.get("auditAnnotations", {}).get("mended", "") for each in self.exchanges]
        return {
            entry.split(" ")[0]
            for text in said
            for entry in text.split("; ")
            if entry and "…" not in entry  # the end of what was cut
        }

    @property
    def patches(self) -> list[list[Object]]:
        return [each.patch for each in self.exchanges if each.patch]


class Trials:
    """A namespace a setting, and in it what each Pod came to when somebody first asked."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.unwatched = fleet.namespace()
        self._places: dict[str, Client] = {}
        self._outcomes: dict[tuple[str, str], Outcome] = {}

    def outcome(self, setting: str, case: str) -> Outcome:
        if (setting, case) not in self._outcomes:
            place = self._place(setting)
            body = renamed(PODS[case], self.fleet.name("pod"))
            answer = place.create("pods", body)
            exchanges = [
                each
                for each in self.fleet.recorder(setting).exchanges(place.namespace, "/mutate")
                if each.request["name"] == body["metadata"]["name"]
            ]
            self._outcomes[setting, case] = Outcome(answer, exchanges, place)
        return self._outcomes[setting, case]

    def alone(self, body: Object) -> Answer:
        """What the platform says to a Pod, and makes of it, where nobody watches."""
        kept = {key: value for key, value in body["metadata"].items() if key in ("annotations", "labels")}
        sent = copy.deepcopy(body) | {"metadata": kept | {"name": self.fleet.name("alone")}}
        return self.unwatched.create("pods", sent, dry_run=True)

    def _place(self, setting: str) -> Client:
        if setting not in self._places:
            self._places[setting] = self.fleet.namespace(setting, "recorded")
        return self._places[setting]


def renamed(body: Object, name: str) -> Object:
    return copy.deepcopy(body) | {"metadata": body["metadata"] | {"name": name}}


def comparable(stored: Object) -> Object:
    """What a patch can have changed, without what differs from request to request: the name of the token's volume."""
    spec = copy.deepcopy(stored["spec"])
    names = {each["name"]: "token" for each in spec.get("volumes", []) if each["name"].startswith("kube-api-access-")}
    for each in spec.get("volumes", []):
        each["name"] = names.get(each["name"], each["name"])
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        for mount in container.get("volumeMounts", []):
            mount["name"] = names.get(mount["name"], mount["name"])
    return {"spec": spec, "annotations": stored["metadata"].get("annotations")}


def assert_known(written: Any, stored: Any, path: str) -> None:
    """The API server has dropped no field: none belongs to a feature that is off."""
    if isinstance(written, dict):
        for key, value in written.items():
            if value or key == "hostUsers":
                assert key in stored, f"{path}.{key} is unknown"
                assert_known(value, stored[key], f"{path}.{key}")
    elif isinstance(written, list):
        for number, (before, after) in enumerate(zip(written, stored, strict=False)):
            assert_known(before, after, f"{path}[{number}]")


def denied(answer: Answer) -> list[str]:
    """The policies that a refusal names, in its order."""
    lines = [line[2:].partition(":")[0] for line in answer.message.splitlines() if line.startswith("- ")]
    return list(dict.fromkeys(lines))


@pytest.fixture(scope="module")
def trials(fleet: Fleet) -> Trials:
    return Trials(fleet)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", PODS)
def test_what_is_patched_is_stored(trials: Trials, setting: str, case: str) -> None:
    known = trials.alone(PODS[case]).expect(201)  # or what follows would say nothing
    assert_known(PODS[case]["spec"], known["spec"], "spec")
    outcome = trials.outcome(setting, case)
    assert outcome.exchanges, "it was not asked"
    if outcome.answer.status != 201:
        assert setting != "safe-warn", outcome.answer
        assert outcome.answer.status == 403, outcome.answer
        assert trials.fleet.registration(setting, "recorded").hook("validate") in outcome.answer.message
    if setting == "apply":
        assert denied(outcome.answer) == REFUSED.get(case, [])
    assert len(outcome.patches) <= 1
    seen = outcome.exchanges[0].request["object"]
    result = trials.alone(patched(seen, outcome.patches[0]) if outcome.patches else seen).expect(201)
    if outcome.answer.ok:
        stored = outcome.place.get("pods", outcome.answer.body["metadata"]["name"]).expect(200)
        assert comparable(stored) == comparable(result)


def test_every_remedy_is_applied_somewhere(trials: Trials) -> None:
    """And under `safe` only those that are, or whose fact the manifest gives."""
    safety = remedies()
    assert len(safety) >= 9
    applied = {setting: set().union(*(trials.outcome(setting, case).mended for case in PODS)) for setting in SETTINGS}
    assert applied["apply"] == set(safety)
    for setting in ("safe", "safe-warn"):
        assert applied[setting] == {name for name, value in safety.items() if value != "careful"}


@pytest.mark.parametrize("setting", ["apply", "safe"])
@pytest.mark.parametrize("case", DEBUGGERS)
def test_a_debug_container(fleet: Fleet, setting: str, case: str) -> None:
    place = fleet.namespace()
    body, debugger = DEBUGGERS[case]
    before = place.create("pods", body).expect(201)
    fleet.watch(place, setting, "recorded")
    sent = before | {"spec": before["spec"] | {"ephemeralContainers": [debugger]}}
    answer = place.update("pods", sent, "ephemeralcontainers")
    exchanges = [
        each
        for each in fleet.recorder(setting).exchanges(place.namespace, "/mutate")
        if each.request.get("subResource") == "ephemeralcontainers"
    ]
    if answer.status != 200:
        assert answer.status == 403, answer
        assert fleet.registration(setting, "recorded").hook("validate") in answer.message
        return
    (exchange,) = exchanges
    wanted = patched(exchange.request["object"], exchange.patch or [])
    assert place.get("pods", "web").expect(200)["spec"] == wanted["spec"]
