import ArgumentParser
import Pipeline

extension Tollbook {
  struct Dialects: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists, shows and recognises the forms of logs.",
      subcommands: [List.self, Show.self, Detect.self])

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Lists the dialects in the order in which they are tried.")

      @OptionGroup var location: ConfigurationOptions
      @OptionGroup var reading: ReadingOptions

      func run() throws {
        let settings = try Settings(Choices(location, reading: reading))
        try DataOutput.write(try settings.dialectList())
      }
    }

    struct Show: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Prints a built-in dialect, to start one of your own from.")

      @Argument(help: "The name of a built-in dialect.")
      var name: String

      func run() throws { try DataOutput.write(try DialectText.named(name)) }
    }

    struct Detect: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Tells which dialects the lines of a file are.")

      @Argument(help: "A file, or - for standard input.")
      var file: String

      @OptionGroup var location: ConfigurationOptions
      @OptionGroup var reading: ReadingOptions

      func run() throws {
        let settings = try Settings(Choices(location, reading: reading))
        let list = try InputList.reading([file], settings)
        let reports = try Normalizer(settings.reading).run(list.inputs) { _ in }
        let lines = reports.flatMap(\.dialectLines)
        try DataOutput.write(lines.map { "\($0.name)\t\($0.lines)\n" }.joined())
        try ReadingEnd(problems: list.problems, reports: reports, signal: Interruption.signal)
          .tell(TellingOptions(), kept: "counted.")
      }
    }
  }
}
