"""Reviews of the old version, which a cluster's registration may still ask for."""

from __future__ import annotations

from fleet import Fleet
from manifests import HIGH_POLICIES, assert_mended, bad_pod, careless_pod


def test_v1beta1(fleet: Fleet) -> None:
    place = fleet.namespace("apply", "v1beta1")
    stored = place.create("pods", careless_pod()).expect(201)
    assert_mended(stored["spec"])
    answer = place.create("pods", bad_pod())
    assert answer.status == 403, answer
    assert [policy for policy in HIGH_POLICIES if policy in answer.message]
    exchanges = fleet.recorder("apply").exchanges(place.namespace)
    assert len(exchanges) == 4
    for each in exchanges:
        assert each.review["apiVersion"] == "admission.k8s.io/v1beta1"
        assert each.answer["apiVersion"] == "admission.k8s.io/v1beta1"
        assert each.response["uid"] == each.request["uid"]
