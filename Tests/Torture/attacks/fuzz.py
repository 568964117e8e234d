"""libFuzzer, for a slice of the time: `make fuzz` builds it."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

from lab import Attack, Lab, Outcome
from program import OK, Tollbook, execute

ROOT = Path(__file__).parent.parent.parent.parent
FOLDER = ROOT / ".build-fuzz"
SLICE = 20
"""Seconds for each outcome."""


def fuzz(lab: Lab) -> Iterator[Outcome]:
    """Looks for a log that breaks the reader, from the corpus of former runs on."""
    while True:
        finds = lab.fresh("finds")
        seed = lab.rng.randrange(1, 2**31)
        finished = execute(
            [str(FOLDER / "release" / "tollbook-fuzzer"), f"-seed={seed}",
             f"-max_total_time={SLICE}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=4096",
             f"-dict={FOLDER / 'keys.dict'}", str(FOLDER / "corpus"), str(FOLDER / "seeds")],
            finds, timeout=SLICE + 120)
        wrong = [f"{path.name} breaks the reader" for path in sorted(finds.iterdir())]
        if finished.code != OK:
            wrong.append(str(finished))
        yield Outcome(f"{SLICE} s of libFuzzer, seed {seed}", tuple(wrong))


def missing(_: Tollbook) -> str | None:
    if not (FOLDER / "release" / "tollbook-fuzzer").exists():
        return "`make fuzz` has not built the fuzzer"
    return None


ATTACKS = [
    Attack("fuzz", "libFuzzer on the reader of logs", fuzz, missing, rows=(58,), weight=0.7),
]
