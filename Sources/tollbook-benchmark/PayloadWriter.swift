import LogDamage

/// Writes LiteLLM's standard logging payloads of a made-up organisation's October, in the order of
/// time. The same kind and number of lines give the same bytes.
struct PayloadWriter {
  private let kind: LogKind
  private let lines: Int
  private var random: RandomNumbers
  private var texts: TextPool
  private var line = 0
  /// The model and the trace of a line that failed: the next one falls back from it.
  private var failed: (model: Model, trace: String)?

  /// A model of the built-in price book.
  private struct Model {
    let provider: String
    let name: String
  }

  private static let models: [Model] = [
    ("openai", ["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini", "gpt-5-mini"]),
    ("anthropic", ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-6", "claude-opus-4-8"]),
    ("gemini", ["gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.5-pro"]),
    ("mistral", ["codestral-latest", "mistral-medium-latest", "mistral-small-latest"]),
    ("deepseek", ["deepseek-chat", "deepseek-reasoner"]), ("xai", ["grok-3", "grok-3-mini"]),
  ].flatMap { provider, names in names.map { Model(provider: provider, name: $0) } }

  private static let teamCount = 40
  private static let keysPerTeam = 5
  private static let modelsPerKey = 3
  /// 2026-10-01T00:00:00Z, in milliseconds since 1970, and a month of them.
  private static let start = 1_790_812_800_000
  private static let month = 31 * 86_400_000

  init(_ kind: LogKind, lines: Int) {
    self.kind = kind
    self.lines = lines
    random = RandomNumbers(seed: 2026)
    texts = TextPool(isMixed: kind == .fat)
  }

  /// One request, in numbers.
  private struct Request {
    var model: Model
    var team: Int
    var key: Int
    var trace: String
    var start: Int
    var latency: Int
    var prompt: Int
    var cached: Int
    var completion: Int
    var isFailure: Bool
    var isFallback: Bool
  }

  /// Appends the next line and its end.
  mutating func appendLine(to bytes: inout [UInt8]) {
    let request = nextRequest()
    bytes.append(contentsOf: head(request).utf8)
    if kind == .lean {
      bytes.append(contentsOf: leanTail(request).utf8)
    } else {
      bytes.append(contentsOf: details(request).utf8)
      appendTexts(request, to: &bytes)
      bytes.append(contentsOf: tail(request).utf8)
    }
    line += 1
  }

  private mutating func nextRequest() -> Request {
    let team = random.below(Self.teamCount)
    let key = random.below(Self.keysPerTeam)
    // A key asks for few models, as the program behind it does.
    let choice = (team * 7 + key * 3 + random.below(Self.modelsPerKey)) % Self.models.count
    let prompt = 20 + random.below(6000)
    let fallback = failed
    failed = nil
    var request = Request(
      model: Self.models[choice], team: team, key: key,
      trace: fallback?.trace ?? random.hexadecimal() + random.hexadecimal(),
      start: Self.start + Self.month / lines * line, latency: 300 + random.below(9000),
      prompt: prompt, cached: random.isOne(in: 3) ? random.below(prompt) : 0,
      completion: 1 + random.below(900), isFailure: fallback == nil && random.isOne(in: 50),
      isFallback: fallback != nil)
    if request.isFailure {
      request.completion = 0
      failed = (request.model, request.trace)
    }
    return request
  }

  /// What every payload begins with.
  private mutating func head(_ request: Request) -> String {
    let end = request.start + request.latency
    let first = request.start + request.latency / 3
    return """
      {"id":"chatcmpl-\(random.hexadecimal())","trace_id":"\(request.trace)",\
      "call_type":"acompletion","cache_hit":null,"stream":\(request.team % 2 == 0),\
      "status":"\(request.isFailure ? "failure" : "success")",\
      "custom_llm_provider":"\(request.model.provider)",\
      "startTime":\(Self.seconds(request.start)),"endTime":\(Self.seconds(end)),\
      "completionStartTime":\(Self.seconds(first)),\
      "model":"\(request.model.provider)/\(request.model.name)",\
      "model_group":"\(request.model.name)",\
      "response_cost":\(Self.cost(request)),\
      "prompt_tokens":\(request.prompt),"completion_tokens":\(request.completion),\
      "total_tokens":\(request.prompt + request.completion),\
      "request_tags":["team:\(request.team)","env:prod"],\
      "error_information":\(Self.error(request)),
      """
  }

  private func leanTail(_ request: Request) -> String {
    """
    "metadata":{\(Self.owner(request))},\
    "response":{"usage":{\(Self.usage(request))}},\
    "hidden_params":{"attempted_fallbacks":\(request.isFallback ? 1 : 0)}}

    """
  }

  /// What a payload with all fields tells besides.
  private mutating func details(_ request: Request) -> String {
    """
    "litellm_call_id":"\(random.hexadecimal())","session_id":"","end_user":"",\
    "api_base":"https://api.example.com/v1/chat/completions",\
    "metadata":{\(Self.owner(request)),"user_api_key_user_id":"service-\(request.team)",\
    "user_api_key_team_id":"team-\(request.team)","user_api_key_org_id":null,\
    "user_api_key_user_email":"service-\(request.team)@example.com",\
    "requester_ip_address":"192.0.2.\(request.key)","spend_logs_metadata":null,\
    "usage_object":{\(Self.usage(request)),"total_tokens":\(request.prompt + request.completion)}},\
    "cost_breakdown":{"total_cost":\(Self.cost(request)),"original_cost":\(Self.cost(request)),\
    "discount_percent":0.0,"discount_amount":0.0,"margin_percent":0.0,\
    "margin_fixed_amount":0.0,"margin_total_amount":0.0},\
    "model_parameters":{"stream":\(request.team % 2 == 0),"temperature":0.2,"max_tokens":4096},\
    "hidden_params":{"model_id":"\(random.hexadecimal())","cache_key":null,\
    "additional_headers":{"x-litellm-model-group":"\(request.model.name)",\
    "x-litellm-attempted-retries":0,\
    "x-litellm-attempted-fallbacks":\(request.isFallback ? 1 : 0)},\
    "litellm_overhead_time_ms":\(random.below(40)).5},
    """
  }

  private mutating func appendTexts(_ request: Request, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #""messages":[{"role":"system","content":"You are helpful."},"#.utf8)
    bytes.append(contentsOf: #"{"role":"user","content":""#.utf8)
    texts.append(kind.textBytes.prompt, to: &bytes, &random)
    bytes.append(contentsOf: #""}],"response":{"object":"chat.completion","choices":["#.utf8)
    bytes.append(contentsOf: #"{"index":0,"finish_reason":"stop","message":{"content":""#.utf8)
    texts.append(request.isFailure ? 0 : kind.textBytes.answer, to: &bytes, &random)
    bytes.append(contentsOf: #"","role":"assistant","tool_calls":null}}],"#.utf8)
  }

  private func tail(_ request: Request) -> String {
    """
    "id":"chatcmpl","created":\(request.start / 1000),"model":"\(request.model.name)",\
    "usage":{\(Self.usage(request))}},"model_map_information":null,"error_str":null}

    """
  }

  private static func owner(_ request: Request) -> String {
    let hash = String(repeating: "0123456789abcdef", count: 4)
    return """
      "user_api_key_hash":"\(hash)",\
      "user_api_key_alias":"team-\(request.team)-key-\(request.key)",\
      "user_api_key_team_alias":"Team \(request.team)"
      """
  }

  private static func usage(_ request: Request) -> String {
    """
    "prompt_tokens":\(request.prompt),"completion_tokens":\(request.completion),\
    "completion_tokens_details":{"reasoning_tokens":\(request.completion / 4)},\
    "prompt_tokens_details":{"cached_tokens":\(request.cached)}
    """
  }

  private static func error(_ request: Request) -> String {
    request.isFailure
      ? #"{"error_code":"429","error_class":"RateLimitError"}"#
      : #"{"error_code":"","error_class":""}"#
  }

  /// Some amount of dollars that grows with the tokens.
  private static func cost(_ request: Request) -> String {
    let digits = String(request.isFailure ? 0 : request.prompt * 3 + request.completion * 12)
    return "0." + String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
  }

  private static func seconds(_ milliseconds: Int) -> String {
    "\(milliseconds / 1000)." + String(String(1000 + milliseconds % 1000).dropFirst())
  }
}
