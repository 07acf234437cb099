"""Child processes that cannot outlive the tests, and the folder that they write to."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

T = TypeVar("T")

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NotReady(AssertionError):
    """Something that was waited for did not come about in time."""


def until(probe: Callable[[], T | None], what: str, seconds: float = 30.0, pause: float = 0.02) -> T:
    """Asks `probe` again and again until it gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not after {seconds:g} s")
        time.sleep(pause)


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without proxies: the API server would send its webhook calls through one."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | extra


class Folder:
    """A temporary folder that is removed even when this process is killed.

    A janitor in a session of its own waits for the end of a pipe that only this process holds open: the kernel closes
    it whatever ends us, and then the folder goes.
    """

    def __init__(self, prefix: str = "sw-") -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._janitor = subprocess.Popen(
            # Twice: processes that die with us may write once more while the first pass runs.
            ["sh", "-c", 'cat >/dev/null; rm -rf -- "$0"; sleep 1; rm -rf -- "$0"', str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        atexit.register(self.remove)

    def remove(self) -> None:
        if self._janitor.returncode is None:
            self._janitor.kill()
            self._janitor.communicate()
        shutil.rmtree(self.path, ignore_errors=True)


class Process:
    """One child in a process group of its own, with its output in a log file; it dies when this process does."""

    _all: ClassVar[weakref.WeakSet[Process]] = weakref.WeakSet()

    @classmethod
    def all(cls) -> list[Process]:
        """Those that something still refers to, ended or not, by name."""
        return sorted(cls._all, key=lambda each: each.name)

    def __init__(self, name: str, arguments: list[str], folder: Path, extra: dict[str, str] | None = None) -> None:
        # The kernel sends the death signal when the *thread* that forked ends, so only the main one may fork.
        assert threading.current_thread() is threading.main_thread(), "start processes from the main thread"
        self.name = name
        self.log = folder / f"{name}.log"
        self.log_start = self.log.stat().st_size if self.log.exists() else 0
        parent = os.getpid()

        def die_with_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment(**(extra or {})),
                preexec_fn=die_with_parent,
                start_new_session=True,
            )
        self._all.add(self)

    @property
    def pid(self) -> int:
        return self._child.pid

    def exit_code(self) -> int | None:
        return self._child.poll()

    def output(self) -> str:
        """What this process has written, without what an earlier one of the same name has."""
        if not self.log.exists():  # its test is over, and the folder is gone
            return ""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode("utf-8", "replace")

    def tail(self, lines: int = 12, width: int = 300) -> str:
        """The end of its output, cut to what a report can bear."""
        return "\n".join(line[:width] for line in self.output().splitlines()[-lines:])

    def signal(self, number: int) -> None:
        """Signals the whole group; nothing happens where it has ended."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, number)

    def wait(self, seconds: float) -> int:
        return self._child.wait(seconds)

    def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, then SIGKILL for one that does not listen. Returns the exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        self.signal(signal.SIGKILL)
        return self.wait(10)


@atexit.register
def _kill_what_is_left() -> None:
    for process in Process.all():
        process.kill()
