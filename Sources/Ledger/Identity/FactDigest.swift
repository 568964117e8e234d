import Billing

/// What tells two records of one identity apart, in 64 bits.
struct FactDigest: Hashable {
  /// Time, models, tokens, status and number of requests.
  var strong: UInt32
  /// Input total, output total, and whether the request failed: what two formats of one gateway
  /// agree on. One may tell a cancelled or blocked request from a finished one, and the other not.
  var weak: UInt32
  /// The dialect, numbered as in the index from 1.
  var dialect: UInt32
}

/// Computes digests that depend on texts and numbers only, so that they are the same in every run.
///
/// They are seeded with the store's key: which records collide cannot be foreseen.
struct FactDigester {
  private let key: StoreKey
  private let labels: LabelTable
  private let cells: CellTable
  /// By cell, as far as it was needed.
  private var traits: [CellTraits?] = []
  private var dialects: [[UInt8]: UInt32] = [:]

  /// What the cell adds to a digest.
  private struct CellTraits {
    var models: UInt64
    var isFailed: Bool
    var dialect: UInt32
  }

  init(key: StoreKey, labels: LabelTable, cells: CellTable) {
    self.key = key
    self.labels = labels
    self.cells = cells
  }

  mutating func digest(_ fact: Fact) -> FactDigest {
    let traits = traits(of: fact.cell)
    var strong = Self.mix(key.low ^ traits.models, UInt64(bitPattern: fact.time.microseconds))
    strong = Self.mix(
      strong, UInt64(fact.tokens.known) << 32 | UInt64(UInt32(bitPattern: fact.requests)))
    if !fact.tokens.isUnknown {
      for bucket in TokenBucket.allCases where fact.tokens.isKnown(bucket) {
        strong = Self.mix(strong, UInt64(bitPattern: fact.tokens[bucket]))
      }
    }
    let input = UInt64(bitPattern: fact.tokens.inputTotal)
    var weak = Self.mix(key.high ^ (traits.isFailed ? 1 : 0), input)
    weak = Self.mix(weak, UInt64(bitPattern: fact.tokens.outputTotal))
    return FactDigest(
      strong: UInt32(truncatingIfNeeded: strong), weak: UInt32(truncatingIfNeeded: weak),
      dialect: traits.dialect)
  }

  /// The low part of the key of a record whose identity another record has.
  static func conflictKey(_ low: UInt32, _ strong: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: mix(UInt64(low) << 32 | UInt64(strong), 0x9E37_79B9_7F4A_7C15))
  }

  private mutating func traits(of id: CellID) -> CellTraits {
    let index = Int(id.index)
    if index >= traits.count {
      traits.append(
        contentsOf: repeatElement(nil, count: max(cells.count, index + 1) - traits.count))
    }
    if let known = traits[index] { return known }
    let cell = cells[id]
    var hasher = KeyedHasher(key: key)
    for label in [cell.requestModel, cell.responseModel] {
      let text = Array(labels.text(label).utf8)
      hasher.update(UInt64(text.count))
      hasher.update(text.span)
    }
    hasher.update(Array(cell.status.name.utf8).span)
    let dialect = Array(labels.text(cell.dialect).utf8)
    let number = dialects[dialect] ?? UInt32(dialects.count + 1)
    dialects[dialect] = number
    let made = CellTraits(
      models: hasher.finalize().low, isFailed: cell.status == .error, dialect: number)
    traits[index] = made
    return made
  }

  /// Folds the 128-bit product of two words, as wyhash does.
  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
      by: word ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
