import CFuzzer
import Foundation
import Ledger
import LogDamage

/// `tollbook-fuzzer`: libFuzzer looks for logs that break the reader, or with `TOLLBOOK_FUZZ=segments`
/// for segments of a ledger that do, led by what of it they reach.
///
/// A crash ends the run and leaves `crash-…`. A law of reading that is broken is told once, and its
/// input is left as `law-…`. Both are in the working directory. The options are libFuzzer's
/// (`-help=1`); `--segment-seeds FOLDER` writes segments to begin with.
@main
struct Fuzzer {
  /// libFuzzer has one thread and calls back without a context.
  nonisolated(unsafe) private static var state = State()

  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "--segment-seeds" {
      return try writeSegments(to: URL(fileURLWithPath: arguments[2]))
    }
    let status = unsafe tb_fuzz(CommandLine.argc, CommandLine.unsafeArgv) { data, count in
      unsafe Fuzzer.state.read(Array(UnsafeBufferPointer(start: data, count: count)))
      return 0
    }
    exit(status)
  }

  private static func writeSegments(to folder: URL) throws {
    for (number, sample) in try SegmentTrial().samples().enumerated() {
      try Data(sample).write(to: folder.appendingPathComponent("segment-\(number)"))
    }
  }

  private struct State {
    private let readsSegments = ProcessInfo.processInfo.environment["TOLLBOOK_FUZZ"] == "segments"
    private var reader: LogReader?
    private var runs = 0
    /// Laws that were broken, without their numbers.
    private var met: Set<String> = []

    mutating func read(_ input: [UInt8]) {
      do {
        let found =
          readsSegments ? SegmentTrial().violations(of: input) : try violations(ofLog: input)
        for law in found { try tell(law, input) }
      } catch {
        fatalError("\(error)")
      }
    }

    private mutating func violations(ofLog text: [UInt8]) throws -> [String] {
      // A reader keeps the texts that it has met.
      runs += 1
      if runs % 20_000 == 0 { reader = nil }
      let reader = try self.reader ?? LogReader()
      self.reader = reader
      // A mutation moves texts: what was private is not any more.
      return ReadingLaws.violations(of: try reader.read(text), text, movesText: true)
    }

    private mutating func tell(_ law: String, _ text: [UInt8]) throws {
      guard met.insert(law.filter { !$0.isNumber }).inserted else { return }
      let file = "law-\(met.count)"
      try Data(text).write(to: URL(fileURLWithPath: file))
      FileHandle.standardError.write(Data("law broken: \(law): \(file)\n".utf8))
    }
  }
}
