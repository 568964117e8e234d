"""libFuzzer, for a slice of the time: `make fuzz` builds it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Iterator

from lab import Attack, Lab, Outcome
from program import OK, Tollbook, execute

ROOT = Path(__file__).parent.parent.parent.parent
FOLDER = ROOT / ".build-fuzz"
SLICE = 20
"""Seconds for each outcome."""


SUBJECTS = {
    "logs": [f"-dict={FOLDER / 'keys.dict'}", str(FOLDER / "corpus"), str(FOLDER / "seeds")],
    "segments": [str(FOLDER / "segment-corpus"), str(FOLDER / "segment-seeds")],
}
"""What is read, and from what libFuzzer goes on."""


def fuzz(lab: Lab) -> Iterator[Outcome]:
    """Looks for what breaks a reader, from the corpus of former runs on."""
    for subject in itertools.cycle(SUBJECTS):
        finds = lab.fresh("finds")
        seed = lab.rng.randrange(1, 2**31)
        finished = execute(
            [str(FOLDER / "release" / "tollbook-fuzzer"), f"-seed={seed}",
             f"-max_total_time={SLICE}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=4096",
             *SUBJECTS[subject]],
            finds, timeout=SLICE + 120, env={"TOLLBOOK_FUZZ": subject})
        wrong = [f"{path.name} breaks the reader of {subject}"
                 for path in sorted(finds.iterdir())]
        if finished.code != OK:
            wrong.append(str(finished))
        yield Outcome(f"{SLICE} s of libFuzzer on {subject}, seed {seed}", tuple(wrong))


def missing(_: Tollbook) -> str | None:
    if not (FOLDER / "release" / "tollbook-fuzzer").exists():
        return "`make fuzz` has not built the fuzzer"
    return None


ATTACKS = [
    Attack("fuzz", "libFuzzer on the readers of logs and of segments", fuzz, missing, rows=(58,), weight=0.7),
]
