"""Random kills of runs over logs that grow, tear, rotate and are compressed meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator, Sequence

from lab import Attack, Lab, Outcome
from livelog import LiveLog
from logs import FORMS, Scribe, Truth
from oracle import LEDGER, check_content, check_whole, judge, straight
from program import BAD_DATA, HUNG, OK, UNAVAILABLE, Finished, execute

KILLS = 25
"""In one round, before the ledger is judged."""


def kill_at_random(lab: Lab) -> Iterator[Outcome]:
    rng = lab.rng
    folder, ledger = lab.fresh("logs"), lab.fresh("state") / LEDGER
    names = ["app.log", "worker.log", "edge.log"][:rng.randint(1, 3)]
    record = lab.fresh("record")
    logs = []
    for name in names:
        scribe = Scribe(rng, rng.sample(sorted(FORMS), rng.randint(1, 4)), days=rng.randint(1, 4))
        logs.append(LiveLog(folder, record / name, scribe, rng, name))
        logs[-1].append(rng.randint(50, 800))
    form = rng.choice(["files", "folder", "glob"])

    def inputs() -> list[Path | str]:
        if form == "folder":
            return [folder]
        if form == "glob":
            return [f"{folder}/*log*"]
        return [path for log in logs for path in log.files()]

    usual = 0.1
    for number in range(KILLS):
        argv = lab.program.ingest_argv(ledger, inputs(), threads=rng.randint(1, 4))
        patience = None if rng.random() < 0.15 else rng.uniform(0, 1.6 * usual)
        started = time.monotonic()
        finished = run_among_changes(lab, argv, ledger.parent, logs, patience)
        if not finished.killed:
            usual = 0.7 * usual + 0.3 * (time.monotonic() - started)
        wrong = [finished.crash] if finished.crash and not finished.killed else []
        if not finished.killed and not is_in_order(finished):
            wrong.append(f"another exit code is expected: {finished}")
        if finished.code == OK and rng.random() < 0.3 and form == "files":
            settle(lab, ledger, logs, inputs())
        wrong += check_whole(lab.program, ledger)
        if rng.random() < 0.3:
            rng.choice(logs).append(rng.randint(100, 900))
        yield Outcome(f"kill {number + 1} of {KILLS}, {form}", tuple(wrong))
    for log in logs:
        log.finish()
    files = sorted(record.iterdir())
    truth = Truth()
    for log in logs:
        truth.add(log.scribe.truth)
    expected = straight(lab.program, lab.fresh("straight"), files, truth)
    wrong = judge(lab.program, ledger, inputs(), expected, threads=rng.randint(1, 4))
    yield Outcome(f"the end of {KILLS} kills, {form}", tuple(wrong))


def kill_streams(lab: Lab) -> Iterator[Outcome]:
    """Pipes logs into runs that are killed, and then once more: nothing counts twice."""
    rng = lab.rng
    folder = lab.fresh("logs")
    scribe = Scribe(rng, rng.sample(sorted(FORMS), rng.randint(1, 4)), days=rng.randint(1, 3))
    plain = folder / "all.log"
    plain.write_bytes(scribe.text(rng.randint(50, 3000)))
    piped = rng.choice(["cat {0}", "gzip -c {0}", "zstd -qc {0}", "gzip -c {0}; gzip -c {0}"])
    expected = straight(lab.program, lab.fresh("straight"), [plain], scribe.truth)
    if ";" in piped and "anonymous" in scribe.families:
        # Twice in one stream, lines without an id are twice as many requests.
        piped = "cat {0}"
    for _ in range(4):
        ledger, wrong, kills = lab.fresh("state") / LEDGER, [], 0
        for _ in range(rng.randint(1, 4)):
            argv = lab.program.ingest_argv(ledger, ["-"], threads=rng.randint(1, 3))
            command = f"({piped.format(plain)}) | exec {' '.join(argv)}"
            finished = execute(["bash", "-c", command], ledger.parent,
                               kill_after=rng.uniform(0.01, 0.3))
            kills += finished.killed
            wrong += check_whole(lab.program, ledger)
        for _ in range(2):
            finished = execute(["bash", "-c", command], ledger.parent)
            if finished.code != OK:
                wrong.append(str(finished))
            wrong += check_whole(lab.program, ledger)
            wrong += check_content(lab.program, ledger, expected)
        yield Outcome(f"{piped.format('log')} with {kills} kills", tuple(wrong))


def is_in_order(finished: Finished) -> bool:
    """A log may vanish while it is rotated, and one that is new may hold no record yet."""
    return finished.code in (OK, UNAVAILABLE) or (
        finished.code == BAD_DATA and "no line of it could be read" in finished.err)


def settle(lab: Lab, ledger: Path, logs: Sequence[LiveLog], inputs: Sequence[Path | str]) -> None:
    """Reads all in peace, so that the oldest logs may go."""
    if lab.program.ingest(ledger, inputs).code == OK:
        for log in logs:
            log.remove_oldest()


def run_among_changes(lab: Lab, argv: Sequence[str], folder: Path, logs: Sequence[LiveLog],
                      patience: float | None) -> Finished:
    """Runs a command while the logs change, and kills it after so many seconds."""
    environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
    with (folder.parent / "stderr").open("w+") as errors:
        process = subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL, stderr=errors,
                                   stdout=subprocess.DEVNULL, env=environment)
        started = time.monotonic()
        while process.poll() is None:
            passed = time.monotonic() - started
            if patience is not None and passed >= patience:
                process.send_signal(signal.SIGKILL)
                process.wait()
                break
            if passed > 60:
                process.kill()
                process.wait()
                return Finished(tuple(argv), HUNG, "", "")
            if lab.rng.random() < 0.5:
                lab.rng.choice(logs).step()
            else:
                time.sleep(0.004)
        errors.seek(0)
        return Finished(tuple(argv), process.returncode, "", errors.read())


ATTACKS = [
    Attack("streams", "logs on standard input, killed and piped again", kill_streams, rows=(31,),
           weight=0.4),
    Attack("random-kill", "kill -9 at random moments, over logs that grow, tear and rotate",
           kill_at_random, rows=(4, 16, 18, 19, 25), weight=2),
]
