import Billing
import Ingestion

/// The lines without an id that stand before the place where a file is resumed.
///
/// They are read again only when such a line comes that is known already: then only their number
/// tells whether this file said it before, or another of which this is a copy.
final class PriorLines {
  private let resumed: LogInput
  private let lines: Int64
  private let makeStage: () -> FactStage
  private var counts: [KeyedDigest: UInt64]?

  /// - Parameters:
  ///   - lines: The number of lines that were read before.
  ///   - makeStage: Makes a worker that nobody else uses.
  init(resumed: LogInput, lines: Int64, makeStage: @escaping () -> FactStage) {
    self.resumed = resumed
    self.lines = lines
    self.makeStage = makeStage
  }

  /// How many facts were made of lines with this hash.
  ///
  /// - Complexity: The first call reads the file up to where it is resumed.
  func count(of digest: KeyedDigest) throws(InputError) -> UInt64 {
    let known: [KeyedDigest: UInt64]
    if let counts { known = counts } else { known = try read() }
    counts = known
    return known[digest, default: 0]
  }

  private func read() throws(InputError) -> [KeyedDigest: UInt64] {
    let log = try resumed.again()
    let stage = makeStage()
    var counts: [KeyedDigest: UInt64] = [:]
    var line: Int64 = 0
    while line < lines, let outcome = try stage.lines.next(from: log) {
      let block = stage.facts(of: outcome)
      for (fact, digest) in block.anonymous
      where line + Int64(block.lineOfFact[fact].number) < lines {
        counts[digest, default: 0] += 1
      }
      line += block.outcome.lines
    }
    return counts
  }
}
