import Billing
import Documents
import Testing

/// Line, column and problem of the error that a body throws.
private func failure(
  _ text: String, _ body: (DocumentNode) throws(DocumentError) -> Void = { _ in }
) -> String? {
  do throws(DocumentError) {
    try body(try DocumentNode.read(text: text, file: "book.yaml"))
    return nil
  } catch {
    return "\(error)"
  }
}

@Suite struct DocumentNodeTests {
  @Test func `a scalar keeps its literal text`() throws {
    for text in ["a: 1.50\nb: '1.50'\n", #"{"a": 1.50, "b": "1.50"}"#] {
      let map = try DocumentNode.read(text: text, file: "f").mapping(allowing: ["a", "b"])
      #expect(try map.required("a").scalar == .init(text: "1.50", isQuoted: false))
      #expect(try map.required("b").scalar == .init(text: "1.50", isQuoted: true))
      #expect(try map.required("a").decimal().description == "1.5")
    }
  }

  @Test func `JSON escapes and surrogate pairs are read`() throws {
    let node = try DocumentNode.read(text: #"["\u00e9\n", "\ud83d\ude00"]"#, file: "f")
    #expect(try node.texts() == ["é\n", "😀"])
  }

  @Test func `an unknown key is refused with the nearest that is known`() {
    let message = failure("version: 1\nentrees: []\n") { node throws(DocumentError) in
      _ = try node.mapping(allowing: ["version", "entries"])
    }
    #expect(message == "book.yaml:2:1: `entrees` is not known here\nDid you mean `entries`?")
  }

  @Test(arguments: ["a: 1\na: 2\n", #"{"a": 1, "a": 2}"#])
  func `a key that stands twice is refused`(text: String) throws {
    let message = failure(text) { node throws(DocumentError) in
      _ = try node.mapping(allowing: ["a"])
    }
    #expect(try #require(message).contains("`a` stands twice"))
  }

  @Test func `an error names the path`() {
    let message = failure("entries:\n  - prices: [{rate: 1e-6}]\n") { node throws(DocumentError) in
      let entry = try node.mapping(allowing: ["entries"]).required("entries").list()[0]
      let price = try entry.mapping(allowing: nil).required("prices").list()[0]
      _ = try price.mapping(allowing: nil).required("rate").money()
    }
    #expect(
      message == """
        book.yaml:2:21: entries[0].prices[0].rate: `1e-6` has an exponent
        Write it as a plain decimal: `"0.000001"`.
        """)
  }

  @Test(arguments: [
    "a: &x [1, 2]\nb: *x\n", "a: *x\n", "a: [1, 2\n", "a: \"\\x\"\n", "--- 1\n--- 2\n",
    "a: \u{0}\n",
    String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    String(repeating: "- ", count: 900), "? [a]\n: 1\n",
  ])
  func `a document that hides or nests without end is refused`(text: String) {
    #expect(failure(text) != nil)
  }

  @Test func `64 levels are read and 65 are refused`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(failure(nested(64)) == nil)
    #expect(failure(nested(65)) != nil)
  }

  @Test func `an instant needs its zone and a day must exist`() throws {
    let list = try DocumentNode.read(
      text: "[2026-01-31T00:00:00Z, 2026-01-31T00:00:00, 2026-02-30, 2026-02-28]", file: "f"
    ).list()
    #expect(try list[0].time().description == "2026-01-31T00:00:00Z")
    #expect(throws: DocumentError.self) { try list[1].time() }
    #expect(throws: DocumentError.self) { try list[2].day() }
    #expect(try list[3].day().description == "2026-02-28")
  }

  @Test func `null is nothing and a quoted null is a text`() throws {
    let map = try DocumentNode.read(text: "a: null\nb: ~\nc:\nd: 'null'\n", file: "f")
      .mapping(allowing: nil)
    #expect(map.optional("a") == nil)
    #expect(map.optional("b") == nil)
    #expect(map.optional("c") == nil)
    #expect(try map.required("d").text() == "null")
    #expect(map.stated("a") != nil)
  }

  @Test func `a word outside its set names the set`() {
    let message = failure("[half_evn]") { node throws(DocumentError) in
      _ = try node.list()[0].word(of: ["up", "half_even"])
    }
    #expect(message?.contains("Did you mean `half_even`?") == true)
  }

  @Test(arguments: [("0", 0), ("-7", -7), ("9223372036854775807", Int64.max)])
  func `whole numbers are read`(text: String, value: Int64) throws {
    #expect(try DocumentNode.read(text: "[\(text)]", file: "f").list()[0].int() == value)
  }

  @Test(arguments: ["1.0", "+1", "1e3", "0x10", "9223372036854775808", "", "--1"])
  func `what is not a whole number is refused`(text: String) {
    #expect(
      failure("[\"\(text)\"]") { n throws(DocumentError) in _ = try n.list()[0].int() } != nil)
  }
}
