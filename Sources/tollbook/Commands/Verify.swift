import ArgumentParser
import Pipeline

extension Tollbook {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks that the ledger is whole: checksums, sums and accounts.",
      discussion: "Prints what is wrong, one finding a line; exit 0 when nothing is, else 65.")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let found = try settings.verify()
      guard !found.isEmpty else {
        Diagnostics.print("\(settings.ledger): nothing is wrong\n")
        return
      }
      try DataOutput.write(found.map { $0 + "\n" }.joined())
      throw ExitCode(.badData)
    }
  }
}
