"""What Kubernetes itself asks of an admission webhook in its own suites, asked of this one. README.md has the list."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client import Answer, Client, Object, pem_base64
from fleet import SETTINGS, Fleet
from manifests import assert_mended, bad_pod, careless_pod, good_pod
from processes import until
from registration import EVERYTHING, SERVICES, WATCH, Registration
from seaworthy import Seaworthy


@contextmanager
def registered(fleet: Fleet, registration: Registration) -> Iterator[Client]:
    """A registration of one test's own, and a namespace under it."""
    registration.apply(fleet.cluster)
    try:
        yield fleet.cluster.namespace(fleet.name("test"), **{WATCH: registration.name})
    finally:
        registration.remove(fleet.cluster)


def recorded(fleet: Fleet, setting: str) -> Registration:
    """One that a recorder stands before, to be altered."""
    recorder = fleet.recorder(setting)
    return Registration(fleet.name("upstream"), recorder.port, recorder.ca)


def everything(fleet: Fleet, setting: str, version: str) -> Registration:
    """Every namespaced resource and subresource there is, but the leases and events of the controllers."""
    return recorded(fleet, setting).altered(rules=EVERYTHING, versions=(version,))


OTHERS: dict[str, Object] = {
    "/api/v1 configmaps": {"data": {"a": "b"}},
    "/api/v1 secrets": {"stringData": {"a": "b"}},
    "/api/v1 services": {"spec": {"ports": [{"port": 80}], "selector": {"app": "web"}}},
    "/api/v1 serviceaccounts": {},
    "/api/v1 limitranges": {"spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}},
    "/api/v1 resourcequotas": {"spec": {"hard": {"pods": "10"}}},
    "/api/v1 persistentvolumeclaims": {
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    },
    "/api/v1 podtemplates": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": good_pod()["spec"]}},
    "/apis/apps/v1 controllerrevisions": {"revision": 1, "data": {"spec": bad_pod()["spec"]}},
    "/apis/autoscaling/v2 horizontalpodautoscalers": {
        "spec": {"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "web", "apiVersion": "apps/v1"}}
    },
    "/apis/coordination.k8s.io/v1 leases": {"spec": {"holderIdentity": "me"}},
    "/apis/discovery.k8s.io/v1 endpointslices": {"addressType": "IPv4", "endpoints": []},
    "/apis/networking.k8s.io/v1 networkpolicies": {"spec": {"podSelector": {}}},
    "/apis/policy/v1 poddisruptionbudgets": {"spec": {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}},
    "/apis/rbac.authorization.k8s.io/v1 roles": {"rules": []},
}


def every_verb(place: Client, kind: str, body: Object) -> list[tuple[int, list[str]]]:
    """Status and warnings of what can be done to a kind, in order."""
    prefix, resource = kind.split()
    path = f"{prefix}/namespaces/{place.namespace}/{resource}"
    created = [place.request("POST", path, body | {"metadata": {"name": name}}) for name in ("one", "two")]
    stored = created[-1].expect(201)
    stored["metadata"]["labels"] = {"touched": "yes"}
    del stored["metadata"]["resourceVersion"]
    answers = [
        *created,
        place.request("PUT", f"{path}/two", stored),
        place.request("PATCH", f"{path}/two", {"metadata": {"labels": {"a": "b"}}}, "application/merge-patch+json"),
        place.request("DELETE", f"{path}/two"),
        place.request("DELETE", path),
    ]
    return [(each.status, each.warnings) for each in answers]


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_every_verb_of_other_kinds_passes_untouched(fleet: Fleet, version: str) -> None:
    """Created, read, updated, patched, deleted, alone and as a collection: who asks for all of it lets it be."""
    with registered(fleet, everything(fleet, "apply", version)) as place:
        for kind, body in OTHERS.items():
            assert every_verb(place, kind, body) == every_verb(fleet.namespace(), kind, body), kind
        exchanges = fleet.recorder("apply").exchanges(place.namespace)
    for each in exchanges:
        assert each.status == 200
        assert each.review["apiVersion"] == each.answer["apiVersion"] == f"admission.k8s.io/{version}"
        assert each.response["uid"] == each.request["uid"]
        assert (each.response["allowed"], each.patch) == (True, None), each.request
    asked = {(each.request["resource"]["resource"], each.request["operation"]) for each in exchanges}
    wanted = {(kind.split()[1], operation) for kind in OTHERS for operation in ("CREATE", "UPDATE", "DELETE")}
    assert wanted - asked == set()


def test_attach_exec_and_port_forward_pass(fleet: Fleet) -> None:
    """CONNECT: the review holds the options and no Pod, so there is nothing to judge. (The Pods here run nowhere.)"""
    with registered(fleet, everything(fleet, "suggest", "v1")) as place:
        place.create("pods", good_pod()).expect(201)
        for subresource in ("attach", "exec", "portforward", "proxy"):
            answer = place.request("POST", place.path("pods", "good", subresource), command="ls", stdout="true")
            assert not answer.ok
            assert "admission webhook" not in answer.message, answer
        exchanges = fleet.recorder("suggest").exchanges(place.namespace)
        connected = {
            each.request["subResource"]: each.response["allowed"]
            for each in exchanges
            if each.request["operation"] == "CONNECT"
        }
    assert {"attach", "exec", "portforward"} <= set(connected)
    assert all(connected.values())


@pytest.fixture(scope="module")
def custom(fleet: Fleet) -> Iterator[None]:
    """A custom resource that is named like what is judged, in two versions, one of them pruned."""
    admin = fleet.cluster.client()
    open_schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    pruned = {"openAPIV3Schema": {"type": "object", "properties": {
        "spec": {"type": "object", "properties": {"hostNetwork": {"type": "boolean"}}}}}}  # fmt: skip
    versions = [
        {"name": "v1", "served": True, "storage": False, "schema": open_schema},
        {"name": "v2", "served": True, "storage": True, "schema": pruned},
    ]
    names = {"plural": "pods", "singular": "pod", "kind": "Pod", "listKind": "PodList"}
    definition = {
        "metadata": {"name": "pods.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced", "names": names, "versions": versions},
    }
    admin.create("customresourcedefinitions", definition).expect(201)
    until(lambda: admin.request("GET", "/apis/example.com/v2/pods").status == 200, "the custom resource")
    yield
    admin.delete("customresourcedefinitions", "pods.example.com").expect(200)


@pytest.mark.usefixtures("custom")
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_custom_resource_named_pod_is_none(fleet: Fleet, version: str) -> None:
    """Whatever its fields are called, stored in another version and pruned: it is neither judged nor patched."""
    with registered(fleet, everything(fleet, "apply", "v1")) as place:
        path = f"/apis/example.com/{version}/namespaces/{place.namespace}/pods"
        body = bad_pod() | {"apiVersion": f"example.com/{version}"}
        answer = place.request("POST", path, body)
        assert answer.status == 201, answer
        assert [warning for warning in answer.warnings if not warning.startswith("unknown field")] == []
        assert answer.body["spec"] == {"hostNetwork": True}, "the stored version has no other field"
        change = {"spec": {"hostNetwork": False}}
        answer = place.request("PATCH", f"{path}/bad", change, "application/merge-patch+json")
        assert (answer.status, answer.warnings) == (200, []), answer
        assert place.request("DELETE", f"{path}/bad").status == 200
        exchanges = [
            each
            for each in fleet.recorder("apply").exchanges(place.namespace)
            if each.request["resource"]["group"] == "example.com"
        ]
    assert {each.request["operation"] for each in exchanges} == {"CREATE", "UPDATE", "DELETE"}
    assert ("containers" in exchanges[0].request["object"]["spec"]) == (version == "v1")
    assert [each for each in exchanges if not each.response["allowed"] or each.patch] == []


def test_an_exempt_namespace_is_not_asked_about(fleet: Fleet) -> None:
    """Not even where it wears the label: the selector leaves it out by its own name."""
    registration = fleet.registration("suggest", "service")
    place = fleet.cluster.client(namespace=SERVICES)
    label = {"metadata": {"labels": {WATCH: registration.name}}}
    try:
        place.patch("namespaces", SERVICES, label).expect(200)
        assert place.create("pods", bad_pod(), dry_run=True).status == 201
    finally:
        place.patch("namespaces", SERVICES, {"metadata": {"labels": {WATCH: None}}}).expect(200)


def test_a_put_is_judged_like_a_patch(fleet: Fleet) -> None:
    place = fleet.namespace("suggest")
    body = place.create("pods", good_pod()).expect(201)
    body["spec"]["containers"][0]["image"] = "nginx:latest"
    answer = place.update("pods", body)
    assert answer.status == 403, answer
    assert "no-latest-tag" in answer.message


def test_match_conditions_keep_requests_away(fleet: Fleet) -> None:
    """Everything except skip-me; of two conditions both must hold."""
    registration = recorded(fleet, "apply").altered(
        conditions=("object.metadata.name != 'skip-me'", "!('system:nodes' in request.userInfo.groups)")
    )
    with registered(fleet, registration) as place:
        skipped = place.create("pods", careless_pod("skip-me")).expect(201)
        mended = place.create("pods", careless_pod("mend-me")).expect(201)
        names = {each.request["name"] for each in fleet.recorder("apply").exchanges(place.namespace)}
    assert "securityContext" not in skipped["spec"]["containers"][0]
    assert_mended(mended["spec"])
    assert names == {"mend-me"}


def test_a_changed_registration_counts(fleet: Fleet) -> None:
    """Rules without CREATE, by PATCH, and with it again: as an upgrade changes them."""
    registration = recorded(fleet, "suggest")
    with registered(fleet, registration) as place:
        refused = lambda: place.create("pods", bad_pod(), dry_run=True).status == 403  # noqa: E731
        name = f"{registration.order}-{registration.name}"
        until(refused, "the first refusal")
        for operations, wanted in ((["UPDATE"], False), (["CREATE", "UPDATE"], True)):
            change = [{"op": "replace", "path": "/webhooks/0/rules/0/operations", "value": operations}]
            place.patch("validatingwebhookconfigurations", name, change, "json").expect(200)
            until(lambda: refused() == wanted, f"what {operations} lead to")  # noqa: B023


def test_a_foreign_authority_refuses_everything(fleet: Fleet) -> None:
    """The API server hangs up in the handshake and fails closed; for those who trust the server it goes on."""
    server = fleet.server("suggest")
    registration = Registration(fleet.name("upstream"), server.port, server.ca)
    with registered(fleet, registration) as place:
        name = f"{registration.order}-{registration.name}"

        def said_with(authority: str) -> str:
            change = [{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": pem_base64(authority)}]
            place.patch("validatingwebhookconfigurations", name, change, "json").expect(200)
            wanted = 201 if authority == server.ca else 500
            answers: list[Answer] = []

            def as_wanted() -> bool:
                answers.append(place.create("pods", good_pod(), dry_run=True))
                return answers[-1].status == wanted

            until(as_wanted, f"a {wanted}")
            return answers[-1].message

        assert "x509: certificate signed by unknown authority" in said_with(fleet.certificate.ca)
        assert fleet.namespace("suggest").create("pods", good_pod()).status == 201
        assert said_with(server.ca) == ""


def test_a_hanging_server_costs_the_timeout(fleet: Fleet) -> None:
    """Shorter than the hang: Fail fails, Ignore lets in; longer: the answer is waited for. Then all is as before."""
    folder = fleet.cluster.folder
    server = Seaworthy(fleet.name("hanging"), folder, SETTINGS["suggest"], "unused").start()
    own = Registration(fleet.name("upstream"), server.port, server.ca, timeout=1)
    lenient = own.altered(name=fleet.name("upstream"), failure_policy="Ignore")
    patient = own.altered(name=fleet.name("upstream"), timeout=20)
    with registered(fleet, own) as strict, registered(fleet, lenient) as open_, registered(fleet, patient) as long:
        server.process.signal(signal.SIGSTOP)
        began = time.monotonic()
        answer = strict.create("pods", good_pod(), dry_run=True)
        assert answer.status == 500, answer
        assert "failed calling webhook" in answer.message
        assert 0.9 < time.monotonic() - began < 5
        assert open_.create("pods", bad_pod(), dry_run=True).status == 201
        waker = threading.Timer(1.5, server.process.signal, [signal.SIGCONT])
        waker.start()
        assert long.create("pods", bad_pod(), dry_run=True).status == 403
        waker.join()
        for place in (strict, open_, long):
            assert place.create("pods", bad_pod(), dry_run=True).status == 403
    assert server.stop() == 0


def test_server_side_apply_twice_is_one(fleet: Fleet) -> None:
    """What a remedy wrote belongs to nobody's manifest: applied again, it neither conflicts nor goes."""
    place = fleet.namespace("apply")
    first = place.patch("pods", "careless", careless_pod(), "apply").expect(201)
    again = place.patch("pods", "careless", careless_pod(), "apply").expect(200)
    assert_mended(again["spec"])
    assert again["spec"] == first["spec"]
    assert again["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    labelled = careless_pod()
    labelled["metadata"]["labels"] = {"team": "shop"}
    assert place.patch("pods", "careless", labelled, "apply").expect(200)["spec"] == first["spec"]
