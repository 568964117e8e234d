"""Logs of logs: the record is the text of a line that a container, a shipper or a cloud wrote.

The event is the record's own; where it names no time, that of the outer line stands in
(time_approximate). Texts that are no JSON, and those that were cut, are refused (unknown_format):
such lines hold no record.

docker          Docker's json-file, Fluentd, Fluent Bit
message         CloudWatch (milliseconds), its Insights (no zone: UTC), Filebeat, Logstash, journald
                (microseconds as text), Loki
cloud_logging   jsonPayload, or JSON as text under it or under textPayload
"""

from core import SECOND, Line, dumps, prompt, rfc3339, stamp
from envelopes.records import (chunk, known, plain_text, put, quoted, together, torn, unknown,
                               untimed)

COMMON = [("known", 10), ("untimed", 6), ("several", 3), ("skipped", 2), ("unknown", 2),
          ("plain", 4), ("torn", 3), ("spaced", 2), ("nested", 3)]


def content(rng, at, told, flavour, naive=False):
    """The text of a record and its line, or what becomes of the text."""
    if flavour == "untimed":
        line = untimed(rng, at, told, naive)
        return quoted(rng, line.text), line
    if flavour == "several":
        lines = [known(rng, at), untimed(rng, at, told, naive)]
        text = "[" + ",".join(line.text for line in lines) + "]"
        return text, together(lines, text)
    if flavour == "spaced":
        line = known(rng, at)
        return " " + line.text + "\t", line
    if flavour == "nested":
        # Azure's batch in a container's log.
        lines = [untimed(rng, at, told, naive), known(rng, at)]
        batch = '{"records":[' + ",".join(line.text for line in lines) + "]}"
        return batch, together(lines, batch)
    if flavour == "skipped":
        line = chunk(rng, at)
        return line.text, line
    refused = {"unknown": lambda: unknown(rng), "plain": lambda: plain_text(rng),
               "torn": lambda: torn(rng, at)}
    if flavour in refused:
        return refused[flavour](), Line("", at, rejected="unknown_format")
    line = known(rng, at)
    return quoted(rng, line.text), line


# Containers.

DOCKER = COMMON + [("fluentd", 4), ("fluent_bit", 3), ("stamped", 2)]
POD = {"pod_name": "gateway-7d9f", "namespace_name": "prod", "container_name": "gateway",
       "labels": {"app": "gateway"}}


def docker(rng, at, flavour):
    inner = "untimed" if flavour in ("fluent_bit", "stamped") else flavour
    text, line = content(rng, at, at, inner)
    stream = rng.pick(["stdout", "stdout", "stderr"])
    if flavour == "fluentd":
        record = {"log": text, "stream": stream, "docker": {"container_id": rng.hex(64)},
                  "kubernetes": POD, "time": rfc3339(at)}
        # The container's own line end is gone.
        record = {key: record[key] for key in ("stream", "log", "docker", "kubernetes", "time")}
    elif flavour == "fluent_bit":
        record = {"@timestamp": rfc3339(at), "stream": stream, "log": text, "kubernetes": POD}
    elif flavour == "stamped":
        record = {"timestamp": rng.pick([at // 1000, rfc3339(at)]), "container_name": "/gateway",
                  "source": stream, "log": text}
        third = at // 1000 * 1000
        if record["timestamp"] == at // 1000:
            line.event["time"] = rfc3339(third)
    else:
        # Nine digits, as Docker has them.
        record = {"log": text + "\n", "stream": stream, "time": rfc3339(at)[:-1] + "123Z"}
        if rng.chance(20):
            record["attrs"] = {"tag": "gateway"}
    return [put(line, record)]


# Shippers.

MESSAGE = COMMON + [("cloudwatch", 6), ("insights", 3), ("filebeat", 4), ("logstash", 3),
                    ("decoded", 3), ("journald", 3), ("loki", 4), ("batch", 2)]


def message(rng, at, flavour):
    second, third = at // SECOND * SECOND, at // 1000 * 1000
    form = flavour if flavour not in dict(COMMON) else rng.pick(
        ["cloudwatch", "filebeat", "logstash", "journald", "loki"])
    inner = flavour if flavour in dict(COMMON) else rng.pick(["known", "untimed", "untimed"])
    told = {"cloudwatch": third, "insights": third, "loki": second}.get(form, at)
    if form == "batch":
        lines = [known(rng, at), untimed(rng, at, third)]
        events = [{"timestamp": at // 1000, "message": line.text, "ingestionTime": at // 1000 + 90}
                  for line in lines]
        return [together(lines, dumps({"events": events, "nextForwardToken": "f/1"}))]
    text, line = content(rng, at, told, inner, naive=form == "insights")
    if form == "cloudwatch":
        record = {"timestamp": at // 1000, "message": text, "ingestionTime": at // 1000 + 412}
        if rng.chance(30):
            record |= {"logStreamName": "gateway/1", "eventId": rng.hex(32)}
    elif form == "insights":
        clock = stamp(at, "%Y-%m-%d %H:%M:%S") + f".{at // 1000 % 1000:03d}"
        record = {"@timestamp": clock, "@message": text, "@logStream": "gateway/1",
                  "@ptr": rng.letters(40)}
    elif form == "filebeat":
        record = {"@timestamp": rfc3339(at), "@metadata": {"beat": "filebeat"}, "message": text,
                  "log": {"offset": rng.below(10**9), "file": {"path": "/var/log/gateway.log"}},
                  "host": {"name": "dock-4"}, "agent": {"type": "filebeat"}}
    elif form == "logstash":
        record = {"@version": "1", "@timestamp": rfc3339(at), "host": "dock-4", "message": text,
                  "tags": ["gateway"]}
    elif form == "decoded":
        # The shipper has read the text already.
        name = rng.pick(["message", "json"])
        front = {"@timestamp": rfc3339(at), "ecs": {"version": "8.0.0"}}
        plain = line.text
        return [put(line, dumps(front)[:-1] + f',"{name}":{plain}}}')]
    elif form == "journald":
        record = {"__CURSOR": f"s={rng.hex(32)};i=1", "__REALTIME_TIMESTAMP": str(at),
                  "_HOSTNAME": "dock-4", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "gateway",
                  "MESSAGE": text}
    else:
        record = {"labels": {"app": "gateway", "note": prompt(rng)}, "line": text,
                  "timestamp": rng.pick([stamp(at, "%Y-%m-%dT%H:%M:%SZ"), str(second * 1000)])}
    return [put(line, record)]


# Google Cloud.

CLOUD = COMMON + [("payload", 6), ("payload_untimed", 4), ("message", 4), ("received", 2)]


def cloud(rng, at, flavour):
    inner = {"payload_untimed": "untimed", "received": "untimed", "payload": "known",
             "message": rng.pick(["known", "untimed"])}.get(flavour, flavour)
    text, line = content(rng, at, at, inner)
    entry = {"insertId": rng.letters(16), "severity": "INFO",
             "logName": "projects/harborlane/logs/gateway",
             "resource": {"type": "cloud_run_revision", "labels": {"service_name": "gateway"}},
             "receiveTimestamp": rfc3339(at if flavour == "received" else at + 400_000)}
    if flavour != "received":
        entry["timestamp"] = rfc3339(at)
    front = dumps(entry)[:-1]
    if flavour == "message":
        return [put(line, front + ',"jsonPayload":' + dumps({"message": text}) + "}")]
    if flavour in ("payload", "payload_untimed", "received") or inner in (
            "known", "untimed", "unknown") and rng.chance(50):
        return [put(line, front + ',"jsonPayload":' + text.strip() + "}")]
    return [put(line, front + ',"textPayload":' + dumps(text) + "}")]


KINDS = {"envelope.docker": (DOCKER, docker), "envelope.message": (MESSAGE, message),
         "envelope.cloud_logging": (CLOUD, cloud)}
