"""Clocks that are wrong: set back, at midnight, beyond 2038."""

from __future__ import annotations

import shutil
from typing import Iterator

import scenarios
from lab import Attack, Lab, Outcome
from oracle import LEDGER, check_whole, judge
from program import OK, Tollbook

CLOCKS = ["2026-10-01 23:59:59", "2026-10-01 22:59:59", "2026-12-31 23:59:59.9",
          "2038-01-19 03:14:07", "2038-01-19 03:14:08", "2100-02-28 23:59:58",
          "1999-12-31 23:59:59", "1970-01-01 00:00:01"]


def wrong_clocks(lab: Lab) -> Iterator[Outcome]:
    """Each run believes in another time than the one before: what is counted stays the same."""
    scenario = scenarios.make(lab, lab.program)
    for _ in range(6):
        ledger, wrong, clocks = lab.copy(scenario.base, "state") / LEDGER, [], []
        for upto in range(1, len(scenario.files) + 1):
            clock = lab.rng.choice(CLOCKS)
            clocks.append(clock)
            # The clock goes on from there, or jumps by an hour a second.
            speed = lab.rng.choice(["", " x3600"])
            finished = lab.program.ingest(
                ledger, scenario.files[:upto], wrap=["faketime", "-f", f"@{clock}{speed}"])
            if finished.code != OK:
                wrong.append(f"at {clock}: {finished}")
        wrong += check_whole(lab.program, ledger)
        wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name} at {', '.join(clocks)}", tuple(wrong))


def missing(_: Tollbook) -> str | None:
    return None if shutil.which("faketime") else "faketime is not installed"


ATTACKS = [
    Attack("clocks", "runs that believe in another time each", wrong_clocks, missing, rows=(80,),
           weight=0.3),
]
