"""What an attack works with: a seed, a folder, the program, and how it tells what came of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Callable, Iterator

from program import Tollbook


@dataclass(frozen=True)
class Outcome:
    """What came of one attack."""

    what: str
    """What was done, for a reader who wants to do it again."""
    wrong: tuple[str, ...] = ()
    """Empty when the ledger survived."""


@dataclass
class Lab:
    """One round of one attack: everything in it follows from the seed."""

    attack: str
    seed: int
    round: int
    folder: Path
    """Empty at the start, removed at the end."""
    program: Tollbook
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}/{self.attack}/{self.round}")

    def fresh(self, name: str) -> Path:
        """An empty folder."""
        path = self.folder / name
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
        return path

    def copy(self, original: Path, name: str) -> Path:
        """A copy of a folder, in place of what had its name."""
        path = self.folder / name
        if path.exists():
            shutil.rmtree(path)
        shutil.copytree(original, path, symlinks=True)
        return path


Round = Callable[[Lab], Iterator[Outcome]]


@dataclass(frozen=True)
class Attack:
    """A kind of attack: a round yields an outcome for each time that it strikes."""

    name: str
    about: str
    round: Round
    missing: Callable[[Tollbook], str | None] = lambda program: None
    """Says why the attack cannot be run here."""
    is_control: bool = False
    """Built to go wrong: what survives everything is not attacked."""
    rows: tuple[int, ...] = ()
    """The rows of the acceptance table that it strikes at (Tests/rows.py)."""
    weight: float = 1.0
    """Its share of the time."""
