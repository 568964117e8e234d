import Testing

/// The mistakes of other tools in counting, numbered as in their list: from a line of a log to its
/// charge. Rates are dollars per million tokens, so that costs can be added up by eye.
@Suite struct PricingMistakeTests {
  static let flat =
    #"prices: [{per: 1000000, rates: {input: "2", cache_read: "0.5", output: "8"}}]"#
  static let entries = """
      - {id: o, provider: openai, match: {exact: [gpt-9]}, \(flat)}
      - {id: g, provider: google, match: {exact: [gemini-9]}, \(flat)}
      - {id: x, provider: xai, match: {exact: [grok-9]}, \(flat)}
      - {id: a, provider: anthropic, match: {exact: [claude-9]}, \(flat)}
      - id: p
        provider: perplexity
        match: {exact: [sonar-9]}
        prices: [{per: 1000000, rates: {input: "2", output: "8", reasoning: "3"}}]
      - id: q
        provider: dashscope
        match: {exact: [qwen9]}
        prices: [{per: 1000000, rates: {input: "2", output: "8", reasoning: "24"}}]

    """

  /// 200 input at 2, 800 cached at 0.5 and 100 output at 8: 0.0016. Charged twice, the cached tokens
  /// would add 0.0016.
  static let cached: [(String, String)] = [
    (
      "Gemini",
      MistakenLog.gemini(
        #""promptTokenCount":1000,"cachedContentTokenCount":800,"candidatesTokenCount":100,"#
          + #""totalTokenCount":1100"#)
    ),
    (
      "OpenAI",
      MistakenLog.chat(
        #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"#
          + #""prompt_tokens_details":{"cached_tokens":800}"#)
    ),
    (
      "xAI, whose text tokens include the cached ones",
      MistakenLog.chat(
        #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"num_sources_used":0,"#
          + #""prompt_tokens_details":{"text_tokens":1000,"cached_tokens":800}"#, model: "grok-9")
    ),
  ]

  @Test(arguments: cached)
  func `mistake 1: cache hits are charged at the input and at the cache rate`(
    gateway: String, log: String
  ) throws {
    let priced = try PricedLog(log, entries: Self.entries)
    #expect(priced.onlyCost == "0.0016")
    #expect(priced.lines[0].quantities == "input 200, cache_read 800, output 100")
  }

  /// Anthropic's input is the part that is not cached; a record whose total says otherwise wins.
  static let conventions: [(String, String)] = [
    (
      "Anthropic",
      MistakenLog.message(
        #""input_tokens":200,"cache_creation_input_tokens":0,"cache_read_input_tokens":800,"#
          + #""output_tokens":100"#)
    ),
    (
      "a row of Langfuse whose input is whole",
      #"{"id":"o","trace_id":"t","start_time":"2026-10-05T12:00:00Z","provided_model_name":"gpt-9","#
        + #""usage_details":{"input":1000,"input_cached_tokens":800,"output":100,"total":1100}}"#
    ),
    (
      "a row of Langfuse whose input is the rest",
      #"{"id":"o","trace_id":"t","start_time":"2026-10-05T12:00:00Z","provided_model_name":"gpt-9","#
        + #""usage_details":{"input":200,"input_cached_tokens":800,"output":100,"total":1100}}"#
    ),
  ]

  @Test(arguments: conventions)
  func `mistake 2: input that excludes the cache is taken for input that includes it`(
    gateway: String, log: String
  ) throws {
    #expect(try PricedLog(log, entries: Self.entries).onlyCost == "0.0016")
  }

  private static func span(_ attributes: [(String, Int)]) -> String {
    let texts = [("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-9")].map {
      #"{"key":"\#($0.0)","value":{"stringValue":"\#($0.1)"}}"#
    }
    let numbers = attributes.map { #"{"key":"\#($0.0)","value":{"intValue":"\#($0.1)"}}"# }
    return
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"aa","spanId":"b1","name":"chat","#
      + #""startTimeUnixNano":"1788305052698594000","endTimeUnixNano":"1788305060546340000","#
      + #""attributes":[\#((texts + numbers).joined(separator: ","))]}]}]}]}"#
  }

  @Test func `mistake 3: the same tokens are counted under two names`() throws {
    let both = Self.span([
      ("gen_ai.usage.input_tokens", 1000), ("gen_ai.usage.prompt_tokens", 1000),
      ("gen_ai.usage.output_tokens", 100), ("gen_ai.usage.completion_tokens", 100),
    ])
    #expect(try PricedLog(both, entries: Self.entries).onlyCost == "0.0028")
    let included = Self.span([
      ("gen_ai.usage.input_tokens", 1000), ("gen_ai.usage.cache_read.input_tokens", 800),
      ("gen_ai.usage.output_tokens", 100),
    ])
    #expect(try PricedLog(included, entries: Self.entries).onlyCost == "0.0016")
  }

  @Test func `mistake 4: a kind of token without a rate is free`() throws {
    let log = MistakenLog.message(
      #""input_tokens":200,"cache_creation_input_tokens":300,"cache_read_input_tokens":0,"#
        + #""output_tokens":100"#)
    let line = try #require(try PricedLog(log, entries: Self.entries).lines.first)
    #expect(line.status == "partial")
    #expect(line.reason == "no_rate:cache_write_5m")
    #expect(line.list == "0.0012")
    #expect(!line.quantities.contains("cache_write"))
  }

  /// 1000 input at 2 and 100 output at 8, of which 80 were reasoning.
  static let reasoning: [(String, String)] = [
    (
      "OpenAI chat",
      MistakenLog.chat(
        #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"#
          + #""completion_tokens_details":{"reasoning_tokens":80}"#)
    ),
    (
      "OpenAI responses",
      #"{"id":"resp_1","object":"response","created_at":1791000000,"status":"completed","#
        + #""model":"gpt-9","usage":{"input_tokens":1000,"output_tokens":100,"#
        + #""output_tokens_details":{"reasoning_tokens":80},"total_tokens":1100}}"#
    ),
  ]

  @Test(arguments: reasoning)
  func `mistake 5: reasoning is billed beside the output that holds it`(
    gateway: String, log: String
  ) throws {
    let priced = try PricedLog(log, entries: Self.entries)
    #expect(priced.onlyCost == "0.0028")
    #expect(priced.lines[0].quantities == "input 1000, output 20, reasoning 80")
  }

  @Test func `mistake 6: Gemini's thoughts are taken for a part of the answer`() throws {
    let log = MistakenLog.gemini(
      #""promptTokenCount":1000,"candidatesTokenCount":100,"thoughtsTokenCount":80,"#
        + #""totalTokenCount":1180"#)
    let priced = try PricedLog(log, entries: Self.entries)
    #expect(priced.onlyCost == "0.00344")
    #expect(priced.lines[0].event["output_tokens"] as? Int == 180)
  }

  @Test func `mistake 7: the rate that is published for reasoning is ignored`() throws {
    // Beside the output, and cheaper: 1000 at 2, 100 at 8, 80 at 3.
    let sonar = MistakenLog.chat(
      #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"citation_tokens":5,"#
        + #""reasoning_tokens":80"#, model: "sonar-9")
    #expect(try PricedLog(sonar, entries: Self.entries).onlyCost == "0.00304")
    // Inside it, and dearer: 1000 at 2, 20 at 8, 80 at 24.
    let qwen = MistakenLog.chat(
      #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"#
        + #""completion_tokens_details":{"reasoning_tokens":80}"#, model: "qwen9")
    #expect(try PricedLog(qwen, entries: Self.entries).onlyCost == "0.00408")
  }

  @Test func `mistake 26: what OpenRouter's upstream costs is added though it is no own key`()
    throws
  {
    let usage = #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"#
    let details = #","cost_details":{"upstream_inference_cost":0.0028}"#
    for (isOwn, cost) in [("true", "0.00014"), ("false", "0.0028")] {
      let log = MistakenLog.chat(
        usage + #""cost":\#(cost),"is_byok":\#(isOwn)"# + details, model: "openai/gpt-9",
        id: "gen-1", more: #","provider":"OpenAI""#)
      let line = try #require(try PricedLog(log, entries: Self.entries).lines.first)
      // The list cost is one, whoever pays it, and both figures of the log stand apart.
      #expect(line.list == "0.0028")
      #expect(line.event["reported_cost"] as? String == cost)
      #expect(line.event["reported_upstream_cost"] as? String == "0.0028")
      #expect(line.event["byok"] as? Bool == (isOwn == "true"))
    }
    let terms = "gateway: openrouter\nnot_billed: [byok]\n"
    let own = MistakenLog.chat(
      usage + #""cost":0.00014,"is_byok":true"# + details, model: "openai/gpt-9", id: "gen-1",
      more: #","provider":"OpenAI""#)
    #expect(try PricedLog(own, entries: Self.entries, terms: terms).lines.first?.billed == "0")
  }

  private static func snapshot(_ output: Int, at second: Int, request: String) -> String {
    #"{"sessionId":"s","version":"2.1.59","type":"assistant","uuid":"u\#(second)","#
      + #""timestamp":"2026-09-01T00:31:\#(second)Z"\#(request),"message":{"model":"claude-9","#
      + #""id":"msg_d","type":"message","role":"assistant","usage":{"input_tokens":100,"#
      + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":\#(output)}}}"#
      + "\n"
  }

  @Test func `mistake 27: snapshots of a stream are added up, or the first is kept`() throws {
    let request = #","requestId":"req_1""#
    // One message, a line for each of its parts; the last has no request id.
    let log =
      Self.snapshot(1, at: 10, request: request) + Self.snapshot(50, at: 20, request: request)
      + Self.snapshot(50, at: 30, request: "")
    let priced = try PricedLog(log, entries: Self.entries)
    #expect(priced.onlyCost == "0.0006")
    #expect(priced.duplicates == 2)
  }

  static let hits: [(String, String)] = [
    (
      "LiteLLM",
      #"{"id":"l","trace_id":"t","call_type":"acompletion","status":"success","cache_hit":true,"#
        + #""custom_llm_provider":"openai","startTime":1791000000.5,"endTime":1791000001.5,"#
        + #""model":"gpt-9","metadata":{"user_api_key_hash":"a"},"#
        + #""response":{"usage":{"prompt_tokens":1000,"completion_tokens":100}}}"#
    ),
    (
      "Cloudflare",
      #"{"id":"c","cached":true,"cost":0,"created_at":"2026-10-05T12:00:00Z","duration":4,"#
        + #""model":"gpt-9","path":"chat/completions","provider":"openai","status_code":200,"#
        + #""success":true,"step":0,"tokens_in":1000,"tokens_out":100}"#
    ),
  ]

  @Test(arguments: hits)
  func `mistake 28: answers of the gateway's own cache are billed`(gateway: String, log: String)
    throws
  {
    let line = try #require(try PricedLog(log, entries: Self.entries).lines.first)
    #expect(line.status == "not_billed")
    #expect(line.reason == "gateway_cache_hit")
    #expect(line.list == "0")
    let miss = log.replacing("true,\"c", with: "false,\"c")
    #expect(try PricedLog(miss, entries: Self.entries).onlyCost == "0.0028")
  }

  @Test func `mistake 29: usage that contradicts itself is clamped`() throws {
    let log = MistakenLog.chat(
      #""prompt_tokens":100,"completion_tokens":100,"total_tokens":200,"#
        + #""prompt_tokens_details":{"cached_tokens":800}"#)
    let priced = try PricedLog(log, entries: Self.entries)
    #expect(priced.lines.isEmpty)
    #expect(priced.rejected == ["contradiction": 1])
  }

  @Test func `mistake 30: a price is guessed from a name or from usual multipliers`() throws {
    let usage = #""input_tokens":1000,"output_tokens":100"#
    for model in ["llama-9-70b", "gpt-9-70b", "gpt-9-mini", "my-gpt-9"] {
      let event = MistakenLog.event(usage, provider: "together", model: model)
      let line = try #require(try PricedLog(events: event, entries: Self.entries).lines.first)
      #expect(line.reason == "no_price", "\(model)")
      #expect(line.list.isEmpty)
    }
    // Neither a tenth of the input rate for reading, nor 1.25 of it for writing.
    let bare = """
        - id: o
          provider: openai
          match: {exact: [gpt-9]}
          prices: [{per: 1000000, rates: {input: "2", output: "8"}}]
      """
    for bucket in ["cache_read", "cache_write_5m", "cache_write_1h", "input_audio"] {
      let event = MistakenLog.event(usage + ",\"\(bucket)_tokens\":400")
      let line = try #require(try PricedLog(events: event, entries: bare).lines.first)
      #expect(line.status == "partial")
      #expect(line.reason == "no_rate:\(bucket)")
      #expect(line.list == "0.002")
    }
  }
}
