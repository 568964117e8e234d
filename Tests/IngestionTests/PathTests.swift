import Testing

@testable import Ingestion

/// Where a value stands in a record.
@Suite struct PathTests {
  static let good: [(String, [Path.Step])] = [
    (".", []),
    ("usage", [.key("usage")]),
    ("usage.prompt_tokens", [.key("usage"), .key("prompt_tokens")]),
    ("choices[0].finish_reason", [.key("choices"), .element(0), .key("finish_reason")]),
    ("iterations[-1]", [.key("iterations"), .element(-1)]),
    ("headers['x.y'].z", [.key("headers"), .key("x.y"), .key("z")]),
    ("['a b']", [.key("a b")]),
    ("[3]", [.element(3)]),
    ("x-litellm-attempted", [.key("x-litellm-attempted")]),
    ("naïve.日本", [.key("naïve"), .key("日本")]),
  ]

  static let bad = [
    "", "a.", ".a", "a..b", "a[", "a[b]", "a[-2]", "a[0", "a[0]b", "a['x]", "a[]", "..",
  ]

  @Test func `a path is its steps`() throws {
    for (text, steps) in Self.good { #expect(try Path(text).steps == steps, "\(text)") }
  }

  @Test func `a path is printed as it can be read again`() throws {
    for (text, _) in Self.good where !text.contains(" ") {
      let path = try Path(text)
      #expect(try Path(path.description) == path, "\(text)")
    }
  }

  @Test func `what is no path is refused with the text`() {
    for text in Self.bad {
      #expect(throws: Path.Malformed.self, "\(text)") { try Path(text) }
    }
  }
}
