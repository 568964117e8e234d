import Foundation
import Testing

@Suite struct PriceTests {
  static let book = """
    version: 1
    id: test
    entries:
      - id: acme/one
        provider: acme
        match: {exact: [one]}
        prices:
          - rates: {input: "0.000001", output: "0.000002", cache_read: "0.0000001"}
    """
  static let terms = """
    version: 1
    gateway: g
    rules: [{markup_percent: "10", fixed_fee: "0.0005"}]
    rounding: {mode: half_up, scale: 4}
    """
  static let event =
    #"{"id":"1","time":"2026-10-05T12:00:00.000000Z","gateway":"g","dialect":"t.t","#
    + #""provider":"acme","request_model":"one","status":"ok","input_tokens":1000,"#
    + #""cache_read_tokens":400,"output_tokens":50}"#

  private func price(
    _ lines: String, _ arguments: [String] = [], in folder: URL
  ) throws -> Tollbook.Outcome {
    try folder.write("book.yaml", Self.book)
    try folder.write("terms.yaml", Self.terms)
    return try Tollbook.run(
      ["price", "--price-book", "book.yaml"] + arguments, in: folder, input: Data(lines.utf8))
  }

  @Test func `a charge has the keys and the order of its schema`() throws {
    try withFolder { folder in
      let run = try price(Self.event + "\n", ["--terms", "terms.yaml"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      let built = try Tollbook.run(["prices", "list"], in: folder)
      #expect(built.status == 0)
      let parts = run.output.split(separator: #","charge":"#)
      #expect(parts.count == 2)
      #expect(parts[0] == Self.event.dropLast())
      let charge = String(parts[1])
        .replacing(/"price_book":"test\+[^"]*"/, with: #""price_book":"P""#)
      #expect(
        charge == #"{"status":"priced","list_cost":"0.00074","billed_cost":"0.0013","#
          + #""currency":"USD","price_book":"P","entry":"acme/one","matched":"exact","#
          + #""tier":"base","components":["#
          + #"{"meter":"input","quantity":"600","unit_price":"0.000001","cost":"0.0006"},"#
          + #"{"meter":"cache_read","quantity":"400","unit_price":"0.0000001","cost":"0.00004"},"#
          + #"{"meter":"output","quantity":"50","unit_price":"0.000002","cost":"0.0001"}],"#
          + #""markup":"0.000074","fee":"0.0005","rounding":"-0.000014"}}"# + "\n")
      try SchemaValidator.expect(lines: run.output, fit: "usage-event", in: folder)
    }
  }

  @Test func `what has no price has no amount`() throws {
    try withFolder { folder in
      for (change, reason) in [
        (("\"one\"", "\"two\""), "no_price"),
        (("\"time\":\"2026-10-05T12:00:00.000000Z\",", ""), "no_time"),
        ((#","input_tokens":1000,"cache_read_tokens":400,"output_tokens":50"#, ""), "no_usage"),
      ] {
        let run = try price(Self.event.replacing(change.0, with: change.1) + "\n", in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains(#""charge":{"status":"unpriced","reason":"\#(reason)""#))
        #expect(!run.output.contains("cost"))
      }
      let strict = try price(
        Self.event.replacing("\"one\"", with: "\"two\"") + "\n", ["--strict"], in: folder)
      #expect(strict.status == 1)
      let undated = Self.event.replacing("\"time\":\"2026-10-05T12:00:00.000000Z\",", with: "")
      let at = try price(undated, ["--undated-at", "2026-10-05T12:00:00Z"], in: folder)
      #expect(at.output.contains(#""status":"priced""#))
    }
  }

  static let wrong: [(old: String, new: String, message: String)] = [
    (Self.event, "CANARY not JSON", "this is not a JSON object"),
    (Self.event, #"["CANARY"]"#, "this is not a JSON object"),
    (#""status""#, #""statsu""#, "the key `statsu` is not one of a usage event"),
    (#""id":"1""#, #""id":"CANARY","id":"2""#, "the key `id` stands twice"),
    (#""ok""#, #""CANARY""#, "`status` is none of: ok, error, cancelled, blocked"),
    (#":1000,"#, #":"CANARY","#, "`input_tokens` is not a whole number"),
    (#":1000,"#, #":1000.5,"#, "`input_tokens` is not a whole number from 0 to 1099511627776"),
    (#":1000,"#, #":-1,"#, "`input_tokens` is not a whole number from 0 to 1099511627776"),
    (#":1000,"#, #":99999999999999999999,"#, "`input_tokens` is not a whole number"),
    (#":1000,"#, #":300,"#, "the parts of `input_tokens` are more than it"),
    (#""input_tokens":1000,"#, "", "parts of `input_tokens` stand without it"),
    ("2026-10-05T12:00:00.000000Z", "CANARY", "`time` is not an instant of RFC 3339"),
    ("2026-10-05T12:00:00.000000Z", "2026-10-05T12:00:00", "`time` is not an instant of RFC 3339"),
    (#""acme""#, "null", "`provider` is not a text"),
    (#""acme""#, #""""#, "`provider` is empty"),
    (#""id":"1""#, #""reported_cost":1.5"#, "`reported_cost` is not a decimal in quotes"),
    (#""id":"1""#, #""reported_cost":"1e-3""#, "`reported_cost` is not a plain decimal"),
    (#""id":"1""#, #""images":"-1""#, "`images` is below zero"),
    (#""id":"1""#, #""byok":"CANARY""#, "`byok` is not true or false"),
    (#""id":"1""#, #""tags":"CANARY""#, "`tags` is not a list"),
    (#""id":"1""#, #""warnings":["CANARY"]"#, "`warnings` holds a code that is not known"),
    (#""id":"1""#, #""modifiers":{"a":1}"#, "`modifiers` is not an object of texts"),
    (#""id":"1""#, #""route_from":"CANARY""#, "what belongs to `route` stands without it"),
  ]

  @Test(arguments: wrong.indices) func `a line that is no event is named, not quoted`(index: Int)
    throws
  {
    let (old, new, message) = Self.wrong[index]
    try withFolder { folder in
      let bad = Self.event.replacing(old, with: new)
      let run = try price(Self.event + "\n\n" + bad + "\n" + Self.event, in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("tollbook: (standard input):3: \(message)"))
      #expect(!run.diagnostics.contains("CANARY"))
      #expect(run.output.split(separator: "\n").count == 2)
    }
  }

  @Test func `the month is priced, and pricing again changes nothing`() throws {
    try withFolder { folder in
      let events = try Tollbook.run(["normalize", "-q"] + Repository.samples, in: folder).output
      let priced = try Tollbook.run(["price"], in: folder, input: Data(events.utf8))
      #expect(priced.status == 0, "\(priced.diagnostics)")
      try SchemaValidator.expect(lines: priced.output, fit: "usage-event", in: folder)
      let stripped = priced.output.replacing(/,"charge":\{.*\}\}\n/, with: "}\n")
      let isSame = stripped == events
      #expect(isSame)
      let again = try Tollbook.run(["price"], in: folder, input: Data(priced.output.utf8))
      let isStable = again.output == priced.output
      #expect(isStable)
    }
  }

  static let brokenBooks: [(old: String, new: String, message: String)] = [
    ("exact: [one]", "exakt: [one]", "book.yaml:6:13: entries[0].match: `exakt` is not known here"),
    ("\"0.000001\"", "\"1e-6\"", "book.yaml:8:24: entries[0].prices[0].rates.input: `1e-6` has an"),
    ("    provider: acme\n", "", "book.yaml:4:5: entries[0]: `provider` is missing"),
    ("\"0.000001\"", "\"-1\"", "book.yaml:8:"), ("version: 1", "version: 9", "book.yaml:1:"),
  ]

  @Test(arguments: brokenBooks.indices) func `a broken price book says where`(index: Int) throws {
    let (old, new, message) = Self.brokenBooks[index]
    try withFolder { folder in
      try folder.write("book.yaml", Self.book.replacing(old, with: new))
      let run = try Tollbook.run(["price", "--price-book", "book.yaml"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains(message), "\(run.diagnostics)")
    }
  }

  @Test func `a shown price is a price book`() throws {
    try withFolder { folder in
      let shown = try Tollbook.run(
        ["prices", "show", "gpt-5-mini", "--provider", "openai"], in: folder)
      #expect(shown.status == 0)
      try folder.write("own.json", shown.output)
      try SchemaValidator.expect([folder.appending(path: "own.json").path], fit: "price-book")
      let run = try Tollbook.run(["prices", "list", "--price-book", "own.json"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(run.output.hasPrefix("entry\tinput\tcache_read\toutput\tcurrency\tclass\ttiers\n"))
      #expect(run.output.contains("\nopenai/gpt-5-mini\t0.25\t0.025\t2\tUSD\t\t"))
      let none = try Tollbook.run(["prices", "show", "made-up-model"], in: folder)
      #expect(none.status == 69)
      #expect(none.diagnostics.contains("The price book has no model `made-up-model`."))
    }
  }
}
