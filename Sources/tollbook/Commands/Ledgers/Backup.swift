import ArgumentParser
import Pipeline
import Reporting

extension Tollbook {
  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies the ledger into a file, also while a run goes on.",
      discussion: """
        The copy is of one commit and has its name only when it is whole, passed the full check of \
        `verify` and is durable. Never copy a ledger with cp: a transaction may be half done.
        """)

    @Argument(help: "The file to write.")
    var file: String

    @Flag(help: "Replace the file when it is there.")
    var force = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let count = try settings.backUp(to: file, replaces: force)
      Diagnostics.print(
        "\(VisibleText.escaped(file, limit: 1000)): \(count) requests, checked in full\n")
    }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts a backup in the ledger's place.",
      discussion: """
        The backup is checked in full first, and stays. The ledger that was there is kept under a \
        name that is printed. Ingest the logs again afterwards: what the backup lacks is added.
        """)

    @Argument(help: "The backup.")
    var file: String

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let replaced = try settings.restore(file)
      var text = "\(settings.ledger) is what \(file) holds"
      if let replaced { text += "; the ledger that was there is \(replaced)" }
      Diagnostics.print(VisibleText.escaped(text, limit: 4000) + "\n")
    }
  }
}
