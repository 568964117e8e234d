import ArgumentParser
import Billing
import Pipeline

/// Where the configuration stands.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration (default: tollbook.yaml in the working directory, when it is there).",
      valueName: "file"))
  var config: String?
}

/// Which ledger.
struct LedgerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The ledger (default: that of the configuration, else tollbook.db).", valueName: "file"))
  var ledger: String?
}

/// Which prices.
struct PricingOptions: ParsableArguments {
  @Option(
    name: .customLong("price-book"),
    help: ArgumentHelp("A price book before the built-in one; may be repeated.", valueName: "file"))
  var priceBooks: [String] = []

  @Flag(
    name: .customLong("no-built-in"),
    help: "Ask only the price books that are named, not the built-in one.")
  var noBuiltIn = false

  @Option(
    help: ArgumentHelp(
      "The terms of a gateway: a file, or a name that `tollbook terms list` prints; may be repeated.",
      valueName: "file|name"))
  var terms: [String] = []
}

/// How logs are read.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .customLong("dialect"),
    help: ArgumentHelp(
      "A dialect file or a directory of them to try first, or the name of the one dialect to read with.",
      valueName: "file|name"))
  var dialects: [String] = []

  @OptionGroup var work: ThreadOptions
}

/// How much of the machine is used; what comes out is the same.
struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads (default: one for each core).", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...512).contains(threads) {
      throw ValidationError("--threads is a number from 1 to 512.")
    }
  }
}

/// When lines count.
struct CountingOptions: ParsableArguments {
  @Option(
    name: .customLong("undated-at"),
    help: ArgumentHelp(
      "The time of events whose log gives none; without it they are rejected.", valueName: "time"))
  var undatedAt: Timestamp?

  @Flag(
    help: ArgumentHelp(
      "Count rows that sum several requests; without it they are rejected, for the requests themselves may be in other logs."
    ))
  var aggregates = false

  @Flag(help: "Read a last line that has no end: the files will not grow any more.")
  var final = false
}

/// Whose ids are read.
struct NamingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The name of where the logs come from: equal ids under two names are two requests (default: that of the configuration, else none).",
      valueName: "label"))
  var source: String?

  func validate() throws {
    if let source, !Configuration.isSource(source) {
      throw ValidationError("--source is 1 to 64 letters, digits and . _ - / : @.")
    }
  }
}

/// Where rejected lines are kept.
struct QuarantineOptions: ParsableArguments {
  @Option(
    name: .customLong("quarantine"),
    help: ArgumentHelp(
      "Keep rejected lines, with all that they say, in this directory, which only you may open.",
      valueName: "dir"))
  var directory: String?

  @Option(
    name: .customLong("quarantine-limit"),
    help: ArgumentHelp(
      "What the directory may hold: bytes, or a number with KiB, MiB or GiB (default: 64MiB).",
      valueName: "size"))
  var limit: ByteSize?

  /// What the options say.
  var options: Pipeline.QuarantineOptions? {
    directory.map {
      Pipeline.QuarantineOptions(
        directory: $0, limit: limit?.bytes ?? Pipeline.QuarantineOptions.usualLimit)
    }
  }
}

/// What is told, and when that makes the command fail.
struct TellingOptions: ParsableArguments {
  @Flag(help: "Exit with 1 when lines were rejected, events are unpriced or ids conflict.")
  var strict = false

  @Flag(name: .shortAndLong, help: "Print no account of the lines.")
  var quiet = false
}

extension Choices {
  init(
    _ configuration: ConfigurationOptions, ledger: LedgerOptions? = nil,
    pricing: PricingOptions? = nil, reading: ReadingOptions? = nil, work: ThreadOptions? = nil
  ) {
    self.init()
    self.configuration = configuration.config
    self.ledger = ledger?.ledger
    priceBooks = pricing?.priceBooks ?? []
    leavesOutBuiltIn = pricing?.noBuiltIn ?? false
    terms = pricing?.terms ?? []
    dialects = reading?.dialects ?? []
    threads = (work ?? reading?.work)?.threads
  }
}
