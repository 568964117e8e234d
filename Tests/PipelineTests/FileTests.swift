import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// Files as editors, loggers and crashes leave them.
@Suite struct FileTests {
  // Acceptance rows 45 and 46.
  @Test func `marks, line ends and blank lines are no content`() throws {
    let plain = try Reading.of(chatLines(0..<3))
    let lines = chatLines(0..<3).split(separator: "\n").map(String.init)
    let forms: [String] = [
      "\u{FEFF}" + lines.joined(separator: "\n") + "\n",
      lines.joined(separator: "\r\n") + "\r\n",
      "\n\n" + lines.joined(separator: "\n  \n\t\r\n") + "\n\n",
      lines.map { "  " + $0 + " \t" }.joined(separator: "\n"),
      lines.joined(separator: "\n") + "\0\0\0",
    ]
    for form in forms {
      let reading = try Reading.of(form)
      #expect(reading.bytes == plain.bytes)
      #expect(reading.accounting.rejected == 0)
      #expect(reading.accounting.isBalanced)
    }
  }

  @Test func `a mark in the middle is no white space`() throws {
    let reading = try Reading.of(chatLine() + "\n\u{FEFF}" + chatLine() + "\n")
    #expect(reading.rejections == [.malformed: 1])
  }

  // Acceptance row 26.
  @Test(arguments: ["", "\n", "\n\n\n", " ", "\u{FEFF}"])
  func `a file without records is empty`(text: String) throws {
    let reading = try Reading.of(text)
    #expect(reading.lines.isEmpty)
    #expect(reading.accounting.rejected == 0)
    #expect(reading.accounting.isBalanced)
    #expect(reading.reports[0].error == nil)
  }

  // Acceptance row 46.
  @Test func `a last line without an end is read when it is whole`() throws {
    #expect(try Reading.of(chatLine()).lines.count == 1)
    let torn = try Reading.of(chatLine(id: "a") + "\n" + chatLine(id: "b").dropLast(5))
    #expect(torn.lines.count == 1)
    #expect(torn.rejections == [.torn: 1])
    #expect(torn.accounting.isBalanced)
    #expect(torn.reports[0].samples.map(\.line) == [2])
  }

  // Acceptance row 45.
  @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32])
  func `wide text is one error`(encoding: String.Encoding) throws {
    let data = try #require(chatLines(0..<9).data(using: encoding))
    let reading = try Reading.of(data)
    #expect(reading.reports[0].error == .wideText)
    #expect(reading.accounting == LineAccounting())
  }

  /// The line is skipped as it streams past: the memory is that of the limit, not of the line.
  // Acceptance row 47.
  @Test func `a line of 100 MB costs no memory`() async throws {
    let folder = try Folder()
    try python(
      """
      import sys
      with open(sys.argv[1], "wb") as out:
          out.write(sys.argv[2].encode() + b"\\n")
          out.write(b'{"id":"' + b"x" * 100_000_000 + b'"}\\n')
          out.write(sys.argv[2].encode() + b"\\n")
      """, folder.path("long.jsonl"), chatLine())
    let file = folder.path("long.jsonl")
    // In a process of its own: the memory of this one is that of all tests.
    await #expect(processExitsWith: .success) { [file = file as String] in
      let before = try Self.peakKilobytes()
      let reading = try Reading.of(files: [file])
      #expect(reading.rejections == [.tooLong: 1])
      #expect(reading.lines.count == 2)
      #expect(try Self.peakKilobytes() - before < 60_000)
    }
  }

  /// The most memory that this process has held.
  static func peakKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return try #require(line.split { !$0.isNumber }.first.flatMap { Int($0) })
  }

  // Acceptance row 55.
  @Test func `forms may be mixed line by line`() throws {
    let lines = try Checkout.samples.flatMap { name in
      try Checkout.bytes("sample-logs/\(name).jsonl").split(separator: UInt8(ascii: "\n"))
        .prefix(12)
    }
    let interleaved = (0..<12).flatMap { offset in
      stride(from: offset, to: lines.count, by: 12).flatMap { lines[$0] + [UInt8(ascii: "\n")] }
    }
    let apart = try Reading.of(lines.flatMap { $0 + [UInt8(ascii: "\n")] })
    let mixed = try Reading.of(interleaved)
    #expect(mixed.accounting.events == apart.accounting.events)
    #expect(mixed.reports[0].dialects == apart.reports[0].dialects)
    #expect(mixed.reports[0].dialects.count >= 9)
  }
}
