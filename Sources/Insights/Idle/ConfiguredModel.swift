public import Billing

/// A model that the configuration says is available (`models:` in `tollbook.yaml`).
public struct ConfiguredModel: Sendable, Hashable {
  /// As requests write it.
  public var model: String
  /// Empty: at any provider.
  public var provider: String
  /// Who may call it: key aliases, with `*` for any text; empty is everybody.
  public var keys: [String]
  /// Since when it can be called; `nil` when not said.
  public var configuredSince: Day?
  /// When the vendor released it; `nil` when not said.
  public var released: Day?
  /// What is paid each month whether it is used or not.
  public var monthlyCommitment: Amount?
  /// What the commitment buys.
  public var capacityTokensPerMinute: Int64?
  /// What its keys may spend in a day.
  public var dailyLimit: Amount?
  /// What its keys may send in a minute.
  public var limitTokensPerMinute: Int64?
  public var waiver: Waiver?

  /// Somebody knows and accepts that the model is not used.
  public struct Waiver: Sendable, Hashable {
    public var owner: String
    /// The last day on which it holds.
    public var until: Day

    public init(owner: String, until: Day) {
      self.owner = owner
      self.until = until
    }
  }

  public init(model: String, provider: String = "", keys: [String] = []) {
    self.model = model
    self.provider = provider
    self.keys = keys
  }
}

/// When a model counts as unused, rarely used, overpaid or dominated.
public struct IdleSettings: Sendable, Hashable {
  /// Days over which a commitment's use is measured.
  public var commitmentDays = 14
  /// Use of the bought capacity below this is idle.
  public var commitmentUtilisation = ExactDecimal("0.05")
  /// Days without a success that make a model dormant.
  public var dormantDays = 45
  /// With less recorded history than this, nothing is called dormant.
  public var minimumHistoryDays = 14
  /// A key that was used in the last this many days is active.
  public var activeKeyDays = 7
  /// A model must have been available for this many days.
  public var configuredDays = 30
  /// A model this many times as dear as its cheapest capable peer is expensive, as is the dearest
  /// quarter of the catalogue.
  public var peerRatio: Int64 = 5
  /// Input tokens for each output token in the blended price that models are ranked by.
  public var blendedInput: Int64 = 3
  /// A share of the period's requests below this is rare.
  public var rareShare = ExactDecimal("0.01")
  /// Unit cost or markup from this many times the comparison is overpaid.
  public var overpaidRatio = ExactDecimal("2")
  /// Requests of the substitute by the same key, at least.
  public var substituteRequests: Int64 = 30
  /// Findings with less money than this are not reported.
  public var minimumMoney = Money("1")
  /// Dormant models that are listed when only the price book says that they exist: the dearest.
  public var bookOnlyLimit = 5

  public init() {}
}
