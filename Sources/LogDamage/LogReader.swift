public import Billing
import Foundation
public import Ingestion

/// What a log was read as, line by line.
public struct LogReading: Sendable {
  public var accounting = LineAccounting()
  /// The printed events of each line, from the first; lines that give none may be missing at the end.
  public var eventsOfLine: [[[UInt8]]] = []
  public var events: [UsageEvent] = []
  /// Lines that each dialect of the set read.
  public var linesOfDialect: [Int: Int64] = [:]
  /// What broke the input as a whole.
  public var error: InputError?
  public var isFramed = false
  /// What the reader says that cannot be.
  public var inconsistencies: [String] = []

  /// All printed events, in order.
  public var printed: [[UInt8]] { eventsOfLine.flatMap(\.self) }

  /// The events of a line, by its number from 0.
  public func events(ofLine line: Int) -> [[UInt8]] {
    line < eventsOfLine.count ? eventsOfLine[line] : []
  }
}

/// Reads texts as if they stood in a file, one after the other with the same worker, as a run reads
/// block after block.
public final class LogReader {
  public let set: DialectSet
  private let labels: LabelTable
  private let worker: LineWorker
  private let limits: InputLimits
  private let path: String
  private let file: FileHandle
  private var texts: LabelTexts

  /// - Parameter blockBytes: where texts are cut into blocks.
  /// - Throws: `DialectSet.Failure`, and what Foundation throws when no file can be written.
  public convenience init(blockBytes: Int? = nil) throws {
    let labels = LabelTable()
    try self.init(set: DialectSet(labels: labels), labels: labels, blockBytes: blockBytes)
  }

  /// A reader of the same dialects that has met nothing yet.
  public convenience init(like other: LogReader, blockBytes: Int? = nil) throws {
    try self.init(set: other.set, labels: other.labels, blockBytes: blockBytes)
  }

  private init(set: DialectSet, labels: LabelTable, blockBytes: Int?) throws {
    var limits = InputLimits()
    limits.blockBytes = blockBytes ?? limits.blockBytes
    self.limits = limits
    self.set = set
    self.labels = labels
    worker = LineWorker(set: set, labels: labels, limits: limits, key: StoreKey(low: 0, high: 0))
    texts = LabelTexts(labels)
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tollbook-damage-\(UUID().uuidString)")
    try Data().write(to: url)
    path = url.path
    file = try FileHandle(forWritingTo: url)
  }

  deinit {
    try? file.close()
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Reads a text to its end.
  ///
  /// - Throws: what Foundation throws when the file cannot be written.
  public func read(_ text: [UInt8]) throws -> LogReading {
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(text))
    var reading = LogReading()
    do throws(InputError) {
      let input = try LogInput(path: path, limits: limits)
      reading.isFramed = input.isFramed
      while let outcome = try worker.next(from: input) { add(outcome, to: &reading) }
    } catch {
      reading.error = error
    }
    return reading
  }

  private func add(_ outcome: BlockOutcome, to reading: inout LogReading) {
    var account = LineAccounting()
    let rejections = outcome.rejections + [outcome.tornTail].compactMap(\.self)
    account.lines = outcome.lines + (outcome.tornTail == nil ? 0 : 1)
    account.skipped = outcome.skipped
    account.rejected = Int64(rejections.count)
    account.events = Int64(outcome.batch.events.count)
    account.eventLines = Int64(Set(outcome.lineOfEvent.map(\.number)).count)
    account.bytes = outcome.bytes + (outcome.tornTail?.length ?? 0)
    for rejection in rejections { account.rejections[rejection.reason, default: 0] += 1 }
    if outcome.batch.events.count != outcome.lineOfEvent.count {
      reading.inconsistencies.append(
        "\(outcome.batch.events.count) events, but \(outcome.lineOfEvent.count) lines of events")
    }
    if outcome.linesOfDialect.reduce(0, +) != account.eventLines {
      reading.inconsistencies.append(
        "\(account.eventLines) event lines, but dialects read \(outcome.linesOfDialect.reduce(0, +))"
      )
    }
    let first = Int(reading.accounting.lines)
    for (event, line) in zip(outcome.batch.events, outcome.lineOfEvent) {
      let number = first + Int(line.number)
      while reading.eventsOfLine.count <= number { reading.eventsOfLine.append([]) }
      reading.eventsOfLine[number].append(print(event, outcome.batch))
    }
    reading.events += outcome.batch.events
    for (index, count) in outcome.linesOfDialect.enumerated() where count > 0 {
      reading.linesOfDialect[index, default: 0] += count
    }
    reading.accounting.add(account)
  }

  private func print(_ event: UsageEvent, _ batch: EventBatch) -> [UInt8] {
    var json = JSONText()
    event.write(to: &json, batch: batch, texts: &texts)
    return json.bytes
  }
}
