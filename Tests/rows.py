#!/usr/bin/env python3
"""Which fault or bad input is covered by which test: the table in Tests/README.md.

    rows.py            prints the table
    rows.py --write    puts it into Tests/README.md
    rows.py --check    exits with 1 when the table is old

A Swift test names its rows in a comment of its own, `// Acceptance row 21.` or
`// Acceptance rows 3, 45 and 46.`; an attack of Tests/Torture has them in its list.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- rows: python3 Tests/rows.py --write -->", "<!-- end of rows -->"

ROWS = {
    1: "the same ingest twice", 2: "only appended lines are read",
    3: "SIGKILL before the n-th change of a file, every n",
    4: "random kill -9, logs grow and rotate", 5: "power failure, and the controls",
    6: "ENOSPC at the n-th write", 7: "a file system that is really full",
    8: "EIO at the n-th sync", 9: "a small limit of file size", 10: "a small limit of memory",
    11: "sixteen descriptors, a thousand logs", 12: "several writers at once",
    13: "reports during an ingest", 14: "SIGTERM and SIGINT", 15: "a stopped holder of the lock",
    16: "a torn last line that is completed", 17: "a torn last line that never is",
    18: "rotation by renaming", 19: "rotation by copying and truncating",
    20: "truncated and refilled beyond the old end", 21: "refilled under the same head",
    22: "a new file with the old inode and name", 23: "two logs with the same first lines",
    24: "one log under several names", 25: "compressed twins of a log", 26: "empty and tiny logs",
    27: "logs that change or vanish while they are read", 28: "logs that cannot be read",
    29: "late lines for an old day", 30: "lines older than what is remembered",
    31: "the same stream twice", 32: "any order, chunks and threads: one dump",
    33: "ten million lines in bounded memory", 34: "an id in two logs", 35: "lines without an id",
    36: "an id of two requests", 37: "snapshots of a streamed answer", 38: "an id of two gateways",
    39: "long and odd ids", 40: "two stamps on both sides of midnight",
    41: "identities that were made to collide", 42: "text that is not UTF-8",
    43: "lone surrogates and overlong sequences", 44: "NULs", 45: "byte order marks, wide text",
    46: "line ends of all kinds", 47: "a line of a gigabyte", 48: "deep nesting",
    49: "a key twice", 50: "numbers that are no counts", 51: "sums near the end of 64 bits",
    52: "counts that contradict each other", 53: "odd prices", 54: "lines that are no one object",
    55: "several forms in one log", 56: "times of all spellings", 57: "a log of nothing but errors",
    58: "fuzzing of the readers", 59: "archives of several members", 60: "empty members, padding",
    61: "archives cut in the middle", 62: "archives cut between members",
    63: "flipped bits in archives", 64: "garbage after archives, wrong names", 65: "bombs",
    66: "dictionaries", 67: "pipes, devices, folders as logs", 68: "flipped bits in the ledger",
    69: "ledgers cut, zeroed, or of somebody else", 70: "journals left, lost, not copied",
    71: "places that cannot be written", 72: "migration, killed at every step",
    73: "a newer ledger", 74: "a restored backup, and the logs again", 75: "an altered schema",
    76: "a backup during an ingest", 77: "compaction and pruning, killed at every step",
    78: "two versions at once", 79: "time zones and ends of months", 80: "odd clocks",
    81: "priced again by another book", 82: "a price that changes within a day",
    83: "one report in all formats", 84: "a report that cannot be written",
    85: "a reader that goes away", 91: "canaries of private texts", 92: "a million names",
    95: "a careless umask",
}


def numbers(text: str) -> set[int]:
    """The rows of `3, 45 and 46` or `1 to 4`."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:(?: to |–|-)(\d+))?", text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def swift_tests() -> dict[int, set[str]]:
    """Where the comments of Swift tests name a row."""
    found: dict[int, set[str]] = {}
    for path in sorted(HERE.rglob("*.swift")):
        text = re.sub(r"\n\s*///? ?", " ", path.read_text())
        for match in re.finditer(r"Acceptance rows? ([\d, –-]+(?:(?:and|to) [\d, –-]+)*)", text):
            for row in numbers(match[1].replace(", and", ",").replace("and", ",")):
                found.setdefault(row, set()).add(f"`{path.relative_to(HERE).with_suffix('')}`")
    return found


def attacks() -> dict[int, set[str]]:
    """Which attacks strike at a row."""
    sys.path.insert(0, str(HERE / "Torture"))
    sys.dont_write_bytecode = True
    from attacks.registry import ATTACKS

    found: dict[int, set[str]] = {}
    for attack in ATTACKS:
        for row in attack.rows:
            found.setdefault(row, set()).add(f"attack {attack.name}")
    return found


def table() -> tuple[str, list[int]]:
    """The table, and the rows that nothing covers."""
    tests, strikes = swift_tests(), attacks()
    lines, open_rows = ["| row | what | where |", "| --: | --- | --- |"], []
    for row, what in ROWS.items():
        where = sorted(tests.get(row, set())) + sorted(strikes.get(row, set()))
        if not where:
            open_rows.append(row)
        lines.append(f"| {row} | {what} | {', '.join(where) or 'open'} |")
    return "\n".join(lines), open_rows


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text, open_rows = table()
    if not options.write and not options.check:
        print(text)
        return 0
    before, rest = README.read_text().split(BEGIN)
    _, after = rest.split(END)
    wanted = f"{before}{BEGIN}\n{text}\n{END}{after}"
    if options.write:
        README.write_text(wanted)
        return 0
    if open_rows:
        print(f"nothing covers the rows {open_rows}")
    if README.read_text() == wanted:
        return 0
    print("Tests/README.md is old: run python3 Tests/rows.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
