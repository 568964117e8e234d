"""Power failures: of what was not synced, any part may be gone."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import scenarios
import tracing
from control import Control
from disk import Disk, events
from lab import Attack, Lab, Outcome
from oracle import LEDGER, check_content, check_whole, judge
from program import OK, Refusal, Subject, execute

STATES = 450
"""Power failures of one recorded run."""


def fail_power(lab: Lab, subject: Subject, *, syncs: bool = True) -> Iterator[Outcome]:
    """Records a run, and lets the power fail at random moments of it."""
    scenario = scenarios.make(lab, subject)
    folder = lab.copy(scenario.base, "state")
    log = lab.folder / "run.strace"
    argv = subject.ingest_argv(folder / LEDGER, scenario.files, threads=1)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    finished = execute([*tracing.record(log), *argv], folder)
    if finished.code != OK:
        raise Refusal(finished)
    changes = list(events(tracing.calls(log), folder, before))
    log.unlink()
    for _ in range(STATES):
        with_files = lab.rng.random() < 0.5
        # One in ten fails after the run said that it is done: nothing of it may be gone then.
        is_done = lab.rng.random() < 0.1
        moment = len(changes) if is_done else lab.rng.randint(0, len(changes))
        disk = Disk.holding(before)
        for event in changes[:moment]:
            disk.apply(event, syncs, with_files)
        ledger = lay_out(lab, disk.fail(lab.rng)) / LEDGER
        wrong = check_whole(subject, ledger)
        if is_done:
            wrong += check_content(subject, ledger, scenario.expected)
        wrong += judge(subject, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name}: power failed after {moment} of {len(changes)} changes, "
                      f"names synced with {'files' if with_files else 'folders'}", tuple(wrong))


def lay_out(lab: Lab, left: dict[str, bytes]) -> Path:
    """Writes what the failure left, in the folder of the run."""
    folder = lab.fresh("state")
    for name, content in left.items():
        path = folder / name
        path.touch(0o600)
        path.write_bytes(content)
    return folder


def of_program(lab: Lab) -> Iterator[Outcome]:
    return fail_power(lab, lab.program)


def of_program_unsynced(lab: Lab) -> Iterator[Outcome]:
    return fail_power(lab, lab.program, syncs=False)


def of_control(lab: Lab) -> Iterator[Outcome]:
    return fail_power(lab, Control.of("unsynced"))


def of_whole(lab: Lab) -> Iterator[Outcome]:
    return fail_power(lab, Control.of("whole"))


ATTACKS = [
    Attack("power-loss", "any part of what was not synced is gone, at any moment of an ingest",
           of_program, tracing.missing, rows=(5,), weight=2),
    Attack("control-unsynced", "the same against an ingester with synchronous=OFF",
           of_control, tracing.missing, is_control=True, rows=(5,), weight=0.2),
    Attack("control-deaf-disk", "the same against Tollbook on a disk that ignores its syncs",
           of_program_unsynced, tracing.missing, is_control=True, rows=(5,),
           weight=0.2),
    Attack("control-synced", "the same against an ingester that syncs: it must survive",
           of_whole, tracing.missing, weight=0.2),
]
