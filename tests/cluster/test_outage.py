"""When the server is gone: what failurePolicy promises, and that a new one takes over at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from certificates import Certificate
from client import Client
from fleet import SETTINGS, Fleet
from manifests import bad_pod, careless_pod, good_pod
from processes import until
from registration import SERVICES, WATCH, Registration
from seaworthy import Seaworthy


class Outpost:
    """A server of one test's own, registered once with each failure policy."""

    def __init__(self, fleet: Fleet, by_service: bool, *options: str) -> None:
        name = fleet.name("outpost")
        folder = fleet.cluster.folder
        # Its certificate is a file's, so that it is the same after a restart.
        certificate = Certificate.make(folder, name, f"{name}-fail.{SERVICES}.svc", f"{name}-ignore.{SERVICES}.svc")
        self.server = Seaworthy(name, folder, [*SETTINGS["suggest"], *options], "", certificate).start()
        self._registrations = [
            Registration(
                f"{name}-{policy.lower()}",
                self.server.port,
                self.server.ca,
                by_service=by_service,
                failure_policy=policy,
            ).apply(fleet.cluster)
            for policy in ("Fail", "Ignore")
        ]
        self.strict, self.lenient = (
            fleet.cluster.namespace(f"{each.name}-test", **{WATCH: each.name}) for each in self._registrations
        )
        self._cluster = fleet.cluster

    def end(self) -> None:
        for each in self._registrations:
            each.remove(self._cluster)
        self.server.kill()


@pytest.fixture(params=["url", "service"])
def outpost(fleet: Fleet, request: pytest.FixtureRequest) -> Iterator[Outpost]:
    made = Outpost(fleet, request.param == "service")
    yield made
    made.end()


def verdicts(place: Client) -> list[int]:
    return [place.create("pods", body, dry_run=True).status for body in (good_pod(), bad_pod())]


def test_killed_and_started_again(outpost: Outpost) -> None:
    assert verdicts(outpost.strict) == [201, 403]
    assert verdicts(outpost.lenient) == [201, 403]
    outpost.server.kill()
    answer = outpost.strict.create("pods", good_pod())
    assert answer.status == 500, answer
    assert "failed calling webhook" in answer.message
    assert not outpost.strict.exists("pods", "good")
    assert verdicts(outpost.lenient) == [201, 201]
    outpost.server.start()
    assert verdicts(outpost.strict) == [201, 403]
    assert verdicts(outpost.lenient) == [201, 403]


def test_a_rolling_update_loses_no_request(fleet: Fleet) -> None:
    """After SIGTERM it says that it is not ready, serves on until it is out of every list, and ends well."""
    outpost = Outpost(fleet, False, "--lame-duck", "5s", "--drain-timeout", "2s")
    try:
        outpost.server.terminate()
        until(lambda: outpost.server.health("/readyz") == 503, "the end of readiness", pause=0.005)
        for _ in range(20):
            assert verdicts(outpost.strict) == [201, 403]
        assert outpost.server.process.exit_code() is None, "it did not wait for the load balancers"
        assert outpost.server.process.wait(15) == 0
    finally:
        outpost.end()


def test_the_other_servers_stay_out_of_it(fleet: Fleet, outpost: Outpost) -> None:
    """A namespace that the dead server does not watch is not held up by it."""
    outpost.server.kill()
    assert fleet.namespace().create("pods", careless_pod()).status == 201
    assert verdicts(fleet.namespace("suggest")) == [201, 403]
