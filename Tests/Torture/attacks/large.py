"""A log that takes several commits in one run, killed at random moments."""

from __future__ import annotations

from typing import Iterator

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


ATTACKS = [
    Attack("large-kill", "kill -9 in the middle of a run of several commits", kill_large,
           rows=(3, 4), weight=0.7),
]
