"""Runs the binary under attack, and reads what it says."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Sequence

from logs import Totals

OK, BAD_DATA, UNAVAILABLE, BUG, CANNOT_WRITE, LOCKED = 0, 65, 69, 70, 73, 75
TIMEOUT = 120.0
HUNG = -999
"""The code of a command that did not end in time."""


@dataclass(frozen=True)
class Finished:
    """A command that ended."""

    argv: tuple[str, ...]
    code: int
    """The exit code; a signal is its negative number."""
    out: str
    err: str

    @property
    def crash(self) -> str | None:
        """Says so when a fault of the program ended it: a trap, an abort, a hang."""
        if self.code == HUNG:
            return "it hung"
        for number in (signal.SIGILL, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE,
                       signal.SIGSEGV, signal.SIGTRAP, signal.SIGPIPE, signal.SIGXFSZ,
                       signal.SIGSYS):
            if self.code in (-number, 128 + number):
                return f"it died of {number.name}"
        return "it said it has a fault (exit 70)" if self.code == BUG else None

    @property
    def killed(self) -> bool:
        return self.code in (-signal.SIGKILL, 128 + signal.SIGKILL)

    def __str__(self) -> str:
        tail = self.err.strip().splitlines()[-3:]
        return f"exit {self.code} of `{' '.join(self.argv)}`: {' | '.join(tail)}"


def execute(argv: Sequence[str], folder: Path, timeout: float = TIMEOUT,
            kill_after: float | None = None,
            env: Mapping[str, str] | None = None) -> Finished:
    """Runs a command to its end, or kills it after so many seconds."""
    # Without backtraces a trap is over at once.
    environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C", **(env or {})}
    process = subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment, start_new_session=True)
    try:
        out, err = process.communicate(timeout=timeout if kill_after is None else kill_after)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        code = HUNG if kill_after is None else process.returncode
    return Finished(tuple(map(str, argv)), code, out.decode(errors="replace"),
                    err.decode(errors="replace"))


@dataclass
class Subject:
    """A program that ingests logs into a ledger: Tollbook, or a control that is built to fail."""

    name: str
    binary: Path

    def ingest_argv(self, ledger: Path, files: Sequence[Path | str], *,
                    threads: int | None = None) -> list[str]:
        raise NotImplementedError

    def verify(self, ledger: Path) -> Finished:
        raise NotImplementedError

    def dump(self, ledger: Path) -> str:
        raise NotImplementedError

    def totals(self, ledger: Path) -> Totals:
        raise NotImplementedError

    def read_nothing(self, finished: Finished) -> bool:
        raise NotImplementedError

    def ingest(self, ledger: Path, files: Sequence[Path | str], *, threads: int | None = None,
               wrap: Sequence[str] = (), timeout: float = TIMEOUT) -> Finished:
        argv = [*wrap, *self.ingest_argv(ledger, files, threads=threads)]
        return execute(argv, ledger.parent, timeout)


class Refusal(Exception):
    """A command that must work did not."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(str(finished))
        self.finished = finished


@dataclass
class Tollbook(Subject):
    """The binary of Tollbook."""

    known_commands: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def at(cls, binary: Path) -> "Tollbook":
        listed = execute([str(binary), "--help"], Path.cwd()).out
        names = re.findall(r"^  ([a-z-]+) {2,}\S", listed, re.MULTILINE)
        return cls("tollbook", binary, frozenset(names))

    def run(self, *arguments: str | Path, folder: Path, wrap: Sequence[str] = (),
            timeout: float = TIMEOUT) -> Finished:
        argv = [*wrap, str(self.binary), *map(str, arguments)]
        return execute(argv, folder, timeout)

    @functools.lru_cache(maxsize=None)
    def has_option(self, command: str, option: str) -> bool:
        return option in execute([str(self.binary), command, "--help"], Path.cwd()).out

    def __hash__(self) -> int:
        return hash(self.binary)

    def ingest_argv(self, ledger: Path, files: Sequence[Path | str], *,
                    threads: int | None = None) -> list[str]:
        argv = [str(self.binary), "ingest", "--ledger", str(ledger), *map(str, files)]
        return argv + (["--threads", str(threads)] if threads else [])

    def verify_argv(self, ledger: Path) -> list[str]:
        full = ["--full"] if self.has_option("verify", "--full") else []
        return [str(self.binary), "verify", *full, "--ledger", str(ledger)]

    def verify(self, ledger: Path) -> Finished:
        return execute(self.verify_argv(ledger), ledger.parent)

    def dump(self, ledger: Path) -> str:
        """All facts, sorted; without `dump`, the finest report that there is."""
        if "dump" in self.known_commands:
            return self._answer("dump", "--canonical", "--ledger", ledger, folder=ledger.parent)
        report = json.loads(self._report(ledger, "day,provider,model,team,key,status,gateway"))
        return json.dumps(report["sections"][0]["tables"], indent=0)

    def totals(self, ledger: Path) -> Totals:
        report = json.loads(self._report(ledger, "model"))
        sums: Totals = {}
        for row in report["sections"][0]["tables"][0]["rows"]:
            requests, tokens_in, tokens_out = sums.get(row.get("model", ""), (0, 0, 0))
            sums[row.get("model", "")] = (
                requests + row["requests"], tokens_in + row.get("input_tokens", 0),
                tokens_out + row.get("output_tokens", 0))
        return sums

    def read_nothing(self, finished: Finished) -> bool:
        """An ingest that had no line to read."""
        total = re.search(r"^total +([\d,]+)", finished.err, re.MULTILINE)
        return total is None or total.group(1) == "0"

    def _report(self, ledger: Path, by: str) -> str:
        return self._answer("report", "spend", "--format", "json", "--by", by,
                            "--ledger", ledger, folder=ledger.parent)

    def _answer(self, *arguments: str | Path, folder: Path) -> str:
        finished = self.run(*arguments, folder=folder)
        if finished.code != OK:
            raise Refusal(finished)
        return finished.out


def digest(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
