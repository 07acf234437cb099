"""The same in-tree policies installed in kube-apiserver for one namespace and given to Seaworthy for another: the same
requests must meet the same verdict, in the same words, and come out as the same object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from client import Answer, Client, Object
from cluster import Cluster
from in_tree_cases import CASE, CASES, OBJECTS, Case
from processes import until
from registration import WATCH, Registration, rule
from seaworthy import Seaworthy

THEIRS, OURS = "in-tree-theirs", "in-tree-ours"
PLURAL = {
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
    "MutatingAdmissionPolicy": "mutatingadmissionpolicies",
    "MutatingAdmissionPolicyBinding": "mutatingadmissionpolicybindings",
}
PARAMS: list[Object] = [
    {"metadata": {"name": "limits", "labels": {"limits": "yes"}}, "data": {"most": "1"}},
    {"metadata": {"name": "more-limits", "labels": {"limits": "yes"}}, "data": {"most": "10"}},
]
PAIRS = [
    pytest.param(number, case, body, id=f"{number}-{index}")
    for number, case in enumerate(CASES)
    for index, body in enumerate(OBJECTS[case.resource])
    if "CREATE" in case.operations
]
LATER = [
    pytest.param(number, case, operation, index, id=f"{number}-{operation}-{index}")
    for number, case in enumerate(CASES)
    for operation in case.operations
    for index in range(len(OBJECTS[case.resource]))
    if operation != "CREATE"
]


@dataclass(frozen=True)
class Places:
    """Two namespaces that differ in who judges them."""

    theirs: Client
    ours: Client


def marker(mutating: bool) -> Case:
    """A policy whose effect shows that those before it are in force."""
    if mutating:
        spec = {"mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {
            "expression": "Object{data: {'seen': 'yes'}}"}}], "reinvocationPolicy": "Never"}  # fmt: skip
        return Case(spec=spec, mutating=True)
    return Case(spec={"validations": [{"expression": "false", "message": "in force"}]})


def install(cluster: Cluster, document: Object) -> None:
    path = f"/apis/{document['apiVersion']}/{PLURAL[document['kind']]}"
    answer = cluster.client().request("POST", path, document)
    assert answer.status == 201, (document, answer.message)


def create(place: Client, number: int, case: Case, body: Object) -> Answer:
    metadata = {"name": f"object-{number}", "labels": {CASE: str(number)}}
    return place.create(case.resource, body | {"metadata": metadata}, dry_run=True)


def change(place: Client, number: int, case: Case, operation: str, index: int) -> Answer:
    """Updates or deletes an object that is there, without doing it."""
    name = f"object-{number}-{operation.lower()}-{index}"
    metadata = {"name": name, "labels": {CASE: str(number)}}
    place.create(case.resource, OBJECTS[case.resource][index] | {"metadata": metadata}).expect(201)
    if operation == "DELETE":
        return place.delete(case.resource, name, dry_run=True)
    return place.patch(case.resource, name, {"data": {"new": "yes"}}, dry_run=True)


@pytest.fixture(scope="module")
def places(cluster: Cluster) -> Iterator[Places]:
    theirs = cluster.namespace(THEIRS)
    ours = cluster.namespace(OURS, **{WATCH: "in-tree"})
    cases = [*CASES, marker(mutating=False), marker(mutating=True)]
    for param in PARAMS:
        theirs.create("configmaps", param).expect(201)
    for number, case in enumerate(cases):
        for document in case.documents(number, THEIRS):
            install(cluster, document)
    folder = cluster.folder / "in-tree"
    folder.mkdir()
    documents = [each for number, case in enumerate(CASES) for each in case.documents(number, OURS)]
    for param in PARAMS:
        metadata = param["metadata"] | {"namespace": OURS}
        documents.append({"apiVersion": "v1", "kind": "ConfigMap"} | param | {"metadata": metadata})
    (folder / "policies.yaml").write_text("\n---\n".join(json.dumps(each) for each in documents))
    server = Seaworthy("in-tree", cluster.folder, ["--mode", "deny", "--policies", str(folder)], "localhost").start()
    rules = [rule("", "pods configmaps", "CREATE UPDATE DELETE"), rule("apps", "deployments", "CREATE")]
    registration = Registration("in-tree", server.port, server.ca, rules=rules, reinvocation="Never").apply(cluster)
    validating, mutating = len(CASES), len(CASES) + 1
    until(lambda: not create(theirs, validating, cases[validating], {}).ok, "the validating policies")
    until(lambda: "data" in create(theirs, mutating, cases[mutating], {}).body, "the mutating policies")
    yield Places(theirs, ours)
    registration.remove(cluster)
    server.stop()


def words(answer: Answer) -> str:
    """What a refusal says, without who it says denies: the API server names itself or the webhook, and nobody in an
    internal error of its own."""
    internal = "Internal error occurred: "
    if internal in answer.message:
        return answer.message[answer.message.index(internal) :]
    return re.sub(r"^.*?((ValidatingAdmissionPolicy|policy) '[^']+')", r"\1", answer.message, count=1, flags=re.S)


def stored(answer: Answer) -> Object:
    """The object without what differs between any two."""
    body = json.loads(json.dumps(answer.body).replace(THEIRS, OURS))
    for field in ("uid", "creationTimestamp", "managedFields", "resourceVersion"):
        body.get("metadata", {}).pop(field, None)
    body.get("details", {}).pop("uid", None)
    for volume in body.get("spec", {}).get("volumes", []):
        if "projected" in volume:
            volume["name"] = "token"
    for container in [*body.get("spec", {}).get("containers", []), *body.get("spec", {}).get("initContainers", [])]:
        for mount in container.get("volumeMounts", []):
            if mount["mountPath"].startswith("/var/run/secrets"):
                mount["name"] = "token"
    return body


def warnings(answer: Answer) -> list[str]:
    """What validations warn of. That a mutation does not come to rest only Seaworthy says."""
    return sorted(each for each in answer.warnings if each.startswith("Validation failed"))


def compare(case: Case, theirs: Answer, ours: Answer) -> None:
    assert (ours.status, ours.body.get("reason")) == (theirs.status, theirs.body.get("reason")), ours
    if theirs.ok:
        assert stored(ours) == stored(theirs)
    elif case.mutating:
        assert words(ours) == words(theirs)
    else:
        # The API server tells of one violation only, of several params' in an order that it leaves to chance.
        assert f"\n{words(theirs)}\n" in f"\n{words(ours)}\n"
    assert warnings(ours) == warnings(theirs)


@pytest.mark.parametrize(("number", "case", "body"), PAIRS)
def test_same_verdict_words_and_object(places: Places, number: int, case: Case, body: Object) -> None:
    compare(case, create(places.theirs, number, case, body), create(places.ours, number, case, body))


@pytest.mark.parametrize(("number", "case", "operation", "index"), LATER)
def test_same_of_what_is_there(places: Places, number: int, case: Case, operation: str, index: int) -> None:
    theirs = change(places.theirs, number, case, operation, index)
    compare(case, theirs, change(places.ours, number, case, operation, index))


def test_there_are_enough_pairs(tell: Callable[[str], None]) -> None:
    pairs = len(PAIRS) + len(LATER)
    tell(f"in-tree policies: {pairs} pairs of a policy and a request, {len(CASES)} policies")
    assert pairs >= 200
