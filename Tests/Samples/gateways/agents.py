"""Files that coding agents keep on the developer's machine: Codex and Claude Code.

codex        a token count is one call; its id is a hash of the session's root and of all counts of
             the session up to it. What `last_token_usage` says counts, without it the difference of
             the totals; a row with the totals of the one before is skipped. request_model is the
             turn's model, which may change; what served is not told. provider model_provider, else
             openai. total_tokens is never read. session_id as session_meta named it last
codex.exec   a turn is an event without an id; session_id is the thread. turn.failed is an error
             without a class of its own
claude_code  id message.id, else requestId, else uuid; of the lines of one id the one with the most
             tokens counts. project is cwd, tags say subagent. provider by the id's prefix (Bedrock,
             Vertex), else anthropic for its own models. Lines without usage are skipped, and those
             of the model <synthetic>
"""

from core import (MASK, Line, Raw, Usage, answer, decimal_text, dumps, event,
                  list_cost, prompt, rfc3339, secret, stamp)


def iso(us):
    """Milliseconds, as JavaScript prints a time."""
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us // 1000 % 1000:03d}Z"


# Codex session files.

CODEX = [("plain", 6), ("totals", 2), ("marker", 2), ("switch", 2), ("written", 1), ("azure", 1)]
# What one session names, later ones of the same file would take over: such sessions keep apart.
FORKS = [("fork", 3), ("replay", 2)]
TIERS = [("tier", 1)]
OLD = [("bare", 3), ("old totals", 1)]
MODELS = ["gpt-5-codex", "gpt-5.2-codex", "gpt-5-mini"]
COUNTS = ("input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens",
          "reasoning_output_tokens")


def sip128(key, data):
    """SipHash-2-4 with 128 bits of output, as two words."""
    v = [key[0] ^ 0x736F6D6570736575, key[1] ^ 0x646F72616E646F6D ^ 0xEE,
         key[0] ^ 0x6C7967656E657261, key[1] ^ 0x7465646279746573]

    def left(value, bits):
        return (value << bits | value >> (64 - bits)) & MASK

    def rounds(count):
        for _ in range(count):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = left(v[1], 13) ^ v[0]
            v[0] = left(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = left(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = left(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = left(v[1], 17) ^ v[2]
            v[2] = left(v[2], 32)

    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xFF])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xEE
    rounds(4)
    low = v[0] ^ v[1] ^ v[2] ^ v[3]
    v[1] ^= 0xDD
    rounds(4)
    return low, v[0] ^ v[1] ^ v[2] ^ v[3]


class Chain:
    """The hash of all counts of a file up to a line: what its ids are made of."""

    KEY = (0x636861696E656420, 0x7573616765206964)
    # Where the counts stand among the seventeen that there are.
    PLACES = {"input_tokens": 0, "output_tokens": 1, "cached_input_tokens": 4,
              "cache_write_input_tokens": 5, "reasoning_output_tokens": 11}

    def __init__(self):
        self.state = (0, 0)

    @classmethod
    def words(cls, counts):
        words = []
        for name, place in sorted(cls.PLACES.items(), key=lambda item: item[1]):
            if name in counts:
                words += [place, counts[name]]
        return words + [MASK]

    def advance(self, last, total):
        """The sixteen digits of the id of a line with these counts."""
        words = [*self.state, *self.words(last or {}), *self.words(total)]
        self.state = sip128(self.KEY, b"".join(word.to_bytes(8, "little") for word in words))
        return f"{self.state[0]:016x}"


def chain(rng):
    """A line's id depends on all lines of its file before it, and a file has one generator."""
    if not hasattr(rng, "chain"):
        rng.chain = Chain()
    return rng.chain


class Session:
    """One session of Codex, line by line."""

    def __init__(self, rng, at, **known):
        self.rng, self.at, self.lines = rng, at, []
        self.total = {}
        self.known = {"project": f"/srv/dev-{rng.between(1, 9)}/harbor-{rng.hex(4)}"} | known

    def line(self, kind, payload, made=None):
        text = dumps({"timestamp": iso(self.at), "type": kind, "payload": payload})
        self.lines.append(
            Line(text, self.at, event=made) if made else Line(text, self.at, skipped=True))
        self.at += self.rng.between(200, 9_000) * 1000

    def meta(self, session, parent=None, provider="openai"):
        payload = {"id": session, "timestamp": iso(self.at), "cwd": self.known["project"],
                   "originator": "codex_cli_rs", "cli_version": "0.58.0", "git": {
                       "branch": "main", "repository_url": "git@git.example:CANARY/repo.git"}}
        if provider:
            payload["model_provider"] = provider
        if parent or self.rng.chance(30):
            payload["forked_from_id"] = parent
        self.known |= {"session_id": session, "provider": provider or "openai"}
        self.root = parent or session
        # A session begins anew, in whatever file it stands.
        self.rng.chain = Chain()
        self.line("session_meta", payload)

    def turn(self, model):
        self.known["request_model"] = model
        self.line("turn_context", {"cwd": self.known["project"], "approval_policy": "on-request",
                                   "model": model, "effort": "medium", "summary": "auto"})

    def talk(self):
        self.line("response_item", {"type": "message", "role": "user", "content": [
            {"type": "input_text", "text": prompt(self.rng)}]})
        if self.rng.chance(50):
            self.line("event_msg", {"type": "agent_message", "message": answer(self.rng)})

    def limits(self):
        return {"primary": {"used_percent": 12.5, "window_minutes": 300, "resets_in_seconds": 901}}

    def tokens(self, usage):
        counts = {"input_tokens": usage.input, "cached_input_tokens": usage.read,
                  "cache_write_input_tokens": usage.write, "output_tokens": usage.output,
                  "reasoning_output_tokens": usage.reasoning}
        return {name: count for name, count in counts.items() if count is not None}

    def usage(self, written=False):
        size = self.rng.between(2_000, 90_000)
        usage = Usage(size, self.rng.between(30, 1_500), read=size // 128 * self.rng.pick([0, 96]),
                      write=size // 128 if written else None)
        usage.reasoning = usage.output // 64 * self.rng.pick([0, 16, 48])
        return usage

    def count(self, written=False, last=True, named=None, beside=False):
        """A row of counts; `beside`: its total counts reasoning once more."""
        usage = self.usage(written)
        own = self.tokens(usage)
        for name, count in own.items():
            self.total[name] = self.total.get(name, 0) + count
        extra = usage.reasoning if beside else 0
        info = {"total_token_usage": self.total | {
                    "total_tokens": self.total["input_tokens"] + self.total["output_tokens"]},
                "last_token_usage": own | {"total_tokens": usage.total() + extra},
                "model_context_window": 272_000}
        if not last:
            del info["last_token_usage"]
        if named:
            info["model"] = named
            self.known["request_model"] = named
        digits = chain(self.rng).advance(own if last else None, self.total)
        self.info = info
        self.line("event_msg", {"type": "token_count", "info": info, "rate_limits": self.limits()},
                  event(usage, id=f"{self.root}-{digits}", time=rfc3339(self.at // 1000 * 1000),
                        gateway="codex", dialect="codex", operation="responses", status="ok",
                        **self.known))

    def marker(self):
        """After a compaction: unchanged totals, and the size of the context as the total."""
        size = self.rng.between(9_000, 18_000)
        self.line("compacted", {"message": f"CANARY-SUMMARY-{self.rng.hex(6)}"})
        last = {name: 0 for name in self.info["last_token_usage"]} | {"total_tokens": size}
        self.line("event_msg", {"type": "token_count", "info": self.info | {
            "last_token_usage": last}, "rate_limits": None})

    def rates(self):
        self.line("event_msg", {"type": "token_count", "info": None, "rate_limits": self.limits()})


def codex(rng, start, flavour):
    start -= start % 1000
    session = Session(rng, start)
    model = rng.pick(MODELS)
    if flavour in ("bare", "old totals"):
        session.meta(rng.uuid(), provider=None)
    elif flavour in ("fork", "replay"):
        child, parent = rng.uuid(), rng.uuid()
        session.meta(child, parent)
        if flavour == "replay":
            # The parent's own first line is copied too, and the child names itself once more.
            session.meta(parent)
            session.turn(model)
            session.count()
            session.meta(child, parent)
    else:
        session.meta(rng.uuid(), provider="azure" if flavour == "azure" else "openai")
    session.turn(model)
    session.talk()
    if flavour == "tier":
        session.known["service_tier"] = "priority"
        session.line("event_msg", {"type": "thread_settings_applied", "thread_settings": {
            "model": model, "service_tier": "priority"}})
    session.count(written=flavour == "written", beside=flavour == "plain")
    if flavour == "plain":
        session.rates()
        # The same row is written once more when only the rate limits have changed.
        session.line("event_msg", {"type": "token_count", "info": session.info, "rate_limits":
                                   session.limits()})
    if flavour.endswith("totals"):
        session.count(last=False)
        session.count(last=False)
    if flavour == "marker":
        session.marker()
        session.count()
    if flavour == "switch":
        session.turn("gpt-5.2-codex-mini")
        session.count()
        session.count(named="gpt-5.3-codex")
    if flavour == "fork":
        session.count()
    if flavour == "tier":
        session.line("event_msg", {"type": "thread_settings_applied", "thread_settings": {
            "model": model, "service_tier": "default"}})
        session.known["service_tier"] = "default"
        session.count()
    return session.lines


# What `codex exec --json` prints.

EXEC = [("plain", 4), ("reasoning", 2), ("failed", 1), ("stamped", 1)]


def codex_exec(rng, start, flavour):
    start -= start % 1000
    thread = rng.uuid()
    size = rng.between(4_000, 60_000)
    usage = Usage(size, rng.between(40, 2_000), read=size // 128 * rng.pick([0, 100]))
    if flavour == "reasoning":
        usage.reasoning = usage.output // 64 * 32
    stamped = {"timestamp": iso(start)} if flavour == "stamped" else {}
    fields = dict(session_id=thread, gateway="codex", dialect="codex.exec", operation="responses")
    if stamped:
        fields |= dict(time=rfc3339(start), warnings=["time_approximate"])
    item = {"id": "item_0", "type": "agent_message", "text": answer(rng)}
    run = {"id": "item_1", "type": "command_execution", "command": f"ls CANARY-{rng.hex(6)}",
           "aggregated_output": "", "exit_code": 0, "status": "completed"}
    lines = [Line(dumps(record | stamped), start, skipped=True) for record in (
        {"type": "thread.started", "thread_id": thread}, {"type": "turn.started"},
        {"type": "item.started", "item": run | {"exit_code": None, "status": "in_progress"}},
        {"type": "item.completed", "item": item})]
    if flavour == "failed":
        failed = {"type": "turn.failed", "error": {"message":
                  f"unexpected status 500 CANARY-ERROR-{rng.hex(6)} for {secret(rng)}"}}
        return lines[:3] + [Line(dumps(failed | stamped), start, event(
            status="error", error_class="other", **fields))]
    counts = {"input_tokens": usage.input, "cached_input_tokens": usage.read,
              "output_tokens": usage.output}
    if usage.reasoning is not None:
        counts["reasoning_output_tokens"] = usage.reasoning
    return lines + [Line(dumps({"type": "turn.completed", "usage": counts} | stamped), start, event(
        usage, status="ok", **fields))]


# Claude Code session files.

CLAUDE = [("plain", 8), ("blocks", 5), ("same", 2), ("notes", 3), ("synthetic", 2),
          ("sidechain", 2), ("wrapper", 2), ("old", 2), ("fast", 1), ("geo", 1), ("bedrock", 1),
          ("vertex", 1), ("relay", 1), ("nameless", 1), ("requested", 1), ("search", 1),
          ("refusal", 1), ("advisor", 1), ("compaction", 1), ("fallback", 1), ("flat", 1),
          ("headless", 1)]
CLAUDES = ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"]


def ant_counts(usage, fresh, split=True):
    """The counts of Anthropic's usage block."""
    block = {"input_tokens": fresh,
             "cache_creation_input_tokens": (usage.write5m or 0) + (usage.write1h or 0),
             "cache_read_input_tokens": usage.read, "output_tokens": usage.output}
    if split:
        block["cache_creation"] = {"ephemeral_5m_input_tokens": usage.write5m,
                                   "ephemeral_1h_input_tokens": usage.write1h}
    return block


def cached(rng, split=True):
    """Usage as an agent has it: nearly everything is read from the cache or written to it."""
    fresh = rng.between(1, 12)
    usage = Usage(None, rng.between(60, 3_000), read=rng.between(9_000, 90_000),
                  write5m=rng.pick([0, rng.between(200, 6_000)]))
    if split:
        usage.write1h = rng.pick([0, 0, rng.between(200, 6_000)])
    usage.input = fresh + usage.read + usage.write5m + (usage.write1h or 0)
    return usage, fresh


class Transcript:
    """What all lines of one session of Claude Code have in common."""

    def __init__(self, rng, at):
        self.rng, self.session, self.parent = rng, rng.uuid(), None
        self.cwd = f"/srv/dev-{rng.between(1, 9)}/harbor-{rng.hex(4)}"
        self.version = f"2.1.{rng.between(10, 90)}"
        self.at = at - at % 1000

    def line(self, kind, own, **extra):
        """A record, with the keys that stand around those of its kind."""
        uuid = self.rng.uuid()
        record = {"parentUuid": self.parent, "isSidechain": False, "userType": "external",
                  "cwd": self.cwd, "sessionId": self.session, "version": self.version,
                  "gitBranch": "main"} | own | {"type": kind, "uuid": uuid,
                                                "timestamp": iso(self.at)} | extra
        self.parent = uuid
        return record

    def skipped(self, record):
        return Line(dumps(record), self.at, skipped=True)

    def event(self, usage, **fields):
        return event(usage, session_id=self.session, time=rfc3339(self.at), gateway="claude_code",
                     dialect="claude_code", operation="messages", stream=True, project=self.cwd,
                     **{"status": "ok", "provider": "anthropic"} | fields)

    def message(self, model, block, stop=None, content=None, prefix="msg_01"):
        return {"model": model, "id": f"{prefix}{self.rng.letters(22)}", "type": "message",
                "role": "assistant", "content": [content or {"type": "text",
                                                             "text": answer(self.rng)}],
                "stop_reason": stop, "stop_sequence": None, "usage": block}


def claude_code(rng, start, flavour):
    log = Transcript(rng, start)
    makers = {"blocks": claude_blocks, "same": claude_blocks, "notes": claude_notes,
              "synthetic": claude_synthetic, "wrapper": claude_wrapper, "flat": claude_flat,
              "headless": claude_headless, "advisor": claude_iterations,
              "compaction": claude_iterations, "fallback": claude_iterations}
    return makers.get(flavour, claude_line)(log, flavour)


def claude_line(log, flavour):
    rng = log.rng
    model = rng.pick(CLAUDES)
    split = flavour != "old"
    usage, fresh = cached(rng, split)
    block = ant_counts(usage, fresh, split)
    fields = dict(response_model=model)
    extra = {"requestId": f"req_011{rng.letters(21)}"}
    prefix = "msg_01"
    if flavour == "old":
        cost = list_cost("claude-opus-4-8", usage)
        extra["costUSD"] = Raw(repr(float(cost)))
        fields["reported_cost"] = decimal_text(repr(float(cost)))
        log.version = "1.0.3"
    else:
        block |= {"service_tier": "standard", "server_tool_use": {
            "web_search_requests": 0, "web_fetch_requests": 0}, "inference_geo": "",
            "iterations": []}
        fields["service_tier"] = "default"
    if flavour == "fast":
        block["speed"] = "fast"
        fields["modifiers"] = {"speed": "fast"}
    if flavour == "geo":
        block["inference_geo"] = "us"
        fields["modifiers"] = {"inference_geo": "us"}
    if flavour == "search":
        block["server_tool_use"]["web_search_requests"] = 2
        fields["web_searches"] = "2"
    if flavour in ("bedrock", "vertex"):
        prefix = {"bedrock": "msg_bdrk_", "vertex": "msg_vrtx_"}[flavour]
        fields["provider"] = flavour
    if flavour == "relay":
        # Another vendor behind Anthropic's API.
        model = "deepseek-v4-flash"
        fields |= dict(response_model=model, provider=None)
    if flavour == "sidechain":
        extra["isSidechain"] = True
        fields["tags"] = ["subagent"]
    stop = rng.pick([None, "end_turn", "tool_use"])
    if flavour == "refusal":
        stop = "refusal"
        fields |= dict(status="blocked", error_class="content_policy")
    message = log.message(model, block, stop, prefix=prefix)
    if flavour in ("nameless", "requested"):
        del message["id"]
    if flavour == "nameless":
        del extra["requestId"]
    record = log.line("assistant", {"message": message}, **extra)
    name = message.get("id") or record.get("requestId") or record["uuid"]
    return [Line(dumps(record), log.at, log.event(usage, id=name, finish_reason=stop, **fields))]


def claude_blocks(log, flavour):
    """A message is written again for each block; `same`: with the same counts each time."""
    rng = log.rng
    model = rng.pick(CLAUDES)
    usage, fresh = cached(rng)
    final = usage.output
    shape = log.message(model, None)
    request = f"req_011{rng.letters(21)}"
    lines = []
    steps = [final] * 3 if flavour == "same" else sorted({1, final // 3 + 2, final})
    best = 0 if flavour == "same" else len(steps) - 1
    for index, count in enumerate(steps):
        usage.output = count
        content = [{"type": "thinking", "thinking": prompt(rng), "signature": rng.hex(16)},
                   {"type": "text", "text": answer(rng)},
                   {"type": "tool_use", "id": f"toolu_{rng.letters(8)}", "name": "Bash",
                    "input": {"command": f"ls CANARY-{rng.hex(6)}"}}][index]
        stop = "tool_use" if index == len(steps) - 1 and flavour != "same" else None
        block = ant_counts(usage, fresh) | {"service_tier": "standard"}
        record = log.line("assistant", {"message": shape | {
            "content": [content], "stop_reason": stop, "usage": block}, "requestId": request})
        lines.append(Line(dumps(record), log.at, log.event(
            usage, id=shape["id"], response_model=model, service_tier="default",
            finish_reason=stop), twin=index != best))
        log.at += rng.between(100, 900) * 1000
    return lines


def claude_notes(log, _):
    """Lines that are no calls."""
    rng = log.rng
    user = log.line("user", {"message": {"role": "user", "content": prompt(rng)}})
    result = log.line("user", {"message": {"role": "user", "content": [
        {"tool_use_id": "toolu_1", "type": "tool_result", "content": answer(rng)}]},
        "toolUseResult": {"totalTokens": 91_000, "usage": {"input_tokens": 9, "output_tokens": 8}}})
    system = log.line("system", {"subtype": "turn_duration", "durationMs": 8_120})
    others = [{"type": "summary", "summary": f"CANARY-SUMMARY-{rng.hex(6)}",
               "leafUuid": rng.uuid()},
              {"type": "file-history-snapshot", "messageId": rng.uuid(), "snapshot": {
                  "trackedFileBackups": {}}, "isSnapshotUpdate": False},
              {"type": "queue-operation", "operation": "enqueue", "timestamp": iso(log.at),
               "sessionId": log.session, "content": prompt(rng)},
              {"type": "last-prompt", "lastPrompt": prompt(rng), "sessionId": log.session}]
    return [log.skipped(record) for record in (user, result, system, *others)]


def claude_synthetic(log, _):
    """The program's own words where a call failed."""
    zero = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0, "server_tool_use": {"web_search_requests": 0},
            "service_tier": None}
    message = log.message("<synthetic>", zero, "stop_sequence", {
        "type": "text", "text": f"API Error: 529 CANARY-ERROR-{log.rng.hex(6)}"}, prefix="e-")
    return [log.skipped(log.line("assistant", {"message": message}, isApiErrorMessage=True,
                                 error="server_error"))]


def claude_wrapper(log, _):
    """A sub-agent's message inside a line of progress; the time is that of the message."""
    rng = log.rng
    model = CLAUDES[2]
    usage, fresh = cached(rng)
    message = log.message(model, ant_counts(usage, fresh) | {"service_tier": "standard"})
    inner = {"type": "assistant", "timestamp": iso(log.at), "uuid": rng.uuid(),
             "requestId": f"req_011{rng.letters(21)}", "message": message}
    made = log.event(usage, id=message["id"], response_model=model, service_tier="default",
                     tags=["subagent"])
    asked = {"type": "user", "timestamp": iso(log.at), "uuid": rng.uuid(), "message": {
        "role": "user", "content": prompt(rng)}}
    log.at += 40_000
    lines = [log.skipped(log.line("progress", {"data": {
        "type": "agent_progress", "agentId": rng.hex(7), "message": asked}}))]
    record = log.line("progress", {"data": {"type": "agent_progress", "prompt": prompt(rng),
                                            "agentId": rng.hex(7), "message": inner}})
    return lines + [Line(dumps(record), log.at, made)]


def claude_flat(log, _):
    """Copies that some tools keep have the counts beside the message."""
    rng = log.rng
    usage, fresh = cached(rng, split=False)
    record = {"type": "assistant", "uuid": rng.uuid(), "timestamp": iso(log.at), "message": {
        "content": answer(rng), "model": "claude-sonnet-4-6"}, "costUSD": Raw("0.0512"),
        "cacheCreationInputTokens": usage.write5m, "cacheReadInputTokens": usage.read,
        "inputTokens": fresh, "outputTokens": usage.output}
    made = log.event(usage, id=record["uuid"], response_model="claude-sonnet-4-6",
                     reported_cost="0.0512")
    del made["session_id"], made["project"]
    return [Line(dumps(record), log.at, made)]


def claude_headless(log, _):
    """`claude -p --output-format stream-json`: no times, and sums at the end that count twice."""
    rng = log.rng
    model = CLAUDES[1]
    usage, fresh = cached(rng)
    message = log.message(model, ant_counts(usage, fresh) | {"service_tier": "standard"})
    own = {"session_id": log.session, "uuid": rng.uuid()}
    record = {"type": "assistant", "message": message, "parent_tool_use_id": None} | own
    made = log.event(usage, id=message["id"], response_model=model, service_tier="default")
    del made["time"], made["project"]
    first = {"type": "system", "subtype": "init", "cwd": log.cwd, "model": model,
             "apiKeySource": "none", "tools": []} | own
    last = {"type": "result", "subtype": "success", "is_error": False, "duration_ms": 4_120,
            "num_turns": 1, "result": answer(rng), "total_cost_usd": 0.0421,
            "usage": ant_counts(usage, fresh)} | own
    return [log.skipped(first), Line(dumps(record), log.at, made), log.skipped(last)]


def claude_iterations(log, flavour):
    """Calls that the usage of the message lists one by one; each is billed by itself."""
    rng = log.rng
    model, other = "claude-sonnet-4-6", "claude-opus-4-8"
    kinds = {"advisor": [("message", None), ("advisor_message", other), ("message", None)],
             "compaction": [("compaction", None), ("message", None)],
             "fallback": [("message", model), ("fallback_message", other)]}[flavour]
    # The entry that served has the id of the message.
    main = next(index for index, (kind, _) in enumerate(kinds)
                if kind == ("fallback_message" if flavour == "fallback" else "message"))
    others = 0
    events, entries = [], []
    whole = Usage(0, 0, read=0, write5m=0, write1h=0)
    served = other if flavour == "fallback" else model
    message = log.message(served, None, "end_turn")
    for index, (kind, named) in enumerate(kinds):
        usage, fresh = cached(rng)
        declined = flavour == "fallback" and index == 0
        if declined:
            usage.output = 0
        entry = ant_counts(usage, fresh) | {"type": kind}
        if named:
            entry["model"] = named
        entries.append(entry)
        if kind == ("fallback_message" if flavour == "fallback" else "message"):
            for name in ("input", "output", "read", "write5m", "write1h"):
                setattr(whole, name, getattr(whole, name) + getattr(usage, name))
        others += index != main
        route = {}
        if declined:
            route = dict(status="blocked", error_class="content_policy")
        elif kind == "fallback_message":
            route = dict(route="fallback", route_evidence="explicit", route_from=model)
        events.append(log.event(
            usage, id=message["id"] + (f"#{others}" if index != main else ""),
            response_model=named or served, service_tier="default", finish_reason="end_turn",
            **route))
    fresh = whole.input - whole.read - whole.write5m - whole.write1h
    message["usage"] = ant_counts(whole, fresh) | {"service_tier": "standard",
                                                   "iterations": entries}
    record = log.line("assistant", {"message": message}, requestId=f"req_011{rng.letters(21)}")
    return [Line(dumps(record), log.at, events[0], more=events[1:])]


KINDS = {"codex": (CODEX, codex), "codex+fork": (FORKS, codex), "codex+tier": (TIERS, codex),
         "codex+old": (OLD, codex), "codex.exec": (EXEC, codex_exec),
         "claude_code": (CLAUDE, claude_code)}
STATEFUL = {"codex", "codex+fork", "codex+tier", "codex+old", "codex.exec"}
