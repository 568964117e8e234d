"""Judges a ledger after an attack: it must be what a run without one makes of the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from logs import Totals, Truth
from program import BAD_DATA, OK, Refusal, Subject

LEDGER = "ledger.db"


class Mistake(Exception):
    """The program is wrong without being attacked."""


@dataclass(frozen=True)
class Expectation:
    """What a ledger must hold in the end: the dump of a run that nobody attacked."""

    dump: str


def straight(subject: Subject, folder: Path, files: Sequence[Path | str],
             truth: Truth | None) -> Expectation:
    """What one run over the files makes of them in a new ledger, without an attack.

    It is held against the truth of the one who wrote the logs, where that is known.
    """
    ledger = folder / LEDGER
    finished = subject.ingest(ledger, files)
    if finished.code != OK:
        raise Refusal(finished)
    if truth is not None:
        wrong = compare(truth.totals(), subject.totals(ledger))
        if wrong:
            raise Mistake(f"a straight run is wrong: {'; '.join(wrong[:5])}")
    return Expectation(subject.dump(ledger))


def compare(written: Totals, counted: Totals) -> list[str]:
    """Where what is counted is not what was written."""
    return [f"{model}: {written.get(model)} requests and tokens were written, "
            f"{counted.get(model)} are counted"
            for model in sorted({*written, *counted}) if written.get(model) != counted.get(model)]


def check_whole(subject: Subject, ledger: Path) -> list[str]:
    """What is wrong with a ledger as it stands; nothing when there is none."""
    if not ledger.exists():
        return []
    finished = subject.verify(ledger)
    if finished.code == OK:
        return []
    return [f"verify finds: {finished.out.strip()[:400]} ({finished})"]


def check_content(subject: Subject, ledger: Path, expected: Expectation) -> list[str]:
    """What is wrong with what a ledger counts."""
    try:
        dump = subject.dump(ledger)
        if dump == expected.dump:
            return []
        (ledger.parent / "dump.expected").write_text(expected.dump)
        (ledger.parent / "dump.found").write_text(dump)
        return ["the dump differs: " + difference(expected.dump, dump)]
    except Refusal as refusal:
        return [f"it cannot be read: {refusal}"]


def judge(subject: Subject, ledger: Path, files: Sequence[Path | str], expected: Expectation,
          threads: int | None = None, settles: int = 1) -> list[str]:
    """Lets a plain run finish, and says all that is wrong then.

    - settles: After so many runs more there is nothing to read: one log may be the beginning of
      another, and take its checkpoint over.
    """
    wrong = check_modes(ledger)
    finished = subject.ingest(ledger, files, threads=threads)
    # A log that holds nothing but a torn line, as rotation leaves it, is told so.
    is_fragment = finished.code == BAD_DATA and "no line of it could be read" in finished.err
    if finished.code != OK and not is_fragment:
        return [*wrong, f"the next run fails: {finished}"]
    wrong += check_whole(subject, ledger)
    wrong += check_content(subject, ledger, expected)
    for _ in range(settles):
        again = subject.ingest(ledger, files)
    if again.code != OK or not subject.read_nothing(again):
        wrong.append(f"a further run is not idle: {again}")
    elif settles > 1:
        wrong += check_whole(subject, ledger) + check_content(subject, ledger, expected)
    if (leftover := Path(f"{ledger}-journal")).exists():
        wrong.append(f"{leftover.name} is left behind")
    return wrong


def check_modes(ledger: Path) -> list[str]:
    """The ledger and what stands beside it may be opened by the owner only."""
    return [f"{path.name} has mode {path.stat().st_mode & 0o777:o}"
            for path in sorted(ledger.parent.glob(ledger.name + "*"))
            if path.is_file() and path.stat().st_mode & 0o077]


def difference(expected: str, found: str) -> str:
    """The first lines that one has more than the other."""
    before, after = expected.splitlines(), found.splitlines()
    lost, added = set(before) - set(after), set(after) - set(before)
    parts = [f"{len(before)} lines expected, {len(after)} found"]
    if lost:
        parts.append(f"{len(lost)} missing, as {min(lost)[:160]!r}")
    if added:
        parts.append(f"{len(added)} too many, as {min(added)[:160]!r}")
    return "; ".join(parts)
