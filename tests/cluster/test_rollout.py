"""Servers that are replaced, and certificates and policies that change, while requests come: none of them is lost."""

from __future__ import annotations

import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balancer import Balancer
from certificates import Authority, Certificate
from client import Answer, Object
from fleet import SETTINGS, Fleet
from load import Creations, Load, Review, Tally
from manifests import bad_pod, careless_pod, good_pod
from processes import Folder, until
from registration import WATCH, Registration
from seaworthy import Seaworthy
from volume import Volume

REQUESTS = 20_000
LAME_DUCK = ["--lame-duck", "2s", "--drain-timeout", "3s"]
REVIEWS = [
    Review.of("/mutate", careless_pod(), True),
    Review.of("/validate", good_pod(), True),
    Review.of("/validate", bad_pod(), False),
]
BUNDLE = """apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: flags}
spec:
  policies:
    - {name: flag, each: pod, require: "false", message: "the flag is %s"}
"""


class Service:
    """Two servers behind a balancer, and a webhook configuration that points at it."""

    def __init__(self, fleet: Fleet, folder: Path, options: list[str]) -> None:
        self._fleet = fleet
        self._folder = folder
        self._options = [*options, *LAME_DUCK]
        self.authority = Authority(folder, "authority")
        self.tls = Volume(folder / "tls")
        self.use(self.authority.issue("first"))
        self.balancer = Balancer()
        self.servers = [self._launch(), self._launch()]
        self.cut_off: list[str] = []
        """What servers said that ended otherwise than well."""
        self._registration = Registration(fleet.name("rollout"), self.balancer.port, self.authority.ca)
        self._registration.apply(fleet.cluster)
        self.place = fleet.cluster.namespace(fleet.name("test"), **{WATCH: self._registration.name})

    def use(self, certificate: Certificate) -> None:
        self.tls.project(tls_crt=certificate.certificate.read_text(), tls_key=certificate.key.read_text())

    def load(self, reviews: list[Review], uses: int = 0) -> Load:
        return Load(self.balancer.port, self.authority.ca, reviews, uses=uses)

    def creations(self, *expected: tuple[Object, int]) -> Creations:
        """Pods that are created again and again, as dry runs, and the status that has to come of each."""

        def call(body: Object) -> Callable[[], Answer]:
            return lambda: self.place.create("pods", body, dry_run=True)

        return Creations([(call(body), status) for body, status in expected])

    def replace(self) -> None:
        """A rolling update: for each server a new one that is ready before the old one is told to go."""
        gone = self.servers
        self.servers = []
        for old in gone:
            self.servers.append(self._launch())
            old.terminate()
        for old in gone:
            if code := old.process.wait(15):
                last = [line for line in old.process.output().splitlines() if '"decision"' not in line]
                self.cut_off.append(f"{old.name} ended with {code}: " + "\n".join(last[-3:]))
            self.balancer.forget(old)

    def end(self) -> None:
        self._registration.remove(self._fleet.cluster)
        self.balancer.stop()
        for server in self.servers:
            server.kill()

    def _launch(self) -> Seaworthy:
        mounted = Certificate(self.tls.folder / "tls.crt", self.tls.folder / "tls.key")
        server = Seaworthy(self._fleet.name("rollout"), self._folder, self._options, "", mounted).start()
        self.balancer.add(server)
        return server


Tell = Callable[[str], None]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Folder()
    yield made.path
    made.remove()


def nothing_lost(tell: Tell, what: str, posted: Tally, created: Tally) -> None:
    tell(f"{what}: {posted.text()}; through the API server lost {created.lost.total()} of {created.sent}")
    assert not posted.lost, posted.lost
    assert not created.lost, created.lost
    assert len(posted.verdicts) == posted.sent
    assert len(created.verdicts) == created.sent


def test_rolling_restarts_under_load_lose_no_request(fleet: Fleet, folder: Path, tell: Tell) -> None:
    service = Service(fleet, folder, SETTINGS["apply"])
    try:
        load = service.load(REVIEWS)
        creations = service.creations((good_pod(), 201), (bad_pod(), 403), (careless_pod(), 201))
        replaced = 0
        while replaced < 3 or load.tally.sent + creations.tally.sent < REQUESTS:
            service.replace()
            replaced += 1
        posted, created = load.stop(), creations.stop()
        nothing_lost(tell, f"{replaced} rolling restarts", posted, created)
        assert service.cut_off == []
        assert posted.sent + created.sent >= REQUESTS
        assert created.sent >= 100
        assert posted.connections >= 25 * replaced, "nobody had to go elsewhere"
    finally:
        service.end()


def test_new_certificates_under_load_lose_no_request(fleet: Fleet, folder: Path, tell: Tell) -> None:
    service = Service(fleet, folder, SETTINGS["apply"])
    try:
        load = service.load(REVIEWS, uses=20)  # with new connections all the time, or nobody would see a certificate
        creations = service.creations((good_pod(), 201), (bad_pod(), 403))
        for number in range(4):
            before = load.tally.connections
            certificate = service.authority.issue(f"leaf-{number}")
            service.use(certificate)
            for server in service.servers:
                until(lambda: shown(server) == certificate.certificate.read_text(), f"leaf {number}", 10)  # noqa: B023
            until(lambda: load.tally.connections >= before + 50, "connections that see it", 10)  # noqa: B023
        nothing_lost(tell, "4 certificates", load.stop(), creations.stop())
        assert [reloads(server, "certificate") for server in service.servers] == [4, 4]
    finally:
        service.end()


def reloads(server: Seaworthy, subject: str) -> int:
    """How often it has loaded something again."""
    metric = rf'^seaworthy_reloads_total\{{subject="{subject}",result="success"\}} ([0-9]+)'
    found = re.search(metric, server.metrics(), re.M)
    return int(found[1]) if found else 0


def flow(*loads: Load | Creations) -> None:
    """Returns when each of them has had a while, and answers to requests that it began then."""
    then = time.monotonic() + 0.4
    for each in loads:
        verdicts = each.tally.verdicts
        until(lambda: verdicts and verdicts[-1].asked > then, "answers", 10)  # noqa: B023


def shown(server: Seaworthy) -> str:
    """The certificate that a new connection is shown."""
    return ssl.get_server_certificate(("127.0.0.1", server.port))


def test_new_policies_under_load_lose_no_request(fleet: Fleet, folder: Path, tell: Tell) -> None:
    """Each verdict is of one of the two bundles, and of the new one as soon as the servers say that they have it."""
    policies = Volume(folder / "policies").project(team_yaml=BUNDLE % "red")
    service = Service(fleet, folder, ["--mode", "deny", "--policies", str(policies.folder)])
    try:
        load = service.load([Review.of("/validate", good_pod(), False)])
        creations = service.creations((good_pod(), 403))
        colours = ["red"]
        times: list[tuple[float, float]] = []
        """Between these moments the colour changed."""
        flow(load, creations)
        for number in range(1, 7):
            colours.append("green" if number % 2 else "red")
            begun = time.monotonic()
            policies.project(team_yaml=BUNDLE % colours[-1])
            for server in service.servers:
                until(lambda: reloads(server, "policies") == number, f"bundle {number}", 10)  # noqa: B023
            times.append((begun, time.monotonic()))
            flow(load, creations)
        posted, created = load.stop(), creations.stop()
        nothing_lost(tell, f"{len(times)} bundles", posted, created)
        for tally in (posted, created):
            check_colours(tally, colours, times)
    finally:
        service.end()


def check_colours(tally: Tally, colours: list[str], times: list[tuple[float, float]]) -> None:
    """What a request may be told: any colour that there was while it was on its way."""
    seen: Counter[int] = Counter()
    for verdict in tally.verdicts:
        first = sum(done < verdict.asked for _, done in times)
        last = sum(begun < verdict.answered for begun, _ in times)
        (colour,) = re.findall(r"the flag is (\w+)", verdict.message)
        assert colour in colours[first : last + 1]
        if first == last:
            seen[first] += 1
    assert len(seen) == len(colours), seen  # or the changes came too fast to see anything
