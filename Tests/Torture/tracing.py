"""strace: breaks system calls on purpose, and records those that change files."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

from program import execute

CHANGES = ["pwrite64", "write", "fdatasync", "fsync", "unlink", "ftruncate", "rename"]
"""The calls that change what a disk holds."""

OTHERS = ["openat", "close", "fcntl", "flock", "fchmod", "read", "pread64", "lseek", "newfstatat",
          "munmap", "mmap", "futex", "getrandom", "clone3"]
"""Calls that change nothing on a disk, but stand between those that do."""


def missing(_: object = None) -> str | None:
    return None if shutil.which("strace") else "strace is not installed"


def count(argv: Sequence[str], folder: Path,
          names: Sequence[str] = CHANGES) -> dict[str, int]:
    """Runs a command, and says how often its busiest thread makes each of these calls."""
    log = folder / "count.strace"
    execute(["strace", "-qq", "-f", "-o", str(log), "-e", f"trace={','.join(names)}", *argv],
            folder)
    threads = Counter(tuple(re.split(r"[ (]+", line, maxsplit=2)[:2])
                      for line in log.read_text(errors="replace").splitlines())
    return {call: max((number for (_, name), number in threads.items() if name == call), default=0)
            for call in names}


def kill_at(call: str, number: int, name: str = "KILL") -> list[str]:
    """Sends the process a signal before it makes this call for the n-th time."""
    return ["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={call}",
            "-e", f"inject={call}:signal={name}:when={number}"]


def fail_at(call: str, when: str, error: str, log: Path,
            paths: Sequence[Path] = ()) -> list[str]:
    """Lets calls fail: `when` is `3` for the third, `3+` for it and all that follow."""
    argv = ["strace", "-qq", "-f", "-y", "-o", str(log)]
    for path in paths:
        argv += ["-P", str(path)]
    return argv + ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]


def injected(log: Path) -> list[str]:
    """The calls that were made to fail."""
    if not log.exists():
        return []
    return [line for line in log.read_text(errors="replace").splitlines() if "(INJECTED)" in line]


def record(log: Path) -> list[str]:
    """Records all calls that change files, with their bytes."""
    calls = "open,openat,creat,write,pwrite64,writev,pwritev,ftruncate,truncate,fallocate," \
        "fsync,fdatasync,sync_file_range,unlink,unlinkat,rename,renameat,renameat2,link,linkat," \
        "symlink,mkdir,mkdirat,close,lseek,copy_file_range,sendfile"
    return ["strace", "-qq", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log),
            "-e", f"trace={calls}", "-e", "signal=none"]


@dataclass(frozen=True)
class Call:
    """A system call that was recorded."""

    name: str
    arguments: str
    result: int
    result_path: str | None

    def strings(self) -> list[bytes]:
        """The string arguments, in their order."""
        return [bytes.fromhex(text.replace("\\x", ""))
                for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', self.arguments)]

    def descriptor(self) -> tuple[int, str] | None:
        """The descriptor that stands first, and the path that it is of."""
        match = re.match(r"(-?\d+)<([^>]*)>", self.arguments)
        return (int(match[1]), plain(match[2])) if match else None

    def last_number(self) -> int:
        """The last argument: an offset or a length."""
        return int(self.arguments.rsplit(",", 1)[-1])


def plain(path: str) -> str:
    """A path as it is, whose bytes strace may have escaped."""
    if "\\x" not in path:
        return path
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), path)


def calls(log: Path) -> Iterator[Call]:
    """The calls of a recording that succeeded, in the order in which they returned."""
    started: dict[str, str] = {}
    whole = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?", re.DOTALL)
    for line in log.read_text().splitlines():
        process, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            started[process] = text[: -len("<unfinished ...>")].rstrip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            text = started.pop(process, "") + resumed[1]
        match = whole.match(text)
        if match and int(match[3]) >= 0:
            path = plain(match[4]) if match[4] else None
            yield Call(match[1], match[2], int(match[3]), path)
