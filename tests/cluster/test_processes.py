"""The harness itself: whatever ends a test run, nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from processes import until

VICTIM = """
from processes import Folder, Process
home = Folder()
children = [Process(name, ["sh", "-c", "sleep 600"], home.path) for name in ("one", "two")]
print(home.path, *(child.pid for child in children), flush=True)
children[0].wait(600)
"""


def runs(pid: int) -> bool:
    """A zombie whose new parent has not looked yet has ended, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_run_leaves_nothing_behind() -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parent
    )
    assert victim.stdout
    try:
        folder, *children = victim.stdout.readline().split()
        assert Path(folder).is_dir()
        assert all(runs(int(pid)) for pid in children)
    finally:
        os.kill(victim.pid, signal.SIGKILL)
        victim.communicate()
    until(lambda: not any(runs(int(pid)) for pid in children), "the end of the children", 10)
    until(lambda: not Path(folder).exists(), "the end of the folder", 10)
