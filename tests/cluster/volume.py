"""A ConfigMap or Secret as kubelet mounts it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Volume:
    """Files that are links through `..data`, which each projection swaps: pkg/volume/util/atomic_writer.go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._generation = 0
        folder.mkdir()

    def project(self, **payload: str) -> Volume:
        """Keys are file names with `_` for the dot."""
        files = {name.replace("_", "."): text for name, text in payload.items()}
        self._generation += 1
        made = self.folder / f"..2026_01_01_00_00_00.{self._generation}"
        made.mkdir()
        for name, text in files.items():
            (made / name).write_text(text)
        data = self.folder / "..data"
        before = os.readlink(data) if data.is_symlink() else None
        (self.folder / "..data_tmp").symlink_to(made.name)
        (self.folder / "..data_tmp").rename(data)
        for name in files:
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        for entry in self.folder.iterdir():
            if entry.is_symlink() and not entry.exists():
                entry.unlink()
        if before:
            shutil.rmtree(self.folder / before)
        return self
