public import Billing
import CSimdjson

/// Reads one input as a run would, and looks at the lines that no dialect knows: which keys they
/// have, never what stands under them.
public final class LogSurveyor {
  /// A line that no dialect knows.
  public struct UnknownLine: Sendable, Hashable {
    /// From 1, in its block.
    public var line: Int64
    /// In the input.
    public var offset: Int64
    /// The top-level keys as they are written, in their order; those of the first record of a list.
    public var keys: [String]
  }

  private let input: LogInput
  private let reader: BlockReader
  private let opener: LineOpener
  private let block = Block()
  private var session = SessionMemory()

  /// Keys of a record that are kept.
  private static let keyLimit = 64

  /// - Parameters:
  ///   - set: the dialects, compiled for `labels`.
  public init(_ input: LogInput, set: DialectSet, labels: LabelTable, limits: InputLimits) {
    self.input = input
    reader = BlockReader(
      set: set, wanted: EventField.all, labels: labels, limits: limits,
      key: StoreKey(low: 0, high: 0), countsAggregates: true)
    opener = LineOpener(limits: limits)
  }

  /// The events of the next block, and its unknown lines; `nil` when the input is over.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  public func next() throws(InputError) -> (outcome: BlockOutcome, unknown: [UnknownLine])? {
    guard try input.fill(block) else { return nil }
    let (outcome, memory) = reader.read(block) { self.session }
    if let memory { session = memory }
    let unknown = outcome.rejections.filter { $0.reason == .unknownFormat }
    return (outcome, unknown.compactMap(look))
  }

  private func look(_ rejection: Rejection) -> UnknownLine? {
    guard let line = opener.open(lineAt: rejection.offset, of: block) else { return nil }
    let record = opener.records(of: line).first ?? line
    let keys = opener.walker.members(of: record).prefix(Self.keyLimit)
      .map { Credential.shownKey(opener.text(of: $0.key)) }
    return UnknownLine(line: rejection.line, offset: rejection.offset, keys: keys)
  }
}
