"""Two weeks of exports that overlap, in any order, in two forms, with kills in between."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Iterator

from lab import Attack, Lab, Outcome
from logs import DAY, FIRST_DAY, FORMS, Call, Scribe
from oracle import LEDGER, check_whole, judge, straight
from program import OK, execute

DAYS = 14
TRIALS = 6
"""Orders of one set of exports."""


def overlap(lab: Lab) -> Iterator[Outcome]:
    rng = lab.rng
    families = rng.sample(["litellm", "openrouter", "openai", "anthropic"], rng.randint(1, 3))
    scribe = Scribe(rng, families, days=DAYS)
    calls = [scribe.call() for _ in range(rng.randint(300, 1500))]
    files = export(lab, calls)
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)
    for number in range(TRIALS):
        ledger, wrong, kills = lab.fresh("state") / LEDGER, [], 0
        order = rng.sample(files, len(files))
        while order:
            size = rng.randint(1, len(order))
            group, order = order[:size], order[size:]
            patience = rng.uniform(0.01, 0.3) if rng.random() < 0.4 else None
            argv = lab.program.ingest_argv(ledger, group, threads=rng.randint(1, 4))
            finished = execute(argv, ledger.parent, kill_after=patience)
            if finished.killed:
                kills += 1
                wrong += check_whole(lab.program, ledger)
                if rng.random() < 0.5:
                    order += group
            elif finished.code != OK:
                wrong.append(str(finished))
        everything = rng.sample(files, len(files))
        wrong += judge(lab.program, ledger, everything, expected, threads=rng.randint(1, 4),
                       settles=3)
        yield Outcome(f"order {number + 1} of {len(files)} exports, {kills} kills", tuple(wrong))


def export(lab: Lab, calls: list[Call]) -> list[Path]:
    """An export for each day, with the calls of two or three days before it, in any form."""
    rng, folder = lab.rng, lab.fresh("logs")
    start = int(FIRST_DAY.timestamp()) * 1_000_000
    files = []
    for day in range(DAYS):
        reach = rng.randint(2, 3)
        wanted = [call for call in calls if day - reach < (call.time - start) // DAY <= day]
        if rng.random() < 0.3:
            rng.shuffle(wanted)
        else:
            wanted.sort(key=lambda call: call.time)
        # Each family in one form for the whole export, or each call in its own.
        chosen = {family: rng.choice(forms) for family, forms in FORMS.items()}
        is_mixed = rng.random() < 0.3
        lines = [(rng.choice(FORMS[call.family]) if is_mixed else chosen[call.family])(call)
                 for call in wanted]
        path = folder / f"export-{day + 1:02}.jsonl"
        if rng.random() < 0.3:
            path = path.with_suffix(".jsonl.gz")
            path.write_bytes(gzip.compress(b"".join(lines)))
        else:
            path.write_bytes(b"".join(lines))
        files.append(path)
    return [path for path in files if path.stat().st_size]


ATTACKS = [
    Attack("overlap", "overlapping exports in two forms, in any order, with kills", overlap,
           rows=(32, 34)),
]
