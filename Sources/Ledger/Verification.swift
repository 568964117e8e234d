import Billing
import GRDB

/// What is wrong with a ledger: one sentence that names the place.
public struct Discrepancy: Sendable, Hashable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}

extension Ledger {
  /// Checks all that a ledger promises: SQLite's own structure, the hash of every segment, that
  /// stored rollups are what the facts add up to, byte for byte, that no two facts of a segment have
  /// one key, and that the accounts of lines add up to the facts.
  ///
  /// - Returns: What is wrong, in the order of the checks; empty for a sound ledger.
  /// - Throws: `LedgerError` when the ledger cannot be read at all.
  public func verify() throws(LedgerError) -> [Discrepancy] {
    let history = try heldHistory(labels: LabelTable(), cells: CellTable())
    return try file.perform {
      var found = try history.read(Self.structure)
      var facts = 0
      for segment in history.segments where segment.kind != .rollup {
        facts += segment.rows
        do {
          found +=
            segment.kind == .facts
            ? try check(segment, history) : try checkPruned(segment, history)
        } catch let error as LedgerError {
          found.append(Discrepancy(error.description))
        }
      }
      do {
        found += Self.check(try history.accounting(), facts: facts)
      } catch let error as LedgerError {
        found.append(Discrepancy(error.description))
      }
      return found
    }
  }

  private static func check(_ account: LineAccounting, facts: Int) -> [Discrepancy] {
    var found: [Discrepancy] = []
    if account.events != facts {
      found.append(
        Discrepancy("The runs counted \(account.events) events, but \(facts) facts are stored."))
    }
    let rejections = account.rejections.values.reduce(0, +)
    if account.rejected != rejections {
      found.append(
        Discrepancy("\(account.rejected) lines were rejected, for \(rejections) reasons."))
    }
    return found
  }

  private static func structure(_ db: Database) throws -> [Discrepancy] {
    var found = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      .map { Discrepancy("SQLite: \($0).") }
    for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
      found.append(Discrepancy("A row of \(row[0] as String) refers to nothing."))
    }
    return found
  }

  /// Checks the keys of facts that were pruned, and that their rollup can be read.
  private func checkPruned(
    _ segment: StoredSegment, _ history: LedgerHistory
  ) throws -> [Discrepancy] {
    let compressor = try FrameCompressor()
    let content = try history.content(of: segment, compressor)
    var keys = 0
    try segment.reading(path: file.path) {
      try KeySegment.read(content) { _ in keys += 1 }
      guard let rollup = history.rollup(of: segment) else {
        throw SegmentFailure("its rollup is not there")
      }
      let bytes = try history.content(of: rollup, compressor)
      try RollupSegment.read(
        bytes, day: rollup.day, labels: LabelTable(), cells: CellTable(), { _ in })
    }
    if keys == segment.rows, history.isPruned(segment.day) { return [] }
    return [
      Discrepancy("Segment \(segment.id) of \(segment.day) is not what a prune leaves.")
    ]
  }

  /// Checks a segment of facts and its rollup.
  ///
  /// The facts are encoded again: equal bytes prove the segment, its order and its rollup at once.
  private func check(_ segment: StoredSegment, _ history: LedgerHistory) throws -> [Discrepancy] {
    let compressor = try FrameCompressor()
    let (labels, cells) = (LabelTable(), CellTable())
    let content = try history.content(of: segment, compressor)
    var facts: [Fact] = []
    try segment.reading(path: file.path) {
      try FactSegment.read(content, day: segment.day, labels: labels, cells: cells) {
        facts.append($0)
      }
    }
    let place = "Segment \(segment.id) of \(segment.day)"
    var found: [Discrepancy] = []
    if facts.count != segment.rows || Set(facts.map(\.key)).count != facts.count {
      found.append(Discrepancy("\(place) does not have one fact for each key."))
    }
    let encoded = try SegmentEncoder(key: key, labels: labels, cells: cells).encode(facts)
    guard let again = encoded.segments.first,
      try compressor.decompress(again.blob, count: again.byteCount) == content
    else { return found + [Discrepancy("\(place) is not as its facts are written.")] }
    guard let stored = history.rollup(of: segment) else { return found }
    let rollup = try history.content(of: stored, compressor)
    let derived = encoded.segments.first { $0.kind == .rollup }
    let bytes = try derived.map { try compressor.decompress($0.blob, count: $0.byteCount) }
    if bytes != rollup {
      found.append(Discrepancy("\(place) adds up to another rollup than segment \(stored.id)."))
    }
    return found
  }
}
