import ArgumentParser
import Pipeline
import Reporting

extension Tollbook {
  struct Ledgers: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ledger", abstract: "Makes ledgers.", subcommands: [New.self])

    struct New: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Makes an empty ledger.",
        discussion: """
          `tollbook ingest` makes one by itself, with a key of its own. With --key-of it shares the \
          key of another ledger, so that the two can be merged one day: make one for each host, and \
          ingest there.
          """)

      @Argument(help: "The file to make.")
      var file: String

      @Option(
        name: .customLong("key-of"),
        help: ArgumentHelp("A ledger whose key it is to have.", valueName: "ledger"))
      var other: String?

      func run() throws { try Settings.makeLedger(file, keyOf: other) }
    }
  }

  struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Brings a ledger of an older format up to date.",
      discussion: """
        `tollbook ingest` does so by itself. A copy of the old ledger is made, checked and kept \
        beside it; whatever happens meanwhile, the ledger is the old one or the new.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let path = VisibleText.escaped(settings.ledger, limit: 1000)
      if let backup = try settings.migrate() {
        Diagnostics.print(migrated(settings.ledger, backup))
      } else {
        Diagnostics.print("\(path) is up to date\n")
      }
    }
  }

  /// What is told when a ledger was brought up to date.
  static func migrated(_ ledger: String, _ backup: String) -> String {
    let text = "\(ledger) is brought up to date; the old ledger is kept as \(backup)"
    return VisibleText.escaped(text, limit: 4000) + "\n"
  }
}
