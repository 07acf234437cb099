"""A dry run gets the verdict of the real request, and leaves nothing behind."""

from __future__ import annotations

import pytest

from fleet import Fleet
from manifests import HIGH_POLICIES, bad_pod, careless_pod, good_pod


@pytest.mark.parametrize("setting", ["suggest", "apply"])
def test_a_dry_run_says_what_the_real_one_does(fleet: Fleet, setting: str) -> None:
    place = fleet.namespace(setting)
    for body in (good_pod(), careless_pod(), bad_pod()):
        name = body["metadata"]["name"]
        rehearsal = place.create("pods", body, dry_run=True)
        assert not place.exists("pods", name)
        real = place.create("pods", body)
        assert place.exists("pods", name) == real.ok
        assert (rehearsal.status, rehearsal.message) == (real.status, real.message)
        assert sorted(rehearsal.warnings) == sorted(real.warnings)
        assert rehearsal.body.get("spec") == real.body.get("spec")


def test_a_dry_run_of_a_deployment(fleet: Fleet) -> None:
    place = fleet.namespace("suggest", "service")
    done = place.kubectl("create", "deployment", "web", "--image=nginx:1.27", "--dry-run=server")
    assert done.returncode == 1
    assert [policy for policy in HIGH_POLICIES if policy in done.stderr]
    assert not place.exists("deployments", "web")
