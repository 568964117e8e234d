"""Logs that take many commits in one run: killed at random moments, and in bounded memory."""

from __future__ import annotations

import os
import subprocess
from typing import BinaryIO, Iterator

from lab import Attack, Lab, Outcome
from logs import FIRST_DAY
from oracle import LEDGER, Mistake, check_whole, compare, judge, straight
from program import OK, execute

LINES = 450_000
"""More than two commits."""
KILLS = 8


def kill_large(lab: Lab) -> Iterator[Outcome]:
    rng = lab.rng
    log = lab.fresh("logs") / "app.log"
    models = ["gpt-4o-mini-2024-07-18", "gpt-5-2025-08-07"]
    start, days = int(FIRST_DAY.timestamp()), rng.randint(1, 3)
    totals = {model: (0, 0, 0) for model in models}
    with log.open("wb") as file:
        for number in range(LINES):
            model = models[number % 2]
            tokens_in, tokens_out = rng.randrange(10, 4000), rng.randrange(1, 900)
            time = start + number * days * 86400 // LINES
            file.write(b'{"id":"chatcmpl-%x-%x","object":"chat.completion","created":%d,'
                       b'"model":"%s","usage":{"prompt_tokens":%d,"completion_tokens":%d,'
                       b'"total_tokens":%d}}\n' % (lab.seed, number, time, model.encode(),
                                                   tokens_in, tokens_out, tokens_in + tokens_out))
            requests, sum_in, sum_out = totals[model]
            totals[model] = (requests + 1, sum_in + tokens_in, sum_out + tokens_out)
    expected = straight(lab.program, lab.fresh("straight"), [log], None)
    if wrong := compare(totals, lab.program.totals(lab.folder / "straight" / LEDGER)):
        raise Mistake(f"a straight run is wrong: {'; '.join(wrong)}")
    ledger, usual = lab.fresh("state") / LEDGER, 3.0
    for number in range(KILLS):
        argv = lab.program.ingest_argv(ledger, [log], threads=rng.randint(1, 3))
        finished = execute(argv, ledger.parent, kill_after=rng.uniform(0.05, usual))
        wrong = check_whole(lab.program, ledger)
        if not finished.killed and finished.code != OK:
            wrong.append(str(finished))
        if finished.code == OK:
            # It was faster: begin again, and be quicker.
            usual /= 2
            wrong += judge(lab.program, ledger, [log], expected)
            ledger = lab.fresh("state") / LEDGER
        yield Outcome(f"kill {number + 1} of {KILLS} in {LINES} lines", tuple(wrong))
    yield Outcome(f"the end of {KILLS} kills",
                  tuple(judge(lab.program, ledger, [log], expected)))


MANY = 10_000_000
CAPS = {1: 400, 30: 300}
"""Megabytes of memory for so many lines, by the days that they are of."""


def write_many(pipe: BinaryIO, start: int, days: int, seed: int) -> None:
    """Requests in the order of time, of a few models and keys."""
    line = (b'{"id":"r-%x-%x","object":"chat.completion","created":%d,"model":"gpt-4o-mini",'
            b'"metadata":{"user_api_key_alias":"key-%d"},'
            b'"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}\n')
    for first in range(0, MANY, 1000):
        pipe.write(b"".join(
            line % (seed, number, start + number * days * 86399 // MANY, number * 7919 % 200,
                    number % 4001, number % 907, number % 4001 + number % 907)
            for number in range(first, first + 1000)))


def read_many(lab: Lab) -> Iterator[Outcome]:
    """Ten million lines from a pipe."""
    for days, cap in CAPS.items():
        ledger = lab.fresh("state") / LEDGER
        process = subprocess.Popen(
            lab.program.ingest_argv(ledger, ["-"], threads=2), cwd=ledger.parent,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdin and process.stdout
        write_many(process.stdin, int(FIRST_DAY.timestamp()), days, lab.seed)
        process.stdin.close()
        told = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        megabytes = usage.ru_maxrss * 1024 // 1_000_000
        wrong = [] if status == 0 else [f"status {status}: {told}"]
        if megabytes > cap:
            wrong.append(f"{megabytes} MB, more than {cap}")
        if told.count(f"{MANY:,}") != 2:
            wrong.append(f"not all lines are events: {told}")
        yield Outcome(f"{MANY} lines of {days} days: {megabytes} MB", tuple(wrong))


ATTACKS = [
    Attack("large-kill", "kill -9 in the middle of a run of several commits", kill_large,
           rows=(3, 4), weight=0.7),
    Attack("many-lines", "ten million lines of a day and of a month in bounded memory", read_many,
           rows=(33,), weight=0.3),
]
