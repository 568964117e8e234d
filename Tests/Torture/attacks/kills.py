"""SIGKILL before every n-th change of a file."""

from __future__ import annotations

import signal
from typing import Iterator

import scenarios
import tracing
from control import Control
from lab import Attack, Lab, Outcome
from oracle import LEDGER, check_whole, judge
from program import OK, Subject


def enumerate_kills(lab: Lab, subject: Subject) -> Iterator[Outcome]:
    """Kills a run before every n-th call that changes a file, and before some others."""
    scenario = scenarios.make(lab, subject)
    ledger = lab.copy(scenario.base, "state") / LEDGER
    counts = tracing.count(subject.ingest_argv(ledger, scenario.files, threads=1), ledger.parent,
                           tracing.CHANGES + tracing.OTHERS)
    points = [(call, n) for call in tracing.CHANGES for n in range(1, counts[call] + 1)]
    points += [(call, lab.rng.randint(1, counts[call])) for call in tracing.OTHERS if counts[call]
               for _ in range(2)]
    lab.rng.shuffle(points)
    for call, number in points:
        ledger = lab.copy(scenario.base, "state") / LEDGER
        finished = subject.ingest(ledger, scenario.files, threads=1,
                                  wrap=tracing.kill_at(call, number))
        what = f"{scenario.name}: killed before {call} {number} of {counts[call]}"
        # How often a thread waits is never the same.
        is_sure = call in tracing.CHANGES
        wrong = [f"the kill did not strike: {finished}"] if is_sure and not finished.killed else []
        if lab.rng.random() < 0.3:
            # The run that recovers is killed too.
            again = lab.rng.choice(tracing.CHANGES), lab.rng.randint(1, 12)
            subject.ingest(ledger, scenario.files, threads=1, wrap=tracing.kill_at(*again))
            what += f", then {again[0]} {again[1]}"
        if lab.rng.random() < 0.5:
            wrong += check_whole(subject, ledger)
        wrong += judge(subject, ledger, scenario.files, scenario.expected)
        yield Outcome(what, tuple(wrong))


def send_signals(lab: Lab) -> Iterator[Outcome]:
    """Signals that a run takes note of, ignores or dies of, before any call."""
    scenario = scenarios.make(lab, lab.program)
    for _ in range(30):
        name = lab.rng.choice(["TERM", "INT", "TERM", "INT", "PIPE", "XFSZ", "HUP", "QUIT"])
        call = lab.rng.choice(tracing.CHANGES[:4] + tracing.OTHERS)
        number = lab.rng.randint(1, 40)
        ledger = lab.copy(scenario.base, "state") / LEDGER
        finished = lab.program.ingest(ledger, scenario.files, threads=lab.rng.randint(1, 2),
                                      wrap=tracing.kill_at(call, number, name))
        code = int(signal.Signals[f"SIG{name}"])
        # Before the program took over or ignored the signal, it dies of it.
        wrong = []
        if finished.code not in (OK, 128 + code, -code):
            wrong.append(f"another exit code is expected: {finished}")
        wrong += check_whole(lab.program, ledger)
        wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name}: SIG{name} before {call} {number}: exit {finished.code}",
                      tuple(wrong))


def kill_program(lab: Lab) -> Iterator[Outcome]:
    return enumerate_kills(lab, lab.program)


def kill_split(lab: Lab) -> Iterator[Outcome]:
    return enumerate_kills(lab, Control.of("split"))


def kill_whole(lab: Lab) -> Iterator[Outcome]:
    return enumerate_kills(lab, Control.of("whole"))


ATTACKS = [
    Attack("kill-nth", "SIGKILL before every n-th write, sync, unlink, rename of an ingest",
           kill_program, tracing.missing, rows=(3, 77, 95), weight=2),
    Attack("signals", "SIGTERM, SIGINT, SIGPIPE, SIGXFSZ, SIGHUP, SIGQUIT before any call",
           send_signals, tracing.missing, rows=(9, 14), weight=0.5),
    Attack("control-split", "the same against an ingester that commits its offsets apart",
           kill_split, tracing.missing, is_control=True, rows=(5,), weight=0.2),
    Attack("control-whole", "the same against an ingester that does not: it must survive",
           kill_whole, tracing.missing, weight=0.2),
]
