import Billing
import Ingestion
import Ledger

/// What `normalize` does in input order: joins attempts, drops duplicates, resolves revisions.
struct EventSequence {
  var report = InputReport(name: "")
  private let labels: LabelTable
  private let dialects: [String]
  /// Dialects whose lines of one id are snapshots of one call, by label.
  private let revising: Set<Label>
  private var joiner: AttemptJoiner
  private var deduplicator: Deduplicator?
  private var window = RevisionWindow()
  private var texts: LabelTexts
  private var json = JSONText()

  init(_ set: DialectSet, labels: LabelTable, _ deduplicator: sending Deduplicator?) {
    self.labels = labels
    self.deduplicator = deduplicator
    dialects = set.dialects.map(\.name)
    revising = Set(set.revisingNames.map { labels.intern($0) })
    joiner = AttemptJoiner(labels: labels)
    texts = LabelTexts(labels)
  }

  /// Attempts are joined within one input.
  mutating func begin(_ name: String) {
    report = InputReport(name: name)
    joiner = AttemptJoiner(labels: labels)
    deduplicator?.beginInput()
  }

  /// Takes the next block.
  ///
  /// - Returns: what can be printed now.
  mutating func take(_ block: RenderedBlock) -> [UInt8] {
    report.add(block.outcome, dialects: dialects)
    var verdicts = deduplicator?.verdicts(on: block.outcome)
    let events = block.outcome.batch.events
    let isPlain =
      verdicts == nil && window.isEmpty && !events.contains { revising.contains($0.dialect) }
    if isPlain {
      report.accounting.count(block.outcome.lineOfEvent, nil)
      return joined(block)
    }
    var known = verdicts ?? Array(repeating: .new, count: events.count)
    for position in events.indices where known[position].isPrinted {
      let event = events[position]
      let text = text(of: block, at: position) ?? block.text(at: position)
      guard revising.contains(event.dialect), !event.id.isNone else {
        if known[position].isNew { window.append(text) }
        continue
      }
      let snapshot = RevisionWindow.Snapshot(
        gateway: event.gateway, id: Array(block.outcome.batch.bytes(event.id)),
        rank: SnapshotRank(event))
      // What is printed cannot be taken back.
      if !known[position].isNew, !window.holds(snapshot) { continue }
      switch window.append(text, snapshot, replaces: !known[position].isNew) {
      case .smaller: known[position] = .duplicate
      case .replaces where known[position].isNew:
        let place = FactPlace(day: event.time.day, key: RecordKey(high: 0, low: 0))
        known[position] = .supersedes(.init(facts: [place], idConflicts: 0))
      case .first, .replaces: break
      }
    }
    verdicts = known
    report.accounting.count(block.outcome.lineOfEvent, verdicts)
    return window.takeSettled()
  }

  /// The input is over.
  ///
  /// - Returns: what was held back for it. Where duplicates are dropped, a later input may tell better.
  mutating func finishInput() -> [UInt8] { deduplicator == nil ? window.takeAll() : [] }

  /// All inputs are over.
  ///
  /// - Returns: what was held back.
  mutating func finish() -> [UInt8] { window.takeAll() }

  /// The text of a block in which nothing is dropped.
  private mutating func joined(_ block: RenderedBlock) -> [UInt8] {
    var result: [UInt8] = []
    var copied = 0
    for position in block.outcome.batch.events.indices {
      guard let text = text(of: block, at: position) else { continue }
      let start = position == 0 ? 0 : block.ends[position - 1]
      result += block.bytes[copied..<start]
      result += text
      copied = block.ends[position]
    }
    if copied == 0 { return block.bytes }
    return result + block.bytes[copied...]
  }

  /// The text of an event that its trace has changed; `nil` when it is as it was.
  private mutating func text(of block: RenderedBlock, at position: Int) -> ArraySlice<UInt8>? {
    var event = block.outcome.batch.events[position]
    guard joiner.join(&event, in: block.outcome.batch) else { return nil }
    json.removeAll()
    event.write(to: &json, batch: block.outcome.batch, texts: &texts)
    json.endLine()
    return json.bytes[...]
  }
}

extension RecordIndex.Verdict {
  /// The event is new, or the better of two.
  fileprivate var isPrinted: Bool { self != .duplicate }
}

/// Holds texts back while a better snapshot of the same call may come, a bounded number of them.
struct RevisionWindow {
  /// A record of a call that other lines may tell better.
  struct Snapshot {
    var gateway: Label
    var id: [UInt8]
    var rank: SnapshotRank
  }

  /// What a snapshot is among those of its call.
  enum Place {
    case first, replaces, smaller
  }

  private struct Key: Hashable {
    var gateway: Label
    var id: [UInt8]
  }

  private struct Piece {
    var text: [UInt8]
    var key: Key?
  }

  private var pieces: [Piece] = []
  private var start = 0
  /// Pieces that were taken before `pieces[start]`.
  private var taken = 0
  private var latest: [Key: (number: Int, rank: SnapshotRank)] = [:]
  private var byteCount = 0

  /// Snapshots of one call that stand further apart than this are printed apart.
  private static let pieceLimit = 50_000
  private static let byteLimit = 16 << 20

  var isEmpty: Bool { start == pieces.count }

  /// A snapshot of the same call is held.
  func holds(_ snapshot: Snapshot) -> Bool {
    latest[Key(gateway: snapshot.gateway, id: snapshot.id)] != nil
  }

  mutating func append(_ text: ArraySlice<UInt8>) {
    pieces.append(Piece(text: Array(text), key: nil))
    byteCount += text.count
  }

  /// Keeps the better of this snapshot and of those of the same call before it; of equal ones the one
  /// whose bytes come first, in whatever order they came.
  ///
  /// - Parameter replaces: this one is the better, whatever their size.
  mutating func append(
    _ text: ArraySlice<UInt8>, _ snapshot: Snapshot, replaces: Bool
  ) -> Place {
    let key = Key(gateway: snapshot.gateway, id: snapshot.id)
    let number = taken + pieces.count - start
    if let known = latest[key] {
      let index = known.number - taken + start
      let isBetter =
        snapshot.rank == known.rank
        ? text.lexicographicallyPrecedes(pieces[index].text) : snapshot.rank < known.rank
      if !replaces, !isBetter { return .smaller }
      byteCount -= pieces[index].text.count
      pieces[index] = Piece(text: [], key: nil)
      latest[key] = (number, snapshot.rank)
      pieces.append(Piece(text: Array(text), key: key))
      byteCount += text.count
      return .replaces
    }
    latest[key] = (number, snapshot.rank)
    pieces.append(Piece(text: Array(text), key: key))
    byteCount += text.count
    return .first
  }

  /// What stands before the bound of the window.
  mutating func takeSettled() -> [UInt8] {
    var result: [UInt8] = []
    while pieces.count - start > Self.pieceLimit || byteCount > Self.byteLimit {
      takeFirst(&result)
    }
    if start > Self.pieceLimit {
      pieces.removeFirst(start)
      start = 0
    }
    return result
  }

  mutating func takeAll() -> [UInt8] {
    var result: [UInt8] = []
    while !isEmpty { takeFirst(&result) }
    self = RevisionWindow()
    return result
  }

  private mutating func takeFirst(_ result: inout [UInt8]) {
    let piece = pieces[start]
    pieces[start].text = []
    result += piece.text
    byteCount -= piece.text.count
    if let key = piece.key { latest[key] = nil }
    start += 1
    taken += 1
  }
}
