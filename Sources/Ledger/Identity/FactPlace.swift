public import Billing

/// Where a fact stands in the ledger: no two facts of a day have one key.
public struct FactPlace: Sendable, Hashable {
  /// The UTC day of the request.
  public var day: Day
  public var key: RecordKey

  public init(day: Day, key: RecordKey) {
    self.day = day
    self.key = key
  }

  /// The place of a fact whose key is final.
  public init(_ fact: Fact) { self.init(day: fact.time.day, key: fact.key) }
}
