public import Billing

/// Something in a price book that is well formed and yet looks wrong.
public struct PriceBookRemark: Sendable, Hashable {
  /// What the remark is about; a closed set, for filters.
  public enum Kind: UInt8, Word {
    /// The price of the Batch API equals the standard price.
    case batchAsStandard
    /// Batch input has a price and batch cached input has none, so tables read it in four ways.
    case batchWithoutCached
    /// Writing to the cache for an hour is not twice the input, as the vendor publishes.
    case hourOfCache
    /// Writing to Claude's cache for five minutes is not 1.25 times the input.
    case fiveMinutesOfCache
    /// Reading from the cache costs more than the input.
    case cachedAboveInput
    /// Writing to the cache costs less than the input: a price for reading that stands there.
    case readAsWrite
    /// A context tier is cheaper than the base.
    case cheaperTier
    /// A context tier has a price for what the base has none.
    case tierWithoutBase
    /// A model for conversations has no price for its input or its output.
    case missingBase
    /// A literal was computed in binary floating point.
    case floatArtifact
    /// The vendor's end date has passed and the entry is still priced.
    case pastDeprecation
    /// Two sources disagree on a current price.
    case contested

    public static let names = spelledCases
  }

  public var entry: String
  public var kind: Kind
  /// The amounts, for a reader.
  public var detail: String

  public init(entry: String, kind: Kind, detail: String) {
    self.entry = entry
    self.kind = kind
    self.detail = detail
  }
}

extension PriceBook {
  /// What looks wrong in the current prices of the book: by kind, then by entry.
  ///
  /// - Parameter day: the day against which deprecation is held.
  public func remarks(on day: Day) -> [PriceBookRemark] {
    let all = entries.flatMap { $0.remarks(on: day) }
    return PriceBookRemark.Kind.allCases.flatMap { kind in all.filter { $0.kind == kind } }
  }
}

extension PriceEntry {
  /// What looks wrong in the entry's current price.
  ///
  /// - Parameter day: the day against which deprecation is held.
  public func remarks(on day: Day) -> [PriceBookRemark] {
    var lint = EntryLint(entry: self)
    lint.remarkSources(on: day)
    if let price = currentPrice {
      lint.remarkBase(price.base)
      lint.remarkTiers(price.base)
      lint.remarkBatch(price)
    }
    return lint.remarks
  }
}

/// The remarks of one entry.
private struct EntryLint {
  let entry: PriceEntry
  private(set) var remarks: [PriceBookRemark] = []

  init(entry: PriceEntry) { self.entry = entry }

  private mutating func remark(_ kind: PriceBookRemark.Kind, _ detail: String) {
    remarks.append(PriceBookRemark(entry: entry.id, kind: kind, detail: detail))
  }

  mutating func remarkSources(on day: Day) {
    for contest in entry.contests {
      let claims = contest.claims.map { "\($0.source) \($0.amount)" }.joined(separator: ", ")
      let isArtifact = contest.claims.contains { $0.source == FloatArtifact.claim }
      remark(
        isArtifact ? .floatArtifact : .contested,
        "\(contest.subject): \(claims); taken: \(contest.chosen)")
    }
    if let end = entry.deprecated, end < day { remark(.pastDeprecation, "ended on \(end)") }
  }

  mutating func remarkBase(_ base: PriceCard) {
    if entry.capabilities.contains("chat") || entry.capabilities.contains("responses") {
      for bucket in [TokenBucket.input, .output]
      where base.rates[bucket] == nil && base.fallback(bucket) != .free {
        remark(.missingBase, "no rate for \(bucket.name)")
      }
    }
    guard let input = base.rates[.input], input > .zero else { return }
    if let hour = base.rates[.cacheWrite1h], hour.units != input.units * 2 {
      remark(.hourOfCache, "input \(input), one hour \(hour)")
    }
    let isClaude = entry.names.contains { $0.asciiLowercased.contains("claude") }
    if isClaude, let write = base.rates[.cacheWrite5m], write.units * 4 != input.units * 5 {
      remark(.fiveMinutesOfCache, "input \(input), five minutes \(write)")
    }
    if let read = base.rates[.cacheRead], read > input {
      remark(.cachedAboveInput, "input \(input), cached \(read)")
    }
    if let write = base.rates[.cacheWrite5m], write > .zero, write < input {
      remark(.readAsWrite, "input \(input), write \(write)")
    }
  }

  mutating func remarkTiers(_ base: PriceCard) {
    for tier in base.contextTiers {
      for bucket in TokenBucket.allCases {
        guard let rate = tier.rates[bucket] else { continue }
        guard let standard = base.rates[bucket] else {
          remark(.tierWithoutBase, "\(bucket.name) \(tier.name): \(rate), no base")
          continue
        }
        if rate < standard {
          remark(.cheaperTier, "\(bucket.name) \(tier.name): \(rate), base \(standard)")
        }
      }
    }
  }

  mutating func remarkBatch(_ price: DatedPrice) {
    let batch = price.cards.first { $0.conditions.map(\.name) == ["batch"] }?.card
    guard let batch, let rate = batch.rates[.input], rate > .zero, batch.assumed[.input] == nil
    else { return }
    if rate == price.base.rates[.input] { remark(.batchAsStandard, "input \(rate)") }
    let isStated = batch.rates[.cacheRead] != nil && batch.assumed[.cacheRead] == nil
    if !isStated, price.base.rates[.cacheRead] != nil {
      remark(.batchWithoutCached, "batch input \(rate)")
    }
  }
}
