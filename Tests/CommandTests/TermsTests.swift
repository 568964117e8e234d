import Foundation
import Testing

/// Terms as a user writes, checks and applies them.
@Suite struct TermsTests {
  /// Wrong terms: what, the place and the beginning of the message, and how to write it.
  static let wrong: [(text: String, problem: String, remedy: String)] = [
    (
      "gateway: g\nrules:\n  - {markup_percent: 1e1}\n",
      "t.yaml:3:22: rules[0].markup_percent: `1e1` has an exponent", "as a plain decimal: `\"10\"`"
    ),
    (
      "gateway: g\nrules: [{fixed_fee: \"-0.01\"}]\n",
      "t.yaml:2:21: rules[0].fixed_fee: an amount below zero", "`markup_percent`"
    ),
    (
      "gateway: g\nmarkup: \"5\"\n", "t.yaml:2:1: `markup` is not known here", "Allowed:"
    ),
    (
      "gateway: g\nrules:\n  - {markup_percent: \"1\"}\n  - {match: {}, markup_percent: \"2\"}\n",
      "t.yaml:4:5: rules[1]: two rules match the same", "Keep one of the two."
    ),
    (
      "gateway: g\nrounding: {mode: up, scale: 25}\n",
      "t.yaml:2:29: rounding.scale: 25 is out of range", "from 0 to 24"
    ),
    (
      "gateway: g\ncurrency: RMB\n", "t.yaml:2:11: currency: `RMB` is not a code of ISO 4217",
      "Write a code such as `USD`."
    ),
    (
      "gateway: g\nrules: [{match: {model: \"gpt-*-mini\"}, markup_percent: \"1\"}]\n",
      "t.yaml:2:25: rules[0].match.model: `*` stands inside the name", "Put one `*` at the end"
    ),
    (
      "gateway: g\norder: [list_price, markup, markup]\n",
      "t.yaml:2:29: order[2]: the step `markup` stands twice", "Keep one of the two."
    ),
    (
      "gateway: g\norder: [list_price]\nrules: [{markup_percent: \"1\"}]\n",
      "t.yaml:2:8: order: the step `markup` is missing", "Add it, or remove what it applies."
    ),
    (
      "gateway: g\norder: [discount, markup]\n",
      "t.yaml:2:9: order[0]: `discount` stands where there is no amount yet", "Put `list_price`"
    ),
    (
      "gateway: g\npurchase_fees: [{name: card, percent: \"-3.5\"}]\n",
      "purchase_fees[0].percent: the percentage is not from 0", "A fee is not below zero"
    ),
    (
      "gateway: g\nminimum_charge: {amount: 0.0000000000000000000000001}\n",
      "minimum_charge.amount: `0.0000000000000000000000001` is finer than", "at most 24 decimals"
    ),
    (
      "gateway: g\ntimezone: Mars/Olympus\n",
      "t.yaml:2:11: timezone: `Mars/Olympus` is not a time zone", "`Europe/Berlin`"
    ),
    (
      "gateway: g\nrounding: {mode: half_even, scale: currency}\n",
      "t.yaml:2:36: rounding.scale: the terms name no currency", "Add `currency`"
    ),
    ("gateway: g\ngateway: h\n", "`gateway` stands twice in one mapping", "Keep one of the two."),
    ("rules: []\n", "t.yaml:1:1: `gateway` is missing", "Add `gateway` here."),
  ]

  @Test(arguments: wrong.indices) func `wrong terms are refused with place and remedy`(
    index: Int
  ) throws {
    let (text, problem, remedy) = Self.wrong[index]
    try withFolder { folder in
      try folder.write("t.yaml", text)
      for command in [["terms", "check", "t.yaml"], ["price", "--terms", "t.yaml"]] {
        let run = try Tollbook.run(command, in: folder)
        #expect(run.status == 65)
        #expect(run.output == "")
        #expect(run.diagnostics.contains(problem), "\(run.diagnostics)")
        #expect(run.diagnostics.contains(remedy), "\(run.diagnostics)")
      }
    }
  }

  @Test func `what breaks the form does not fit the schema`() throws {
    try withFolder { folder in
      // The schema knows no order of steps, no duplicates and no names of zones.
      let texts = Self.wrong.map(\.text).filter { text in
        ![
          "two", "order: [list_price]", "order: [discount", "RMB", "Mars", "scale: currency",
          "gateway: h", "match: {}", "0.00000000000000000000000", "1e1",
        ]
        .contains(where: text.contains)
      }
      #expect(texts.count >= 6)
      var paths: [String] = []
      for (index, text) in texts.enumerated() {
        try folder.write("t\(index).yaml", text)
        paths.append(folder.appending(path: "t\(index).yaml").path)
      }
      #expect(try SchemaValidator.fitting(paths, "terms").map { texts[$0] } == [])
    }
  }

  @Test func `built-in terms fit the schema and are shown as they are`() throws {
    let folder = "Sources/Catalog/Data/terms"
    let names = try Repository.names(in: folder)
    #expect(names.count >= 7)
    try SchemaValidator.expect(
      names.map { Repository.path("\(folder)/\($0)") }
        + [Repository.path("sample-logs/terms/acme.yaml")], fit: "terms")
    try withFolder { scratch in
      let list = try Tollbook.run(["terms", "list"], in: scratch)
      for name in names.map({ String($0.dropLast(5)) }) {
        #expect(list.output.contains(name))
        let shown = try Tollbook.run(["terms", "show", name], in: scratch)
        #expect(try shown.output == Repository.text("\(folder)/\(name).yaml"))
        let check = try Tollbook.run(["terms", "check", name], in: scratch)
        #expect(check.output.contains("Source: "))
        #expect(check.output.contains("Unverified: "))
      }
      let unknown = try Tollbook.run(["terms", "show", "openruter"], in: scratch)
      #expect(unknown.status == 64)
      #expect(unknown.diagnostics.contains("Did you mean `openrouter`?"))
      let price = try Tollbook.run(["price", "--terms", "openruter"], in: scratch)
      #expect(price.status == 64)
      #expect(price.diagnostics.contains("Or name a file."))
    }
  }

  @Test func `the configuration describes the same terms as the schema of their own`() throws {
    func definitions(_ name: String) throws -> [String: Any] {
      let data = Data(try Repository.text("schemas/\(name).schema.json").utf8)
      let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      return try #require(schema["$defs"] as? [String: Any])
    }
    let configuration = try definitions("configuration")
    for (name, definition) in try definitions("terms") {
      let own = configuration[name] as? NSDictionary
      #expect(own == definition as? NSDictionary, "\(name)")
    }
  }

  @Test func `terms that everybody may write are refused`() throws {
    try withFolder { folder in
      try folder.write("t.yaml", "gateway: g\n")
      #expect(try Program.shell("chmod o+w t.yaml", in: folder).status == 0)
      let run = try Tollbook.run(["price", "--terms", "t.yaml"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("everybody may write this file"))
    }
  }

  private static let event =
    #"{"id":"1","time":"2026-10-05T12:00:00.000000Z","gateway":"g","dialect":"t.t","#
    + #""provider":"acme","request_model":"one","status":"ok","input_tokens":1000000,"output_tokens":0,"#
    + #""reported_cost":"1.1"}"#

  @Test func `a preferred cost stands beside what the terms make`() throws {
    try withFolder { folder in
      try folder.write("book.yaml", PriceTests.book)
      try folder.write(
        "t.yaml",
        "gateway: g\nrules: [{markup_percent: \"5\"}]\nprovider_reported_cost: {policy: prefer}\n")
      let run = try Tollbook.run(
        ["price", "--price-book", "book.yaml", "--terms", "t.yaml"], in: folder,
        input: Data((Self.event + "\n").utf8))
      #expect(run.output.contains(#""list_cost":"1","billed_cost":"1.1""#), "\(run.output)")
      #expect(run.output.contains(#""markup":"0.05","fee":"0","rounding":"0","adjustment":"0.05""#))
      try SchemaValidator.expect(lines: run.output, fit: "usage-event", in: folder)
    }
  }

  @Test func `terms that are named twice hold as the command line says`() throws {
    try withFolder { folder in
      try folder.write("book.yaml", PriceTests.book)
      try folder.write(
        "tollbook.yaml",
        "price_books: [book.yaml]\nterms: [direct, {gateway: g, rules: [{markup_percent: \"5\"}]}]\n"
      )
      try folder.write("t.yaml", "gateway: [g, h]\nrules: [{markup_percent: \"7\"}]\n")
      let input = Data((Self.event + "\n").utf8)
      let configured = try Tollbook.run(["price"], in: folder, input: input)
      #expect(configured.output.contains(#""billed_cost":"1.05""#), "\(configured.diagnostics)")
      let named = try Tollbook.run(["price", "--terms", "t.yaml"], in: folder, input: input)
      #expect(named.output.contains(#""billed_cost":"1.07""#), "\(named.diagnostics)")
    }
  }
}
