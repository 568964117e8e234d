"""The other commands that write, killed, out of power and on a broken disk."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Iterator

import tracing
from disk import Disk, events
from lab import Attack, Lab, Outcome
from operations import OPERATIONS, Operation, unchanged
from oracle import check_whole
from program import BAD_DATA, CANNOT_WRITE, LOCKED, OK, Refusal, Tollbook, execute

VERSION_1 = "migrate"
"""The command whose ledger `verify` refuses before it is done."""


def strike(name: str, lab: Lab) -> Iterator[Outcome]:
    """Strikes a command before every n-th change of a file, in one of three ways."""
    rng = lab.rng
    operation = OPERATIONS[name](lab)
    argv = [str(lab.program.binary), *operation.arguments]
    counts = tracing.count(argv, lab.copy(operation.base, "state"))
    points = [(call, n) for call in tracing.CHANGES for n in range(1, counts[call] + 1)]
    rng.shuffle(points)
    recording = record(lab, operation, argv)
    for call, number in points:
        folder = lab.copy(operation.base, "state")
        way = rng.random()
        if way < 0.6:
            finished = execute([*tracing.kill_at(call, number), *argv], folder)
            what = f"killed before {call} {number} of {counts[call]}"
            wrong = [] if finished.killed else [f"the kill did not strike: {finished}"]
        elif way < 0.85:
            folder, what = fail_power(lab, operation, recording)
            wrong = []
        else:
            error = rng.choice(["ENOSPC", "EIO"])
            lasting = "+" if rng.random() < 0.3 else ""
            finished = execute([*tracing.fail_at(call, f"{number}{lasting}", error,
                                                 lab.folder / "run.strace"), *argv], folder)
            what = f"{error} of {call} {number}{lasting}: exit {finished.code}"
            wrong = [f"{finished.crash}: {finished}"] if finished.crash else []
            if finished.code not in (OK, CANNOT_WRITE, BAD_DATA, LOCKED):
                wrong.append(f"another exit code is expected: {finished}")
        wrong += look(lab, operation, folder)
        wrong += finish(lab, operation, argv, folder)
        yield Outcome(f"{name}: {what}", tuple(wrong))


def record(lab: Lab, operation: Operation, argv: list[str]) -> list:
    """All that the command does to its folder when nobody strikes."""
    folder, log = lab.copy(operation.base, "state"), lab.folder / "record.strace"
    before = [path.name for path in folder.iterdir()]
    finished = execute([*tracing.record(log), *argv], folder)
    if finished.code != OK:
        raise Refusal(finished)
    changes = list(events(tracing.calls(log), folder, before))
    log.unlink()
    return changes


def fail_power(lab: Lab, operation: Operation, changes: list) -> tuple[Path, str]:
    """The folder after a power failure in the middle of the command."""
    disk = Disk.holding({path.name: path.read_bytes() for path in operation.base.iterdir()})
    moment = lab.rng.randint(0, len(changes))
    with_files = lab.rng.random() < 0.5
    for event in changes[:moment]:
        disk.apply(event, True, with_files)
    folder = lab.fresh("state")
    for name, content in disk.fail(lab.rng).items():
        (folder / name).touch(0o600)
        (folder / name).write_bytes(content)
    return folder, f"power failed after {moment} of {len(changes)} changes"


def look(lab: Lab, operation: Operation, folder: Path) -> list[str]:
    """Whatever has the name of a ledger is a whole one; drafts have other names."""
    wrong = unchanged(operation, folder)
    for path in sorted(folder.glob("*.db")):
        if operation.name != VERSION_1 or not is_first_format(path):
            wrong += check_whole(lab.program, path)
    return wrong


def is_first_format(path: Path) -> bool:
    return path.read_bytes()[60:64] == (1).to_bytes(4, "big")


def finish(lab: Lab, operation: Operation, argv: list[str], folder: Path) -> list[str]:
    """The same command once more does what it could not."""
    if operation.result is None or not (folder / operation.result).exists():
        finished = execute(argv, folder)
        if finished.code != OK:
            return [f"it cannot be done again: {finished}"]
    wrong = operation.check(folder)
    wrong += [f"{path.name} is left behind" for path in sorted(folder.iterdir())
              if path.name.endswith((".new", "-journal", ".tmp"))]
    return wrong + unchanged(operation, folder)


def missing(name: str, program: Tollbook) -> str | None:
    if name not in program.known_commands:
        return f"this tollbook has no `{name}`"
    return tracing.missing()


ROWS = {"restore": (74,), "migrate": (72,), "prune": (77,)}

ATTACKS = [
    Attack(f"strike-{name}", f"`tollbook {name}` killed, out of power, on a broken disk",
           partial(strike, name), partial(missing, name), rows=ROWS.get(name, ()), weight=0.7)
    for name in OPERATIONS
]
