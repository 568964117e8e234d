import CFuzzer
import Foundation
import LogDamage

/// `tollbook-fuzzer`: libFuzzer looks for logs that break the reader, led by what of it they reach.
///
/// A crash ends the run and leaves `crash-…`. A law of reading that is broken is told once, and its
/// log is left as `law-…`. Both are in the working directory. The options are libFuzzer's
/// (`-help=1`).
@main
struct Fuzzer {
  /// libFuzzer has one thread and calls back without a context.
  nonisolated(unsafe) private static var state = State()

  static func main() {
    let status = unsafe tb_fuzz(CommandLine.argc, CommandLine.unsafeArgv) { data, count in
      unsafe Fuzzer.state.read(Array(UnsafeBufferPointer(start: data, count: count)))
      return 0
    }
    exit(status)
  }

  private struct State {
    private var reader: LogReader?
    private var runs = 0
    /// Laws that were broken, without their numbers.
    private var met: Set<String> = []

    mutating func read(_ text: [UInt8]) {
      do {
        // A reader keeps the texts that it has met.
        runs += 1
        if runs % 20_000 == 0 { reader = nil }
        let reader = try self.reader ?? LogReader()
        self.reader = reader
        // A mutation moves texts: what was private is not any more.
        let found = ReadingLaws.violations(of: try reader.read(text), text, movesText: true)
        for law in found { try tell(law, text) }
      } catch {
        fatalError("\(error)")
      }
    }

    private mutating func tell(_ law: String, _ text: [UInt8]) throws {
      guard met.insert(law.filter { !$0.isNumber }).inserted else { return }
      let file = "law-\(met.count)"
      try Data(text).write(to: URL(fileURLWithPath: file))
      FileHandle.standardError.write(Data("law broken: \(law): \(file)\n".utf8))
    }
  }
}
