import ArgumentParser
import Pipeline

extension Tollbook {
  struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every request of the ledger, one a line, sorted.",
      discussion: """
        Two ledgers that count the same requests give the same bytes, whatever the order, the files \
        and the runs that brought them there: compare the dumps of a ledger and of its copy, or of \
        two ledgers of the same logs. The lines are for comparing; programs read `report` instead.
        """)

    enum Form: String, EnumerableFlag {
      case canonical

      static func help(for value: Form) -> ArgumentHelp? {
        "Without anything that depends on the ledger or on the runs (the only form)."
      }
    }

    @Flag var form: Form = .canonical
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      try Settings(Choices(location, ledger: ledger)).dump(DataOutput.write)
    }
  }
}
