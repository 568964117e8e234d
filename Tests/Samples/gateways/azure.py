"""Azure: what API Management and the OpenAI service itself log.

azure.gateway   id and trace_id are the correlationId; a 429 and the answer to the client's next try
                share it. request_model is the deployment in the client's URL, else the request's
                model. Where a body is cut, streamed or not logged, the tokens are unknown.
                gateway_cache_hit is true for `hit` only. No route by another name of the model: a
                deployment may have any name. location is the gateway's and not read
azure.rr        time requestTime in ticks, else `time`. No tokens, ever. user objectId, region
                location. A call of no model (threads, files) is skipped
azure.llm       rows without a deployment carry on a long message and are skipped. The cached part
                of the prompt is not told: cache_split_unknown. region Region, as written
"""

from core import (SECOND, Line, Usage, answer, chat_choice, class_of, dumps, event, oai_usage,
                  prompt, rfc3339, secret, stamp)

DATED = {"gpt-5-mini": "gpt-5-mini-2025-08-07", "gpt-5": "gpt-5-2025-08-07",
         "gpt-4o-mini": "gpt-4o-mini-2024-07-18"}
RESOURCE = ("/SUBSCRIPTIONS/9A1B77C0-0000-4000-8000-00000000D0C4/RESOURCEGROUPS/HARBORLANE-AI"
            "/PROVIDERS/")
TICKS = 621_355_968_000_000_000


def seven_digits(rng, us):
    """The time as Azure writes it: the seventh digit is cut by the reader."""
    return f"{stamp(us, '%Y-%m-%dT%H:%M:%S')}.{us % SECOND:06d}{rng.below(10)}Z"


# API Management's gateway log.

GATEWAY = [("plain", 30), ("cached", 10), ("served", 4), ("responses", 5), ("claude", 4),
           ("embedding", 6), ("filtered", 3), ("stopped", 2), ("limited", 3), ("retry", 4),
           ("server", 3), ("truncated", 4), ("streamed", 4), ("hidden", 4), ("hit", 3),
           ("negative", 2), ("cancelled", 2), ("router", 3), ("other_route", 5)]
FAILED = {"filtered": 400, "limited": 429, "server": 500, "cancelled": 499}


def gateway(rng, at, flavour):
    if flavour == "other_route":
        return [other_route(rng, at)]
    if flavour == "retry":
        # The deployment is named like its model, so that the names can be compared.
        correlation, later = rng.uuid(), at + rng.between(2, 90) * SECOND
        return [call(rng, at, "limited", correlation, "gpt-5-mini"),
                call(rng, later, "plain", correlation, "gpt-5-mini")]
    return [call(rng, at, flavour, rng.uuid(), rng.pick(["harbor-chat", "gpt-5-mini"]))]


def call(rng, at, flavour, correlation, deployment):
    model = rng.pick(["gpt-5-mini", "gpt-4o-mini"]) if deployment == "harbor-chat" else deployment
    operation, path = "chat", f"/openai/deployments/{deployment}/chat/completions"
    name = "ChatCompletions_Create"
    if flavour == "router":
        deployment, model = "model-router", "gpt-5-nano-2025-08-07"
        path = "/openai/deployments/model-router/chat/completions"
    elif flavour == "embedding":
        deployment, model = "embed", "text-embedding-3-small"
        operation, path = "embeddings", "/openai/deployments/embed/embeddings"
        name = "Embeddings_Create"
    elif flavour == "responses":
        deployment, model, operation, name = "gpt-5", "gpt-5", "responses", "createResponse"
        path = "/openai/v1/responses"
    elif flavour == "claude":
        deployment = model = "claude-haiku-4-5"
        operation, path, name = "messages", "/anthropic/v1/messages", "post-v1-messages"
    served = DATED.get(model, model)
    status = FAILED.get(flavour, 200)
    asked = {"model": deployment, "messages": [{"role": "user", "content": prompt(rng)}]}
    if flavour == "streamed":
        asked["stream"] = True
    elif rng.chance(20):
        asked["stream"] = False
    told = body(rng, at, flavour, served)
    usage, answered, finish, tier = told if status == 200 else (None, None, None, None)
    text = dumps(answered) + "\n" if answered else failure(rng, flavour, status)
    if flavour in ("truncated", "streamed", "hidden"):
        usage = served = finish = tier = None
    if flavour == "truncated":
        text = text[:len(text) * 2 // 3]
    if flavour == "streamed":
        text = ('data: {"id":"chatcmpl-x","object":"chat.completion.chunk","choices":[{"delta":'
                '{"content":"CANARY-ANSWER"}}]}\n\ndata: [DONE]\n\n')
    if status != 200:
        served = None
    took = rng.between(150, 9_000)
    written = -took if flavour == "negative" else took
    sizes = rng.between(300, 3_000), rng.between(400, 9_000)
    host = rng.pick(["harborlane-weu.openai.azure.com", "harborlane-swc.openai.azure.com"])
    properties = {
        "method": "POST",
        "url": f"https://harborlane.azure-api.net{path}?api-version=2025-04-01-preview",
        "responseCode": status, "requestSize": sizes[0], "responseSize": sizes[1],
        "cache": "hit" if flavour == "hit" else "none", "apiId": "azure-openai-service-api",
        "operationId": name, "apiRevision": "1",
        "apimSubscriptionId": rng.pick(["support-desk", "search"])}
    if flavour != "hit":
        properties |= {"backendMethod": "POST", "backendResponseCode": status,
                       "backendUrl": f"https://{host}{path}?api-version=2025-04-01-preview",
                       "backendTime": max(took - rng.below(9), 0)}
    if flavour != "hidden":
        properties["requestBody"] = dumps(asked)
        if flavour not in ("hit", "served") and text:
            properties["backendResponseBody"] = text
        if flavour in ("hit", "served") or text and rng.chance(15):
            properties["responseBody"] = text
    record = {
        "DeploymentVersion": "0.47.19020.0", "Level": 4, "Sku": "StandardV2",
        "isRequestSuccess": status == 200, "time": seven_digits(rng, at),
        "operationName": "Microsoft.ApiManagement/GatewayLogs", "category": "GatewayLogs",
        "durationMs": written, "callerIpAddress": "203.0.113.7", "correlationId": correlation,
        "location": "West Europe", "properties": properties,
        "resourceId": RESOURCE + "MICROSOFT.APIMANAGEMENT/SERVICE/HARBORLANE",
        "resultType": "Succeeded" if status == 200 else "Failed", "truncated": 0}
    kind = "blocked" if flavour == "stopped" else "ok" if status == 200 else \
        "cancelled" if status == 499 else "error"
    return Line(dumps(record), at + took * 1000, event(
        usage, id=correlation, trace_id=correlation, time=rfc3339(at), gateway="azure",
        dialect="azure.gateway", provider="azure",
        request_model=deployment, response_model=served, operation=operation, status=kind,
        error_class=error_class(flavour, status, kind), http_status=status,
        routed=True if flavour == "router" else None, gateway_cache_hit=flavour == "hit",
        service_tier=tier, stream=None if flavour == "hidden" else asked.get("stream"),
        finish_reason=finish, request_bytes=sizes[0], response_bytes=sizes[1],
        latency_ms=None if flavour == "negative" else str(took),
        key=properties["apimSubscriptionId"],
        warnings=["negative_duration"] if flavour == "negative" else None))


def error_class(flavour, status, kind):
    if flavour in ("filtered", "stopped"):
        return "content_policy"
    return class_of(status) if kind == "error" else None


def body(rng, at, flavour, served):
    """Usage, body, finish reason and tier of an answer."""
    size = rng.between(60, 6_000)
    usage = Usage(size, rng.between(10, 900))
    if flavour == "claude":
        usage.read, usage.write5m = rng.pick([0, size // 2]), rng.pick([0, size // 4])
        return usage, {
            "id": f"msg_{rng.letters(20)}", "type": "message", "role": "assistant",
            "model": served, "content": [{"type": "text", "text": answer(rng)}],
            "stop_reason": "end_turn", "usage": {
                "input_tokens": size - usage.read - usage.write5m,
                "cache_read_input_tokens": usage.read,
                "cache_creation_input_tokens": usage.write5m,
                "output_tokens": usage.output}}, "end_turn", None
    if flavour == "embedding":
        usage.output = None
        return usage, {"object": "list", "data": [{"object": "embedding", "index": 0}],
                       "model": served, "usage": {"prompt_tokens": size, "total_tokens": size}
                       }, None, None
    if flavour == "responses":
        usage.read, usage.reasoning = size // 256 * 128, usage.output // 64 * 16
        return usage, {
            "id": f"resp_{rng.hex(24)}", "object": "response", "created_at": at // SECOND,
            "status": "completed", "model": served, "output": [], "service_tier": "default",
            "usage": {"input_tokens": size,
                      "input_tokens_details": {"cached_tokens": usage.read},
                      "output_tokens": usage.output,
                      "output_tokens_details": {"reasoning_tokens": usage.reasoning},
                      "total_tokens": usage.total()}}, None, "default"
    if flavour == "cached":
        usage.read, usage.reasoning = size // 128 * 64, usage.output // 64 * 16
        usage.audio_in = usage.audio_out = 0
    finish = "content_filter" if flavour == "stopped" else "stop"
    told = {"choices": [chat_choice(rng, finish, refusal=None)], "created": at // SECOND,
            "id": f"chatcmpl-{rng.letters(24)}", "model": served, "object": "chat.completion",
            "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {
                "hate": {"filtered": False, "severity": "safe"}}}],
            "usage": oai_usage(usage, details=flavour == "cached")}
    return usage, told, finish, None


def failure(rng, flavour, status):
    """The body of an error; none where the caller or the backend hung up."""
    if flavour == "filtered":
        return dumps({"error": {
            "message": f"The prompt was filtered. CANARY-ERROR-{rng.hex(6)}", "type": None,
            "param": "prompt", "code": "content_filter", "status": 400,
            "innererror": {"code": "ResponsibleAIPolicyViolation"}}})
    if flavour == "limited":
        return dumps({"error": {"code": rng.pick(["429", "RateLimitReached"]), "message":
                                f"Retry after 12 seconds. {secret(rng)}"}})
    return None


def other_route(rng, at):
    """A route of the gateway that has nothing to do with models."""
    method, operation = rng.pick([("GET", "get-berth"), ("POST", "book-berth")])
    return Line(dumps({
        "isRequestSuccess": True, "time": seven_digits(rng, at), "category": "GatewayLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLogs", "durationMs": rng.between(5, 90),
        "correlationId": rng.uuid(), "properties": {
            "method": method, "url": "https://harborlane.azure-api.net/berths/11?day=tomorrow",
            "responseCode": 200, "requestSize": 410, "responseSize": 702, "cache": "none",
            "apiId": "berths", "operationId": operation,
            "responseBody": '{"berth": 11, "free": true}'}}), at, skipped=True)


# The service's own log of requests.

SERVICE = [("plain", 20), ("text", 10), ("streamed", 6), ("embedding", 5), ("image", 3),
           ("negative", 3), ("limited", 4), ("server", 2), ("bare_time", 3), ("thread", 4),
           ("unnamed", 3)]


def service(rng, at, flavour):
    took = rng.between(90, 8_000)
    status = {"limited": 429, "unnamed": 401, "server": rng.pick([500, 503])}.get(flavour, 200)
    operation, name, deployment, model = {
        "embedding": ("embeddings", "Embeddings_Create", "embed", "text-embedding-3-small"),
        "image": ("image", "ImageGenerations_Create", "dall-e-3", "dall-e-3"),
    }.get(flavour, ("chat", "ChatCompletions_Create", "harbor-chat", "gpt-4o-mini"))
    if flavour == "thread":
        name = rng.pick(["Create_Thread", "Files_Upload"])
    if flavour in ("thread", "unnamed"):
        deployment = model = None
    sizes = rng.between(2, 4_000), rng.between(100, 9_000)
    user = rng.pick(["", rng.uuid()])
    properties = {"apiName": "Azure OpenAI API version 2025-04-01-preview",
                  "requestTime": TICKS + at * 10 + rng.below(10), "requestLength": sizes[0],
                  "responseTime": TICKS + (at + took * 1000) * 10, "responseLength": sizes[1],
                  "objectId": user}
    if flavour == "bare_time":
        del properties["requestTime"], properties["responseTime"]
    streamed = flavour == "streamed"
    if model:
        properties |= {"streamType": "Streaming" if streamed else "Non-Streaming",
                       "modelDeploymentName": deployment, "modelName": model,
                       "modelVersion": "2024-07-18"}
    # The line is written a while after the answer.
    logged = at + took * 1000 + rng.between(1, 4) * SECOND
    record = {
        "time": seven_digits(rng, logged), "Tenant": "westeurope", "callerIpAddress": "203.0.113.*",
        "category": "RequestResponse", "correlationId": rng.uuid(),
        "durationMs": -took if flavour == "negative" else took, "event": "ShoeboxCallResult",
        "location": "westeurope", "operationName": name,
        "properties": dumps(properties) if flavour in ("text", "thread") else properties,
        "resourceId": RESOURCE + "MICROSOFT.COGNITIVESERVICES/ACCOUNTS/HARBORLANE-WEU",
        "resultSignature": str(status)}
    if flavour == "thread":
        return [Line(dumps(record), logged, skipped=True)]
    return [Line(dumps(record), logged, event(
        id=record["correlationId"], time=rfc3339(logged if flavour == "bare_time" else at),
        gateway="azure", dialect="azure.rr", provider="azure", region="westeurope",
        request_model=deployment, response_model=model, operation=operation,
        status="ok" if status == 200 else "error",
        error_class=None if status == 200 else class_of(status), http_status=status,
        stream=streamed if model else None, request_bytes=sizes[0], response_bytes=sizes[1],
        latency_ms=None if flavour == "negative" else str(took), user=user or None,
        warnings=["negative_duration"] if flavour == "negative" else None))]


# The table of language model calls.

MODELS = [("plain", 20), ("streamed", 8), ("long", 8), ("embedding", 5), ("texts", 4),
          ("responses", 3)]


def row(rng, at, flavour):
    operation, name, deployment, model = {
        "embedding": ("embeddings", "Embeddings_Create", "embed", "text-embedding-3-small"),
        "responses": ("responses", "createResponse", "gpt-5", "gpt-5"),
    }.get(flavour, ("chat", "ChatCompletions_Create", "harbor-chat", "gpt-4o-mini"))
    usage = Usage(rng.between(20, 9_000), 0 if flavour == "embedding" else rng.between(5, 1_200))
    streamed = flavour == "streamed"
    number = str if flavour == "texts" else int
    record = {
        "TenantId": "9a1b77c0-0000-4000-8000-00000000d0c5", "TimeGenerated": seven_digits(rng, at),
        "OperationName": name, "CorrelationId": rng.uuid(), "Region": "West Europe",
        "ModelName": model, "DeploymentName": deployment, "ApiVersion": "2025-04-01-preview",
        "PromptTokens": number(usage.input), "CompletionTokens": number(usage.output),
        "TotalTokens": number(usage.total()),
        "IsStreamCompletion": str(streamed) if flavour == "texts" else streamed,
        "SequenceNumber": 0, "RequestId": rng.uuid(),
        "RequestMessages": dumps([{"role": "user", "content": prompt(rng)}]),
        "ResponseMessages": "", "Type": "ApiManagementGatewayLlmLog"}
    lines = [Line(dumps(record), at, event(
        usage, id=record["CorrelationId"], time=rfc3339(at), gateway="azure",
        dialect="azure.llm", provider="azure", region="West Europe", request_model=deployment,
        response_model=model, operation=operation, status="ok", stream=streamed,
        warnings=["cache_split_unknown"]))]
    if flavour == "long":
        # The rest of the messages; these rows count nothing, or the same again.
        for sequence in range(1, rng.between(2, 3)):
            rest = record | {
                "SequenceNumber": sequence, "DeploymentName": "", "ModelName": "",
                "ResponseMessages": dumps([{"role": "assistant", "content": answer(rng)}])}
            if rng.chance(60):
                rest |= {"PromptTokens": 0, "CompletionTokens": 0, "TotalTokens": 0}
            if rng.chance(30):
                rest["DeploymentName"] = None
            lines.append(Line(dumps(rest), at + sequence, skipped=True))
    return lines


KINDS = {"azure.gateway": (GATEWAY, gateway), "azure.rr": (SERVICE, service),
         "azure.llm": (MODELS, row)}
