#!/usr/bin/env python3
"""Writes the sample logs of October 2026 and what must be read from them.

    generate.py                                         sample-logs/ and Tests/Samples/expected/
    generate.py --seed N --lines N --out D --truth D    unseen logs of the same kinds, to soak in

Python 3.11 or newer, standard library only, the same bytes everywhere: an own PRNG, no clock.

The truth is written beside each line by the code that writes the line, without reading it back:
`<dialect>.events.jsonl` holds the events of a file in its order, as `tollbook normalize` prints
them; `<dialect>.accounting.json` what becomes of its lines when it alone goes into a new ledger;
`month.accounting.json` the same for all files, in the order of their names.

The month of the company is written in the nine forms below. Short samples of all other forms,
dated in the month before, stand apart from it in `gateways/`, and those of envelopes in
`envelopes/`. Their writers are the modules in the folders of these names, whose docstrings say what
they decided; families.py puts them together.

What the documents leave open is decided so:

all dialects
  time            start of the request, always six fraction digits; finer digits are cut. An
                  event without one is printed without it; a ledger refuses its line (no_time)
  absent          null, "", "None", "null" and "-" are absent; a 0 that the log gives is printed
                  as 0
  numbers         a JSON string that holds a number is read as the number; amounts are exact from
                  the literal (8.8e-06 is 0.0000088), also when they are 0: what a zero means is
                  for reports
  provider        canonical: gemini and Google AI Studio are google, azure-openai is azure,
                  vertex-ai and vertex_ai are vertex, mistral-ai is mistral; others lower-cased
  service_tier    as served, lower-cased; `standard` is `default`; what is only null is absent
  status          finish content_filter, stop refusal and HTTP 446 are blocked (class
                  content_policy); HTTP 499 and `cancelled` are cancelled, without a class
  error_class     the name that the body gives, else the HTTP status (core.class_of); only for
                  error and blocked
  tokens          none at all for an error whose counts are all 0 or missing; parts as the log
                  gives them, 0 too; prompt and completion of 0 count when the request succeeded
  cache writes    with lifetimes: the two; a remainder without one, or a log that has no
                  lifetimes: cache_write_tokens; Anthropic's own body: a remainder is 5 minutes
  arbiter         cached above prompt is beside it only when the total says so (cache_exclusive);
                  else the line is a contradiction. Reasoning beside output by the total
                  (reasoning_exclusive), a gap is reasoning (hidden_tokens), a total below the
                  parts is total_mismatch. A count below 0 or not whole is invalid_number
  routed          only ever true: the request names `…/auto`, `*-latest` or the log says a router
                  chose
  routes          fallback or retry or primary only when something tells; evidence is the
                  strongest of explicit, attempt_list, inferred, mismatch
  explicit        a counter or strategy that says so; a counter of 0 fallbacks is `primary`,
                  explicit
  attempt_list    several attempts: the model of the last differs from the first's after
                  normalisation: fallback, else retry; one attempt: primary. route_from is the
                  first model of the list, route_reason the class of the last failure, attempt its
                  index
  inferred        core.join_traces: within one file, in its order, a success takes the failures of
                  its trace that started at most 120 s before it. The same model: retry; another:
                  fallback, with route_from = the model of the first failure, route_reason = the
                  class of the last, request_model = that of the first. An explicit fallback
                  learns these three too and stays explicit; an explicit 0 fallbacks is never made
                  one, but may become a retry
  mismatch        asked and served differ after normalisation, and the one asked is no alias;
                  route_from is the one asked, there is no route_reason
  warnings        sorted; time_approximate: a proxy's own `timestamp` stands for the request's
  identity        identical lines without an id are different requests; with one they are
                  duplicates; the same id with another time, counts or status is another request:
                  both count, and within a day it is told as an id conflict

litellm.slp       id, then litellm_call_id. time startTime; latency endTime - startTime, exact;
                  first_token only when `stream` is true. request_model model_group;
                  response_model `model`, verbatim (both LiteLLM forms have it and agree;
                  `response.model` is not read), also for failures: the deployment that failed.
                  Counts per field from metadata.usage_object, response.usage, the top level.
                  Fallback counter from
                  hidden_params.additional_headers["x-litellm-attempted-fallbacks"], else
                  hidden_params.attempted_fallbacks; attempted-retries >= 1 is an explicit retry.
                  session_id only when given. reported_markup cost_breakdown.margin_total_amount,
                  reported_discount discount_amount. key the alias, else the first 12 digits of
                  the 64-digit hash. team alias, else id. user user_api_key_user_id. tags
                  request_tags. service_tier response.service_tier, cost_breakdown.service_tier,
                  usage's
litellm.spend     the same call. trace_id is session_id. latency request_duration_ms, else end -
                  start. request_model and route_from metadata.original_model_group; another one
                  than model_group, or attempted_fallbacks >= 1, is an explicit fallback; team and
                  key aliases from metadata; no stream, first token or finish. A time without a
                  zone is UTC (zone_assumed). The same id and start as in slp is one call
openrouter.chat   time `created`; response_model the slug with its suffix, which is `variant`.
                  operation by object; a chunk has `stream`. strategy fallback is explicit;
                  `attempt` is attempt - 1; one attempt is primary, explicit; with more the list
                  decides. routed for strategies auto, free, latest, alias, pareto, bodybuilder,
                  fusion. reported_upstream_cost whenever it is not null
openrouter.generation  the `data` envelope. native_tokens_*, never tokens_*; request_model is
                  `router`, which is routed; latency generation_time, else latency; user
                  external_user; provider_responses is the attempt list, by model_permaslug;
                  cache_discount, app_id and workspace_id are not read
portkey.export    id; cost is cents; counts from response.usage (OpenAI's or Anthropic's by
                  shape), else req_units and res_units with cache_split_unknown. request_model
                  request.model (an object or a JSON string); response_model ai_model. operation
                  by the end of request_url. mode is not read. key virtual_key; user
                  metadata._user, team metadata.team, environment metadata.env. status by
                  is_success, else the HTTP status
openai.chat       time `created`, else a proxy's `timestamp`. gateway and provider openai. A chunk
                  without usage is skipped; the one with usage is the event, stream true
openai.responses  time created_at; completed_at is too coarse for a latency. `incomplete` is ok
                  with its reason as the finish reason; failed is error, by error.code
anthropic.message time `timestamp`, added by a proxy. Errors (type error) are events with id
                  request_id. modifiers inference_geo (unless not_available) and speed.
                  web_searches
tokenmix.capture  gateway tokenmix when the host of base_url is tokenmix.ai or under it, else the
                  host itself, without user and port. provider absent. id response.id. latency
                  latency_ms; below 0 it is dropped (negative_duration). operation by
                  response.object or type; absent for errors. counts OpenAI's or Anthropic's by
                  shape. user request.user
"""

import argparse
import json
import re
from dataclasses import replace
from pathlib import Path

import families
import files
import litellm
import openrouter
import portkey
import raw
from core import DAY, HOUR, MONTH, SECOND, Line, Rng, dumps, parse_time

ROOT = Path(__file__).resolve().parents[2]

# Makers of one logical request for soak logs: (flavours, lines of a flavour).
KINDS = {
    "litellm.slp": (litellm.FLAVOURS, lambda rng, at, flavour: litellm.slp_lines(
        rng, litellm.request(rng, at, flavour))),
    "litellm.spend": (litellm.FLAVOURS, lambda rng, at, flavour: litellm.spend_lines(
        rng, litellm.request(rng, at, flavour))),
    "openrouter.chat": (openrouter.CHAT_FLAVOURS, lambda rng, at, flavour: [
        openrouter.chat_request(rng, at, flavour)]),
    "openrouter.generation": (openrouter.GENERATION_FLAVOURS, lambda rng, at, flavour: [
        openrouter.generation_request(rng, at, flavour)]),
    "portkey.export": (portkey.FLAVOURS, portkey.request),
    "openai.chat": (raw.CHAT, raw.openai_chat),
    "openai.responses": (raw.RESPONSES, raw.openai_response),
    "anthropic.message": (raw.MESSAGES, raw.anthropic),
    "tokenmix.capture": (raw.CAPTURE, raw.capture),
}


# Lines that must be refused.

def rewrite(line, change):
    """The line with `change` applied to every object in it, JSON in strings included."""

    def walk(value):
        if isinstance(value, dict):
            value = {key: walk(entry) for key, entry in value.items()}
            change(value)
            return value
        if isinstance(value, list):
            return [walk(entry) for entry in value]
        if isinstance(value, str) and value.startswith("{") and "prompt_tokens" in value:
            try:
                return json.dumps(walk(json.loads(value)))
            except ValueError:
                return value
        return value

    return dumps(walk(json.loads(line.text)))


def more_cache_than_prompt(usage):
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    prompt = usage.get("prompt_tokens", usage.get("input_tokens"))
    if prompt is not None and isinstance(details, dict) and "cached_tokens" in details:
        details["cached_tokens"] = int(prompt) + 500
    if "native_tokens_cached" in usage:
        usage["native_tokens_cached"] = usage["native_tokens_prompt"] + 7
    if "cache_read_input_tokens" in usage and "cache_creation" in usage:
        usage["output_tokens_details"] = {"thinking_tokens": usage["output_tokens"] + 1}


def below_zero(usage):
    for name in ("prompt_tokens", "native_tokens_prompt", "input_tokens"):
        if name in usage:
            usage[name] = -5


def refused(rng, name, line):
    """A few refused lines made from a good one, with the reason of each.

    A line without a time is an event all the same: only a ledger refuses it.
    """
    yield line.text[:len(line.text) * rng.between(30, 80) // 100], "malformed"
    yield f"WARN proxy restarted CANARY-LOG-{rng.hex(6)}", "malformed"
    yield '{"level":"info","msg":"health check ok","uptime_s":86400}', "unknown_format"
    text = rewrite(line, more_cache_than_prompt)
    if json.loads(text) != json.loads(line.text):
        yield text, "contradiction"
    yield rewrite(line, below_zero), "invalid_number"
    if name not in ("litellm.spend", "openrouter.generation"):
        counted = r'("(?:completion|output)_tokens": ?\d+)'
        if re.search(counted, line.text):
            yield re.sub(counted, r"\1,\1", line.text, count=1), "duplicate_key"
    untimed = {"anthropic.message": "timestamp", "openai.chat": "created"}.get(name)
    if untimed and untimed in line.text:
        record = json.loads(line.text)
        if record.pop(untimed, None) is not None and "timestamp" not in record:
            yield dumps(record), "no_time", without_time(line.event)
    if name == "litellm.slp":
        yield re.sub(r'"startTime": ?[0-9.]+', '"startTime": "soon"', line.text), "invalid_time"


def without_time(fields):
    fields = {key: value for key, value in fields.items() if key != "time"}
    warnings = [code for code in fields.pop("warnings", []) if code != "time_approximate"]
    return fields | ({"warnings": warnings} if warnings else {})


def usual(name, line):
    """Usable as the mould of refused lines: its own dialect, with the usual usage block."""
    fields = line.event
    if fields is None or fields["dialect"] != name or fields["status"] != "ok":
        return False
    counted = "cache_read_tokens" in fields and fields.get("output_tokens", 0) > 0
    odd = set(fields.get("warnings", ())) - {"time_approximate", "zone_assumed"}
    if not counted or odd or fields["operation"] not in ("chat", "messages", "responses"):
        return False
    if name == "litellm.slp":
        return '"usage_object"' in line.text
    if name in ("portkey.export", "tokenmix.capture"):
        return re.search(r'"prompt_tokens_details":.*"cached_tokens"', line.text) is not None
    if name == "anthropic.message":
        return '"cache_creation"' in line.text and "output_tokens_details" not in line.text
    return '"object":"chat.completion.chunk"' not in line.text


# Files.

def assemble(rng, name, lines, refusals, copies, blanks):
    """The lines in the order in which they were written, with what goes wrong between them.

    `refusals` is how many moulds to take; each gives a few refused lines.
    """
    lines = sorted(lines, key=lambda line: line.end)
    moulds = [line for line in lines if usual(name, line)]
    extra = []
    for _ in range(refusals if moulds else 0):
        mould = rng.pick(moulds)
        for text, reason, *event in refused(rng, name, mould):
            extra.append((rng.below(len(lines)), Line(text, 0, *event, rejected=reason)))
    for _ in range(blanks):
        extra.append((rng.below(len(lines)), Line(rng.pick(["", "", "   "]), 0, skipped=True)))
    extra += files.copies(rng, lines, copies)
    return files.joined(files.placed(lines, extra))


def write(logs, out, truth):
    seen, ids, month = set(), set(), {}
    for name in sorted(logs):
        lines = logs[name]
        files.write(name, lines, out, truth)
        for key, value in files.account(lines, seen, ids).items():
            if isinstance(value, dict):
                for reason, count in value.items():
                    month.setdefault(key, {})
                    month[key][reason] = month[key].get(reason, 0) + count
            else:
                month[key] = month.get(key, 0) + value
    month["rejections"] = dict(sorted(month.pop("rejections", {}).items()))
    files.save(truth / "month.accounting.json", month)


def october():
    """The month of the company."""
    rng = Rng(20261001)
    groups = litellm.calls_of_month(rng.fork("litellm"), MONTH)
    shapes = rng.fork("shapes")
    # The database that the spend rows come from was attached on the 12th: it has what the payload
    # log has of some days, and the nights of a job that logs nowhere else.
    shared = [calls for index, calls in enumerate(groups)
              if 11 <= (calls[0].start - MONTH) // DAY <= 16 and index % 3 == 0]
    nights = rng.fork("nights")
    own = [litellm.request(nights, MONTH + day * DAY + nights.between(1 * HOUR, 4 * HOUR),
                           nights.weighted([(f, w) for f, w in litellm.FLAVOURS if f != "tier"]))
           for day in range(11, 31) for _ in range(3)]
    logs = {
        "litellm.slp": [line for calls in groups for line in litellm.slp_lines(shapes, calls)],
        "litellm.spend": [line for calls in shared + own
                          for line in litellm.spend_lines(shapes, calls)],
        "openrouter.chat": openrouter.chat_month(rng.fork("chat"), MONTH),
        "openrouter.generation": openrouter.generation_month(rng.fork("generation"), MONTH),
        "portkey.export": portkey.month(rng.fork("portkey"), MONTH),
        "openai.chat": raw.month(rng.fork("openai"), MONTH, raw.CHAT, raw.openai_chat, (4, 4)),
        "openai.responses": raw.month(rng.fork("responses"), MONTH, raw.RESPONSES,
                                      raw.openai_response, (4, 4)),
        "anthropic.message": raw.month(rng.fork("anthropic"), MONTH, raw.MESSAGES, raw.anthropic,
                                       (4, 4)),
        "tokenmix.capture": raw.month(rng.fork("tokenmix"), MONTH, raw.CAPTURE, raw.capture, (4, 4),
                                      ("fallback",)),
    }
    chat = logs["openai.chat"]
    chat.append(reused_id(rng, chat))
    balance = next(line for line in logs["tokenmix.capture"]
                   if line.event.get("error_class") == "budget")
    logs["tokenmix.capture"].append(replace(balance, event=dict(balance.event)))
    return {name: assemble(rng.fork("faults " + name), name, lines, 1, 4, 2)
            for name, lines in logs.items()}


def reused_id(rng, lines):
    """Another request of the same day under an id that was there before."""
    first = next(line for line in lines if usual("openai.chat", line))
    midnight = parse_time(first.event["time"]) // DAY * DAY
    made = raw.openai_chat(rng.fork("reused"), midnight + 20 * HOUR, "plain")[0]
    record = json.loads(made.text) | {"id": first.event["id"]}
    return replace(made, text=dumps(record), event=made.event | {"id": first.event["id"]})


def soak(seed, count):
    """Logs of every dialect that nobody has seen, about `count` lines each."""
    logs = {}
    for name, (flavours, make) in KINDS.items():
        rng = Rng(seed).fork(name)
        lines, at = [], MONTH
        while len(lines) < count * 94 // 100:
            at += rng.between(SECOND // 10, 31 * DAY * 2 // max(count, 1))
            lines += make(rng, at, rng.weighted(flavours))
        logs[name] = assemble(rng, name, lines, max(1, count // 250), count // 50, count // 100)
    return logs


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=ROOT / "sample-logs")
    parser.add_argument("--truth", type=Path, default=Path(__file__).parent / "expected")
    options = parser.parse_args()
    logs = october() if options.seed is None else soak(options.seed, options.lines)
    write(logs, options.out, options.truth)
    families.write(options.seed, options.lines, options.out, options.truth)


if __name__ == "__main__":
    main()
