import Billing

/// What tells records of one identity apart, and which of them is preferred.
struct FactDigest {
  /// The whole record: the smaller is preferred. It is the same in every ledger, but for the lowest
  /// bits, which hash the trace under the store's key. Of snapshots it begins with their rank; of
  /// other records the upper half counts.
  var content: UInt64 = 0
  /// Time, models, tokens, status and number of requests; 0 when a model has lost its name.
  var strong: UInt32 = 0
  /// Input total, output total, and whether the request failed: what two formats of one gateway
  /// agree on. One may tell a cancelled or blocked request from a finished one, and the other not.
  /// The lowest bit is that of failure; nothing above it stands for a request of unknown usage.
  /// 20 bits.
  var weak: UInt32 = 0
  /// The dialect's number in `DialectRanks`, 1 … 255.
  var dialect: UInt16 = 0
  /// Records of the dialect with one identity are snapshots of one call.
  var isSnapshot = false
  var edge = DayEdge.none

  /// What a record is to one of its identity that counts.
  enum Relation {
    /// Another call: both count.
    case different
    case sameOrInferior
    case preferred
  }

  /// Two records of an identity are one call when they agree in what all formats of a gateway agree
  /// on, unless one format tells them apart: within a dialect they must agree in all of `strong`.
  ///
  /// Of one call, the record counts that knows its usage, then that of the preferred dialect, and of
  /// those of one dialect the one with the smaller content: which one counts does not depend on
  /// which came first.
  func relation(to other: FactDigest, _ ranks: DialectRanks) -> Relation {
    if isSnapshot, dialect == other.dialect {
      return content < other.content ? .preferred : .sameOrInferior
    }
    if dialect != other.dialect, isOfUnknownUsage != other.isOfUnknownUsage,
      weak & 1 == other.weak & 1
    {
      return other.isOfUnknownUsage ? .preferred : .sameOrInferior
    }
    if weak != other.weak { return .different }
    if dialect != other.dialect {
      return ranks.prefers(dialect, to: other.dialect) ? .preferred : .sameOrInferior
    }
    if strong != other.strong, strong != 0, other.strong != 0 { return .different }
    return content < other.content ? .preferred : .sameOrInferior
  }
}

extension FactDigest {
  /// What tells the record from the others of its identity: the call, or, as all snapshots of a
  /// dialect are one, the dialect; where models have lost their names, what is left of the call.
  func mark(_ ranks: DialectRanks) -> UInt32 {
    if isSnapshot { return ranks.mark(of: dialect) }
    return strong == 0 ? weak : strong
  }

  fileprivate var isOfUnknownUsage: Bool { weak >> 1 == 0 }
}

/// Computes digests that depend on texts and numbers only, so that they are the same in every run.
///
/// What decides whether two records are one is seeded with the store's key: which records collide
/// cannot be foreseen. What decides which one is preferred is not, for every ledger must choose alike.
struct FactDigester {
  private let key: StoreKey
  private let tables: FactTables
  var ranks: DialectRanks
  /// By cell, as far as it was needed.
  private var traits: [CellTraits?] = []
  /// By label, 0 where it was not needed yet.
  private var textHashes: [UInt64] = []

  /// What the cell adds to a digest.
  private struct CellTraits {
    var models: UInt64
    /// A model is one of many that count under `(other)`.
    var isNameless: Bool
    var isFailed: Bool
    var dialect: UInt16
    var isSnapshot: Bool
    var rank: SnapshotRank.Traits
    var content: UInt64
  }

  init(key: StoreKey, tables: FactTables, ranks: DialectRanks) {
    self.key = key
    self.tables = tables
    self.ranks = ranks
  }

  func isOf(_ tables: FactTables) -> Bool {
    self.tables.cells === tables.cells && self.tables.labels === tables.labels
  }

  /// One for facts of other tables.
  func with(_ tables: FactTables) -> FactDigester {
    FactDigester(key: key, tables: tables, ranks: ranks)
  }

  mutating func digest(_ fact: Fact) -> FactDigest {
    let traits = traits(of: fact.cell)
    let tokens = Self.mix(fact.tokens, fact.requests)
    let time = UInt64(bitPattern: fact.time.microseconds)
    let strong = Self.mix(Self.mix(key.low ^ traits.models, time), key.low ^ tokens)
    let content = Self.mix(Self.mix(traits.content, time), tokens ^ Self.rest(of: fact))
    let trace = fact.trace == 0 ? 0 : Self.mix(key.low, fact.trace)
    return FactDigest(
      content: traits.isSnapshot
        ? SnapshotRank(fact, traits.rank).order << (64 - SnapshotRank.width)
          | content >> SnapshotRank.width
        : (content >> 40) << 40 | (trace & 0xFF) << 32,
      strong: traits.isNameless ? 0 : max(UInt32(truncatingIfNeeded: strong), 1),
      weak: weak(fact, isFailed: traits.isFailed),
      dialect: traits.dialect, isSnapshot: traits.isSnapshot, edge: DayEdge(of: fact.time))
  }

  private static let weakBits: UInt32 = 1 << 20 - 1

  private func weak(_ fact: Fact, isFailed: Bool) -> UInt32 {
    let failure: UInt32 = isFailed ? 1 : 0
    if fact.tokens.isUnknown { return failure }
    var weak = Self.mix(key.high, UInt64(bitPattern: fact.tokens.inputTotal))
    weak = Self.mix(weak, UInt64(bitPattern: fact.tokens.outputTotal))
    return max(UInt32(truncatingIfNeeded: weak) & Self.weakBits & ~1, 2) | failure
  }

  /// The low part of the key of a record whose identity another record has.
  ///
  /// - Parameter mark: `FactDigest.mark`.
  static func conflictKey(_ low: UInt32, _ mark: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: mix(UInt64(low) << 32 | UInt64(mark), 0x9E37_79B9_7F4A_7C15))
  }

  private mutating func traits(of id: CellID) -> CellTraits {
    let index = Int(id.index)
    if index >= traits.count {
      traits.append(
        contentsOf: repeatElement(nil, count: max(tables.cells.count, index + 1) - traits.count))
    }
    if let known = traits[index] { return known }
    let cell = tables.cells[id]
    var models = Self.mix(key.low, hash(of: cell.requestModel))
    models = Self.mix(models, hash(of: cell.responseModel))
    models = Self.mix(models, UInt64(cell.status.rawValue))
    let dialect = ranks.number(of: tables.labels.text(cell.dialect))
    let made = CellTraits(
      models: models,
      isNameless: [cell.requestModel, cell.responseModel].contains {
        tables.labels.text($0) == Cell.otherName
      }, isFailed: cell.status == .error, dialect: dialect,
      isSnapshot: ranks.revises(dialect),
      rank: SnapshotRank.Traits(cell), content: content(of: cell))
    traits[index] = made
    return made
  }

  /// A hash of all fields of a cell, the same in every ledger.
  private mutating func content(of cell: Cell) -> UInt64 {
    var state = UInt64(cell.flags.rawValue)
    for field in Cell.labelFields { state = Self.mix(state, hash(of: field(cell))) }
    for field in Cell.wordFields { state = Self.mix(state, UInt64(field(cell))) }
    return state
  }

  /// A hash of a label's text, the same in every ledger: cells are many, their texts are few.
  private mutating func hash(of label: Label) -> UInt64 {
    let index = Int(label.index)
    if index >= textHashes.count {
      textHashes.append(contentsOf: repeatElement(0, count: index + 64 - textHashes.count))
    }
    if textHashes[index] != 0 { return textHashes[index] }
    let made = KeyedHasher(key: StoreKey(low: 0, high: 0)).digest(
      Array(tables.labels.text(label).utf8).span)
    textHashes[index] = max(made.low, 1)
    return textHashes[index]
  }

  private static func mix(_ tokens: TokenUsage, _ requests: Int32) -> UInt64 {
    var state = UInt64(tokens.known) << 32 | UInt64(UInt32(bitPattern: requests))
    if !tokens.isUnknown {
      for bucket in TokenBucket.allCases where tokens.isKnown(bucket) {
        state = mix(state, UInt64(bitPattern: tokens[bucket]))
      }
    }
    return state
  }

  /// Amounts, durations, sizes and metered units.
  private static func rest(of fact: Fact) -> UInt64 {
    let costs = fact.costs
    let amounts: InlineArray<7, Int128> = [
      costs.list.units, costs.billed.units, costs.reported.units, costs.reportedUpstream.units,
      costs.markup.units, costs.fee.units, costs.rounding.units,
    ]
    var state: UInt64 = 0
    for index in amounts.indices { state = mix(state, wide: amounts[index]) }
    state = mix(state, UInt64(bitPattern: fact.latency))
    state = mix(state, UInt64(bitPattern: fact.firstToken))
    state = mix(state, UInt64(bitPattern: fact.requestBytes))
    state = mix(state, UInt64(bitPattern: fact.responseBytes))
    guard !fact.units.isEmpty else { return state }
    for entry in fact.units.entries {
      state = mix(mix(state, UInt64(entry.meter.rawValue)), wide: entry.quantity.units)
    }
    return state
  }

  private static func mix(_ state: UInt64, wide number: Int128) -> UInt64 {
    mix(
      state ^ UInt64(truncatingIfNeeded: number >> 64), UInt64(truncatingIfNeeded: number))
  }

  /// Folds the 128-bit product of two words, as wyhash does.
  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
      by: word ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
