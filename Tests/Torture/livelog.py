"""A log that a gateway writes and a rotator moves, one step at a time."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

from logs import Scribe


class LiveLog:
    """`app.log` and what it was rotated to; nothing that it wrote is ever lost.

    A real rotator that copies and truncates loses what is written in between. This one and its
    writer take turns, so that the truth is known.
    """

    def __init__(self, folder: Path, record: Path, scribe: Scribe, rng: Random,
                 name: str = "app.log") -> None:
        self.folder, self.record, self.scribe, self.rng = folder, record, scribe, rng
        self.path = folder / name
        self.rest = b""
        """What of the last line is not written yet."""
        self.writing = self.path
        """The file that the gateway has open: a while longer than it has its name."""
        self.path.touch()

    def step(self) -> None:
        """Does one of the things that happen to logs."""
        kind = self.rng.random()
        if kind < 0.55:
            self.append(self.rng.randint(1, 60))
        elif kind < 0.7:
            self.tear()
        elif kind < 0.8:
            self.reopen()
        elif kind < 0.88:
            self.rename()
        elif kind < 0.94:
            self.copy_and_truncate()
        else:
            self.compress()

    def append(self, count: int) -> None:
        self.finish()
        self._write(self.scribe.text(count))

    def tear(self) -> None:
        """Writes a line up to its middle."""
        self.finish()
        text = self.scribe.text(1)
        cut = self.rng.randrange(1, len(text)) if len(text) > 1 else 1
        self._write(text[:cut])
        self.rest = text[cut:]

    def finish(self) -> None:
        if self.rest:
            self._write(self.rest)
            self.rest = b""

    def reopen(self) -> None:
        """What a gateway does when it is told that its log was moved."""
        self.finish()
        self.path.touch()
        self.writing = self.path

    def rename(self) -> None:
        """The gateway goes on in the file that it has open."""
        if not self.path.exists() or self.writing != self.path:
            return self.reopen()
        self._shift()
        self.path.rename(self._numbered(1))
        self.writing = self._numbered(1)

    def copy_and_truncate(self) -> None:
        if self.writing != self.path:
            return self.reopen()
        self.finish()
        self._shift()
        shutil.copyfile(self.path, self._numbered(1))
        os.truncate(self.path, 0)

    def compress(self) -> None:
        """Compresses a rotated file that nobody writes any more, slowly, as gzip would."""
        plain = [path for path in self._rotated() if path != self.writing
                 and path.suffix not in (".gz", ".zst")]
        if not plain:
            return
        path = plain[-1]
        if self.rng.random() < 0.5 or not shutil.which("zstd"):
            packed = path.with_name(path.name + ".gz")
            data = gzip.compress(path.read_bytes())
            middle = self.rng.randrange(len(data))
            with packed.open("wb", buffering=0) as archive:
                archive.write(data[:middle])
                archive.write(data[middle:])
        else:
            packed = path.with_name(path.name + ".zst")
            subprocess.run(["zstd", "-q", "-f", str(path), "-o", str(packed)], check=True)
        path.unlink()

    def remove_oldest(self) -> None:
        """Removes what was rotated most often; it must have been ingested."""
        rotated = self._rotated()
        if len(rotated) > 3 and rotated[-1] != self.writing:
            rotated[-1].unlink()

    def files(self) -> list[Path]:
        """All files, the oldest first."""
        return [*reversed(self._rotated()), *([self.path] if self.path.exists() else [])]

    def _write(self, data: bytes) -> None:
        for path in (self.writing, self.record):
            with path.open("ab", buffering=0) as log:
                log.write(data)

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _rotated(self) -> list[Path]:
        start = len(self.path.name) + 1
        paths = self.folder.glob(self.path.name + ".*")
        return sorted(paths, key=lambda path: int(path.name[start:].split(".")[0]))

    def _shift(self) -> None:
        for path in reversed(self._rotated()):
            stem, _, tail = path.name[len(self.path.name) + 1:].partition(".")
            target = self._numbered(int(stem) + 1)
            if tail:
                target = target.with_name(f"{target.name}.{tail}")
            path.rename(target)
            if self.writing == path:
                self.writing = target
