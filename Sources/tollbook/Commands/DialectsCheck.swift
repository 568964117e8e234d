import ArgumentParser
import Pipeline

extension Tollbook.Dialects {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads logs with one dialect and tells what it fills, and what it leaves unread.",
      discussion: "Names and numbers of lines only: nothing that a log says is printed.")

    @Argument(help: "A dialect file, or the name of a built-in dialect.")
    var dialect: String

    @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
    var paths: [String]

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(
      help: ArgumentHelp(
        "Exit with 1 when a field was never filled, lines were rejected, or what looks like usage was left unread."
      ))
    var strict = false

    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location))
      let list = try InputList.reading(paths, settings)
      let check = try DialectCheck(dialect, list.inputs, settings)
      try DataOutput.write(json ? check.json : check.text)
      let end = ReadingEnd(
        problems: list.problems, reports: check.reports, signal: Interruption.signal)
      try end.tell(isQuiet: true, isStrict: false, kept: "told of.")
      if strict, check.isIncomplete { throw ExitCode(.warnings) }
    }
  }
}
