import LogFixtures
import Testing

@testable import Ingestion

/// Documents that are broken, hostile or too large: nothing is lost, little is refused.
@Suite struct FramingDamageTests {
  /// Row by row: a document, and its lines; those that are to be refused begin with `!`.
  static let cases: [(String, [String])] = [
    // Objects over lines: the next in the first column goes on.
    ("{\n \"a\": 1\n}\n{\n \"b\": @\n}\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\": 1\n}\n{\n \"b\": [\n}\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\": 1\n}\n{\n \"b\": \"x\n}\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\": 1\n}\n{\n \"b\": {\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\": 1\n}\n}\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\": 1\n}\ntext {}\n{\n \"c\": 3\n}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("{\n \"a\":\n{\n \"c\": 3\n}\n{\n \"d\": 4\n}\n", ["!", "{\"c\":3}", "{\"d\":4}"]),
    ("{}{\"b\":@}{\"c\":3}\n{\"d\":4}\n", ["{}", "!", "{\"c\":3}", "{\"d\":4}"]),
    ("{},{\"b\":[}, {\"c\":3}{\"d\":4}", ["{}", "!", "{\"c\":3}", "{\"d\":4}"]),
    // Arrays: the next where the others stood.
    (
      "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": @\n  },\n  {\n    \"c\": 3\n  }\n]\n",
      ["{\"a\":1}", "!", "{\"c\":3}"]
    ),
    ("[\n  {\"a\":1},\n  {\"b\":\"x},\n  {\"c\":3}\n]\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("[\n  {\"a\":1}\n  ,{\"b\":[}\n  ,{\"c\":3}\n]\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("[{\"a\":1},{\"b\":@},{\"c\":3}]", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("[{\"a\":1},{\"b\":[1}},{\"c\":3}]", ["{\"a\":1}", "!", "{\"c\":3}"]),
    (
      "[{\"a\":1}, {\"b\":\"x}, {\"c\":3}, {\"d\":4}]",
      ["{\"a\":1}", "!", "{\"c\":3}", "{\"d\":4}"]
    ),
    // The brackets of what was damaged close nothing of the array.
    (
      "[{\"a\":1},{\"b\":1,,\"list\":[{\"x\":1},{\"y\":2}],\"z\":1},{\"c\":3},{\"d\":4}]",
      ["{\"a\":1}", "!", "{\"y\":2}", "!", "{\"c\":3}", "{\"d\":4}"]
    ),
    ("[\n  {\"a\":1}\n]\ntext\n{\"c\":3}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    // Elements that are no objects.
    (
      "[{\"a\":1},1,\"x, ]\",null,[{}],{\"c\":3}]",
      ["{\"a\":1}", "!", "!", "!", "!", "{\"c\":3}"]
    ),
    ("[{\"a\":1},,{\"c\":3},]", ["{\"a\":1}", "{\"c\":3}"]),
    ("[{\"a\":1}{\"c\":3}]", ["{\"a\":1}", "{\"c\":3}"]),
    // A text sequence goes on at each separator.
    ("\u{1E}{\"a\":1}\n\u{1E}{\"b\":\u{1E}{\"c\":3}\n", ["{\"a\":1}", "!", "{\"c\":3}"]),
    ("\u{1E}[{\"a\":1},\u{1E}{\"c\":3}\n", ["{\"a\":1}", "{\"c\":3}"]),
    // The end of the file.
    ("[{\"a\":1},{\"b\":", ["{\"a\":1}", "!"]),
    ("{\n \"a\": 1\n}\n{\n \"b\": {\n", ["{\"a\":1}", "!"]),
    ("[{\"a\":1},12", ["{\"a\":1}", "!"]),
    ("{}{\"a\":1}\0\0\0", ["{}", "{\"a\":1}"]),
  ]

  @Test func `one bad record loses only itself`() {
    for (text, expected) in Self.cases {
      for size in [1, 2, 3, 7, .max] {
        let lines = Framed(text, size: size).lines.map(FramingTests.packed)
        let isAsExpected =
          lines.count == expected.count
          && zip(lines, expected).allSatisfy { line, wanted in
            wanted == "!" ? !Self.isRecord(line) : line == wanted
          }
        #expect(isAsExpected, "\(text.debugDescription), \(size): \(lines)")
      }
    }
  }

  private static func isRecord(_ line: String) -> Bool {
    var scanner = ValueScanner()
    let bytes = Array(line.utf8)
    let outcome = unsafe bytes.withUnsafeBytes { bytes in
      unsafe scanner.scan(bytes, to: bytes.count)
    }
    return line.hasPrefix("{") && outcome == .ended(bytes.count)
  }

  /// SplitMix64.
  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((value ^ (value >> 31)) % UInt64(max(limit, 1)))
    }
  }

  /// Whatever the damage: every byte that means something goes out, in order, and how the text was
  /// read changes nothing.
  @Test func `nothing is lost of a damaged document`() {
    var numbers = Numbers(state: 31)
    let letters = Array("{}[]\",:\n\\ x1\u{1E}".utf8)
    var limits = InputLimits()
    limits.lineBytes = 60
    for round in 0..<300 {
      for (name, text) in FramingTests.documents(FramingTests.records) {
        var bytes = Array(text.utf8)
        for _ in 0...numbers.below(3) {
          let place = numbers.below(bytes.count)
          switch numbers.below(3) {
          case 0: bytes[place] = letters[numbers.below(letters.count)]
          case 1: bytes.insert(letters[numbers.below(letters.count)], at: place)
          default: bytes.removeSubrange(place..<min(place + numbers.below(9), bytes.count))
          }
        }
        let limits = round % 2 == 0 ? InputLimits() : limits
        let straight = Framed(bytes, limits: limits)
        let other = Framed(
          bytes, size: 1 + numbers.below(20), room: 1 + numbers.below(20), limits: limits)
        #expect(straight.framing == other.framing, "\(name), \(round)")
        #expect(straight.bytes == other.bytes, "\(name), \(round)")
        #expect(Self.bare(straight.bytes) == Self.bare(bytes), "\(name), \(round)")
      }
    }
  }

  private static func bare(_ bytes: [UInt8]) -> [UInt8] {
    bytes.filter { !" \n\r\t,[]\u{1E}".utf8.contains($0) }
  }

  /// Of each line that opens a bracket and closes none, all that follows is looked at.
  @Test func `damage after damage costs no more than so many readings`() {
    var limits = InputLimits()
    limits.lineBytes = 1 << 20
    let nested = "{\n" + String(repeating: "\"a\":[\n{\n", count: 40_000)
    let framed = Framed(nested, limits: limits)
    #expect(Self.bare(framed.bytes) == Self.bare(Array(nested.utf8)))
  }

  // MARK: Lists that are too long for a line

  private static func list(_ count: Int) -> [String] {
    (0..<count).map { "{\"id\":\"\($0)\",\"x\":[{\"y\":\"}]\"}]}" }
  }

  @Test(arguments: ["data", "logs", "records", "Records", "result", "value", "items"])
  func `a list in an object is handed out when it is too long`(key: String) {
    var limits = InputLimits()
    limits.lineBytes = 1 << 12
    let records = Self.list(3000)
    let joined = records.joined(separator: ",\n")
    let text = "{\"object\":\"list\",\n\"\(key)\":[\n\(joined)],\"more\":false,\"z\":[{}]}\n"
    for size in [7, 1000, .max] {
      let framed = Framed(text, size: size, limits: limits)
      #expect(framed.framing == .documents)
      #expect(framed.lines.prefix(3000) == records[...])
      #expect(
        framed.lines.dropFirst(3000).map(FramingTests.packed)
          == ["{\"object\":\"list\",\"\(key)\":[],\"more\":false,\"z\":[{}]}"])
    }
    let cut = Framed(String(text.dropLast(100)), limits: limits)
    #expect(cut.lines.starts(with: records.prefix(2990)))
    let endsOpen = cut.text.hasSuffix("\"\(key)\":[")
    #expect(endsOpen)
  }

  @Test func `a list in an object is one line when it fits`() {
    let text = "{\n\"data\": [\n{},\n{}\n]\n}\n"
    #expect(Framed(text).lines.map(FramingTests.packed) == ["{\"data\":[{},{}]}"])
    let line = "{\"data\":[\(Self.list(5000).joined(separator: ","))]}"
    #expect(Framed(line).framing == .lines)
    var limits = InputLimits()
    limits.lineBytes = 1 << 12
    #expect(Framed(line, limits: limits).framing == .documents)
    #expect(Framed(line, limits: limits).lines.prefix(5000) == Self.list(5000)[...])
  }

  @Test func `a record that is too long is passed on to be refused`() {
    var limits = InputLimits()
    limits.lineBytes = 1000
    let long = "{\"id\":\"long\",\"x\":[\(String(repeating: "{\"a\":1}, ", count: 500))1]}"
    for separator in [",", "\n,  "] {
      let text = "[" + ["{\"a\":1}", long, "{\"b\":2}"].joined(separator: separator) + "]"
      for size in [1, 100, .max] {
        let framed = Framed(text, size: size, limits: limits)
        #expect(framed.lines.first == "{\"a\":1}")
        #expect(framed.lines.last == "{\"b\":2}")
      }
    }
    let laid = ["{\"a\":1}", long, "{\"b\":2}"].map { JSONLayout.pretty($0) }
    let framed = Framed(laid.joined(separator: "\n"), size: 100, limits: limits)
    #expect(
      framed.lines.map(FramingTests.packed) == [
        "{\"a\":1}", FramingTests.packed(long), "{\"b\":2}",
      ])
  }
}
