import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes one price book of several.",
      discussion: """
        A name is priced by the first book that has it, with the whole entry of that book: gaps are \
        never filled from another. Where a later book has another current price, the entry records \
        both.
        """)

    @Argument(help: "Price books, or built-in; the first has precedence.")
    var books: [String]

    @Option(
      help: ArgumentHelp(
        "A book of these that comes before all others; may be repeated.", valueName: "file"))
    var prefer: [String] = []

    @Option(
      name: [.short, .customLong("output")],
      help: ArgumentHelp("The book; - is standard output.", valueName: "file"))
    var output = "-"

    func run() throws {
      let merged = try MergedBook(books, preferred: prefer)
      try BookOutput.write(merged.book, to: output)
      if merged.contested > 0 {
        Diagnostics.print("tollbook: names with several prices: \(merged.contested)\n")
      }
    }
  }
}
