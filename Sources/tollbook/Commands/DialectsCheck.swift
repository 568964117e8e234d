import ArgumentParser
import Pipeline

extension Tollbook.Dialects {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads logs with one dialect and tells what it fills, and what it leaves unread.",
      discussion:
        "Names and numbers of lines only. Of what a log says nothing is printed but short words "
        + "for which the dialect has a table of meanings that lacks them.")

    @Argument(
      help: ArgumentHelp(
        "A dialect file, a directory of them (each is checked, beside the others), or the name of a built-in dialect."
      ))
    var dialect: String

    @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
    var paths: [String]

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(
      help: ArgumentHelp(
        "Exit with 1 when a field was never filled, lines were rejected, what looks like usage was left unread, or a remark says that figures would be wrong."
      ))
    var strict = false

    @Option(
      name: .customLong("dialect"),
      help: ArgumentHelp(
        "Another dialect file, or a directory of them, that the log is read with, such as the envelope of its records; may be repeated.",
        valueName: "file"))
    var others: [String] = []

    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      var choices = Choices(location)
      choices.dialects = others
      let settings = try Settings(choices)
      let list = try InputList.reading(paths, settings)
      let checks = try DialectCheck.all(dialect, list.inputs, settings)
      try DataOutput.write(
        !json
          ? checks.map(\.text).joined(separator: "\n")
          : checks.count == 1 ? checks[0].json : DialectCheck.json(checks))
      let end = ReadingEnd(
        problems: list.problems, reports: checks.flatMap(\.reports), signal: Interruption.signal,
        dialects: [dialect], isChecked: true)
      try end.tell(isQuiet: true, isStrict: false, kept: "told of.")
      if strict, checks.contains(where: \.isIncomplete) { throw ExitCode(.warnings) }
    }
  }
}
