#!/usr/bin/env python3
"""An ingester with the structure of Tollbook's, small enough to be broken on purpose.

    control.py LEDGER FILE… [--mode whole|split|unsynced]

It counts the lines of files by model into an SQLite ledger, and remembers how far each file was
read. `whole` does it as it must be done: counts and offsets in one transaction, all synced. The
controls do one thing otherwise, and the harness must catch them: `split` commits the offsets in a
transaction of their own, `unsynced` sets `synchronous = OFF`.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from logs import Totals
from program import BAD_DATA, OK, Finished, Refusal, Subject

MODES = ("whole", "split", "unsynced")
LINES_PER_COMMIT = 60


@dataclass
class Control(Subject):
    """The ingester of this file as something to attack."""

    mode: str = "whole"

    @classmethod
    def of(cls, mode: str) -> "Control":
        return cls(f"control-{mode}", Path(__file__), mode)

    def ingest_argv(self, ledger: Path, files: Sequence[Path | str], *,
                    threads: int | None = None) -> list[str]:
        return [sys.executable, "-S", str(self.binary), str(ledger), *map(str, files),
                "--mode", self.mode]

    def verify(self, ledger: Path) -> Finished:
        """Needs no process of its own: nobody attacks it."""
        try:
            with closing(connect(str(ledger), self.mode)) as db:
                found = [row[0] for row in db.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as problem:
            found = [str(problem)]
        return Finished(("integrity_check",), OK if found == ["ok"] else BAD_DATA,
                        "\n".join(found), "")

    def dump(self, ledger: Path) -> str:
        try:
            with closing(connect(str(ledger), self.mode)) as db:
                rows = db.execute("SELECT model, lines FROM counts ORDER BY model").fetchall()
        except sqlite3.DatabaseError as problem:
            raise Refusal(Finished(("SELECT",), BAD_DATA, "", str(problem))) from problem
        return "".join(f"{model} {lines}\n" for model, lines in rows)

    def totals(self, ledger: Path) -> Totals:
        return {}

    def read_nothing(self, finished: Finished) -> bool:
        return finished.out == "0\n"


def connect(path: str, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute(f"PRAGMA synchronous = {'OFF' if mode == 'unsynced' else 'EXTRA'}")
    return db


def model_of(line: bytes) -> str:
    """The model that a line names; lines that are no records count as such."""
    try:
        record = json.loads(line)
        record = record.get("data", record)
        return str(record.get("model") or record["message"]["model"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "rejected"


def ingest(path: str, files: Sequence[str], mode: str) -> int:
    """Counts what is new in the files, and says how many lines that were."""
    db = connect(path, mode)
    Path(path).chmod(0o600)
    db.executescript("""
        BEGIN;
        CREATE TABLE IF NOT EXISTS counts (model TEXT PRIMARY KEY, lines INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS sources (path TEXT PRIMARY KEY, offset INTEGER NOT NULL);
        COMMIT;
        """)
    total = 0
    for name in files:
        row = db.execute("SELECT offset FROM sources WHERE path = ?", [name]).fetchone()
        offset = row[0] if row else 0
        with open(name, "rb") as log:
            log.seek(offset)
            lines = log.read().splitlines(keepends=True)
        for first in range(0, len(lines), LINES_PER_COMMIT):
            batch = lines[first:first + LINES_PER_COMMIT]
            offset += sum(map(len, batch))
            total += len(batch)
            db.execute("BEGIN IMMEDIATE")
            for line in batch:
                db.execute("INSERT INTO counts VALUES (?, 1) ON CONFLICT (model) "
                           "DO UPDATE SET lines = lines + 1", [model_of(line)])
            if mode == "split":
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO sources VALUES (?, ?) ON CONFLICT (path) "
                       "DO UPDATE SET offset = excluded.offset", [name, offset])
            db.execute("COMMIT")
    db.close()
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ledger")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--mode", choices=MODES, default="whole")
    options = parser.parse_intermixed_args()
    try:
        print(ingest(options.ledger, options.files, options.mode))
    except sqlite3.DatabaseError as problem:
        print(f"{options.ledger}: {problem}", file=sys.stderr)
        return BAD_DATA
    return OK


if __name__ == "__main__":
    sys.exit(main())
