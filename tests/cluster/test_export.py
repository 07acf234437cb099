"""What `seaworthy export` prints, installed in the API server: it refuses the Pods that Seaworthy refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from client import Client, Object
from cluster import Cluster
from fleet import Fleet
from manifests import GOOD_CONTAINER, bad_pod, careless_pod, good_pod, workload
from pod_security import cases
from processes import environment, until
from seaworthy import binary
from test_pod_security import asked, named
from test_pss_bundles import more_cases

LABEL = "seaworthy.test/exported"
BUNDLES = ("pss-baseline", "pss-restricted", "production")
PODS = [named(f"pod-{number}", case) for number, case in enumerate([*cases(), *more_cases()])]
PODS += [good_pod("good"), careless_pod("careless"), bad_pod("bad")]
WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"]


def exported(bundle: str, *options: str) -> tuple[list[Object], str]:
    """The objects, and what is said to be left out."""
    done = subprocess.run(
        [binary(), "export", "--policies", f"builtin:{bundle}", *options],
        capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [yaml_as_json(text) for text in done.stdout.split("---\n") if text], done.stderr


def yaml_as_json(text: str) -> Object:
    """By kubectl, which reads YAML as the API server does."""
    return json.loads(KUBECTL("create", "--dry-run=client", "--validate=false", "-o", "json", "-f", "-", stdin=text))


def KUBECTL(*arguments: str, stdin: str) -> str:  # noqa: N802
    done = CLUSTER[0].client().kubectl(*arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


CLUSTER: list[Cluster] = []


RESOURCES = {
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
    "MutatingAdmissionPolicy": "mutatingadmissionpolicies",
    "MutatingAdmissionPolicyBinding": "mutatingadmissionpolicybindings",
}


def install(cluster: Cluster, bundle: str, label: str, *options: str) -> tuple[Client, set[str]]:
    """A namespace in which the bundle's exported policies are in effect, and their names."""
    CLUSTER[:] = [cluster]
    admin = cluster.client()
    objects, _ = exported(bundle, *options)
    for each in objects:  # the cluster may have them already, for another namespace
        each["metadata"]["name"] = f"{label}.{each['metadata']['name']}"
        if "policyName" in each["spec"]:
            each["spec"]["policyName"] = f"{label}.{each['spec']['policyName']}"
    last: Object = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": f"marker.{label}"},
        "spec": {
            "matchConstraints": {
                "resourceRules": [
                    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
                ]
            },
            "validations": [{"expression": "object.metadata.name != 'marker'"}],
        },
    }
    binding = {
        "apiVersion": last["apiVersion"],
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": last["metadata"],
        "spec": {"policyName": last["metadata"]["name"], "validationActions": ["Deny"]},
    }
    for each in [*objects, last, binding]:
        if each["kind"].endswith("Binding"):
            # In this namespace alone: other tests have the same cluster.
            each["spec"]["matchResources"] = {"namespaceSelector": {"matchLabels": {LABEL: label}}}
        admin.create(RESOURCES[each["kind"]], each).expect(201)
    place = cluster.namespace(f"exported-{label}", **{LABEL: label})
    marker = {"metadata": {"name": "marker"}}
    until(lambda: place.create("configmaps", marker, dry_run=True).status == 422, f"the policies of {bundle}")
    return place, {each["metadata"]["name"].removeprefix(f"{label}.") for each in objects}


@pytest.fixture(scope="module", params=BUNDLES)
def installed(cluster: Cluster, request: pytest.FixtureRequest) -> tuple[str, Client, set[str]]:
    return (request.param, *install(cluster, request.param, request.param))


def messages(bundle: str, folder: Path, bodies: list[Object]) -> dict[str, dict[str, list[str]]]:
    """What Seaworthy denies: messages by policy, by the object's name."""
    for body in bodies:
        (folder / f"{body['metadata']['name']}.json").write_text(json.dumps(body))
    done = subprocess.run(
        [binary(), "check", "--policies", f"builtin:{bundle}", "-o", "json", str(folder)],
        capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert not done.stderr, done.stderr
    denied: dict[str, dict[str, list[str]]] = {body["metadata"]["name"]: {} for body in bodies}
    for row in json.loads(done.stdout)["results"]:
        if row["result"] in ("fail", "error"):
            denied[row["resource"]["name"]].setdefault(row["policy"], []).append(row["message"])
    return denied


def refusal(message: str) -> tuple[str, str]:
    """The policy and its words, of the API server's refusal."""
    before, _, said = message.partition(" denied request: ")
    return before.split("ValidatingAdmissionPolicy '")[1].split("'")[0].split(".", 1)[1], said


def test_both_refuse_the_same_pods(
    installed: tuple[str, Client, set[str]], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    bundle, place, names = installed
    denied = messages(bundle, tmp_path, PODS)
    differences = []
    counts = {True: 0, False: 0, "words": 0}
    for body in PODS:
        answer = asked(place, body)
        rules = {rule: said for rule, said in denied[body["metadata"]["name"]].items() if rule in names}
        lets_in = answer.status in (200, 201)
        counts[lets_in] += 1
        if lets_in:
            if rules:
                differences.append(f"{body['spec']}: let in; seaworthy: {rules}")
            continue
        assert answer.status == 403, answer
        policy, said = refusal(answer.message)
        counts["words"] += said == "; ".join(rules.get(policy, []))
        if policy not in rules:
            differences.append(f"{body['spec']}: {answer.message}; seaworthy: {rules}")
    tell(f"export of {bundle}: {len(names)} policies, {counts[True]} Pods let in, {counts[False]} refused, "
         f"{counts['words']} in the same words, {len(differences)} differences")  # fmt: skip
    assert not differences, "\n".join(differences)
    assert counts[True] >= 20 and counts[False] >= 20 and counts["words"] >= counts[False] // 2


def test_templates_are_refused_too(installed: tuple[str, Client, set[str]]) -> None:
    _, place, _ = installed
    resources = {kind: kind.lower() + "s" for kind in WORKLOADS}
    for kind, resource in resources.items():
        for name, body, status in (("good", good_pod(), 201), ("bad", bad_pod(), 403)):
            answer = place.create(resource, workload(kind, name, body["spec"]), dry_run=True)
            assert answer.status == status, f"{kind}: {answer}"


def test_updates_that_leave_alone_what_runs(cluster: Cluster, installed: tuple[str, Client, set[str]]) -> None:
    bundle, place, _ = installed
    old = cluster.namespace(f"before-{bundle}")
    body = workload("Deployment", "old", bad_pod()["spec"])
    body["spec"]["replicas"] = 0
    old.create("deployments", body).expect(201)
    old.create("pods", bad_pod()).expect(201)
    old.patch("namespaces", old.namespace, {"metadata": {"labels": {LABEL: bundle}}}).expect(200)
    refused = lambda: old.create("pods", bad_pod("probe"), dry_run=True).status == 403  # noqa: E731
    until(refused, "the policies in a namespace that was there")
    label = {"metadata": {"labels": {"team": "shop"}}}
    for resource, name, change, status in (
        ("pods", "bad", label, 200),
        ("deployments", "old", label, 200),
        ("deployments", "old", {"spec": {"replicas": 1}}, 200),
        ("deployments", "old", {"spec": {"template": label}}, 403),
    ):
        answer = old.patch(resource, name, change)
        assert answer.status == status, f"{resource} {change}: {answer}"
    swap = {"spec": {"containers": [{"name": "web", "image": "nginx:1.28"}]}}
    assert old.patch("pods", "bad", swap, "strategic").status == 403
    place.create("pods", good_pod("fine")).expect(201)
    better = GOOD_CONTAINER["image"].replace("1.4.2", "1.4.3")
    swap = {"spec": {"containers": [{"name": "api", "image": better}]}}
    assert place.patch("pods", "fine", swap, "strategic").status == 200


def test_the_platforms_check_of_types_finds_nothing(cluster: Cluster, installed: tuple[str, Client, set[str]]) -> None:
    """The controller manager compiles each expression with the types of what the policy matches."""
    bundle, _, names = installed
    for name in sorted(names):
        full = f"{bundle}.{name}"
        status = until(lambda full=full: status_of(cluster, full), f"the status of {name}")
        assert status["typeChecking"].get("expressionWarnings", []) == [], name


def status_of(cluster: Cluster, name: str) -> Object:
    return cluster.client().get("validatingadmissionpolicies", name).body.get("status", {})


def test_remedies_mend_as_seaworthy_does(
    cluster: Cluster, fleet: Fleet, tell: Callable[[str], None]
) -> None:
    """With --mutating: the same Pods are let in, and stored alike."""
    options = ("--mutating", "--remedy", "apply")
    place, names = install(cluster, "pss-restricted", "mending", *options)
    until(lambda: place.create("pods", careless_pod(), dry_run=True).status == 201, "the exported remedies")
    ours = fleet.namespace("pss")
    differences = []
    counts = {True: 0, False: 0}
    for body in PODS:
        if "ephemeralContainers" in body["spec"]:
            continue  # of debug containers only Seaworthy mends what is added
        theirs, mine = (where.create("pods", body, dry_run=True) for where in (place, ours))
        counts[theirs.status == 201] += 1
        if (theirs.status == 201) != (mine.status == 201):
            differences.append(f"{body['spec']}: {theirs}; seaworthy: {mine}")
        elif theirs.status == 201 and theirs.body["spec"] != mine.body["spec"]:
            differences.append(f"{theirs.body['spec']}\n  {mine.body['spec']}")
    tell(f"export of remedies: {counts[True]} Pods let in, {counts[False]} refused, {len(differences)} differences")
    assert not differences, "\n".join(differences)
    assert counts[True] >= 60


def test_each_export_is_the_same(cluster: Cluster) -> None:
    CLUSTER[:] = [cluster]
    assert exported("production") == exported("production")
