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
    /// The vendor's end date has passed and the entry is still priced.
    case pastDeprecation
    /// Two sources disagree on a current price.
    case contested
    /// A context tier is cheaper than the base.
    case cheaperTier

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

extension PriceEntry {
  /// What looks wrong in the entry's current price.
  ///
  /// - Parameter day: the day against which deprecation is held.
  public func remarks(on day: Day) -> [PriceBookRemark] {
    var remarks: [PriceBookRemark] = []
    func remark(_ kind: PriceBookRemark.Kind, _ detail: String) {
      remarks.append(PriceBookRemark(entry: id, kind: kind, detail: detail))
    }
    for contest in contests {
      let claims = contest.claims.map { "\($0.source) \($0.amount)" }.joined(separator: ", ")
      remark(.contested, "\(contest.subject): \(claims); taken: \(contest.chosen)")
    }
    if let deprecated, deprecated < day { remark(.pastDeprecation, "ended on \(deprecated)") }
    guard let base = currentPrice?.base, let input = base.rates[.input], input > .zero else {
      return remarks
    }
    if provider == "anthropic", let hour = base.rates[.cacheWrite1h],
      hour.units != input.units * 2
    {
      remark(.hourOfCache, "input \(input), one hour \(hour)")
    }
    for tier in base.contextTiers {
      if let rate = tier.rates[.input], rate < input {
        remark(.cheaperTier, "\(tier.name): \(rate), base \(input)")
      }
    }
    let batch = currentPrice?.cards.first { $0.conditions.map(\.name) == ["batch"] }?.card
    if let batch, let rate = batch.rates[.input] {
      if rate == input { remark(.batchAsStandard, "input \(rate)") }
      if batch.rates[.cacheRead] == nil, base.rates[.cacheRead] != nil {
        remark(.batchWithoutCached, "batch input \(rate)")
      }
    }
    return remarks
  }
}
