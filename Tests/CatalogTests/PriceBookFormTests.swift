import Billing
import Catalog
import Documents
import Foundation
import Testing

/// What a price book of one entry can say, from its text to the charge.
@Suite struct PriceBookFormTests {
  /// Requests of one model at one provider.
  private struct Shop {
    var table: PriceTable
    var subject = PricingSubject()

    init(_ text: String, files: DocumentFiles = .none) throws {
      let root = try DocumentNode.read(text: text, file: "book.yaml")
      table = try PriceTable(reading: root, files: files)
      subject.provider = "acme"
      subject.model = "m"
    }

    /// Cost, status or tier of a request.
    func charge(
      _ counts: [TokenBucket: Int64], units: [Meter: String] = [:], at time: String = "2026-06-08",
      requests: Int64 = 1
    ) throws -> (cost: String, tier: String) {
      var tokens = TokenUsage()
      for (bucket, count) in counts { tokens.set(bucket, count) }
      let parsed = try #require(Timestamp.parse(Array(time.utf8)))
      var usage = BillableUsage(time: parsed.time, tokens: tokens)
      for (meter, quantity) in units { usage.units[meter] = try ExactDecimal(literal: quantity) }
      usage.requests = requests
      let plan = BookPricer(book: table).plan(for: subject)
      let charge = try plan.charge(usage)
      let line = plan.lines[charge.line]
      var sum = Money.zero
      for part in try plan.components(usage) { sum = try sum.adding(part.cost, "") }
      #expect(sum == charge.list)
      let isPriced = line.status == .priced
      return (isPriced ? "\(charge.list)" : line.reason, line.tier)
    }
  }

  private static func book(_ price: String, entry: String = "", calendars: String = "") -> String {
    """
    version: 1
    id: mine
    \(calendars)
    entries:
      - id: acme/m
        provider: acme
        match: {exact: [m]}
        \(entry)
        prices: [\(price)]
    """
  }

  @Test func `graduated tiers price what lies above, of each kind of token`() throws {
    let shop = try Shop(
      Self.book(
        """
        {rates: {input: "1", output: "10"}, context_tiers: [
        {op: ">", value: 100, mode: graduated, rates: {input: "2"}},
        {op: ">=", value: 1000, mode: graduated, rates: {input: "3", output: "20"}}]}
        """))
    #expect(try shop.charge([.input: 100]) == ("100", "graduated"))
    #expect(try shop.charge([.input: 101]).cost == "102")
    #expect(try shop.charge([.input: 999]).cost == "1898")
    #expect(try shop.charge([.input: 1000]).cost == "1901")
    #expect(try shop.charge([.input: 100, .output: 1001]).cost == "10130")
    #expect(try shop.charge([.input: 202], requests: 2).cost == "204")
  }

  @Test(arguments: [
    ("input_total", true, true), ("uncached_input", false, true), ("output_total", false, false),
    ("total", true, true),
  ])
  func `a tier compares the count that it names`(selector: String, cached: Bool, plain: Bool)
    throws
  {
    let shop = try Shop(
      Self.book(
        """
        {rates: {input: "1", cache_read: "1", output: "1"}, context_tiers: [
        {selector: \(selector), op: ">=", value: 11, rates: {input: "20"}}]}
        """))
    let base = "base"
    #expect(
      try shop.charge([.input: 1, .cacheRead: 10]).tier == (cached ? ">=11,cache_read=below" : base)
    )
    #expect(try shop.charge([.input: 11]).tier == (plain ? ">=11" : base))
    #expect(try shop.charge([.input: 1, .output: 9]).tier == base)
    let large = selector == "output_total" || selector == "total"
    #expect(try shop.charge([.input: 1, .output: 11]).tier == (large ? ">=11" : base))
  }

  @Test func `a tier keeps what the tier below says`() throws {
    let shop = try Shop(
      Self.book(
        """
        {rates: {input: "1", output: "10"}, context_tiers: [
        {op: ">", value: 10, rates: {input: "2", output: "20"}},
        {op: ">", value: 100, rates: {input: "3"}}]}
        """))
    #expect(try shop.charge([.input: 101, .output: 1]) == ("323", ">100"))
  }

  @Test func `a service tier that excludes long requests says so`() throws {
    func price(_ word: String) -> String {
      """
      {rates: {input: "1", output: "2"}, context_tiers: [{op: ">", value: 10, rates: {input: "3"}}],
      service_tiers: {priority: {rates: {input: "5", output: "6"}, excludes_context_tiers: \(word)},
      batch: {multiplier: "0.5", applies_to: [input]}}}
      """
    }
    var shop = try Shop(Self.book(price("standard")))
    shop.subject.serviceTier = "priority"
    #expect(try shop.charge([.input: 10, .output: 1]) == ("56", "priority"))
    #expect(try shop.charge([.input: 11, .output: 1]) == ("35", "priority,>10=standard"))
    shop.subject.serviceTier = "batch"
    #expect(try shop.charge([.input: 10, .output: 1]) == ("7", "batch"))
    shop = try Shop(Self.book(price("unpriced")))
    shop.subject.serviceTier = "priority"
    #expect(try shop.charge([.input: 11]) == ("no_service_tier:priority>10", "priority,>10"))
  }

  @Test func `factors stack in their order, on the kinds of token that they name`() throws {
    var shop = try Shop(
      Self.book(
        """
        {rates: {input: "1", output: "10"}, multipliers: [
        {when: {inference_geo: us}, factor: "1.1"},
        {when: {speed: fast}, factor: "6", applies_to: [output]}]}
        """))
    shop.subject.modifiers = "inference_geo=us\u{1F}speed=fast"
    #expect(
      try shop.charge([.input: 10, .output: 1]) == ("77", "inference_geo=us,speed=fast"))
  }

  @Test func `meters are counted by their rules`() throws {
    let shop = try Shop(
      Self.book(
        """
        {units: {audio_seconds: {amount: "6", per: 60, minimum: "10"},
        web_searches: {amount: "0.5", count: per_request,
        free: {quantity: "5000", period: month, group: g}},
        pages: {amount: "1", step: "5"}, sessions: {amount: "0.03"}, requests: {amount: "0.001"}}}
        """))
    #expect(try shop.charge([:], units: [.audioSeconds: "0.4"]).cost == "1.001")
    #expect(try shop.charge([:], units: [.audioSeconds: "12.5"]).cost == "1.251")
    #expect(try shop.charge([:], units: [.webSearches: "3"]).cost == "0.501")
    #expect(try shop.charge([:], units: [.webSearches: "9"], requests: 2).cost == "1.002")
    #expect(try shop.charge([:], units: [.pages: "5"]).cost == "5.001")
    #expect(try shop.charge([:], units: [.pages: "5.1"]).cost == "10.001")
    #expect(try shop.charge([:], units: [.sessions: "2"]).cost == "0.061")
    let rule = shop.table.entries[0].prices[0].meterRules[.webSearches]
    #expect(rule?.free == FreeAllowance(quantity: ExactDecimal(5000), period: .month, group: "g"))
  }

  @Test func `peak hours follow the clocks of a zone, and skip the holidays of a file`() throws {
    let files = DocumentFiles { path in
      path == "cn.yaml"
        ? .success(Array("- 2026-10-26".utf8)) : .failure(.init("there is no such file", "Look."))
    }
    let price = """
      {rates: {input: "1"}, context_tiers: [{op: ">", value: 10, rates: {input: "5"}}],
      time_rules: [{name: peak, calendar: c, rates: {input: "2"}}]}
      """
    let calendars =
      "calendars: {c: {timezone: Europe/Berlin, weekdays: [1, 2, 3, 4, 5], "
      + "windows: [\"09:00-12:00\"], holidays_file: cn.yaml}}"
    let shop = try Shop(Self.book(price, calendars: calendars), files: files)
    // The clocks go back on 2026-10-25: nine o'clock is 07:00Z on Friday, 08:00Z on Tuesday.
    #expect(try shop.charge([.input: 1], at: "2026-10-23T06:59:59Z").tier == "base")
    #expect(try shop.charge([.input: 1], at: "2026-10-23T07:00:00Z").tier == "peak")
    #expect(try shop.charge([.input: 1], at: "2026-10-27T07:59:59Z").tier == "base")
    #expect(try shop.charge([.input: 1], at: "2026-10-27T08:00:00Z").tier == "peak")
    #expect(try shop.charge([.input: 1], at: "2026-10-26T08:30:00Z").tier == "base")
    #expect(try shop.charge([.input: 1], at: "2026-10-24T08:30:00Z").tier == "base")
    #expect(try shop.charge([.input: 20], at: "2026-10-27T08:00:00Z") == ("40", "peak"))
    let missing = calendars.replacing("cn.yaml", with: "de.yaml")
    #expect(throws: DocumentError.self) {
      try Shop(Self.book(price, calendars: missing), files: files)
    }
  }

  @Test func `a list in another currency is a list of its own`() throws {
    let text = Self.book(
      """
      {rates: {input: "1"}}, {currency: CNY, until: "2026-06-01T00:00:00Z", rates: {input: "6"}},
      {currency: CNY, from: "2026-06-01T00:00:00Z", rates: {input: "7"}}
      """)
    let root = try DocumentNode.read(text: text, file: "book.yaml")
    let table = try PriceTable(reading: root)
    var subject = PricingSubject()
    subject.provider = "acme"
    subject.model = "m"
    for (currency, expected) in [(nil, "1 USD"), ("CNY", "7 CNY"), ("EUR", "currency:USD")] {
      var terms = GatewayTerms(gateway: "*")
      terms.currency = currency
      let plan = BookPricer(book: table, terms: [terms]).plan(for: subject)
      var tokens = TokenUsage()
      tokens.set(.input, 1)
      let time = try #require(Timestamp.parse(Array("2026-06-08T00:00:00Z".utf8))).time
      let charge = try plan.charge(BillableUsage(time: time, tokens: tokens))
      let line = plan.lines[charge.line]
      let outcome = line.status == .priced ? "\(charge.list) \(line.currency)" : line.reason
      #expect(outcome == expected)
    }
  }

  @Test func `a region has its own entry, and another one is named when it stands in`() throws {
    let text = """
      version: 1
      id: mine
      entries:
        - {id: a, provider: acme, served_by: bedrock, match: {exact: [m]}, prices: [{rates: {input: "1"}}]}
        - {id: b, provider: acme, served_by: bedrock, region: [eu-1, eu-2], match: {exact: [m]},
           prices: [{rates: {input: "2"}}]}
      """
    var shop = try Shop(text)
    shop.subject.provider = "aws-bedrock"
    for (region, expected) in [
      ("", ("1", "base")), ("eu-2", ("2", "base")), ("us-9", ("1", "us-9=standard")),
    ] {
      shop.subject.region = region
      #expect(try shop.charge([.input: 1]) == expected)
    }
  }

  @Test(arguments: [
    (
      "{rates: {}, context_tiers: [{op: \">\", value: 1, mode: graduated, selector: total, rates: {}}]}",
      "Remove `selector`"
    ),
    (
      "{rates: {}, context_tiers: [{op: \">\", value: 1, rates: {}}, {op: \">\", value: 2, mode: graduated, rates: {}}]}",
      "Use one for all tiers"
    ),
    ("{units: {requests: {amount: \"1\", minimum: \"2\"}}}", "`requests` has no `minimum`"),
    ("{units: {pages: {amount: \"1\", step: \"0\"}}}", "above zero"),
    (
      "{rates: {}, time_rules: [{name: p, timezone: Mars/Base, windows: [], rates: {}}]}",
      "not a time zone"
    ),
    (
      "{rates: {}, time_rules: [{name: p, holidays_file: h.yaml, windows: [], rates: {}}]}",
      "no other file may be named"
    ),
    (
      "{rates: {input: \"0.000000000000000000000001\"}, multipliers: [{when: {a: b}, factor: \"1.1\"}]}",
      "more than 24 decimals"
    ),
  ])
  func `what makes no sense is refused`(price: String, message: String) throws {
    do throws(DocumentError) {
      _ = try PriceTable(
        reading: try DocumentNode.read(text: Self.book(price), file: "book.yaml"))
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains(message), "\(error)")
      #expect(error.description.hasPrefix("book.yaml:"), "\(error)")
    }
  }

  @Test func `a row that sums requests is in a tier when their mean is`() throws {
    let shop = try Shop(
      Self.book(
        """
        {rates: {input: "1"}, context_tiers: [{op: ">", value: 10, rates: {input: "2"}},
        {op: ">=", value: 20, rates: {input: "3"}}]}
        """))
    #expect(try shop.charge([.input: 30], requests: 3).tier == "base")
    #expect(try shop.charge([.input: 31], requests: 3).tier == ">10")
    #expect(try shop.charge([.input: 59], requests: 3).tier == ">10")
    #expect(try shop.charge([.input: 60], requests: 3).tier == ">=20")
  }

  @Test func `a count that the log does not give makes the cost a part`() throws {
    var shop = try Shop(Self.book(#"{rates: {input: "1", output: "2"}}"#))
    #expect(try shop.charge([.output: 5]).cost == "no_count:input")
    #expect(try shop.charge([.input: 5]).cost == "5")
    shop.subject.operation = .chat
    #expect(try shop.charge([.input: 5]).cost == "no_count:output")
    #expect(try shop.charge([.input: 5, .output: 0]).cost == "5")
    shop.subject.status = .error
    #expect(try shop.charge([.input: 5]).cost == "5")
    shop = try Shop(Self.book(#"{rates: {input: "0", output: "2"}}"#))
    #expect(try shop.charge([.output: 5]).cost == "10")
  }

  @Test func `a modifier that the price does not know is named`() throws {
    var shop = try Shop(Self.book(#"{rates: {input: "1"}}"#))
    shop.subject.modifiers = "inference_geo=global\u{1F}speed=turbo"
    #expect(try shop.charge([.input: 1]) == ("1", "speed=turbo=standard"))
  }

  @Test func `a pattern is no name`() throws {
    let text = Self.book("{rates: {}}").replacing("[m]", with: "['gpt-.*']")
    #expect(throws: DocumentError.self) {
      try PriceTable(reading: try DocumentNode.read(text: text, file: "book.yaml"))
    }
  }

  @Test func `an alias with a date behind it is another name`() throws {
    let text = Self.book(#"{rates: {input: "1"}}"#).replacing(
      "{exact: [m]}", with: #"{exact: [m], aliases: [m-latest], snapshots: ["-YYYY-MM-DD"]}"#)
    var shop = try Shop(text)
    for (model, cost) in [
      ("m-2026-01-02", "1"), ("m-latest", "1"), ("m-latest-2026-01-02", "no_price"),
      ("m-2026-02-30", "no_price"),
    ] {
      shop.subject.model = model
      #expect(try shop.charge([.input: 1]).cost == cost)
    }
  }

  @Test func `the book in the README is one`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let readme = try String(contentsOf: file, encoding: .utf8)
    let fence = try #require(readme.range(of: "```yaml\nversion: 1\nid: "))
    let start = readme.index(fence.lowerBound, offsetBy: 8)
    let end = try #require(readme.range(of: "\n```", range: start..<readme.endIndex))
    let files = DocumentFiles { _ in .success(Array("[2026-10-01]".utf8)) }
    let root = try DocumentNode.read(
      text: String(readme[start..<end.lowerBound]), file: "README.md")
    #expect(try PriceTable(reading: root, files: files).entries.count == 1)
  }
}
