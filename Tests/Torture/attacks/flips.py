"""Ledgers that are damaged while nobody looks: flipped bits, cuts, zeroed pages, lost journals."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Iterator

import scenarios
import tracing
from lab import Attack, Lab, Outcome
from logs import FORMS, Scribe
from oracle import LEDGER, Expectation, check_content, judge, straight
from program import BAD_DATA, OK, Finished, digest

FLIPS = 60
"""Damages of one ledger."""


def content(ledger: Path) -> list[object] | None:
    """All rows of all tables, read by SQLite alone; nothing when it cannot."""
    try:
        with closing(sqlite3.connect(f"file:{ledger}?immutable=1", uri=True)) as db:
            db.text_factory = bytes
            tables = db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
            rows: list[object] = [tables]
            for name, _ in tables:
                if db.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                              [name.decode()]).fetchone():
                    rows.append(db.execute(f'SELECT * FROM "{name.decode()}"').fetchall())
            rows += [db.execute("PRAGMA user_version").fetchone(),
                     db.execute("PRAGMA application_id").fetchone()]
            return rows
    except (sqlite3.Error, OverflowError, UnicodeDecodeError):
        return None


def flip_bits(lab: Lab) -> Iterator[Outcome]:
    """Flips bits of a healthy ledger: `verify` finds all that change what it says."""
    rng = lab.rng
    scribe = Scribe(rng, rng.sample(sorted(FORMS), rng.randint(1, 4)), days=rng.randint(1, 5))
    log, base = lab.fresh("logs") / "app.log", lab.fresh("base") / LEDGER
    for _ in range(rng.randint(1, 6)):
        with log.open("ab") as file:
            file.write(scribe.text(rng.randint(10, 200)))
        lab.program.ingest(base, [log])
    expected = straight(lab.program, lab.fresh("straight"), [log], scribe.truth)
    healthy, said = content(base), report(lab, base).out
    original = base.read_bytes()
    for number in range(FLIPS):
        damaged = bytearray(original)
        bits = [rng.randrange(8 * len(damaged))
                for _ in range(rng.choice([1, 1, 1, 1, 1, 2, 8]))]
        for bit in bits:
            damaged[bit // 8] ^= 1 << bit % 8
        ledger = lab.fresh("state") / LEDGER
        ledger.touch(0o600)
        ledger.write_bytes(damaged)
        is_harmful = content(ledger) != healthy
        wrong = look(lab, ledger, is_harmful, said)
        if number % 5 == 0:
            wrong += write_on(lab, ledger, log, is_harmful, expected)
        places = ", ".join(f"{bit // 8}.{bit % 8}" for bit in bits[:4])
        yield Outcome(f"bits {places} of {len(original)} bytes flipped: "
                      f"{'harmful' if is_harmful else 'harmless'}", tuple(wrong))


def report(lab: Lab, ledger: Path) -> Finished:
    return lab.program.run("report", "--format", "json", "--ledger", ledger, folder=ledger.parent)


def look(lab: Lab, ledger: Path, is_harmful: bool, said: str | None = None) -> list[str]:
    """What is wrong with how a damaged ledger is looked at.

    - said: The report of the healthy one, if a damaged one must give the same, or none.
    """
    before = digest(ledger)
    found = lab.program.verify(ledger)
    wrong = judge_exit(found, "verify")
    if is_harmful and found.code == OK:
        wrong.append(f"verify finds nothing: {found}")
    told = report(lab, ledger)
    wrong += judge_exit(told, "report")
    if told.code == OK and said is not None and told.out != said:
        wrong.append("report tells something else, and does not notice")
    if digest(ledger) != before:
        wrong.append("looking at it changed it")
    return wrong


def write_on(lab: Lab, ledger: Path, log: Path, is_harmful: bool,
             expected: Expectation) -> list[str]:
    """A run into a damaged ledger must not hide the damage: it may only add what it read."""
    finished = lab.program.ingest(ledger, [log])
    wrong = judge_exit(finished, "ingest")
    if is_harmful and lab.program.verify(ledger).code == OK:
        wrong += [f"a run hid the damage: {reason}"
                  for reason in check_content(lab.program, ledger, expected)]
    return wrong


def write_over(lab: Lab, ledger: Path, log: Path) -> list[str]:
    """A run into what is no ledger leaves it as it is."""
    before = digest(ledger)
    finished = lab.program.ingest(ledger, [log])
    wrong = judge_exit(finished, "ingest")
    if finished.code == OK or digest(ledger) != before:
        wrong.append(f"it was taken for a ledger: {finished}")
    return wrong


def judge_exit(finished: Finished, what: str) -> list[str]:
    if finished.crash:
        return [f"{what}: {finished.crash}: {finished}"]
    if finished.code not in (OK, BAD_DATA):
        return [f"{what}: another exit code is expected: {finished}"]
    if finished.code == BAD_DATA and not (finished.out + finished.err).strip():
        return [f"{what} fails without a word: {finished}"]
    return []


def spoil(lab: Lab) -> Iterator[Outcome]:
    """Puts something else in the place of a ledger, or only a part of it."""
    rng = lab.rng
    scenario = scenarios.make(lab, lab.program)
    whole = (lab.folder / "straight" / LEDGER).read_bytes()
    healthy = content(lab.folder / "straight" / LEDGER)
    page = 4096
    pages = len(whole) // page

    def zeroed(number: int) -> bytes:
        return whole[:number * page] + bytes(page) + whole[(number + 1) * page:]

    kinds = {
        "cut anywhere": lambda: whole[:rng.randrange(1, len(whole))],
        "cut at a page": lambda: whole[:page * rng.randrange(1, max(pages, 2))],
        "first page zeroed": lambda: zeroed(0),
        "a page zeroed": lambda: zeroed(rng.randrange(pages)),
        "two pages swapped": lambda: swap(whole, page, rng.randrange(pages), rng.randrange(pages)),
        "a text": lambda: b"model,tokens\ngpt-5,12\n" * rng.randint(1, 500),
        "empty": lambda: b"",
        "noise": lambda: rng.randbytes(rng.randint(1, 9000)),
        "another program's": lambda: foreign(lab),
        "a newer version's": lambda: whole[:60] + (99).to_bytes(4, "big") + whole[64:],
    }
    for kind, make in kinds.items():
        damaged = make()
        ledger = lab.fresh("state") / LEDGER
        ledger.touch(0o600)
        ledger.write_bytes(damaged)
        is_harmful = content(ledger) != healthy
        wrong = look(lab, ledger, is_harmful)
        if kind in NO_LEDGERS:
            wrong += write_over(lab, ledger, scenario.files[0])
        else:
            wrong += write_on(lab, ledger, scenario.files[0], is_harmful, scenario.expected)
        yield Outcome(kind, tuple(wrong))


NO_LEDGERS = {"first page zeroed", "a text", "empty", "noise", "another program's",
              "a newer version's"}


def swap(whole: bytes, page: int, first: int, second: int) -> bytes:
    pages = [whole[start:start + page] for start in range(0, len(whole), page)]
    pages[first], pages[second] = pages[second], pages[first]
    return b"".join(pages)


def foreign(lab: Lab) -> bytes:
    path = lab.fresh("foreign") / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE TABLE runs (id INTEGER PRIMARY KEY); INSERT INTO runs VALUES (1)")
    return path.read_bytes()


def lose_journal(lab: Lab) -> Iterator[Outcome]:
    """Kills a run, and loses the journal that would undo its half of a commit, or the ledger."""
    rng = lab.rng
    scenario = scenarios.make(lab, lab.program)
    ledger = lab.copy(scenario.base, "state") / LEDGER
    argv = lab.program.ingest_argv(ledger, scenario.files, threads=1)
    counts = tracing.count(argv, ledger.parent)
    for _ in range(15):
        ledger = lab.copy(scenario.base, "state") / LEDGER
        call = rng.choice(["pwrite64", "fdatasync", "unlink"])
        number = rng.randint(1, counts[call])
        lab.program.ingest(ledger, scenario.files, threads=1, wrap=tracing.kill_at(call, number))
        journal = Path(f"{ledger}-journal")
        lost, wrong = "no journal", []
        if journal.exists() and ledger.exists():
            lost = rng.choice(["journal removed", "ledger removed, journal left",
                               "journal beside an older copy"])
            if lost == "journal beside an older copy" and (scenario.base / LEDGER).exists():
                shutil.copyfile(scenario.base / LEDGER, ledger)
            elif lost == "ledger removed, journal left":
                ledger.unlink()
            else:
                journal.unlink()
        if lost == "ledger removed, journal left":
            wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        elif ledger.exists():
            found = lab.program.verify(ledger)
            wrong += judge_exit(found, "verify")
            if found.code == OK:
                wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
            else:
                finished = lab.program.ingest(ledger, scenario.files)
                wrong += judge_exit(finished, "ingest")
                if finished.code == OK and lab.program.verify(ledger).code == OK:
                    wrong += check_content(lab.program, ledger, scenario.expected)
        yield Outcome(f"{scenario.name}: killed before {call} {number} of {counts[call]}, {lost}",
                      tuple(wrong))


ATTACKS = [
    Attack("bit-flip", "random bits of a ledger flipped: verify finds what matters", flip_bits,
           rows=(68,)),
    Attack("spoiled", "ledgers cut, zeroed, or replaced by something else", spoil, rows=(69, 73),
           weight=0.4),
    Attack("lost-journal", "the journal of a killed run is removed", lose_journal, tracing.missing,
           rows=(70,), weight=0.4),
]
