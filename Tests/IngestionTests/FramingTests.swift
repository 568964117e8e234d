import LogFixtures
import Testing

@testable import Ingestion

/// Which framing the beginning of an input tells, and what documents become.
@Suite struct FramingTests {
  /// Records whose strings hold what structure is made of.
  static let records = [
    #"{"id":"a","n":1}"#,
    #"{"id":"}\n{","q":"say \"{\" and \\","list":[{"x":[1,2]},{}],"deep":{"a":{"b":null}}}"#,
    #"{}"#,
    #"{"text":"],[{ \\\" \\\\","é":"日本","t":true}"#,
    #"{"n":-1.5e+3,"list":[[],[[]]],"":""}"#,
  ]

  static func documents(_ records: [String]) -> [(name: String, text: String)] {
    JSONLayout.documents(records)
  }

  static func packed(_ line: String) -> String { JSONLayout.packed(line) }

  @Test func `a document is its records, however it is written and read`() {
    for (name, text) in Self.documents(Self.records) {
      for form in [text, text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text] {
        for size in [1, 2, 3, 7, 64, .max] {
          let framed = Framed(form, size: size)
          #expect(framed.framing == .documents, "\(name), \(size)")
          #expect(framed.lines.map(Self.packed) == Self.records, "\(name), \(size)")
        }
      }
    }
  }

  @Test func `the room of the reader changes nothing`() {
    for (name, text) in Self.documents(Self.records) {
      let straight = Framed(text.utf8).bytes
      for room in [1, 2, 5, 30] {
        #expect(Framed(text.utf8, size: 3, room: room).bytes == straight, "\(name), \(room)")
      }
    }
  }

  @Test func `a document that is cut keeps the whole records before the cut`() {
    for (name, text) in Self.documents(Self.records) {
      let bytes = Array(text.utf8)
      for cut in 0..<bytes.count {
        let framed = Framed(bytes.prefix(cut))
        let whole = Self.records.indices.last { index in
          // The record's end and all before it are there.
          let packed = Self.packed(String(decoding: bytes.prefix(cut), as: UTF8.self))
          let before = Self.records[...index].joined()
          return Self.bare(packed).hasPrefix(Self.bare(before))
        }
        let expected = whole.map { Array(Self.records[...$0]) } ?? []
        guard framed.framing == .documents else {
          // So little is there that it may be a line.
          #expect(expected.count <= 1, "\(name), \(cut)")
          continue
        }
        let lines = framed.lines.map(Self.packed)
        #expect(lines.starts(with: expected), "\(name), \(cut)")
        #expect(lines.count <= expected.count + 1, "\(name), \(cut)")
      }
    }
  }

  /// What is left of a text without what may stand between records.
  static func bare(_ text: String) -> String { text.filter { !" \n\r,[]\u{1E}".contains($0) } }

  @Test func `a source that breaks off is told after the records before`() {
    for (name, text) in Self.documents(Self.records) {
      let framed = Framed(
        text.utf8.prefix(text.utf8.count * 2 / 3), size: 5, failure: .truncated(.gzip))
      #expect(framed.error == .truncated(.gzip), "\(name)")
      #expect(!framed.lines.isEmpty, "\(name)")
      #expect(Self.records.starts(with: framed.lines.map(Self.packed)), "\(name)")
    }
  }

  /// Row by row: what is told to be lines.
  static let lines = [
    "", " ", "\n\n", "{", "{}", "{}\n", "{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}", "{\"a\":1",
    "\u{FEFF}{\"a\":1}\n", "\n\n  {\"a\":1}\n[", "{\"a\":1} x\n", "{\"a\":1}, x\n",
    "{\"a\":1,\n{\"b\":2}\n", "{\"a\":\n{\"b\":2}\n{\"c\":3}\n", "{\"a\":\"x\n{\"b\":2}\n",
    "[{\"a\":1}]\n[{\"b\":2}]\n", "[{\"a\":1}]\n{\"b\":2}\n", "[{\"a\":1}] x\n",
    "[2026-01-01] text {\"a\":1}\n", "[INFO]\n{\"a\":1}\n", "[1,2]\n", "[", "[]\n[]\n", "[[{}]]\n",
    "text\n{\"a\":1}\n", "data: {\"a\":1}\n\n", "event: x\n", ": comment\n", "null\n", "\"a\"\n",
    "2026-01-01T00:00:00Z INFO {\"a\":1}\n",
  ]

  static let documents = [
    "{\n", "{\n\"a\":1}", "{\"a\":1,\n\"b\":2}\n", "{}{}", "{} {}", "{},{}", "{},\n{}", "{},",
    "[{}]", "[{}]\n", "[{},\n{}]\n[{}]\n", "[\n{}", "[]", " [ ] \n", "[{\"a\":1}", "[{}][{}]",
    "\u{1E}{}\n", "\u{FEFF}[{}]", "{\n  \"a\": oops\n}\n{\n}\n", "[\n  {oops},\n  {}\n]\n",
  ]

  @Test func `the beginning tells the framing, in whatever pieces it comes`() {
    for (texts, framing) in [(Self.lines, Framing.lines), (Self.documents, .documents)] {
      for text in texts {
        for size in [1, 2, 5, .max] {
          #expect(Framed(text, size: size).framing == framing, "\(text), \(size)")
        }
      }
    }
  }

  @Test func `lines are given as they stand`() {
    for text in Self.lines { #expect(Framed(text, size: 2).text == text) }
  }

  /// A long first record tells by its end, however long.
  @Test func `a first record of any length tells`() {
    let long = "{\"a\":\"\(String(repeating: "x", count: 100_000))\"}"
    for size in [1000, .max] {
      #expect(Framed(long + "\n" + long + "\n", size: size).framing == .lines)
      #expect(Framed(long, size: size).framing == .lines)
      #expect(Framed(long.dropLast(2) + "\n" + long, size: size).framing == .lines)
      let beside = Framed(long + long, size: size)
      #expect(beside.framing == .documents)
      #expect(beside.lines == [long, long])
      let array = Framed("[\(long),\(long)]", size: size)
      #expect(array.lines == [long, long])
    }
  }

  /// Offsets count the lines that are made, so a reading can go on at the end of any block.
  @Test func `a document is resumed where its lines were read to`() throws {
    let folder = try Folder()
    var limits = InputLimits()
    limits.blockBytes = 40
    for (name, text) in Self.documents(Self.records) {
      let file = try folder.write("a.json", text)
      let whole = try Self.blocks(of: LogInput(path: file, limits: limits))
      #expect(try LogInput(path: file, limits: limits).isFramed)
      for (index, block) in whole.enumerated() {
        let rest = try LogInput(path: file, limits: limits, from: block.offset)
        let text = try Self.blocks(of: rest).map(\.text).joined()
        #expect(text == whole[index...].map(\.text).joined(), "\(name)")
      }
    }
  }

  private static func blocks(of input: LogInput) throws -> [(offset: Int64, text: String)] {
    let block = Block()
    var blocks: [(Int64, String)] = []
    while try input.fill(block) {
      blocks.append((block.offset, unsafe String(decoding: block.text, as: UTF8.self)))
    }
    return blocks
  }
}
