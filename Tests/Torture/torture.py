#!/usr/bin/env python3
"""Attacks the ledger of Tollbook for as long as asked, and says what it survived.

    torture.py --binary .build/release/tollbook --seconds 1800 --seed 7
    torture.py --binary … --attack kill-nth --seed 3 --seconds 60
    torture.py --binary … --attack kill-nth --seed 3 --round 2       one round again

Each attack has rounds, and all that a round does follows from (seed, attack, round), but for the
moment at which a random kill strikes. Attacks run in rotation, so that each gets its share of the
time. What goes wrong is told at once, with the folder that keeps its ledger and logs. At the end
one table says how often each attack struck, what survived and what was wrong. Controls are built
to go wrong, and must: they show that the harness sees what it looks for.

The exit code is 1 when anything was wrong, or when a control was not caught.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

from attacks.registry import ATTACKS
from lab import Attack, Lab, Outcome
from oracle import Mistake
from program import Refusal, Tollbook

PATIENCE = 60
"""Strikes after which a control counts as not caught, however short the time."""
KEPT_AT_MOST = 3
"""Folders of failures for each attack; the rest is counted only."""


@dataclass
class Tally:
    """What became of an attack so far."""

    attack: Attack
    skipped: str | None = None
    runs: int = 0
    wrong: int = 0
    faults: int = 0
    """Of the harness itself."""
    spent: float = 0.0
    round: int = 0
    outcomes: Iterator[Outcome] | None = None
    lab: Lab | None = None
    is_busy: bool = False
    is_over: bool = False
    kept: list[Path] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        if self.faults:
            return False
        if self.skipped or not self.runs:
            return True
        return self.wrong > 0 if self.attack.is_control else self.wrong == 0


class Torture:
    """Runs the attacks, each in its own folder."""

    def __init__(self, options: argparse.Namespace, attacks: list[Attack]) -> None:
        self.options = options
        self.program = Tollbook.at(options.binary.resolve())
        self.tallies = [Tally(attack, attack.missing(self.program)) for attack in attacks]
        self.lock = threading.Lock()
        self.deadline = time.monotonic() + options.seconds

    def run(self) -> None:
        with ThreadPoolExecutor(self.options.jobs) as pool:
            workers = [pool.submit(self._work) for _ in range(self.options.jobs)]
            for worker in workers:
                worker.result()
        for tally in self.tallies:
            self._close(tally)

    def _work(self) -> None:
        while (tally := self._next()) is not None:
            started = time.monotonic()
            try:
                self._strike(tally)
            finally:
                tally.spent += time.monotonic() - started
                tally.is_busy = False

    def _next(self) -> Tally | None:
        """The attack that had least of its share so far."""
        while True:
            with self.lock:
                waiting = [tally for tally in self.tallies if not tally.skipped
                           and not tally.is_over and not self._is_done(tally)]
                free = [tally for tally in waiting if not tally.is_busy]
                if free:
                    best = min(free, key=lambda tally: tally.spent / tally.attack.weight)
                    best.is_busy = True
                    return best
                if not waiting:
                    return None
            time.sleep(0.05)

    def _is_done(self, tally: Tally) -> bool:
        if self.options.runs and tally.runs >= self.options.runs:
            # A control has more tries than an attack to be caught.
            return not tally.attack.is_control or tally.wrong > 0
        if time.monotonic() < self.deadline:
            return False
        if self.options.at_least_once and tally.attack.is_control and not tally.wrong:
            return tally.runs >= PATIENCE
        return tally.runs > 0 or not self.options.at_least_once

    def _strike(self, tally: Tally) -> None:
        """Takes one outcome of the round in progress, or begins the next round."""
        outcome: Outcome | None
        if tally.outcomes is None:
            number = tally.round if self.options.round is None else self.options.round
            folder = self.options.work / f"{tally.attack.name}-{number}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            tally.lab = Lab(tally.attack.name, self.options.seed, number, folder, self.program)
            tally.outcomes = tally.attack.round(tally.lab)
        try:
            outcome = next(tally.outcomes, None)
        except (Refusal, Mistake) as problem:
            tally.runs, tally.wrong = tally.runs + 1, tally.wrong + 1
            self._tell(tally, Outcome("without an attack", (str(problem),)))
            outcome = None
        except Exception:
            tally.faults += 1
            self._tell(tally, Outcome("the harness has a fault", (traceback.format_exc(),)))
            outcome = None
        if outcome is None:
            self._close(tally)
            return
        tally.runs += 1
        if self.options.verbose:
            print(f"  {tally.attack.name}: {outcome.what}", file=sys.stderr)
        if outcome.wrong:
            tally.wrong += 1
            if not tally.attack.is_control:
                self._tell(tally, outcome)

    def _tell(self, tally: Tally, outcome: Outcome) -> None:
        lab = tally.lab
        assert lab is not None
        if len(tally.kept) >= KEPT_AT_MOST:
            return
        with self.lock:
            kept = self.options.keep / f"{lab.attack}-seed{lab.seed}-round{lab.round}-{tally.runs}"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(lab.folder, kept, symlinks=True,
                            ignore=shutil.ignore_patterns("mount*"))
            (kept / "WHAT").write_text("\n".join([outcome.what, *outcome.wrong]) + "\n")
            tally.kept.append(kept)
            print(f"WRONG {lab.attack} --seed {lab.seed} --round {lab.round}: {outcome.what}",
                  *(f"    {reason}" for reason in outcome.wrong[:4]), f"    kept: {kept}",
                  sep="\n", file=sys.stderr, flush=True)

    def _close(self, tally: Tally) -> None:
        """Ends the round in progress."""
        if tally.outcomes is not None:
            close = getattr(tally.outcomes, "close", None)
            if close:
                close()
        if tally.lab is not None:
            shutil.rmtree(tally.lab.folder, ignore_errors=True)
        tally.outcomes = tally.lab = None
        tally.round += 1
        tally.is_over = self.options.round is not None

    def table(self) -> str:
        """One line for each attack, to paste into Tests/README.md."""
        lines = ["| attack | runs | survived | wrong | seconds |",
                 "| --- | --: | --: | --: | --: |"]
        for tally in self.tallies:
            name = tally.attack.name
            if tally.skipped:
                lines.append(f"| {name} | skipped: {tally.skipped} | | | |")
            else:
                lines.append(f"| {name} | {tally.runs} | {tally.runs - tally.wrong} | "
                             f"{self._wrong(tally)} | {tally.spent:.0f} |")
        return "\n".join(lines)

    @staticmethod
    def _wrong(tally: Tally) -> str:
        if tally.faults:
            return f"{tally.wrong}, and {tally.faults} faults of the harness"
        if not tally.attack.is_control:
            return str(tally.wrong)
        return f"{tally.wrong}, as must be" if tally.wrong else "0: NOT CAUGHT"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="the tollbook to attack")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attack", action="append", metavar="NAME", help="only this one")
    parser.add_argument("--round", type=int, help="only this round of each attack")
    parser.add_argument("--runs", type=int, help="at most so many outcomes of each attack")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--work", type=Path, help="where ledgers and logs stand meanwhile")
    parser.add_argument("--keep", type=Path, help="where those of failures are kept")
    parser.add_argument("--at-least-once", action="store_true",
                        help="let each attack strike once, and each control until it is caught")
    parser.add_argument("--list", action="store_true", help="list the attacks")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell each outcome")
    options = parser.parse_args()
    options.work = (options.work or Path(tempfile.mkdtemp(prefix="torture-"))).resolve()
    options.keep = (options.keep or options.work / "wrong").resolve()
    if options.round is not None:
        options.seconds = 1e9 if not options.runs else options.seconds
    return options


def main() -> int:
    options = arguments()
    chosen = [attack for attack in ATTACKS
              if not options.attack or attack.name in options.attack]
    if options.list:
        for attack in ATTACKS:
            print(f"{attack.name:18} {attack.about}")
        return 0
    if len(chosen) < len(options.attack or []):
        print("there is no such attack: see --list", file=sys.stderr)
        return 64
    torture = Torture(options, chosen)
    started = time.time()
    torture.run()
    print(f"\n{time.time() - started:.0f} s, seed {options.seed}\n\n{torture.table()}")
    if not options.keep.exists():
        shutil.rmtree(options.work, ignore_errors=True)
    return 0 if all(tally.is_right for tally in torture.tallies) else 1


if __name__ == "__main__":
    sys.exit(main())
