import Billing

/// What the lines of one file have handed on so far, for one dialect.
struct SessionState: Sendable {
  /// By the position of the carried value in its dialect.
  fileprivate var texts: [[UInt8]?] = []
  /// Counts that later lines take over.
  var usage: WrittenCounts?
  /// The last running totals.
  fileprivate var totals: WrittenCounts?
  /// What the present line added to them.
  private(set) var added: WrittenCounts?
  /// A hash of all usage and totals up to here.
  private var chain = KeyedDigest(low: 0, high: 0)

  /// Of no secret: an id that is made of usage is the same in every ledger.
  private static let chainKey = StoreKey(low: 0x6368_6169_6e65_6420, high: 0x7573_6167_6520_6964)

  func text(_ alternative: CompiledAlternative) -> [UInt8]? {
    texts.indices.contains(alternative.carried) ? texts[alternative.carried] : nil
  }

  mutating func set(_ position: Int, _ text: [UInt8], keepsFirst: Bool, of count: Int) {
    if texts.isEmpty { texts = Array(repeating: nil, count: count) }
    if keepsFirst, texts[position] != nil { return }
    texts[position] = text
  }

  /// The id of the present line: the carried value and the chain up to here.
  func chainedID(_ alternative: CompiledAlternative) -> [UInt8]? {
    guard let root = text(alternative) else { return nil }
    let digits = String(chain.low, radix: 16)
    let padding = String(repeating: "0", count: 16 - digits.utf8.count)
    return root + Array(("-" + padding + digits).utf8)
  }

  /// Takes the totals of a line.
  ///
  /// - Parameter own: what the line says of itself beside them.
  /// - Returns: whether they differ from those of the line before it.
  mutating func advance(to totals: WrittenCounts, own: WrittenCounts) -> Bool {
    if let former = self.totals, former.isEqual(totals) { return false }
    added = totals.since(self.totals)
    self.totals = totals
    extendChain(own, totals)
    return true
  }

  /// Takes a line that tells its own counts and no totals.
  mutating func advance(by own: WrittenCounts) { extendChain(own, WrittenCounts()) }

  private mutating func extendChain(_ own: WrittenCounts, _ totals: WrittenCounts) {
    var hasher = KeyedHasher(key: Self.chainKey)
    hasher.update(chain.low)
    hasher.update(chain.high)
    own.update(&hasher)
    totals.update(&hasher)
    chain = hasher.finalize()
  }

  mutating func clearAdded() { added = nil }
}

/// The states of all dialects whose lines depend on one another, in one file.
struct SessionMemory: Sendable {
  private var states: [Int: SessionState] = [:]

  /// The state of the dialect at a position of the set.
  subscript(dialect: Int) -> SessionState {
    get { states.isEmpty ? SessionState() : states[dialect] ?? SessionState() }
    set { states[dialect] = newValue }
  }
}
