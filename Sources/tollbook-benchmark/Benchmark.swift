import Foundation
import Pipeline

/// `tollbook-benchmark`: how long each stage and the whole take on this machine, without a network.
///
/// The log is read from the page cache, the ledger is synchronised to the disk as always.
@main
struct Benchmark {
  private let options: BenchmarkOptions
  private let stages: StageRunner
  private let log: BenchmarkLog

  static func main() {
    Interruption.install()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments.first == "fuzz" {
        try FuzzMode.main(Array(arguments.dropFirst()))
      } else if arguments.first == "dialects" {
        try DialectMode.main(Array(arguments.dropFirst()))
      } else if arguments.first == "pricing" {
        try PricingMode.main(Array(arguments.dropFirst()))
      } else if arguments.first == "exactly-once" {
        try ExactlyOnceMode.main(Array(arguments.dropFirst()))
      } else if let options = try BenchmarkOptions(arguments) {
        try run(options)
      } else {
        try DataOutput.write(BenchmarkOptions.help)
      }
    } catch is Interrupted {
      exit(128 + (Interruption.signal ?? SIGINT))
    } catch {
      let failure = Failure(error)
      FileHandle.standardError.write(Data("tollbook-benchmark: \(failure.message)\n".utf8))
      exit(failure.status.rawValue)
    }
  }

  private static func run(_ options: BenchmarkOptions) throws {
    try TemporaryFolder.use { folder in
      let log = try BenchmarkLog(options, folder: folder)
      let stages = try StageRunner(log: log.path, threads: options.threads, folder: folder)
      try Benchmark(options: options, stages: stages, log: log).run()
    }
  }

  private func run() throws {
    try DataOutput.write(heading)
    var timings = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, Timing()) })
    var whole = Timing()
    // Each run goes through all stages, so that a drift of the machine meets every one.
    for _ in 0..<options.runs {
      var total = Duration.zero
      for stage in Stage.allCases {
        let time = try stages.measure(stage)
        timings[stage]?.add(time)
        if stage.isPartOfWhole { total += time }
        if Interruption.signal != nil { throw Interrupted() }
      }
      whole.add(total)
    }
    try DataOutput.write(table(timings, whole) + foot)
  }

  private var heading: String {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    #if DEBUG
      let build = "debug build: the figures mean nothing"
    #else
      let build = "release build"
    #endif
    return """
      \(build), \(Self.counted(cores, "core")), \(Self.counted(options.threads, "thread")), \
      \(Self.counted(options.runs, "run"))
      \(log.title), \(Decimals.text(Double(log.byteCount) / 1e6, places: 1)) MB


      """
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private func table(_ timings: [Stage: Timing], _ whole: Timing) -> String {
    var table = TextTable(["stage", "median s", "min s", "max s", "MB/s", "k requests/s"])
    func add(_ name: String, _ timing: Timing, bytes: Int64?, requests: Int64?) {
      let rates = [bytes.map { Double($0) / 1e6 }, requests.map { Double($0) / 1e3 }].map {
        amount in
        amount.map { Decimals.text($0 / timing.median, places: 1) } ?? ""
      }
      let seconds = [timing.median, timing.shortest, timing.longest]
        .map { Decimals.text($0, places: 5) }
      table.add([name] + seconds + rates)
    }
    for stage in Stage.allCases {
      guard let timing = timings[stage] else { continue }
      add(
        stage.rawValue, timing, bytes: stage.readsLog ? log.byteCount : nil,
        requests: stage.touchesRequests ? stages.requests : nil)
    }
    let parts = Stage.allCases.filter(\.isPartOfWhole).map(\.rawValue).joined(separator: " + ")
    add("whole: " + parts, whole, bytes: log.byteCount, requests: stages.requests)
    return table.text
  }

  private var foot: String {
    let requests = stages.requests
    let size = requests > 0 ? Double(stages.ledgerBytes) / Double(requests) : 0
    let memory = ProcessMemory.peak.map { Decimals.text(Double($0) / 1e6, places: 1) } ?? "?"
    return """

      requests      \(requests), \(stages.unpriced) of them without a full price
      ledger        \(Decimals.text(size, places: 2)) bytes a request
      peak memory   \(memory) MB, of the process over all runs

      """
  }
}

/// A signal asked the program to stop.
struct Interrupted: Error {}
