import ArgumentParser
import Pipeline
import Reporting

extension Tollbook {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks that the ledger is whole: checksums, sums and accounts.",
      discussion: """
        Prints what is wrong, one finding a line: where, what, and what to do. Exit 0 when nothing \
        is, else 65. It only reads, and a run may go on meanwhile.

        The quick check looks at SQLite's structure, the seal of every row, the hash of every \
        segment, that the accounts of lines are of every byte once, and that all events are stored.
        """)

    @Flag(
      help: """
        Also SQLite's indexes, every request decompressed and written again, sums by day compared \
        byte for byte, and no identity twice.
        """)
    var full = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let found = try settings.verify(isFull: full)
      guard !found.isEmpty else {
        Diagnostics.print("\(settings.ledger): nothing is wrong\n")
        return
      }
      try DataOutput.write(found.map { VisibleText.escaped($0, limit: 1000) + "\n" }.joined())
      throw ExitCode(.badData)
    }
  }
}
