"""System calls that fail: a full disk, a broken disk, a log that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import scenarios
import tracing
from lab import Attack, Lab, Outcome
from oracle import LEDGER, check_whole, judge
from program import BAD_DATA, CANNOT_WRITE, LOCKED, OK, UNAVAILABLE, Finished

EVERY = [("pwrite64", "ENOSPC"), ("fdatasync", "EIO")]
"""These fail at every n-th call."""
SOME = [("pwrite64", "EIO"), ("pwrite64", "EDQUOT"), ("fsync", "EIO"), ("unlink", "EACCES"),
        ("unlink", "EIO"), ("rename", "EIO"), ("ftruncate", "EIO"), ("fcntl", "EAGAIN"),
        ("fcntl", "ENOLCK"), ("pread64", "EIO"), ("openat", "EMFILE"), ("openat", "EACCES"),
        ("mmap", "ENOMEM"), ("brk", "ENOMEM"), ("flock", "ENOLCK"), ("fchmod", "EPERM"),
        ("newfstatat", "EIO"), ("getrandom", "EAGAIN"), ("close", "EIO"), ("lseek", "EIO"),
        ("write", "ENOSPC"), ("getcwd", "ENOENT"), ("fstat", "EIO")]
"""These at a few."""
SYNCED = (".db>", ".db-journal>", ".db.new>", ".db.new-journal>")
"""What strace prints of a descriptor of the ledger; a folder that cannot be synced may be let go,
as SQLite does."""


def fail_calls(lab: Lab) -> Iterator[Outcome]:
    """Lets calls of an ingest fail, once or from then on: every n-th, in any order."""
    rng = lab.rng
    scenario = scenarios.make(lab, lab.program)
    argv = lab.program.ingest_argv(Path(LEDGER), scenario.files, threads=1)
    counts = tracing.count(argv, lab.copy(scenario.base, "state"),
                           sorted({call for call, _ in EVERY + SOME}))
    points = [(call, error, n) for call, error in EVERY for n in range(1, counts[call] + 1)]
    points += [(call, error, rng.randint(1, counts[call])) for call, error in SOME
               for _ in range(3) if counts[call]]
    rng.shuffle(points)
    log = lab.folder / "run.strace"
    for call, error, number in points:
        # A lock that is busy for ever is waited for: that would take half a minute.
        lasting = rng.random() < 0.3 and error != "EAGAIN"
        when = f"{number}+" if lasting else str(number)
        state = lab.copy(scenario.base, "state")
        ledger = state / LEDGER
        finished = lab.program.ingest(ledger, scenario.files, threads=1,
                                      wrap=tracing.fail_at(call, when, error, log))
        wrong = judge_exit(finished, tracing.injected(log), error)
        wrong += check_whole(lab.program, ledger)
        wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name}: {error} of {call} {when} of {counts[call]}: "
                      f"exit {finished.code}", tuple(wrong))


def judge_exit(finished: Finished, injected: list[str], error: str) -> list[str]:
    """Whether the exit code tells of the fault that there was."""
    if error == "ENOMEM" or finished.code == 127:
        return []  # without memory a process may die, and before its start it is not the program
    if finished.crash:
        return [f"{finished.crash}: {finished}"]
    writes = [line for line in injected
              if ("fdatasync(" in line or "pwrite64(" in line)
              and any(name in line for name in SYNCED)]
    if writes and finished.code != CANNOT_WRITE:
        return [f"a write of the ledger failed, and yet: {finished}; {writes[0][:120]}"]
    allowed = {OK, CANNOT_WRITE, UNAVAILABLE}
    if error in ("EAGAIN", "ENOLCK"):
        allowed.add(LOCKED)
    if error == "EIO" and any("pread64(" in line for line in injected):
        allowed.add(BAD_DATA)  # SQLite takes a page that cannot be read for a damaged one
    if finished.code not in allowed:
        return [f"another exit code is expected: {finished}"]
    return [] if finished.code == OK or finished.err.strip() else ["it failed without a word"]


READ_ERRORS = ["EIO", "ESTALE", "EACCES", "EINTR"]


def fail_reads(lab: Lab) -> Iterator[Outcome]:
    """Lets one of several logs fail when it is read: the others count all the same."""
    rng = lab.rng
    scenario = scenarios.make(lab, lab.program)
    log = lab.folder / "run.strace"
    for _ in range(30):
        victim = rng.choice(scenario.files)
        call = rng.choice(["read", "read", "pread64", "openat", "newfstatat", "lseek"])
        error = rng.choice(READ_ERRORS)
        lasting = "+" if rng.random() < 0.4 and error != "EINTR" else ""
        when = f"{rng.randint(1, 3)}{lasting}"
        state = lab.copy(scenario.base, "state")
        ledger = state / LEDGER
        finished = lab.program.ingest(ledger, scenario.files, threads=rng.choice([1, 2]),
                                      wrap=tracing.fail_at(call, when, error, log, [victim]))
        injected = tracing.injected(log)
        wrong = [f"{finished.crash}: {finished}"] if finished.crash else []
        if finished.code not in (OK, UNAVAILABLE):
            wrong.append(f"another exit code is expected: {finished}")
        # A second name of a log has nothing new to read.
        is_read = victim.suffix != ".twin" and any(
            " read(" in line or " pread64(" in line for line in injected)
        # What was read may be in doubt afterwards: then it is told, and read again by the next run.
        is_told = "warning" in finished.err and victim.name in finished.err
        # A failure that passes may strike the first bytes, which are looked at and then read again.
        fails = is_read and lasting and error in ("EIO", "ESTALE")
        if fails and finished.code == OK and not is_told:
            wrong.append(f"a log could not be read, and yet: {finished}; {injected[0][:120]}")
        if finished.code == UNAVAILABLE and victim.name not in finished.err:
            wrong.append(f"it does not name the log: {finished}")
        wrong += check_whole(lab.program, ledger)
        wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name}: {error} of {call} {when} of {victim.name}: "
                      f"exit {finished.code}", tuple(wrong))


ATTACKS = [
    Attack("errors", "ENOSPC, EIO, EACCES, EAGAIN, EMFILE at any call of an ingest",
           fail_calls, tracing.missing, rows=(6, 8)),
    Attack("read-errors", "EIO, ESTALE, EACCES when a log is read", fail_reads, tracing.missing,
           rows=(28,), weight=0.5),
]
