import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a price book from one public price table, and says what it could not say.",
      discussion: """
        Reads the tables of LiteLLM, genai-prices, models.dev and Langfuse, and the model lists of \
        OpenRouter and TokenMix, as they are published. The book says what that table says, alone. \
        A model with a price that cannot be read is left out and named on standard error; prices of \
        what no log counts stand in the book and price nothing. Names are spelt out: patterns of a \
        table become names and dates.
        """)

    @Argument(help: "The table: litellm, genai-prices, openrouter, models.dev, langfuse, tokenmix.")
    var table: String

    @Argument(help: "The file.")
    var file: String

    @Option(
      name: [.short, .customLong("output")],
      help: ArgumentHelp("The book; - is standard output.", valueName: "file"))
    var output = "-"

    @Flag(
      name: .customLong("snap-float-artifacts"),
      help: "Write 0.000025 for literals such as 2.5000000000000002e-05; the book records it.")
    var snapsFloatArtifacts = false

    @Flag(help: "Exit with 1 when a model was left out.")
    var strict = false

    func run() throws {
      let made = try ImportedBook(
        table: table, file: file, snapsFloatArtifacts: snapsFloatArtifacts)
      try BookOutput.write(made.book, to: output)
      Diagnostics.print(made.remarks)
      if strict, made.hasRefusals { throw ExitCode(.warnings) }
    }
  }
}

/// Where a command writes a book.
enum BookOutput {
  static func write(_ book: [UInt8], to path: String) throws {
    if path == "-" { try DataOutput.write(book) } else { try AtomicFile.write(book, to: path) }
  }
}
