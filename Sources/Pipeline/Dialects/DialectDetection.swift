import Billing
import Ingestion

/// `tollbook dialects detect`: what the lines of inputs are.
public struct DialectDetection: Sendable {
  /// What one input holds.
  struct Input: Sendable {
    var report: InputReport
    /// It has a name that a shell would take.
    var isFile = true
    /// `nil` when it could not be opened.
    var compression: Compression?
    var isFramed = false
    /// Lines of no dialect by the keys that they have, in the order in which they came.
    var unknown: [Shape] = []
    /// Lines of no dialect of more shapes than are kept.
    var otherUnknown: Int64 = 0
  }

  /// Lines that have the same top-level keys.
  struct Shape: Sendable, Hashable {
    var keys: [String]
    var lines: Int64
    /// Where the first one stands.
    var line: Int64
    var offset: Int64
  }

  let inputs: [Input]
  /// One for each input, in order.
  public var reports: [InputReport] { inputs.map(\.report) }

  fileprivate static let shapeLimit = 8

  /// - Throws: `DialectSet.Failure`.
  public init(_ inputs: [InputList.Input], _ settings: Settings) throws {
    let labels = LabelTable()
    let set = try DialectSet(
      user: settings.reading.dialects, only: settings.reading.onlyDialect, labels: labels)
    var limits = settings.reading.limits
    limits.columns = set.columns
    self.inputs = inputs.map { input in
      Self.read(input, set, labels, limits)
    }
  }

  private static func read(
    _ input: InputList.Input, _ set: DialectSet, _ labels: LabelTable, _ limits: InputLimits
  ) -> Input {
    var result = Input(
      report: InputReport(name: input.name), isFile: input != .standardInput)
    let names = set.dialects.map(\.name)
    do throws(InputError) {
      let log = try LogInput.open(input, limits: limits)
      result.compression = log.compression
      result.isFramed = log.isFramed
      let surveyor = LogSurveyor(log, set: set, labels: labels, limits: limits)
      while !Interruption.isRequested, let (outcome, unknown) = try surveyor.next() {
        let linesBefore = result.report.accounting.lines
        result.report.add(outcome, dialects: names)
        result.report.accounting.count(outcome.lineOfEvent, nil)
        for line in unknown { result.add(line, after: linesBefore) }
      }
    } catch {
      result.report.error = error
    }
    return result
  }
}

extension DialectDetection.Input {
  fileprivate mutating func add(_ line: LogSurveyor.UnknownLine, after linesBefore: Int64) {
    if let known = unknown.firstIndex(where: { $0.keys == line.keys }) {
      unknown[known].lines += 1
    } else if unknown.count < DialectDetection.shapeLimit {
      unknown.append(
        DialectDetection.Shape(
          keys: line.keys, lines: 1, line: linesBefore + line.line, offset: line.offset))
    } else {
      otherUnknown += 1
    }
  }
}
