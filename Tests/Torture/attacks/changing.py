"""Logs that change in the middle of being read: cut, refilled, replaced, removed, grown."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Iterator

import tracing
from lab import Attack, Lab, Outcome
from logs import Scribe, Totals
from oracle import LEDGER, check_whole
from program import OK, UNAVAILABLE, Finished

DELAY = 0.25
"""Seconds for which a call of the run is held up."""
CHANGES = ["refill", "refill", "replace", "rename", "shrink", "remove", "grow"]


def change_while_read(lab: Lab) -> Iterator[Outcome]:
    """Holds a run up at a random call on its log, and changes the log meanwhile.

    What stands in the log afterwards must be counted in the end, and nothing twice. What stood in
    it before may be gone unread where it was cut or removed.
    """
    rng = lab.rng
    for number in range(20):
        folder, state = lab.fresh("logs"), lab.fresh("state")
        # Models tell before and after apart.
        before, after = Scribe(rng, ["openai", "anonymous"]), Scribe(rng, ["anthropic", "claude"])
        log, other = folder / "app.log", folder / "other.log"
        log.write_bytes(before.text(rng.choice([3, 40, 400, 3000])))
        bystander = Scribe(rng, ["openrouter"])
        other.write_bytes(bystander.text(20))
        ledger = state / LEDGER
        call, when = rng.choice([("read", rng.randint(1, 4)), ("pread64", rng.randint(1, 2))])
        change = rng.choice(CHANGES)
        argv = ["strace", "-qq", "-f", "-o", "/dev/null", "-P", str(log), "-e", f"trace={call}",
                "-e", f"inject={call}:delay_enter={int(DELAY * 1e6)}:when={when}",
                *lab.program.ingest_argv(ledger, [log, other], threads=rng.randint(1, 3))]
        process = subprocess.Popen(argv, cwd=state, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(DELAY * rng.uniform(0.3, 0.9))
        alter(log, change, after.text(rng.choice([2, 50, 600])))
        process.wait()
        assert process.stderr is not None
        finished = Finished(tuple(argv), process.returncode, "", process.stderr.read())
        wrong = [f"{finished.crash}: {finished}"] if finished.crash else []
        if finished.code not in (OK, UNAVAILABLE):
            wrong.append(f"another exit code is expected: {finished}")
        wrong += check_whole(lab.program, ledger)
        final = lab.program.ingest(ledger, sorted(folder.iterdir()))
        if final.code != OK:
            wrong.append(f"the next run fails: {final}")
        wrong += check_whole(lab.program, ledger)
        must, may = bystander.truth.totals(), before.truth.totals()
        if change != "remove":
            must |= after.truth.totals()
        if change in ("grow", "rename", "replace"):
            must |= may
        wrong += compare(must, may, lab.program.totals(ledger))
        again = lab.program.ingest(ledger, sorted(folder.iterdir()))
        if not lab.program.read_nothing(again):
            wrong.append(f"a further run is not idle: {again}")
        yield Outcome(f"{change} during {call} {when} ({number})", tuple(wrong))


def alter(log: Path, change: str, text: bytes) -> None:
    if change == "refill":
        os.truncate(log, 0)
    elif change in ("rename", "replace"):
        log.rename(log.with_name("app.log.1"))
    elif change == "shrink":
        lines = log.read_bytes().splitlines(keepends=True)
        os.truncate(log, sum(map(len, lines[:len(lines) // 2])))
    elif change == "remove":
        log.unlink()
        return
    with log.open("ab") as file:
        file.write(text)


def compare(must: Totals, may: Totals, counted: Totals) -> list[str]:
    """What is not counted as it must be, and what is counted more often than it was written."""
    wrong = [f"{model}: {written} were written, {counted.get(model)} are counted"
             for model, written in sorted(must.items()) if counted.get(model) != written]
    for model, found in sorted(counted.items()):
        limit = must.get(model) or may.get(model, (0, 0, 0))
        if any(count > most for count, most in zip(found, limit)):
            wrong.append(f"{model}: {found} are counted, only {limit} were written")
    return wrong


ATTACKS = [
    Attack("changing", "logs cut, refilled, replaced or removed while a run reads them",
           change_while_read, tracing.missing, rows=(19, 20, 27)),
]
