import Foundation
import Pipeline

/// `tollbook-benchmark dialects`: what dialects, detection and mixed logs cost.
struct DialectMode {
  /// What all others are compared with.
  private static let reference = "litellm.slp"
  /// Detection and mixtures are measured on logs so much larger: beside them the start is nothing.
  private static let enlargement = 10

  private let options: DialectOptions
  private let folder: URL
  private let settings: Settings
  private let clock = ContinuousClock()

  static func main(_ arguments: [String]) throws {
    guard let options = try DialectOptions(arguments) else {
      return try DataOutput.write(DialectOptions.help)
    }
    try TemporaryFolder.use { try DialectMode(options, folder: $0).run() }
  }

  private init(_ options: DialectOptions, folder: URL) throws {
    self.options = options
    self.folder = folder
    var choices = try TemporaryFolder.choices(in: folder)
    choices.threads = 1
    settings = try Settings(choices)
  }

  private func run() throws {
    let found = try SampleLines.found(at: options.paths, filledTo: options.line)
    guard let reference = found.first(where: { $0.name == Self.reference }) else {
      throw Failure(
        "", "no log is named \(Self.reference).jsonl",
        "All speeds are told against it: name it too.",
        .usage)
    }
    var table = TextTable(["log", "MB/s", "of \(Self.reference)"])
    let samples = try found.filter { sample in
      if try isRead(sample) { return true }
      table.add([sample.name, "not read", ""])
      return false
    }
    for sample in samples {
      let log = try write(sample.lines, "sample")
      let base = try write(reference.lines, "reference")
      let times = try shortest([{ try normalize(log) }, { try normalize(base) }])
      let speed = Double(log.bytes) / times[0]
      table.add([
        sample.name, Decimals.text(speed / 1e6, places: 0),
        Decimals.text(speed / (Double(base.bytes) / times[1]), places: 2),
      ])
    }
    try DataOutput.write(table.text + "\n")
    try DataOutput.write(detection(reference))
    try DataOutput.write(mixture(samples))
  }

  /// Some dialect knows its lines.
  private func isRead(_ sample: SampleLines) throws -> Bool {
    let log = try write(sample.lines, "sample", atLeast: 0)
    return try Normalizer(settings.reading).run([.file(log.path)]) { _ in }
      .allSatisfy { $0.failure == nil }
  }

  private func detection(_ reference: SampleLines) throws -> String {
    let log = try write(reference.lines, "uniform", atLeast: options.bytes * Self.enlargement)
    let times = try shortest([
      { try normalize(log) }, { try normalize(log, only: Self.reference) },
    ])
    return "detection     \(Self.percentage(times[0] / times[1])) on \(Self.reference)\n"
  }

  private func mixture(_ samples: [SampleLines]) throws -> String {
    let rows = samples.map(\.lines.count).max() ?? 0
    let inTurn = (0..<rows).flatMap { row in samples.map { $0.lines[row % $0.lines.count] } }
    let sorted = samples.flatMap { sample in
      (0..<rows).map { sample.lines[$0 % sample.lines.count] }
    }
    let size = options.bytes * Self.enlargement
    let mixed = try write(inTurn, "mixed", atLeast: size)
    let uniform = try write(sorted, "sorted", atLeast: size)
    let times = try shortest([{ try normalize(mixed) }, { try normalize(uniform) }])
    return "mixed lines   \(Self.percentage(times[0] / times[1])) against sorted ones\n"
  }

  private static func percentage(_ ratio: Double) -> String {
    let change = (ratio - 1) * 100
    return (change < 0 ? "-" : "+") + Decimals.text(abs(change), places: 1) + " %"
  }

  private struct Log {
    var path: String
    var bytes: Int
  }

  /// Repeats lines, all of them each time, until the log is large enough.
  private func write(
    _ lines: [[UInt8]], _ name: String, atLeast size: Int? = nil
  ) throws -> Log {
    let once = Data(lines.joined(separator: [UInt8(ascii: "\n")])) + Data([UInt8(ascii: "\n")])
    var all = Data()
    repeat { all += once } while all.count < size ?? options.bytes
    let url = folder.appendingPathComponent("\(name).jsonl")
    try all.write(to: url)
    return Log(path: url.path, bytes: all.count)
  }

  private func normalize(_ log: Log, only dialect: String? = nil) throws {
    var reading = settings.reading
    reading.onlyDialect = dialect
    let reports = try Normalizer(reading).run([.file(log.path)]) { _ in }
    if let failure = reports.compactMap(\.failure).first { throw failure }
  }

  /// The shortest time of each, in seconds; they take turns, so that a drift of the machine meets all.
  private func shortest(_ bodies: [() throws -> Void]) throws -> [Double] {
    var times = bodies.map { _ in Timing() }
    for _ in 0..<options.runs {
      for (index, body) in bodies.enumerated() {
        times[index].add(try clock.measure(body))
        if Interruption.signal != nil { throw Interrupted() }
      }
    }
    return times.map(\.shortest)
  }
}

/// The lines of a sample, filled up to one size.
struct SampleLines {
  var name: String
  var lines: [[UInt8]]

  /// The logs of JSON lines that are named or lie in folders that are named.
  ///
  /// - Throws: what Foundation throws when one cannot be read.
  static func found(at paths: [String], filledTo size: Int) throws -> [SampleLines] {
    let files = paths.flatMap { path in
      // A file has nothing inside.
      let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
      return inside.isEmpty ? [path] : inside.sorted().map { path + "/" + $0 }
    }
    return try files.filter { $0.hasSuffix(".jsonl") }.compactMap { path in
      let url = URL(fileURLWithPath: path)
      let lines = try Array(Data(contentsOf: url)).split(separator: UInt8(ascii: "\n"))
        .compactMap { filled($0, to: size) }
      let name = url.deletingPathExtension().lastPathComponent
      return lines.isEmpty ? nil : SampleLines(name: name, lines: lines)
    }
  }

  /// An object with a member more; `nil` for what is none.
  private static func filled(_ line: ArraySlice<UInt8>, to size: Int) -> [UInt8]? {
    guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}") else { return nil }
    let member = Array(",\"zz_fill\":\"".utf8)
    let missing = size - line.count - member.count - 1
    guard missing > 0 else { return Array(line) }
    return line.dropLast() + member + Array(repeating: UInt8(ascii: "x"), count: missing)
      + Array("\"}".utf8)
  }
}
