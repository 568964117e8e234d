"""Several processes at one ledger: writers, readers, one that sleeps with the lock in its hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator, Sequence

import tracing
from lab import Attack, Lab, Outcome
from logs import FORMS, Scribe
from oracle import LEDGER, Expectation, check_whole, judge, straight
from program import LOCKED, OK, Finished


def together(lab: Lab) -> Iterator[Outcome]:
    rng = lab.rng
    scribe = Scribe(rng, rng.sample(sorted(FORMS), 3), days=rng.randint(1, 6))
    folder, files = lab.fresh("logs"), []
    for number in range(rng.randint(2, 6)):
        path = folder / f"app-{number}.log"
        path.write_bytes(scribe.text(rng.randint(200, 2500)))
        files.append(path)
    expected = straight(lab.program, lab.fresh("straight"), files, scribe.truth)
    yield writers(lab, files, expected)
    yield readers(lab, files, expected)
    yield from stopped(lab, files, expected)
    for _ in range(4):
        yield interrupted(lab, files, expected)


def start(argv: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})


def end(process: subprocess.Popen[str]) -> Finished:
    out, err = process.communicate(timeout=120)
    return Finished(tuple(map(str, process.args)), process.returncode, out, err)  # type: ignore


def writers(lab: Lab, files: list[Path], expected: Expectation) -> Outcome:
    """Four ingests of the same logs, by two copies of the binary."""
    ledger = lab.fresh("state") / LEDGER
    copy = lab.folder / "another-tollbook"
    shutil.copy2(lab.program.binary, copy)
    processes = []
    for number in range(4):
        argv = lab.program.ingest_argv(ledger, lab.rng.sample(files, len(files)))
        argv[0] = str(copy if number % 2 else lab.program.binary)
        processes.append(start(argv, ledger.parent))
        time.sleep(lab.rng.uniform(0, 0.03))
    known = {process.pid for process in processes}
    wrong, done = [], 0
    for process in processes:
        finished = end(process)
        done += finished.code == OK
        if finished.crash or finished.code not in (OK, LOCKED):
            wrong.append(str(finished))
        elif finished.code == LOCKED:
            wrong += names_holder(finished, known)
    if not done:
        wrong.append("none of four did it")
    wrong += check_whole(lab.program, ledger)
    wrong += judge(lab.program, ledger, files, expected)
    return Outcome(f"four writers, {done} done", tuple(wrong))


def names_holder(finished: Finished, known: set[int]) -> list[str]:
    """Who is told that the ledger is in use is told by whom, unless it was let go just then."""
    found = re.search(r"process (\d+)", finished.err)
    if found is None:
        return [] if "another process" in finished.err else [f"it does not say why: {finished}"]
    return [] if int(found[1]) in known else [f"it names {found[1]}, not one of {known}"]


def readers(lab: Lab, files: list[Path], expected: Expectation) -> Outcome:
    """Reports in a loop while logs are ingested one by one: each sees whole commits."""
    ledger = lab.fresh("state") / LEDGER
    lab.program.ingest(ledger, files[:1])
    script = " && ".join(
        " ".join(map(str, lab.program.ingest_argv(ledger, files[:upto])))
        for upto in range(1, len(files) + 1))
    writer = start(["bash", "-c", script], ledger.parent)
    wrong, reports, last = [], 0, 0
    while writer.poll() is None:
        finished = lab.program.run("report", "spend", "--format", "json", "--ledger", ledger,
                                   folder=ledger.parent)
        reports += 1
        if finished.code != OK:
            wrong.append(f"a report fails: {finished}")
            break
        report = json.loads(finished.out)
        count = sum(row["requests"] for row in report["sections"][0]["tables"][0]["rows"])
        if count != report["lines"]["events"]:
            wrong.append(f"a report tells of {count} requests and {report['lines']['events']}")
        if "backup" in lab.program.known_commands and reports % 3 == 0:
            wrong += back_up(lab, ledger)
        if count < last:
            wrong.append(f"a report tells of {count} requests, the one before of {last}")
        last = count
    finished = end(writer)
    if finished.code != OK:
        wrong.append(f"the writer fails: {finished}")
    wrong += judge(lab.program, ledger, files, expected)
    return Outcome(f"{reports} reports during ingests", tuple(wrong[:5]))


def back_up(lab: Lab, ledger: Path) -> list[str]:
    """A backup in the middle of an ingest is of one commit, and whole."""
    copy = ledger.with_name("copy.db")
    finished = lab.program.run("backup", copy.name, "--force", "--ledger", ledger,
                               folder=ledger.parent)
    if finished.code != OK:
        return [f"a backup fails: {finished}"]
    return check_whole(lab.program, copy)


def stopped(lab: Lab, files: list[Path], expected: Expectation) -> Iterator[Outcome]:
    """A run that is stopped with the lock in its hand, perhaps in the middle of a commit."""
    if tracing.missing():
        return
    ledger = lab.fresh("state") / LEDGER
    call, number = lab.rng.choice([("pwrite64", lab.rng.randint(2, 40)),
                                   ("fdatasync", lab.rng.randint(1, 12))])
    argv = ["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={call}",
            "-e", f"inject={call}:signal=STOP:when={number}",
            *lab.program.ingest_argv(ledger, files, threads=1)]
    holder = start(argv, ledger.parent)
    process, wrong = wait_until_stopped(Path(f"{ledger}.lock"), holder), []
    if process:
        started = time.monotonic()
        finished = lab.program.ingest(ledger, files)
        if finished.code != LOCKED or str(process) not in finished.err:
            wrong.append(f"a second writer is not told that {process} holds it: {finished}")
        if time.monotonic() - started > 40:
            wrong.append(f"it waited for {time.monotonic() - started:.0f} s")
        os.kill(process, signal.SIGCONT)
    finished = end(holder)
    if finished.code != OK:
        wrong.append(f"the one that was stopped fails: {finished}")
    wrong += check_whole(lab.program, ledger)
    wrong += judge(lab.program, ledger, files, expected)
    yield Outcome(f"stopped before {call} {number}", tuple(wrong))


def wait_until_stopped(lock: Path, holder: subprocess.Popen[str]) -> int | None:
    """The process that the lock names, once it is stopped; nothing when it came to its end."""
    stops = 0
    while holder.poll() is None:
        text = lock.read_text().strip() if lock.exists() else ""
        status = Path(f"/proc/{text}/status")
        # strace stops it for a moment at each call, and for good at the one that was asked for.
        is_stopped = text and status.exists() and re.search(r"^State:\s[Tt]",
                                                            status.read_text(), re.MULTILINE)
        stops = stops + 1 if is_stopped else 0
        if stops > 10:
            return int(text)
        time.sleep(0.02)
    return None


def interrupted(lab: Lab, files: list[Path], expected: Expectation) -> Outcome:
    """SIGINT and SIGTERM: what was read is stored, and the exit code tells of the signal."""
    number = lab.rng.choice([signal.SIGINT, signal.SIGTERM])
    ledger = lab.fresh("state") / LEDGER
    process = start(lab.program.ingest_argv(ledger, files, threads=lab.rng.randint(1, 3)),
                    ledger.parent)
    time.sleep(lab.rng.uniform(0.02, 0.12))
    process.send_signal(number)
    finished = end(process)
    # Before it took the signal over, the process dies of it.
    wrong = []
    if finished.code not in (OK, 128 + number, -number):
        wrong.append(f"another exit code is expected: {finished}")
    wrong += check_whole(lab.program, ledger)
    wrong += judge(lab.program, ledger, files, expected)
    return Outcome(f"{number.name}: exit {finished.code}", tuple(wrong))


ATTACKS = [
    Attack("concurrency", "several writers, readers beside one, SIGSTOP, SIGINT, SIGTERM",
           together, rows=(12, 13, 14, 15, 76, 78)),
]
