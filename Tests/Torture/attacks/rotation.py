"""The real logrotate under load, while runs read the logs in a loop."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from pathlib import Path
from random import Random
from typing import Iterator

from attacks.growth import is_in_order
from lab import Attack, Lab, Outcome
from logs import FORMS, Scribe
from oracle import LEDGER, check_whole, judge, straight
from program import Tollbook

LOGROTATE = shutil.which("logrotate") or shutil.which("logrotate", path="/usr/sbin:/sbin")
ROTATIONS = 8
"""In one round, before the ledger is judged."""


def missing(_: Tollbook) -> str | None:
    return None if LOGROTATE else "logrotate is not installed"


class Gateway(threading.Thread):
    """Writes its log without a pause, and opens it anew when it is told that it was moved.

    The scripts of logrotate talk to it by files: it stands still between `pause` and its end, and
    opens its log when `reopen` comes; it answers by removing the file. So no line is written
    between copying and truncating, which would be lost by the rotator.
    """

    def __init__(self, log: Path, record: Path, scribe: Scribe, rng: Random) -> None:
        super().__init__(daemon=True)
        self.log, self.record, self.scribe, self.rng = log, record, scribe, rng
        self.is_over = threading.Event()
        self.pause, self.reopen = log.parent.parent / "pause", log.parent.parent / "reopen"

    def run(self) -> None:
        file = self.log.open("ab", buffering=0)
        record = self.record.open("ab", buffering=0)
        while not self.is_over.is_set():
            text = self.scribe.text(self.rng.randint(1, 30))
            cut = self.rng.randrange(len(text)) if text and self.rng.random() < 0.3 else len(text)
            file.write(text[:cut])
            if cut < len(text):
                time.sleep(0.005)
                file.write(text[cut:])
            record.write(text)
            time.sleep(self.rng.uniform(0.01, 0.06))
            if self.reopen.exists():
                file.close()
                file = self.log.open("ab", buffering=0)
                self.reopen.unlink()
            if self.pause.exists():
                self.pause.unlink()
                while not (self.log.parent.parent / "go").exists():
                    time.sleep(0.002)
                (self.log.parent.parent / "go").unlink()
        file.close()
        record.close()


def configure(lab: Lab, folder: Path) -> str:
    """A configuration of logrotate, of all kinds that are in use."""
    rng = lab.rng
    signals = folder.parent
    wait = "n=0; while [ -e {0} ] && [ $n -lt 500 ]; do sleep 0.01; n=$((n+1)); done"
    is_copied = rng.random() < 0.4
    lines = ["rotate 1000", "missingok", "nomail"]
    if is_copied:
        lines += ["copytruncate", "prerotate", f"touch {signals}/pause",
                  wait.format(f"{signals}/pause"), "endscript", "postrotate",
                  f"touch {signals}/go", wait.format(f"{signals}/go"), "endscript"]
    else:
        lines += ["create 0640", "postrotate", f"touch {signals}/reopen",
                  wait.format(f"{signals}/reopen"), "endscript"]
    if rng.random() < 0.7:
        lines.append("compress")
        if rng.random() < 0.6:
            lines.append("delaycompress")
        if rng.random() < 0.4 and shutil.which("zstd"):
            lines += ["compresscmd " + str(shutil.which("zstd")), "compressext .zst",
                      "compressoptions -q --rm"]
    if rng.random() < 0.4:
        lines += ["dateext", "dateformat -%Y%m%d-%s"]
    return f"{folder}/*.log {{\n  " + "\n  ".join(lines) + "\n}\n"


def rotate_under_load(lab: Lab) -> Iterator[Outcome]:
    rng = lab.rng
    folder, ledger = lab.fresh("live/logs"), lab.fresh("state") / LEDGER
    folder.chmod(0o755)
    record = lab.fresh("record") / "app.log"
    scribe = Scribe(rng, rng.sample(sorted(FORMS), rng.randint(1, 4)), days=rng.randint(1, 3))
    configuration = lab.folder / "logrotate.conf"
    text = configure(lab, folder)
    configuration.write_text(text)
    configuration.chmod(0o644)
    kind = ", ".join(word for word in ("copytruncate", "delaycompress", "compress", "zst",
                                       "dateext") if f"{word}" in text)
    inputs: list[Path | str] = [folder] if rng.random() < 0.5 else [f"{folder}/app.log*"]
    gateway = Gateway(folder / "app.log", record, scribe, Random(rng.random()))
    gateway.start()
    try:
        for number in range(ROTATIONS):
            wrong = []
            time.sleep(rng.uniform(0.05, 0.3))
            assert LOGROTATE is not None
            rotation = subprocess.Popen(
                [LOGROTATE, "-f", "-s", str(lab.folder / "status"), str(configuration)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            runs = 0
            while rotation.poll() is None or runs < 3:
                finished = lab.program.ingest(ledger, inputs, threads=rng.randint(1, 3))
                runs += 1
                if finished.crash or not is_in_order(finished):
                    wrong.append(f"a run among rotations: {finished}")
            said = rotation.communicate()[0]
            # Two rotations in a second have one dated name: logrotate leaves the second out.
            if rotation.returncode != 0 and "already exists, skipping rotation" not in said:
                raise RuntimeError(f"logrotate: {said}")
            wrong += check_whole(lab.program, ledger)
            yield Outcome(f"rotation {number + 1} of {ROTATIONS} ({kind})", tuple(wrong))
    finally:
        gateway.is_over.set()
        gateway.join()
    expected = straight(lab.program, lab.fresh("straight"), [record], scribe.truth)
    wrong = judge(lab.program, ledger, inputs, expected)
    yield Outcome(f"the end of {ROTATIONS} rotations ({kind})", tuple(wrong))


ATTACKS = [
    Attack("rotation", "the real logrotate under load, runs in a loop", rotate_under_load, missing,
           rows=(18, 19, 25)),
]
