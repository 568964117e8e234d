import Billing
import Documents
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// The mistakes of other tools in rates, tiers, names, dates and rounding, numbered as in their list.
/// Rates are dollars per million tokens unless a test says otherwise.
@Suite struct RateMistakeTests {
  private static func usage(_ input: Int, _ output: Int = 0, more: String = "") -> String {
    #""input_tokens":\#(input),"output_tokens":\#(output)"# + more
  }

  /// The only charge of an event.
  private func charge(
    _ event: String, _ entries: String, terms: String? = nil
  ) throws -> PricedLog.Line {
    try #require(try PricedLog(events: event, entries: entries, terms: terms).lines.first)
  }

  private static func entry(
    _ price: String, provider: String = "openai", name: String = "gpt-9", match: String = ""
  ) -> String {
    """
      - id: \(provider)/\(name)
        provider: \(provider)
        match: {exact: [\(name)]\(match)}
        prices:
          - per: 1000000
            \(price.replacing("\n", with: "\n        "))

    """
  }

  private static let tiered = entry(
    """
    rates: {input: "2", cache_read: "0.5", output: "10"}
    context_tiers: [{op: ">", value: 200000, rates: {input: "4", cache_read: "1", output: "15"}}]
    """)

  @Test func `mistake 8: a context tier prices only what lies above it`() throws {
    let below = try charge(MistakenLog.event(Self.usage(200_000, 1000)), Self.tiered)
    #expect(below.list == "0.41")
    let above = try charge(MistakenLog.event(Self.usage(200_001, 1000)), Self.tiered)
    #expect(above.list == "0.815004")
    #expect(above.tier == ">200000")
    // The whole input decides, cached tokens too, and not its uncached part alone.
    let cached = MistakenLog.event(Self.usage(300_000, more: #","cache_read_tokens":299999"#))
    #expect(try charge(cached, Self.tiered).list == "0.300003")
    // Output does not.
    let long = try charge(MistakenLog.event(Self.usage(1000, 900_000)), Self.tiered)
    #expect(long.tier == "base")
  }

  @Test func `mistake 9: a context tier is not applied, or by the session instead of the call`()
    throws
  {
    let session = #","session_id":"s""#
    let events = [150_000, 150_000, 250_000].map {
      MistakenLog.event(Self.usage($0, more: session))
    }
    let lines = try PricedLog(events: events.joined(), entries: Self.tiered).lines
    #expect(lines.map(\.list) == ["0.3", "0.3", "1"])
    // A row that sums two requests is placed by their mean.
    let sum = MistakenLog.event(Self.usage(300_000, more: #","requests":2"#))
    #expect(try charge(sum, Self.tiered).list == "0.6")
  }

  @Test func `mistake 10: a tier that begins at its threshold is taken for one that begins above`()
    throws
  {
    let edges = [199_999, 200_000, 200_001]
    for (word, tiers) in [
      (">", ["base", "base", ">200000"]), (">=", ["base", ">=200000", ">=200000"]),
    ] {
      let book = Self.tiered.replacing("\">\"", with: "\"\(word)\"")
      let events = edges.map { MistakenLog.event(Self.usage($0)) }.joined()
      #expect(try PricedLog(events: events, entries: book).lines.map(\.tier) == tiers)
    }
  }

  private static let carded = entry(
    """
    rates: {input: "2", cache_read: "0.5", output: "10"}
    context_tiers: [{op: ">", value: 200000, rates: {input: "4", cache_read: "1", output: "15"}}]
    service_tiers:
      batch: {rates: {input: "1", cache_read: "0.13", output: "5"}}
      flex: {multiplier: "0.5"}
      priority:
        rates: {input: "3", cache_read: "0.75", output: "15"}
        context_tiers: [{op: ">", value: 200000, rates: {input: "6", output: "22"}}]
    """)

  private static func tier(_ name: String) -> String { #","service_tier":"\#(name)""# }

  @Test func `mistake 11: a service tier falls back to the rates of another for long input`() throws
  {
    // A card has tiers of its own; one that multiplies takes those of the base with it.
    for (name, input, list, tier) in [
      ("priority", 100_000, "0.3", "priority"), ("priority", 300_000, "1.8", "priority,>200000"),
      ("flex", 100_000, "0.1", "flex"), ("flex", 300_000, "0.6", "flex,>200000"),
    ] {
      let event = MistakenLog.event(Self.usage(input, more: Self.tier(name)))
      let line = try charge(event, Self.carded)
      #expect(line.list == list)
      #expect(line.tier == tier)
    }
    let unknown = MistakenLog.event(Self.usage(300_000, more: Self.tier("scale")))
    #expect(try charge(unknown, Self.carded).reason == "no_service_tier:scale")
  }

  private static func writing(_ rates: String) -> String {
    entry(
      "rates: {input: \"2\", \(rates), output: \"10\"}", provider: "anthropic", name: "claude-9")
  }

  @Test func `mistake 12: cache writes of an hour are charged like those of five minutes`() throws {
    let log = MistakenLog.message(
      #""input_tokens":0,"cache_creation_input_tokens":3000,"cache_read_input_tokens":0,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":2000},"#
        + #""output_tokens":0"#)
    let both = Self.writing(#"cache_write_5m: "2.5", cache_write_1h: "4""#)
    #expect(try PricedLog(log, entries: both).onlyCost == "0.0105")
    let short = Self.writing(#"cache_write_5m: "2.5""#)
    let line = try #require(try PricedLog(log, entries: short).lines.first)
    #expect(line.status == "partial")
    #expect(line.reason == "no_rate:cache_write_1h")
    #expect(line.list == "0.0025")
  }

  @Test func `mistake 13: a batch loses the discount of its cached tokens`() throws {
    let cached = Self.usage(1_000_000, more: #","cache_read_tokens":1000000"# + Self.tier("batch"))
    #expect(try charge(MistakenLog.event(cached), Self.carded).list == "0.13")
    // Without a cached rate of the batch: neither the batch's input rate nor the standard cached one.
    let silent = Self.carded.replacing(#"cache_read: "0.13", "#, with: "")
    #expect(try charge(MistakenLog.event(cached), silent).reason == "no_rate:cache_read")
    // Only a declared reading fills the gap, and the charge names it.
    let declared = silent.replacing(
      #"{input: "1", output: "5"}"#,
      with: #"{input: "1", output: "5"}, fallback: {cache_read: input}"#)
    let line = try charge(MistakenLog.event(cached), declared)
    #expect(line.list == "1")
    #expect(line.tier == "batch,>200000=batch,cache_read=input")
  }

  @Test func `mistake 14: a batch is taken for half of the standard price`() throws {
    let log =
      #"{"id":"b1","custom_id":"r","response":{"status_code":200,"body":{"id":"c1","object":"#
      + #""chat.completion","created":1791000000,"model":"gpt-9","usage":{"prompt_tokens":1000,"#
      + #""completion_tokens":0,"total_tokens":1000}}},"error":null}"#
    #expect(try PricedLog(log, entries: Self.carded).onlyCost == "0.001")
    let line = try #require(try PricedLog(log, entries: Self.tiered).lines.first)
    #expect(line.status == "unpriced")
    #expect(line.reason == "no_service_tier:batch")
    // A price that is a fifth below standard stays what it is.
    let fifth = Self.carded.replacing(#"{input: "1", "#, with: #"{input: "1.6", "#)
    #expect(try PricedLog(log, entries: fifth).onlyCost == "0.0016")
  }

  @Test func `mistake 15: the service tier that was asked is charged, not the one that served`()
    throws
  {
    let log =
      #"{"id":"l","trace_id":"t","call_type":"acompletion","status":"success","cache_hit":false,"#
      + #""custom_llm_provider":"openai","startTime":1791000000.5,"endTime":1791000001.5,"#
      + #""model":"gpt-9","metadata":{"user_api_key_hash":"a"},"response":{"service_tier":"default","#
      + #""usage":{"prompt_tokens":1000,"completion_tokens":0}},"#
      + #""model_parameters":{"service_tier":"flex"},"cost_breakdown":{"service_tier":"flex"}}"#
    #expect(try PricedLog(log, entries: Self.carded).onlyCost == "0.002")
    let served = log.replacing(#""default""#, with: #""flex""#)
    #expect(try PricedLog(served, entries: Self.carded).onlyCost == "0.001")
  }

  /// Codex writes the tier that was set, and its answers only echo `default`.
  @Test func `mistake 15, the other way round: Codex echoes a default that did not serve`() throws {
    let log = """
      {"timestamp":"2026-09-01T00:19:08Z","type":"session_meta","payload":{"id":"s1"}}
      {"timestamp":"2026-09-01T00:19:09Z","type":"turn_context","payload":{"model":"gpt-9"}}
      {"timestamp":"2026-09-01T00:19:10Z","type":"event_msg","payload":{"type":\
      "thread_settings_applied","thread_settings":{"service_tier":"priority"}}}
      {"timestamp":"2026-09-01T00:19:20Z","type":"event_msg","payload":{"type":"token_count","info":\
      {"total_token_usage":{"input_tokens":1000,"output_tokens":0},"last_token_usage":\
      {"input_tokens":1000,"output_tokens":0}}}}
      """
    #expect(try PricedLog(log, entries: Self.carded).onlyCost == "0.003")
  }

  @Test func `mistake 16: a flexible tier is charged at the full price`() throws {
    let log = MistakenLog.chat(
      #""prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100"#,
      more: Self.tier("flex"))
    #expect(try PricedLog(log, entries: Self.carded).onlyCost == "0.0015")
    let plain = try #require(try PricedLog(log, entries: Self.tiered).lines.first)
    #expect(plain.list.isEmpty)
  }

  /// What the name matches, empty for nothing.
  static let names: [(String, String)] = [
    ("gpt-9", "exact"), ("gpt-9-2026-01-31", "snapshot"), ("openai/gpt-9-2026-01-31", "snapshot"),
    ("gpt-9-2028-02-29", "snapshot"), ("gpt-9-2026-02-29", ""), ("gpt-9-2026-13-01", ""),
    ("gpt-9-2099-13-45", ""), ("gpt-9-0000-00-00", ""), ("gpt-9-20260131", ""),
    ("gpt-9.6-sol", ""), ("gpt-9-pro", ""), ("gpt-9-pro-2026-01-31", ""), ("gpt-90", ""),
    ("gpt-9-2026-01-31-mini", ""), ("gpt-9-20260131-2026-01-31", ""), ("xgpt-9", ""),
  ]

  @Test(arguments: names)
  func `mistake 17: a snapshot has no price, or another model has its price`(
    model: String, matched: String
  ) throws {
    let book = Self.entry(#"rates: {input: "2"}"#, match: #", snapshots: ["-YYYY-MM-DD"]"#)
    let line = try charge(MistakenLog.event(Self.usage(1000), model: model), book)
    #expect(line.matched == matched)
    #expect(line.list == (matched.isEmpty ? "" : "0.002"))
    #expect(line.reason == (matched.isEmpty ? "no_price" : ""))
  }

  private static func bedrock(_ model: String, _ region: String) -> String {
    #"{"schemaType":"ModelInvocationLog","timestamp":"2026-10-05T12:00:00Z","requestId":"b","#
      + #""operation":"Converse","modelId":"\#(model)","region":"\#(region)","#
      + #""input":{"inputTokenCount":1000},"output":{"outputTokenCount":0}}"#
  }

  @Test func `mistake 18: a region is charged at the price of another`() throws {
    let book =
      Self.entry(#"rates: {input: "2"}"#, provider: "bedrock", name: "us.anthropic.claude-9-v1:0")
      + Self.entry(#"rates: {input: "3"}"#, provider: "bedrock", name: "anthropic.claude-9-v1:0")
      + Self.entry(
        #"rates: {input: "3.5"}"#, provider: "bedrock", name: "eu-west-2/anthropic.claude-9-v1:0")
    for (model, region, list) in [
      ("us.anthropic.claude-9-v1:0", "us-east-1", "0.002"),
      ("anthropic.claude-9-v1:0", "us-east-1", "0.003"),
      ("anthropic.claude-9-v1:0", "eu-west-2", "0.0035"),
      ("eu.anthropic.claude-9-v1:0", "eu-west-2", ""),
      ("us-gov.anthropic.claude-9-v1:0", "us-gov-west-1", ""),
    ] {
      let priced = try PricedLog(Self.bedrock(model, region), entries: book)
      #expect(priced.onlyCost == list, "\(model) in \(region)")
    }
  }

  private static let dated = """
      - id: o
        provider: openai
        match: {exact: [gpt-9]}
        prices:
          - {until: "2026-10-05T12:00:00Z", per: 1000000, rates: {input: "4"}}
          - {from: "2026-10-05T12:00:00Z", per: 1000000, rates: {input: "2"}}

    """

  @Test func `mistake 19: the past is charged at the price of today`() throws {
    for (time, list) in [
      ("2026-10-05T11:59:59.999999Z", "0.004"), ("2026-10-05T12:00:00Z", "0.002"),
      ("2026-10-05T13:59:59.999999+02:00", "0.004"), ("2020-01-01T00:00:00Z", "0.004"),
    ] {
      #expect(try charge(MistakenLog.event(Self.usage(1000), time: time), Self.dated).list == list)
    }
    // What is in the ledger keeps its amount and its book when the book changes.
    let folder = try Folder()
    let ledger = folder.path("ledger.db")
    func ingest(_ names: [String], _ rate: String) throws {
      let files = try names.map { name in
        try folder.write(
          "\(name).jsonl",
          MistakenLog.chat(
            #""prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000"#, id: name))
      }
      let pricer = try PricedLog.pricer(Self.entry(#"rates: {input: "\#(rate)"}"#))
      _ = try Ingestor(ledger: ledger, pricer: pricer, options: IngestOptions())
        .run(files.map(InputList.Input.file))
    }
    try ingest(["c1"], "4")
    let before = try dump(ledger).split(separator: "\n")
    try ingest(["c1", "c2"], "2")
    let after = try dump(ledger).split(separator: "\n")
    #expect(before.count == 1)
    #expect(after.count == 2)
    #expect(after.contains(before[0]))
    #expect(after.map { String($0).contains("list=0.004") }.filter(\.self).count == 1)
    #expect(after.map { String($0).contains("list=0.002") }.filter(\.self).count == 1)
  }

  @Test func `mistake 20: a price in yuan is taken for dollars, or converted`() throws {
    let book = Self.entry("currency: CNY\nrates: {input: \"2\"}")
    let line = try charge(MistakenLog.event(Self.usage(1000)), book)
    #expect(line.list == "0.002")
    #expect(line.currency == "CNY")
    // Terms in dollars make no bill of it.
    let terms = "gateway: litellm\ncurrency: USD\nrules: [{markup_percent: \"10\"}]\n"
    let billed = try charge(
      MistakenLog.event(Self.usage(1000) + #","gateway":"litellm""#), book, terms: terms)
    #expect(billed.status == "unpriced")
    #expect(billed.reason == "currency:CNY")
    for code in ["RMB", "cny", "tokens"] {
      let wrong = book.replacing("CNY", with: code)
      #expect(throws: DocumentError.self) { try PricedLog.pricer(wrong) }
    }
  }
}
