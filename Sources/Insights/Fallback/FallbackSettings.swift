public import Billing

/// When a fallback counts as premium, as avoidable, and as a spike.
public struct FallbackSettings: Sendable, Hashable {
  /// A fallback is premium when the served model's list cost is this many times the requested
  /// model's, or more.
  public var premiumRatio = ExactDecimal("1.5")
  /// And when it is dearer by this much, or more, in the currency of the request.
  public var premiumDifference = Money("0.0001")
  /// Seconds after a failure within which a success in the same trace answers it.
  public var inferenceSeconds: Int64 = 120
  /// A fallback is avoidable when another request to the requested model started and succeeded
  /// within this many seconds after the failure.
  public var recoverySeconds: Int64 = 30
  public var spike = Spike()

  /// When a day's premium fallbacks are more than the days before let expect. All conditions hold
  /// together.
  public struct Spike: Sendable, Hashable {
    /// Days of baseline, at most.
    public var baselineDays = 56
    /// Days of baseline with traffic, at least; with fewer, the edge is reported as new.
    public var minimumBaselineDays = 7
    /// Requests of the day that asked for the model, at least.
    public var minimumRequests: Int64 = 100
    /// Premium fallbacks of the day, at least.
    public var minimumFallbacks: Int64 = 10
    /// The probability of so many by chance is below this.
    public var probability = 0.001
    /// The day's share over the baseline's share, at least.
    public var shareRatio = ExactDecimal("1.5")
    /// The excess cost of the day, at least.
    public var minimumExcess = Money("5")
    /// The excess cost of the day over the day's spend, at least.
    public var minimumShareOfSpend = ExactDecimal("0.01")
    /// The share of false alarms that is accepted among all alarms (Benjamini–Hochberg).
    public var falseDiscoveryRate = 0.05
    /// Overdispersion that is assumed where the data says little.
    public var priorOverdispersion = 0.005

    public init() {}
  }

  public init() {}
}
