"""The container image: what is in it, and that the server works with nothing but that.

SEAWORTHY_IMAGE_ROOT names the tar file that `make image-root` wrote (build/image-root.tar).
"""

from __future__ import annotations

import base64
import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from vessel import USER, Server, Vessel

ROOT = Path(__file__).resolve().parents[2]
REVIEWS = ROOT / "tests" / "testdata" / "reviews"
SIZE_MAX = 16_000_000  # bytes of all files, uncompressed

CARELESS = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "nginx:latest"}]}
"""


def archive() -> Path:
    """Never a default: a test run must say which image it is about."""
    path = os.environ.get("SEAWORTHY_IMAGE_ROOT")
    assert path, "SEAWORTHY_IMAGE_ROOT must name the tar file of the image root under test"
    return Path(path).resolve(strict=True)


@pytest.fixture(scope="session")
def vessel(tmp_path_factory: pytest.TempPathFactory) -> Vessel:
    root = tmp_path_factory.mktemp("image") / "root"
    root.mkdir()
    subprocess.run(["tar", "--extract", f"--file={archive()}", f"--directory={root}", "--same-permissions"], check=True)
    for folder in (root.parent, root.parent.parent):  # pytest's are 0700: the user 65532 has to get to the root
        folder.chmod(0o755)
    return Vessel(root)


@pytest.fixture
def sealed(vessel: Vessel) -> Vessel:
    if not vessel.sealed:
        pytest.skip(f"skipped: not in a container's confines: {vessel.unsealed_because}")
    return vessel


@pytest.fixture
def server(vessel: Vessel) -> Iterator[Server]:
    with Server(vessel, "--mode", "deny", "--remedy", "apply") as running:
        yield running


def dynamic(path: Path, tag: str) -> list[str]:
    """The values of a tag of an ELF file's dynamic section."""
    text = subprocess.run(["readelf", "--dynamic", "--wide", str(path)], capture_output=True, text=True, check=True).stdout
    return [value for name, value in re.findall(r"\((\w+)\)\s+(?:.*: )?\[?([^\]\n]*)", text) if name == tag]


def executables(vessel: Vessel) -> list[Path]:
    return [vessel.root / entry.path[1:] for entry in vessel.entries() if entry.content.startswith(b"\x7fELF")]


def test_it_is_small(vessel: Vessel) -> None:
    sizes = {entry.path: len(entry.content) for entry in vessel.entries()}
    assert sum(sizes.values()) <= SIZE_MAX, sorted(sizes.items(), key=lambda item: -item[1])


def test_it_holds_the_program_its_libraries_a_user_and_licences_only(vessel: Vessel) -> None:
    allowed = re.compile(r"/seaworthy|/etc/(passwd|group)|/lib(/[\w-]+)?/(lib[\w+.-]+\.so[\d.]*|ld-linux[\w-]*\.so\.\d)"
                         r"|/lib64/ld-linux[\w-]*\.so\.\d|/usr/share/doc/[\w.+-]+/(copyright|LICENSE)")
    assert [entry.path for entry in vessel.entries() if entry.kind == "file" and not allowed.fullmatch(entry.path)] == []
    assert [entry.path for entry in vessel.entries() if entry.kind == "other"] == []
    programs = [entry.path for entry in vessel.entries() if entry.kind == "file" and entry.status.st_mode & 0o111]
    assert [path for path in programs if "/ld-linux" not in path] == ["/seaworthy"]


def test_nobody_but_root_can_change_anything(vessel: Vessel) -> None:
    entries = vessel.entries()
    assert [entry.path for entry in entries if entry.status.st_mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX)] == []
    assert [entry.path for entry in entries if entry.status.st_mode & 0o022] == []
    listing = subprocess.run(["tar", "--list", "--verbose", "--numeric-owner", f"--file={archive()}"], capture_output=True,
                             text=True, check=True).stdout.splitlines()
    assert len(listing) == len(entries)
    assert [line for line in listing if line.split()[1] != "0/0"] == []


def test_the_user_has_a_name(vessel: Vessel) -> None:
    assert (vessel.root / "etc/passwd").read_text() == "nonroot:x:65532:65532:nonroot:/:/nonexistent\n"
    assert (vessel.root / "etc/group").read_text() == "nonroot:x:65532:\n"


def test_every_library_that_is_needed_is_there_and_no_other(vessel: Vessel) -> None:
    files = executables(vessel)
    there = {path.name for path in files}
    needed = {name for path in files for name in dynamic(path, "NEEDED")}
    assert {"libc.so.6", "libstdc++.so.6"} <= needed
    assert needed - there == set()
    assert there - needed - {"seaworthy"} == set()
    assert [path for path in files if dynamic(path, "RUNPATH") or dynamic(path, "RPATH")] == []


def test_the_program_is_stripped_and_hardened(vessel: Vessel) -> None:
    program = vessel.root / "seaworthy"
    sections = subprocess.run(["readelf", "--sections", "--segments", "--wide", str(program)], capture_output=True, text=True,
                              check=True).stdout
    assert not re.search(r"\.(symtab|debug_\w+)\b", sections)
    assert "GNU_RELRO" in sections
    assert re.search(r"GNU_STACK .* RW +0x", sections)
    assert "NOW" in dynamic(program, "FLAGS_1")[0] and "PIE" in dynamic(program, "FLAGS_1")[0]


def test_the_same_binary_gives_the_same_bytes(tmp_path: Path) -> None:
    binary = ROOT / "build" / "release" / "seaworthy"
    if archive() != ROOT / "build" / "image-root.tar":
        pytest.skip("skipped: the image under test is not one that was laid out here")
    subprocess.run([ROOT / "scripts" / "image-root", binary, tmp_path / "again"], check=True, capture_output=True)
    assert (tmp_path / "again.tar").read_bytes() == archive().read_bytes()


def test_version(vessel: Vessel) -> None:
    version = re.search(r"^project\(seaworthy VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)
    assert version
    done = vessel.run("version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"seaworthy {version[1]}\n", "")


def test_check_reads_standard_input(vessel: Vessel) -> None:
    done = vessel.run("check", "-", text=CARELESS)
    assert done.returncode == 1, done.stderr
    assert "denied: no-latest-tag" in done.stdout
    assert done.stderr == ""


def test_time_zones_are_in_the_binary(vessel: Vessel) -> None:
    hours = "[1, 7].map(m, timestamp('2026-0' + string(m) + '-01T12:00:00Z').getHours('America/New_York'))"
    done = vessel.run("eval", hours)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[7, 8]\n", "")


def test_it_serves(server: Server) -> None:
    assert server.health("/readyz")[0] == 200
    assert server.health("/livez")[0] == 200
    for name, allowed in (("create-pods-api", True), ("create-pods-web", False)):
        review = (REVIEWS / f"{name}-validating.json").read_bytes()
        response = server.review("/validate", review)
        assert (response["uid"], response["allowed"]) == (json.loads(review)["request"]["uid"], allowed)
    assert re.match(r"\d+ violations of \d+ policies:\n- ", response["status"]["message"])
    mended = server.review("/mutate", (ROOT / "scripts" / "sample-review.json").read_bytes())
    assert mended["allowed"] is True
    assert "add" in {operation["op"] for operation in json.loads(base64.b64decode(mended["patch"]))}
    assert 'seaworthy_admission_requests_total{endpoint="validate"' in server.health("/metrics")[1]
    assert server.terminate() == 0
    assert [entry for entry in server.log if entry["level"] not in ("info", "debug")] == []


def test_it_writes_nothing(vessel: Vessel) -> None:
    def state() -> list[tuple[str, int, int, bytes]]:
        return [(entry.path, entry.status.st_mode, entry.status.st_mtime_ns, entry.content) for entry in vessel.entries()]

    before = state()
    with Server(vessel) as server:
        server.review("/validate", (REVIEWS / "create-pods-api-validating.json").read_bytes())
        assert server.terminate() == 0
    assert state() == before


def test_it_runs_without_any_right(sealed: Vessel) -> None:
    with Server(sealed) as server:
        status = server.process_status()
        assert status["Name"] == "seaworthy"
        assert status["Uid"] == status["Gid"] == " ".join([str(USER)] * 4)
        assert status["Groups"] in ("", str(USER))
        assert {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {
            "CapInh": 0, "CapPrm": 0, "CapEff": 0, "CapAmb": 0}
        assert status["NoNewPrivs"] == "1"
        assert server.terminate() == 0


def test_the_file_system_is_read_only(sealed: Vessel) -> None:
    """Else the tests above would have shown less than they say."""
    done = sealed.run("serve", "--listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0", "--ca-out", "/ca.pem")
    assert done.returncode != 0
    assert "Read-only file system" in done.stderr, done.stderr
