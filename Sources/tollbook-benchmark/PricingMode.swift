import Billing
import Foundation
import Pipeline

/// `tollbook-benchmark pricing`: what prices and terms add to reading a log, for each request.
struct PricingMode {
  /// A book and terms to price by.
  private struct Trial {
    var name: String
    var pricer: any Pricer
    /// With all that a combination is resolved to for the first time.
    var first = Timing()
    /// Of requests whose combination was met before.
    var known = Timing()
  }

  /// Without teams, and with a rule for each of some teams, fees, blocks and rounding.
  private static let terms = [
    "gateway: litellm\nrules: [{markup_percent: \"5.5\"}]\nrounding: {mode: half_even, scale: 6}\n",
    """
    gateway: litellm
    currency: USD
    rules:
      - {markup_percent: "10", fixed_fee: "0.0001"}
      - {match: {provider: anthropic}, markup_percent: "25", discount_percent: "5"}
      - {match: {tenant: "Team 7"}, markup_percent: "-3"}
    metering: {token_block: {size: 1000, price_per_block: "0.000001"}}
    rounding: {mode: half_up, scale: 8}
    minimum_charge: {amount: "0.00001"}
    """,
    """
    gateway: litellm
    rules: [{markup_percent: "10"}]
    rounding: {mode: half_up, scale: 8, scope: component}
    """,
  ]

  private let runs: Int
  private let input: InputList.Input
  private let reading: ReadingOptions
  private var trials: [Trial]

  static func main(_ arguments: [String]) throws {
    guard let options = try BenchmarkOptions(arguments) else {
      return try DataOutput.write(BenchmarkOptions.help)
    }
    try TemporaryFolder.use { folder in
      let log = try BenchmarkLog(options, folder: folder)
      try DataOutput.write("\(log.title)\n")
      var mode = try PricingMode(options, log: .file(log.path), folder: folder)
      try mode.run()
    }
  }

  private init(_ options: BenchmarkOptions, log: InputList.Input, folder: URL) throws {
    runs = options.runs
    input = log
    var choices = try TemporaryFolder.choices(in: folder)
    let settings = try Settings(choices)
    reading = settings.reading
    // The whole book, and the entries alone that the log needs.
    let builtIn = settings.pricer
    let whole = settings.book.entries(of: nil)
    let trial = try PricingTrial(reading, pricer: builtIn)
    _ = try trial.run(input)
    let needed = trial.entries
    let small = PriceTable(id: "small", entries: whole.filter { needed.contains($0.id) })
    trials = [
      Trial(name: "no book", pricer: BookPricer(book: PriceTable(id: "none", entries: []))),
      Trial(name: "\(needed.count) entries", pricer: BookPricer(book: small)),
      Trial(name: "built-in book, \(whole.count) entries", pricer: builtIn),
    ]
    for (number, terms) in Self.terms.enumerated() {
      let file = folder.appendingPathComponent("terms-\(number + 1).yaml")
      try Data(terms.utf8).write(to: file)
      choices.terms = [file.path]
      let pricer = try Settings(choices).pricer
      let names = ["markup, rounding", "all kinds of terms, teams", "components rounded"]
      trials.append(Trial(name: "built-in book: \(names[number])", pricer: pricer))
    }
  }

  private mutating func run() throws {
    var normalization = Timing()
    // Each run takes all in turn, so that a drift of the machine meets every one.
    for _ in 0..<runs {
      for index in trials.indices {
        let trial = try PricingTrial(reading, pricer: trials[index].pricer)
        let (first, known) = (try trial.run(input), try trial.run(input))
        let events = Double(max(known.events, 1))
        normalization.add(.seconds(known.reading / events))
        trials[index].first.add(.seconds(first.pricing / events))
        trials[index].known.add(.seconds(known.pricing / events))
        if Interruption.signal != nil { throw Interrupted() }
      }
    }
    var table = TextTable(["processor time, ns a request", "min", "median", "first time"])
    table.add(["normalisation alone"] + Self.nanoseconds(normalization, normalization))
    for trial in trials {
      table.add(["pricing: \(trial.name)"] + Self.nanoseconds(trial.known, trial.first))
    }
    try DataOutput.write(table.text)
  }

  private static func nanoseconds(_ known: Timing, _ first: Timing) -> [String] {
    [known.shortest, known.median, first.median].map { Decimals.text($0 * 1e9, places: 0) }
  }
}
