import ArgumentParser
import Billing
import Pipeline
import Reporting

extension Tollbook {
  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes one ledger of several that share their key.",
      discussion: """
        The new ledger counts what one run over all their logs would have counted, whatever the \
        order: a request that several ledgers have counts once. Later runs go on where those of each \
        ledger stopped. The ledgers stay as they are.

        Only ledgers of one key know each other's requests: make the others with \
        `tollbook ledger new FILE --key-of LEDGER`.
        """)

    @Argument(help: "The ledgers.")
    var ledgers: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The new ledger.", valueName: "file"))
    var output: String

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
      if ledgers.count < 2 { throw ValidationError("Name at least two ledgers.") }
    }

    func run() throws {
      let settings = try Settings(Choices(location, reading: reading))
      let doubles = try settings.merge(
        ledgers, to: output, program: "tollbook \(Tollbook.version)", at: .now)
      Diagnostics.print(
        "\(VisibleText.escaped(output, limit: 1000)): \(ledgers.count) ledgers, "
          + "\(doubles) requests in more than one\n")
    }
  }
}
