"""One running `seaworthy serve`, told where it listens by its own log."""

from __future__ import annotations

import http.client
import json
import os
import signal
from pathlib import Path

from certificates import Certificate
from processes import NotReady, Process, until


def binary() -> str:
    """The program under test. Never a default: a test run must say which build it is about."""
    path = os.environ.get("SEAWORTHY_BIN")
    assert path, "SEAWORTHY_BIN must name the seaworthy binary under test"
    return str(Path(path).resolve(strict=True))


class Seaworthy:
    """A server process on free ports, which it keeps when it is started again."""

    def __init__(self, name: str, folder: Path, options: list[str], san: str, certificate: Certificate | None = None):
        """Without `certificate` the server makes its own, for `san` and 127.0.0.1."""
        self.name = name
        self.folder = folder
        self.options = options
        self.san = san
        self.certificate = certificate
        self.port = 0
        self.health_port = 0
        self._process: Process | None = None
        self._authority = folder / f"{name}-ca.crt"

    @property
    def process(self) -> Process:
        """The one that was started last."""
        assert self._process, f"{self.name} was never started"
        return self._process

    @property
    def ca(self) -> str:
        return self.certificate.ca if self.certificate else self._authority.read_text()

    def start(self) -> Seaworthy:
        """Returns when /readyz says yes."""
        if self.certificate:
            tls = ["--tls-cert", str(self.certificate.certificate), "--tls-key", str(self.certificate.key)]
        else:
            tls = ["--tls-san", self.san, "--tls-san", "127.0.0.1", "--ca-out", str(self._authority)]
        listen = ["--listen", f"127.0.0.1:{self.port}", "--health-listen", f"127.0.0.1:{self.health_port}"]
        # Short, or every stop of the tests would wait as long as a rolling update has to.
        drain = [] if "--lame-duck" in self.options else ["--lame-duck", "0s", "--drain-timeout", "2s"]
        self._process = Process(self.name, [binary(), "serve", *listen, *tls, *drain, *self.options], self.folder)
        self.port = self._listening("admission")
        self.health_port = self._listening("health")
        until(lambda: self._alive() and self.health("/readyz") == 200, f"{self.name}: /readyz")
        return self

    def health(self, path: str) -> int | None:
        """The status of a path of the health listener; None where nobody answers."""
        try:
            return self._health(path)[0]
        except OSError:
            return None

    def metrics(self) -> str:
        status, text = self._health("/metrics")
        assert status == 200, text
        return text

    def terminate(self) -> None:
        """SIGTERM, without waiting for what it does then."""
        self.process.signal(signal.SIGTERM)

    def stop(self) -> int:
        return self.process.stop()

    def kill(self) -> None:
        self.process.kill()

    def _listening(self, listener: str) -> int:
        def address() -> str | None:
            self._alive()
            for line in self.process.output().splitlines():
                try:
                    entry = json.loads(line)
                except ValueError:  # perhaps half written
                    continue
                if entry.get("message") == "listening" and entry.get("listener") == listener:
                    return entry["address"]
            return None

        return int(until(address, f"{self.name}: the address of its {listener} listener").rpartition(":")[2])

    def _alive(self) -> bool:
        if self.process.exit_code() is not None:
            raise NotReady(f"{self.name} ended with {self.process.exit_code()}:\n{self.process.tail()}")
        return True

    def _health(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()
