"""A disk that is really full, and limits of the system: file size, memory, open files."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Iterator

import scenarios
from lab import Attack, Lab, Outcome
from logs import FORMS, Scribe
from oracle import LEDGER, Expectation, check_whole, judge, straight
from program import CANNOT_WRITE, OK, UNAVAILABLE, Finished, Tollbook


def missing_mount(_: Tollbook) -> str | None:
    if os.geteuid() != 0:
        return "a file system is mounted: only root may"
    return None if shutil.which("mount") else "mount is not installed"


def fill_disk(lab: Lab) -> Iterator[Outcome]:
    """A small file system runs full, is made larger, and the run is repeated."""
    rng = lab.rng
    mount = lab.fresh("mount")
    scribe = Scribe(rng, rng.sample(sorted(FORMS), 3), days=rng.randint(1, 20))
    files = []
    folder = lab.fresh("logs")
    for number in range(6):
        path = folder / f"app-{number}.log"
        path.write_bytes(scribe.text(1500))
        files.append(path)
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)
    needed = (lab.folder / "straight" / LEDGER).stat().st_size
    for _ in range(4):
        size = int(needed * rng.uniform(0.05, 1.6)) // 4096 * 4096 + 8192
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", mount],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            raise RuntimeError(f"mount: {mounted.stderr}")
        try:
            ledger, wrong = mount / LEDGER, []
            stored = 0
            for upto in range(1, len(files) + 1):
                finished = lab.program.ingest(ledger, files[:upto])
                wrong += judge_failure(finished)
                if finished.code != OK:
                    break
                stored = upto
            wrong += check_whole(lab.program, ledger)
            subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
            wrong += judge(lab.program, ledger, files, expected)
            yield Outcome(f"{stored} of {len(files)} logs fit in {size} bytes", tuple(wrong))
        finally:
            subprocess.run(["umount", "-l", mount], check=True)


def judge_failure(finished: Finished) -> list[str]:
    """A disk that is full is told as such."""
    if finished.crash:
        return [f"{finished.crash}: {finished}"]
    if finished.code not in (OK, CANNOT_WRITE):
        return [f"another exit code is expected: {finished}"]
    return []


def limited(lab: Lab) -> Iterator[Outcome]:
    """Runs under limits of the shell: what fails must fail in order."""
    rng = lab.rng
    scenario = scenarios.make(lab, lab.program)
    for _ in range(12):
        kind = rng.choice(["-f", "-v", "-n"])
        value = {"-f": rng.choice([0, 1, 4, 16, 40, 100, 300]),
                 "-v": int(2 ** rng.uniform(15, 20)),
                 "-n": rng.randint(4, 24)}[kind]
        state = lab.copy(scenario.base, "state")
        ledger = state / LEDGER
        finished = lab.program.ingest(ledger, scenario.files, threads=rng.randint(1, 4),
                                      wrap=under(kind, value))
        # Without memory a process cannot but die; what it leaves must be whole all the same.
        wrong = [] if kind == "-v" else judge_limit(finished)
        wrong += check_whole(lab.program, ledger)
        wrong += judge(lab.program, ledger, scenario.files, scenario.expected)
        yield Outcome(f"{scenario.name}: ulimit {kind} {value}: exit {finished.code}", tuple(wrong))
    yield many_files(lab)


def many_files(lab: Lab) -> Outcome:
    """A thousand logs with room for sixteen descriptors."""
    scribe, folder = Scribe(lab.rng, ["openai", "litellm"], noise=0), lab.fresh("many")
    for number in range(1000):
        (folder / f"{number}.log").write_bytes(scribe.text(lab.rng.randint(1, 3)))
    record = lab.fresh("record") / "all.log"
    record.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.iterdir())))
    expected: Expectation = straight(lab.program, lab.fresh("straight"), [record], scribe.truth)
    ledger = lab.fresh("state") / LEDGER
    finished = lab.program.ingest(ledger, [folder], wrap=under("-n", 16))
    wrong = judge_limit(finished)
    wrong += judge(lab.program, ledger, [folder], expected)
    return Outcome(f"a thousand logs, 16 descriptors: exit {finished.code}", tuple(wrong))


def judge_limit(finished: Finished) -> list[str]:
    if finished.crash:
        return [f"{finished.crash}: {finished}"]
    if finished.code not in (OK, CANNOT_WRITE, UNAVAILABLE, 127):  # 127: it could not be loaded
        return [f"another exit code is expected: {finished}"]
    return [] if finished.code == OK or finished.err.strip() else ["it failed without a word"]


def under(option: str, value: int) -> list[str]:
    """Runs a command under a limit of the shell."""
    return ["bash", "-c", f'ulimit {option} {value} && exec "$@"', "limited"]


ATTACKS = [
    Attack("full-disk", "a file system that runs full, and is made larger",
           fill_disk, missing_mount, rows=(7,), weight=0.5),
    Attack("limits", "ulimit -f, -v, -n", limited, rows=(9, 10, 11), weight=0.5),
]
