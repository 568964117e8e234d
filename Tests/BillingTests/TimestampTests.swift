import Billing
import Foundation
import Testing

/// Rows of `Vectors/timestamps.tsv`: a text, the instant that it names, and whether a zone was missing.
@Suite struct TimestampTests {
  private static func rows() throws -> [[String]] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/timestamps.tsv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: "\t").map(String.init) }
  }

  private static func read(_ text: String) -> Timestamp.Parsed? {
    let bytes = Array(text.utf8)
    return Timestamp.parse(bytes) ?? Timestamp.parse(spelling: bytes)
  }

  // Acceptance row 56.
  @Test func `a time is read as it is spelt, and a date that is none is not`() throws {
    for row in try Self.rows() {
      let parsed = Self.read(row[0])
      #expect(parsed.map { $0.time.description } ?? "refused" == row[1], "\(row[0])")
      #expect((parsed?.zoneAssumed ?? false) == (row[2] == "assumed"), "\(row[0])")
    }
  }

  // Acceptance row 56.
  @Test func `a part of a spelling, or more than it, is none`() throws {
    for row in try Self.rows() where row[1] != "refused" && !row[0].contains("m=") {
      // What follows a whole time is no part of it.
      #expect(Self.read(row[0] + "x7") == nil, "\(row[0])")
      for count in 0..<10 { #expect(Self.read(String(row[0].prefix(count))) == nil) }
    }
  }
}
