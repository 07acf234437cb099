"""What the image holds, unpacked, and its program started in it as near to a container as this place permits."""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import selectors
import signal
import ssl
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

USER = 65532

# Run by unshare in a mount namespace of its own: the root becomes read-only, then everything of root's is given up.
SEAL = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec setpriv --no-new-privs /usr/sbin/chroot --userspec=65532:65532 --groups= "$0" "$@"'

READY_SECONDS = 30.0
END_SECONDS = 20.0


@dataclasses.dataclass(frozen=True)
class Entry:
    """One file, folder or link of the image, by its path in it."""

    path: str
    status: os.stat_result
    content: bytes

    @property
    def kind(self) -> str:
        if stat.S_ISREG(self.status.st_mode):
            return "file"
        return "folder" if stat.S_ISDIR(self.status.st_mode) else "other"


class Vessel:
    """An unpacked image root. `sealed` says whether its program runs chrooted on a read-only file system, as the user 65532."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unsealed_because = self._try_seal()

    @property
    def sealed(self) -> bool:
        return not self.unsealed_because

    def entries(self) -> list[Entry]:
        found = []
        for path in [self.root, *sorted(self.root.rglob("*"))]:
            status = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
            found.append(Entry("/" + str(path.relative_to(self.root)).removeprefix("."), status, content))
        return found

    def command(self, arguments: Sequence[str]) -> list[str]:
        if self.sealed:
            return self._sealed(["/seaworthy", *arguments])
        # The image's own loader with the image's libraries alone: what is missing there is missing here.
        loader = next(self.root.glob("lib*/ld-linux*.so*"))
        folders = sorted({str(path.parent) for path in self.root.glob("**/*.so*") if path.parent.name != "lib64"})
        return [str(loader), "--inhibit-cache", "--library-path", ":".join(folders), str(self.root / "seaworthy"), *arguments]

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(arguments), input=text, capture_output=True, text=True, check=False, env={},
                              timeout=60)

    def _sealed(self, command: Sequence[str]) -> list[str]:
        return ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", SEAL, str(self.root), *command]

    def _try_seal(self) -> str:
        """Why it cannot be sealed here; empty where it can."""
        if os.geteuid() != 0:
            return "chroot needs root"
        tried = subprocess.run(["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c",
                                'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', str(self.root)],
                               capture_output=True, text=True, check=False)
        return "" if tried.returncode == 0 else f"a mount namespace is not permitted: {tried.stderr.strip()}"


class Server:
    """`seaworthy serve` of a vessel on free ports; leaving the block kills what still runs."""

    def __init__(self, vessel: Vessel, *options: str) -> None:
        self._process = subprocess.Popen(
            vessel.command(["serve", "--listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0", "--lame-duck", "0s",
                            "--drain-timeout", "2s", *options]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={})
        self.log: list[dict] = []
        self._unread = b""

    def __enter__(self) -> Server:
        try:
            self._until_ready()
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def process_status(self) -> dict[str, str]:
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8").splitlines()
        return {name: " ".join(value.split()) for name, _, value in (line.partition(":") for line in lines)}

    def health(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port("health"), timeout=10)
        return self._answer(connection, "GET", path, b"")

    def review(self, path: str, body: bytes) -> dict:
        """The response to an AdmissionReview, over TLS. The certificate is the server's own: nobody here knows its authority."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        connection = http.client.HTTPSConnection("127.0.0.1", self._port("admission"), timeout=10, context=context)
        status, text = self._answer(connection, "POST", path + "?timeout=10s", body)
        assert status == 200, text
        return json.loads(text)["response"]

    def terminate(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        _, rest = self._process.communicate(timeout=END_SECONDS)
        self._take(rest)
        return self._process.returncode

    def _answer(self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes) -> tuple[int, str]:
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def _port(self, listener: str) -> int:
        address = next(entry["address"] for entry in self.log if entry.get("listener") == listener)
        return int(address.rpartition(":")[2])

    def _until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stderr, selectors.EVENT_READ)
            while not any(entry["message"] == "ready" for entry in self.log):
                assert selector.select(deadline - time.monotonic()), f"not ready after {READY_SECONDS:g} s: {self.log}"
                read = os.read(self._process.stderr.fileno(), 65536)
                assert read, f"the server ended with {self._process.wait()}: {self.log} {self._unread!r}"
                self._take(read)

    def _take(self, read: bytes) -> None:
        *lines, self._unread = (self._unread + read).split(b"\n")
        self.log += [json.loads(line) if line.startswith(b"{") else {"level": "none", "message": line.decode()} for line in lines]
