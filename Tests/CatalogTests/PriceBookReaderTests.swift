import Billing
import Catalog
import Documents
import Testing

/// A book of one entry with the given prices, at line 8 of the file.
private func book(_ prices: String, entry: String = "") -> String {
  """
  version: 1
  id: mine
  calendars:
    office: {utc_offset: "+08:00", weekdays: [1], windows: ["09:00-12:00"], holidays: ["2026-06-01"]}
  entries:
    - id: acme/m
      provider: acme
      match: {exact: [m], aliases: [m-latest]}
      \(entry)
      prices:
  """ + prices.split(separator: "\n").map { "\n        \($0)" }.joined() + "\n"
}

private func refusal(_ text: String) -> String? {
  do throws(DocumentError) {
    _ = try PriceTable(reading: try DocumentNode.read(text: text, file: "book.yaml"))
    return nil
  } catch {
    return error.description
  }
}

@Suite struct PriceBookReaderTests {
  private static let plain = "- {per: 1000000, rates: {input: \"3\", output: \"15\"}}"

  @Test func `a book that a person wrote prices a request`() throws {
    let text = book(
      """
      - until: "2026-06-01T00:00:00Z"
        rates: {input: "1"}
      - from: "2026-06-01T00:00:00Z"
        currency: CNY
        per: 1000
        rates: {input: "2", output: null}
        fallback: {output: input}
        service_tiers: {batch: {multiplier: "0.5"}, flex: {rates: {input: "1.5"}}}
        context_tiers: [{selector: input_total, op: ">", value: 10, mode: whole_request, rates: {input: "4"}}]
        time_rules: [{name: peak, calendar: office, rates: {input: "3"}}]
        multipliers: [{when: {inference_geo: us}, factor: "1.1"}]
        units: {web_searches: {amount: "10", per: 1000}}
      """)
    let table = try PriceTable(reading: try DocumentNode.read(text: text, file: "book.yaml"))
    func list(_ input: Int64, _ time: String, tier: String = "") throws -> (String, String, String)
    {
      var subject = PricingSubject()
      subject.provider = "acme"
      subject.model = "m"
      subject.serviceTier = tier
      let plan = BookPricer(book: table).plan(for: subject)
      var tokens = TokenUsage()
      tokens.set(.input, input)
      let parsed = try #require(Timestamp.parse(Array(time.utf8)))
      let charge = try plan.charge(BillableUsage(time: parsed.time, tokens: tokens))
      let line = plan.lines[charge.line]
      return (charge.list.description, line.tier, line.currency)
    }
    #expect(try list(1, "2026-05-31T23:59:59Z") == ("1", "base", "USD"))
    #expect(try list(1, "2026-06-03T00:00:00Z") == ("0.002", "base", "CNY"))
    #expect(try list(11, "2026-06-03T00:00:00Z") == ("0.044", ">10", "CNY"))
    // 2026-06-08 is a Monday, and 01:00 UTC is 09:00 at +08:00; 2026-06-01 is a holiday.
    #expect(try list(1, "2026-06-08T01:00:00Z") == ("0.003", "peak", "CNY"))
    #expect(try list(1, "2026-06-08T00:59:59Z") == ("0.002", "base", "CNY"))
    #expect(try list(1, "2026-06-08T04:00:00Z") == ("0.002", "base", "CNY"))
    #expect(try list(1, "2026-06-01T01:00:00Z") == ("0.002", "base", "CNY"))
    #expect(try list(1, "2026-06-09T01:00:00Z") == ("0.002", "base", "CNY"))
    #expect(try list(1, "2026-06-08T01:00:00Z", tier: "batch") == ("0.001", "batch", "CNY"))
    #expect(try list(11, "2026-06-08T01:00:00Z", tier: "batch") == ("0.022", "batch,>10", "CNY"))
    #expect(try list(1, "2026-06-08T01:00:00Z", tier: "flex") == ("0.0015", "flex", "CNY"))
  }

  /// Prices or the rest of an entry that are wrong, and what the message must say.
  @Test(arguments: [
    ("- {rates: {input: \"1e-6\"}}", "has an exponent"),
    ("- {rates: {input: \"-1\"}}", "below zero"),
    ("- {rates: {imput: \"1\"}}", "Did you mean `input`?"),
    ("- {rates: {input: \"1\"}, currency: RMB}", "not a code of ISO 4217"),
    ("- {rates: {input: \"1\"}, colour: red}", "`colour` is not known here"),
    ("- {rates: {input: \"1\"}}\n- {rates: {input: \"2\"}}", "without an end"),
    (
      "- {until: \"2026-02-01T00:00:00Z\", rates: {}}\n- {from: \"2026-01-01T00:00:00Z\", rates: {}}",
      "overlaps"
    ),
    (
      "- {until: \"2026-02-01T00:00:00Z\", rates: {}}\n- {from: \"2026-03-01T00:00:00Z\", rates: {}}",
      "there is a gap"
    ),
    ("- {from: \"2026-02-01T00:00:00Z\", until: \"2026-02-01T00:00:00Z\", rates: {}}", "not after"),
    ("- {from: \"2026-02-01\", rates: {}}", "not an instant"),
    (
      "- {rates: {}, fallback: {cache_read: cache_write, cache_write: cache_read}}",
      "back to itself"
    ),
    ("- {rates: {}, fallback: nothing}", "is not defined"),
    ("- {rates: {}, time_rules: [{name: p, calendar: none, rates: {}}]}", "is not defined"),
    ("- {rates: {}, time_rules: [{name: p, windows: [\"22:00-02:00\"], rates: {}}]}", "window"),
    ("- {per: 3, rates: {input: \"1\"}}", "more than 24 decimals"),
    ("- {rates: {}, context_tiers: [{op: \"=>\", value: 1, rates: {}}]}", "Did you mean `>`?"),
    (
      "- {rates: {}, context_tiers: [{op: \">\", value: 2, rates: {}}, {op: \">\", value: 1, rates: {}}]}",
      "Order tiers"
    ),
    ("- {rates: {}, service_tiers: {batch: {multiplier: \"0.5\", rates: {}}}}", "stand together"),
    ("", "`prices` is missing"),
  ])
  func `a wrong price is refused with its place`(prices: String, message: String) throws {
    let text = try #require(refusal(book(prices)))
    #expect(text.contains(message), "\(text)")
    #expect(text.hasPrefix("book.yaml:"))
  }

  @Test func `ids and names stand once`() throws {
    let twice =
      book(Self.plain)
        + """
          - id: acme/m
            provider: acme
            match: {exact: [x]}
            prices: [{rates: {}}]
        """
    #expect(try #require(refusal(twice)).contains("the id `acme/m` stands twice"))
    let name =
      book(Self.plain)
        + """
          - id: acme/n
            provider: acme
            match: {exact: [M-Latest]}
            prices: [{rates: {}}]
        """
    #expect(try #require(refusal(name)).contains("`M-Latest` stands twice at `acme`"))
  }

  @Test func `a user's book stands before the built-in one`() throws {
    let own = book(Self.plain).replacing("provider: acme", with: "provider: openai")
      .replacing("exact: [m]", with: "exact: [gpt-4o]")
    let table = try PriceTable(reading: try DocumentNode.read(text: own, file: "book.yaml"))
    let builtIn = try BuiltInPriceBook()
    let stack = PriceBookStack([table, builtIn])
    #expect(stack.entry(provider: "openai", name: "gpt-4o")?.entry.id == "acme/m")
    #expect(stack.entry(provider: "openai", name: "gpt-4o-mini")?.entry.id == "openai/gpt-4o-mini")
    #expect(stack.id == "mine+" + builtIn.id)
  }
}
