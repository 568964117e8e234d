import Billing
import Foundation
import Pipeline

/// `tollbook-benchmark exactly-once`: what it costs that every request counts exactly once, and that
/// it can be counted again: the same ingest with and without identities and facts.
///
/// The run without them stores what the requests add up to, as any such program must.
struct ExactlyOnceMode {
  private enum Trial: String, CaseIterable {
    case sums = "sums alone"
    case ledger = "identities and facts"
    case again = "the same log again"
  }

  private let options: BenchmarkOptions
  private let log: BenchmarkLog
  private let folder: URL

  static func main(_ arguments: [String]) throws {
    guard let options = try BenchmarkOptions(arguments) else {
      return try DataOutput.write(BenchmarkOptions.help)
    }
    try TemporaryFolder.use { folder in
      let log = try BenchmarkLog(options, folder: folder)
      try DataOutput.write("\(log.title)\n")
      try ExactlyOnceMode(options: options, log: log, folder: folder).run()
    }
  }

  private func run() throws {
    var choices = try TemporaryFolder.choices(in: folder)
    choices.threads = options.threads
    var timings = Dictionary(uniqueKeysWithValues: Trial.allCases.map { ($0, Timing()) })
    var (requests, ledgerBytes) = (Int64(0), Int64(0))
    for number in 0..<options.runs {
      // Each run takes all in turn, so that a drift of the machine meets every one.
      for trial in Trial.allCases {
        let ledger = folder.appendingPathComponent(
          "\(trial == .sums ? "sums" : "ledger")\(number).db")
        choices.ledger = ledger.path
        let settings = try Settings(choices)
        var ingest = IngestOptions()
        ingest.reading = settings.reading
        ingest.keepsFacts = trial != .sums
        var events: Int64 = 0
        let time = try ContinuousClock().measure {
          let ingestor = try Ingestor(
            ledger: ledger.path, pricer: settings.pricer, options: ingest)
          events = try ingestor.run([.file(log.path)]).total.events
        }
        timings[trial]?.add(time)
        if Interruption.signal != nil { throw Interrupted() }
        guard trial == .ledger else { continue }
        let attributes = try FileManager.default.attributesOfItem(atPath: ledger.path)
        ledgerBytes = (attributes[.size] as? NSNumber)?.int64Value ?? 0
        requests = events
      }
      for name in ["sums", "ledger"] {
        try? FileManager.default.removeItem(
          at: folder.appendingPathComponent("\(name)\(number).db"))
      }
    }
    try DataOutput.write(table(timings) + foot(timings, requests, ledgerBytes))
  }

  private func table(_ timings: [Trial: Timing]) -> String {
    var table = TextTable(["ingest", "median s", "min s", "MB/s"])
    for trial in Trial.allCases {
      guard let timing = timings[trial] else { continue }
      let rate = Double(log.byteCount) / 1e6 / timing.median
      table.add([
        trial.rawValue, Decimals.text(timing.median, places: 4),
        Decimals.text(timing.shortest, places: 4),
        trial == .again ? "" : Decimals.text(rate, places: 1),
      ])
    }
    return table.text
  }

  private func foot(_ timings: [Trial: Timing], _ requests: Int64, _ bytes: Int64) -> String {
    func cost(_ value: (Timing) -> Double) -> String {
      guard let sums = timings[.sums], let ledger = timings[.ledger] else { return "" }
      return Decimals.text((1 - value(sums) / value(ledger)) * 100, places: 1)
    }
    let size = requests > 0 ? Double(bytes) / Double(requests) : 0
    return """

      cost          \(cost(\.median)) % of the throughput by medians, \(cost(\.shortest)) % by the fastest
      ledger        \(Decimals.text(size, places: 2)) bytes a request
      peak memory   \(ProcessMemory.peak.map { Decimals.text(Double($0) / 1e6, places: 1) } ?? "?") MB

      """
  }
}
