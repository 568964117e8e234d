import Billing
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// The mistakes of other tools in meters, hours, unknown prices and rounding, numbered as in their
/// list.
@Suite struct AmountMistakeTests {
  /// The only charge of an event.
  private func charge(
    _ event: String, _ entries: String, terms: String? = nil
  ) throws -> PricedLog.Line {
    try #require(try PricedLog(events: event, entries: entries, terms: terms).lines.first)
  }

  private static func entry(_ price: String) -> String {
    """
      - id: o
        provider: openai
        match: {exact: [gpt-9]}
        prices:
          - per: 1000000
            \(price.replacing("\n", with: "\n        "))

    """
  }

  @Test func `mistake 21: searches are not counted, or counted once`() throws {
    let book = Self.entry(
      """
      rates: {input: "2", output: "10"}
      units: {web_searches: {amount: "14", per: 1000}}
      """)
    for (searches, list) in [("0", "0.002"), ("1", "0.016"), ("3", "0.044")] {
      let event = MistakenLog.event(#""input_tokens":1000,"web_searches":"\#(searches)""#)
      #expect(try charge(event, book).list == list)
    }
    // What has no rate is not free, though all tokens have one.
    let silent = Self.entry(#"rates: {input: "2", output: "10"}"#)
    let line = try charge(
      MistakenLog.event(#""input_tokens":1000,"web_searches":"3""#), silent)
    #expect(line.status == "partial")
    #expect(line.reason == "no_rate:web_searches")
    #expect(line.list == "0.002")
  }

  /// 2026-10-05 is a Monday; windows are in Beijing's time, eight hours ahead of UTC.
  static let hours: [(String, String)] = [
    ("2026-10-05T00:59:59.999999Z", "1"), ("2026-10-05T01:00:00Z", "2"),
    ("2026-10-05T03:59:59.999999Z", "2"), ("2026-10-05T04:00:00Z", "1"),
    ("2026-10-05T12:00:00Z", "1"),
    // Saturday and Sunday; Monday has begun in Beijing while it is Sunday in UTC.
    ("2026-10-10T02:00:00Z", "1"), ("2026-10-11T02:00:00Z", "1"), ("2026-10-11T23:30:00Z", "2"),
    // A holiday, the day before the rule began, and the leap day.
    ("2026-10-07T02:00:00Z", "1"), ("2026-09-30T02:00:00Z", "5"), ("2028-02-29T02:00:00Z", "2"),
  ]

  @Test(arguments: hours)
  func `mistake 22: peak hours are charged at weekends, on holidays or before they began`(
    time: String, list: String
  ) throws {
    let book = """
        - id: o
          provider: openai
          match: {exact: [gpt-9]}
          prices:
            - {until: "2026-10-01T00:00:00Z", per: 1000000, rates: {input: "5"}}
            - from: "2026-10-01T00:00:00Z"
              per: 1000000
              rates: {input: "1"}
              time_rules:
                - name: peak
                  utc_offset: "+08:00"
                  weekdays: [1, 2, 3, 4, 5]
                  holidays: ["2026-10-07"]
                  windows: ["07:00-08:00", "09:00-12:00"]
                  rates: {input: "2"}

      """
    let line = try charge(MistakenLog.event(#""input_tokens":1000000"#, time: time), book)
    #expect(line.list == list)
    #expect(line.tier == (list == "2" ? "peak" : "base"))
  }

  @Test func `mistake 23: what has no price is free`() throws {
    let book = Self.entry(#"rates: {input: "0", output: "0"}"#)
    let free = try charge(MistakenLog.event(#""input_tokens":1000,"output_tokens":1"#), book)
    #expect(free.status == "priced")
    #expect(free.list == "0")
    for model in ["claude-neverland-9", "gpt-9-neverland", "neverland"] {
      let event = MistakenLog.event(#""input_tokens":1000,"output_tokens":1"#, model: model)
      let line = try charge(event, book)
      #expect(line.status == "unpriced")
      #expect(line.reason == "no_price")
      #expect(line.charge["list_cost"] == nil)
      #expect(line.charge["billed_cost"] == nil)
    }
    // Neither has a request whose log gives no counts, nor one whose model has no input price.
    #expect(try charge(MistakenLog.event(#""attempt":0"#), book).reason == "no_usage")
    let partial = Self.entry(#"rates: {output: "3"}"#)
    let line = try charge(MistakenLog.event(#""input_tokens":9,"output_tokens":9"#), partial)
    #expect(line.status == "unpriced")
    #expect(line.reason == "no_rate:input")
  }

  /// Amounts that binary floating point cannot hold.
  @Test func `mistake 24: money goes through binary floating point`() throws {
    let book = Self.entry(#"rates: {input: "0.1", cache_read: "0.2", output: "0.7"}"#)
    let line = try charge(
      MistakenLog.event(#""input_tokens":2,"cache_read_tokens":1,"output_tokens":3"#), book)
    #expect(line.list == "0.0000024")
    // The log's own figure stays as it is written, to the last digit.
    let log =
      #"{"id":"l","trace_id":"t","call_type":"acompletion","status":"success","#
      + #""custom_llm_provider":"openai","startTime":1791000000.5,"endTime":1791000001.5,"#
      + #""model":"gpt-9","metadata":{"user_api_key_hash":"a"},"#
      + #""response_cost":0.0016150000000000001,"#
      + #""response":{"usage":{"prompt_tokens":1000,"completion_tokens":100}}}"#
    let reported = try #require(try PricedLog(log, entries: book).lines.first)
    #expect(reported.event["reported_cost"] as? String == "0.0016150000000000001")
    let dear = Self.entry(#"rates: {input: "123456789.123456789"}"#)
    let many = MistakenLog.event(#""input_tokens":1099511627776"#)
    #expect(try charge(many, dear).list == "135742175169130.346297388171264")
  }

  @Test func `mistake 25: small amounts are rounded to nothing and then added up`() throws {
    let folder = try Folder()
    let log = (0..<1000).map {
      MistakenLog.chat(
        #""prompt_tokens":200,"completion_tokens":0,"total_tokens":200"#, id: "c\($0)")
    }
    let file = try folder.write("log.jsonl", log.joined())
    let book = Self.entry(#"rates: {input: "2"}"#)
    /// List cost, billed cost and rounding of 1000 requests of 0.0004 each.
    func sums(_ terms: String?) throws -> [String] {
      let ledger = folder.path("\(terms?.count ?? 0).db")
      let pricer = try PricedLog.pricer(book, terms: terms)
      _ = try Ingestor(ledger: ledger, pricer: pricer, options: IngestOptions())
        .run([.file(file)])
      let fields = try dump(ledger).split(whereSeparator: \.isWhitespace)
      return try ["list=", "billed=", "rounding="].map { name in
        try fields.filter { $0.hasPrefix(name) }.reduce(Money.zero) { sum, field in
          try sum.adding(try Money(literal: String(field.dropFirst(name.utf8.count))), name)
        }.description
      }
    }
    #expect(try sums(nil) == ["0.4", "0.4", "0"])
    // Who rounds each request says so, and what that takes away is booked: it adds up again.
    let rounding = "gateway: openai\nrounding: {mode: half_up, scale: 2}\n"
    #expect(try sums(rounding) == ["0.4", "0", "-0.4"])
    let invoice = rounding.replacing("scale: 2", with: "scale: 2, scope: invoice")
    #expect(try sums(invoice) == ["0.4", "0.4", "0"])
  }
}
