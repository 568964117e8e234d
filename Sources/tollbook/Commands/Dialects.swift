import ArgumentParser
import Pipeline

extension Tollbook {
  struct Dialects: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists, shows, recognises and checks the forms of logs.",
      subcommands: [List.self, Show.self, Detect.self, Check.self])

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Lists the dialects in the order in which they are tried.")

      @Flag(help: "Print JSON.")
      var json = false

      @OptionGroup var location: ConfigurationOptions
      @OptionGroup var reading: ReadingOptions

      func run() throws {
        let list = try DialectList(Settings(Choices(location, reading: reading)))
        try DataOutput.write(json ? list.json : list.text)
      }
    }

    struct Show: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Prints a built-in dialect, to start one of your own from.",
        discussion: "The tables that dialects share are shown too: token-shapes, error-classes, "
          + "provider-names, service-tiers.")

      @Argument(help: "The name of a built-in dialect, or of a shared table.")
      var name: String

      func run() throws { try DataOutput.write(try DialectText.named(name)) }
    }

    struct Detect: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Tells which dialects the lines of logs are.")

      @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
      var paths: [String]

      @Flag(help: "Print JSON.")
      var json = false

      @OptionGroup var location: ConfigurationOptions
      @OptionGroup var reading: ReadingOptions

      func run() throws {
        let settings = try Settings(Choices(location, reading: reading))
        let list = try InputList.reading(paths, settings)
        let detection = try DialectDetection(list.inputs, settings)
        try DataOutput.write(json ? detection.json : detection.text)
        let end = ReadingEnd(
          problems: list.problems, reports: detection.reports, signal: Interruption.signal,
          dialects: settings.reading.dialectFiles)
        try end.tell(isQuiet: true, isStrict: false, kept: "counted.")
      }
    }
  }
}
