"""Fixtures: one cluster and one fleet of servers a session; a namespace costs a test a few milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from client import Client
from cluster import Cluster
from fleet import Fleet
from processes import Process

sys.dont_write_bytecode = True


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture(scope="session")
def fleet(cluster: Cluster) -> Iterator[Fleet]:
    ships = Fleet(cluster)
    try:
        yield ships
    finally:
        ships.stop()


@pytest.fixture(scope="session")
def unwatched(fleet: Fleet) -> Client:
    """A namespace that no webhook sees: what the platform alone makes of an object."""
    return fleet.namespace()


TOLD = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line that the end of the run prints, whatever came of the test: a count that somebody wants to see."""
    return request.config.stash.setdefault(TOLD, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """A failing test's report ends with what each process last logged."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for process in Process.all():
            report.sections.append((f"the end of {process.name}'s log", process.tail()))
