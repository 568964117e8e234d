import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists what differs between two price books.",
      discussion: """
        Entries that were added or removed, and each rate, date, name or limit that changed. Token \
        rates are quoted for a million. Columns are separated by tabs.
        """)

    @Argument(help: "The book before: a file, or built-in.")
    var before: String

    @Argument(help: "The book after: a file, or built-in.")
    var after: String

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Exit with 1 when the books differ.")
    var strict = false

    func run() throws {
      let diff = try DiffText(from: before, to: after, json: json)
      try DataOutput.write(diff.text)
      if strict, !diff.isEmpty { throw ExitCode(.warnings) }
    }
  }
}
