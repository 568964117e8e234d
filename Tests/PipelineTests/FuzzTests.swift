import Billing
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// Damaged lines, the same ones in every run: nothing crashes, nothing is invented, every line is
/// accounted for.
@Suite struct FuzzTests {
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

  private static let numbers = [
    "-1", "1e308", "99999999999999999999", "1099511627776", "-9223372036854775808", "0.1", "1e-30",
    "170141183460469231731687303715884105727", "-0", "null", "true", "\"\"", "[]", "{}", "\"x\"",
    "170000000000000", "-170000000000000", "\"9999-12-31T23:59:59Z\"",
    "\"0001-01-01T00:00:00Z\"", "9223372036854775807", "253402300799",
  ]

  private static func damaged(_ line: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var line = line
    switch numbers.below(6) {
    case 0: return Array(line.prefix(numbers.below(line.count)))
    case 1:
      for _ in 0...numbers.below(4) {
        line[numbers.below(line.count)] ^= UInt8(1 << numbers.below(8))
      }
    case 2:
      let start = numbers.below(line.count)
      line.removeSubrange(start..<min(start + numbers.below(40), line.count))
    case 3:
      let start = numbers.below(line.count)
      let piece = line[start..<min(start + numbers.below(60), line.count)]
      line.insert(contentsOf: piece, at: numbers.below(line.count))
    default:
      // Another value in the place of one: behind a colon, up to the next comma or bracket.
      let colons = line.indices.filter { line[$0] == UInt8(ascii: ":") }
      guard !colons.isEmpty else { return line }
      let start = colons[numbers.below(colons.count)] + 1
      let end = line[start...].firstIndex { [0x2C, 0x7D, 0x5D].contains($0) } ?? line.count
      line.replaceSubrange(start..<end, with: Self.numbers[numbers.below(Self.numbers.count)].utf8)
    }
    line.removeAll { $0 == UInt8(ascii: "\n") }
    return line
  }

  // Acceptance row 58.
  @Test func `damaged lines are read or refused`() throws {
    var numbers = Numbers(state: 2026)
    var text: [UInt8] = []
    var count: Int64 = 0
    for name in Checkout.samples {
      let lines = try Checkout.bytes("sample-logs/\(name).jsonl")
        .split(separator: UInt8(ascii: "\n")).map { Array($0) }
      for line in lines where !line.allSatisfy({ $0 == UInt8(ascii: " ") }) {
        for _ in 0..<6 {
          text += Self.damaged(line, &numbers) + [UInt8(ascii: "\n")]
          count += 1
        }
      }
    }
    let folder = try Folder()
    let file = try folder.write("fuzz.log", text)
    let reading = try Reading.of(files: [file], threads: 2)
    #expect(reading.accounting.lines == count)
    #expect(reading.accounting.isBalanced)
    #expect(reading.accounting.rejected > count / 10)
    #expect(reading.accounting.events > count / 10)
    for (line, event) in zip(reading.lines, reading.events) {
      for (key, value) in event where key.hasSuffix("_tokens") {
        let tokens = Int64(value) ?? -1
        // A total is at most the sum of what stands beside each other, each at most 2⁴⁰.
        #expect((0...(4 << 40)).contains(tokens), "\(line)")
      }
    }
    let summary = try ingest([file], into: folder.path("fuzz.db"), threads: 2)
    #expect(summary.total.isBalanced)
    #expect(summary.total.lines == count)
    _ = try dump(folder.path("fuzz.db"))
  }

  // Acceptance row 58.
  @Test func `noise is no event`() throws {
    var numbers = Numbers(state: 7)
    var text: [UInt8] = []
    let alphabet = Array("{}[]\",:0123456789.eE+-\\u truefalsn\t\r\n\0\u{FEFF}é".utf8)
    for _ in 0..<400_000 { text.append(alphabet[numbers.below(alphabet.count)]) }
    let reading = try Reading.of(text, threads: 2)
    #expect(reading.lines.isEmpty)
    #expect(reading.accounting.isBalanced)
    #expect(reading.accounting.lines > 1000)
  }
}
