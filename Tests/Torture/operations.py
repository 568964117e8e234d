"""The commands beside `ingest` that write: what they start from, and what must come of them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import tracing
from lab import Lab
from logs import Scribe, Totals
from oracle import LEDGER, check_content, check_whole, compare, difference, judge, straight
from program import OK, Refusal, digest
from scenarios import families

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "sample-logs"
BACKUP, MERGED = "backup.db", "merged.db"


@dataclass
class Operation:
    """A command over the ledgers of a folder, ready to be run in any copy of that folder."""

    name: str
    base: Path
    """The folder before the command."""
    arguments: list[str]
    """Of the command, which runs in the folder."""
    check: Callable[[Path], list[str]]
    """What is wrong with a folder in which the command came to its end."""
    untouched: list[str] = field(default_factory=list)
    """Files that no command may change."""
    result: str | None = None
    """The file that the command makes; where it stands already, the command is not run again."""


def _logs(lab: Lab, scribe: Scribe, count: int = 2) -> list[Path]:
    folder = lab.fresh("logs")
    files = []
    for number in range(count):
        path = folder / f"app-{number}.log"
        path.write_bytes(scribe.text(lab.rng.randint(20, 150)))
        files.append(path)
    return files


def _run(lab: Lab, folder: Path, *arguments: str | Path) -> None:
    finished = lab.program.run(*arguments, folder=folder)
    if finished.code != OK:
        raise Refusal(finished)


def _grow(lab: Lab, ledger: Path, scribe: Scribe, files: list[Path]) -> None:
    """A ledger of several runs."""
    for _ in range(lab.rng.randint(1, 3)):
        _run(lab, ledger.parent, *lab.program.ingest_argv(ledger, files)[1:])
        with lab.rng.choice(files).open("ab") as log:
            log.write(scribe.text(lab.rng.randint(5, 60)))
    _run(lab, ledger.parent, *lab.program.ingest_argv(ledger, files)[1:])


def backup(lab: Lab) -> Operation:
    scribe = Scribe(lab.rng, families(lab.rng), days=3)
    files, base = _logs(lab, scribe), lab.fresh("base")
    _grow(lab, base / LEDGER, scribe, files)
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)

    def check(folder: Path) -> list[str]:
        wrong = []
        for name in (LEDGER, BACKUP):
            wrong += check_whole(lab.program, folder / name)
            wrong += check_content(lab.program, folder / name, expected)
        return wrong

    return Operation("backup", base, ["backup", BACKUP, "--force", "--ledger", LEDGER], check)


def restore(lab: Lab) -> Operation:
    """A backup takes the place of the ledger; the logs are ingested again."""
    scribe = Scribe(lab.rng, families(lab.rng), days=3)
    files, base = _logs(lab, scribe), lab.fresh("base")
    _grow(lab, base / LEDGER, scribe, files)
    _run(lab, base, "backup", BACKUP, "--ledger", LEDGER)
    saved = lab.program.dump(base / LEDGER)
    with files[0].open("ab") as log:
        log.write(scribe.text(60))
    if lab.rng.random() < 0.5:
        _run(lab, base, *lab.program.ingest_argv(base / LEDGER, files)[1:])
    else:
        # The ledger is left with a journal that would undo half a commit.
        for number in range(60, 1, -3):
            killed = lab.program.ingest(base / LEDGER, files, threads=1,
                                        wrap=tracing.kill_at("pwrite64", number))
            if killed.killed and Path(f"{base / LEDGER}-journal").exists():
                break
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)

    def check(folder: Path) -> list[str]:
        found = lab.program.dump(folder / LEDGER)
        wrong = [] if found == saved else ["it is not the backup: " + difference(saved, found)]
        return wrong + judge(lab.program, folder / LEDGER, files, expected)

    return Operation("restore", base, ["restore", BACKUP, "--ledger", LEDGER], check, [BACKUP])


def merge(lab: Lab) -> Operation:
    """Two ledgers of one key, of logs that overlap."""
    scribe = Scribe(lab.rng, families(lab.rng), days=3)
    files, base = _logs(lab, scribe, 3), lab.fresh("base")
    names = ["one.db", "two.db"]
    _run(lab, base, "ledger", "new", names[0])
    _run(lab, base, "ledger", "new", names[1], "--key-of", names[0])
    _grow(lab, base / names[0], scribe, files[:2])
    _grow(lab, base / names[1], scribe, files[1:])
    # Each ends where its logs end now.
    for name, part in zip(names, (files[:2], files[1:])):
        _run(lab, base, *lab.program.ingest_argv(base / name, part)[1:])
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)

    def check(folder: Path) -> list[str]:
        wrong = check_whole(lab.program, folder / MERGED)
        wrong += check_content(lab.program, folder / MERGED, expected)
        return wrong + judge(lab.program, folder / MERGED, files, expected)

    return Operation("merge", base, ["merge", *names, "-o", MERGED], check, names, MERGED)


def prune(lab: Lab) -> Operation:
    """Single requests of old days go; counts, amounts and identities stay."""
    scribe = Scribe(lab.rng, families(lab.rng), days=5)
    files, base = _logs(lab, scribe, 3), lab.fresh("base")
    _grow(lab, base / LEDGER, scribe, files)
    first = f"2026-10-{lab.rng.randint(1, 7):02}"
    arguments = ["prune", "--facts-older-than", first, "--ledger", LEDGER]
    pruned = lab.copy(base, "pruned")
    _run(lab, pruned, *arguments)
    dump = lab.program.dump(pruned / LEDGER)
    totals: Totals = scribe.truth.totals()

    def check(folder: Path) -> list[str]:
        ledger = folder / LEDGER
        wrong = check_whole(lab.program, ledger)
        found = lab.program.dump(ledger)
        if found != dump:
            wrong.append("the dump differs: " + difference(dump, found))
        # A copy under another head is read whole, and is known line by line.
        again = folder / "again.jsonl"
        again.write_bytes(b"# again\n" + b"".join(path.read_bytes() for path in files))
        for paths in (files, [again]):
            finished = lab.program.ingest(ledger, paths)
            if finished.code != OK:
                wrong.append(f"a run after it fails: {finished}")
            wrong += compare(totals, lab.program.totals(ledger))
        return wrong + check_whole(lab.program, ledger)

    return Operation("prune", base, arguments, check)


def requeue(lab: Lab) -> Operation:
    """Lines of a form that nobody knew are read again when it is known."""
    scribe = Scribe(lab.rng, families(lab.rng), days=2)
    files, base = _logs(lab, scribe), lab.fresh("base")
    own = (SAMPLES / "own" / "acme.jsonl").read_bytes().splitlines(keepends=True)
    lab.rng.shuffle(own)
    for path in files:
        share, own = own[:len(own) // 2 + 1], own[len(own) // 2 + 1:]
        lines = path.read_bytes().splitlines(keepends=True) + share
        path.write_bytes(b"".join(lines))
    dialect = lab.folder / "acme.yaml"
    shutil.copyfile(SAMPLES / "own" / "acme.yaml", dialect)
    _run(lab, base, *lab.program.ingest_argv(base / LEDGER, files)[1:])
    known = lab.fresh("straight") / LEDGER
    _run(lab, known.parent, *lab.program.ingest_argv(known, files)[1:], "--dialect", dialect)
    dump = lab.program.dump(known)

    def check(folder: Path) -> list[str]:
        wrong = check_whole(lab.program, folder / LEDGER)
        found = lab.program.dump(folder / LEDGER)
        return wrong + ([] if found == dump else ["the dump differs: " + difference(dump, found)])

    return Operation("requeue", base,
                     ["requeue", "--dialect", str(dialect), "--ledger", LEDGER], check)


def migrate(lab: Lab) -> Operation:
    """A ledger of the first format, which another version of the program wrote."""
    base = lab.fresh("base")
    ledger = base / LEDGER
    ledger.touch(0o600)
    with closing(sqlite3.connect(ledger)) as db:
        db.executescript((HERE / "old" / "ledger-v1.sql").read_text())
    files = []
    for path in sorted((HERE / "old").glob("*.log")):
        copy = lab.fresh("logs") / path.name if not files else files[0].with_name(path.name)
        shutil.copyfile(path, copy)
        files.append(copy)
    scribe = Scribe(lab.rng, families(lab.rng), days=2)
    with files[-1].open("ab") as log:
        log.write(scribe.text(30))
    expected = straight(lab.program, lab.fresh("straight"), files, None)

    def check(folder: Path) -> list[str]:
        wrong = [] if list(folder.glob(f"{LEDGER}.v1-backup-*.db")) else ["no copy is kept"]
        wrong += check_whole(lab.program, folder / LEDGER)
        return wrong + judge(lab.program, folder / LEDGER, files, expected)

    return Operation("migrate", base, ["migrate", "--ledger", LEDGER], check)


OPERATIONS: dict[str, Callable[[Lab], Operation]] = {
    "backup": backup, "restore": restore, "merge": merge, "prune": prune, "requeue": requeue,
    "migrate": migrate,
}


def unchanged(operation: Operation, folder: Path) -> list[str]:
    """Files that the command must not change, and did."""
    return [f"{name} was changed" for name in operation.untouched
            if digest(folder / name) != digest(operation.base / name)]
