/// How a metered quantity becomes a billed one.
public struct MeterRule: Sendable, Hashable {
  /// What one unit is.
  public enum Count: UInt8, Word {
    /// Each unit that was used: a search, a second.
    case each
    /// The request, once, when it used any.
    case perRequest

    public static let names = spelledCases
  }

  public var count = Count.each
  /// The least that a request is billed for which used any; 0 for none.
  public var minimum = ExactDecimal.zero
  /// The quantity is raised to whole steps; 0 leaves it as it is.
  public var step = ExactDecimal.zero
  /// What the vendor gives away.
  public var free: FreeAllowance?

  public init() {}

  /// The billed quantity of one request, or of the requests that a row sums.
  ///
  /// A row that sums several requests is raised as a whole: what each of them used is not known.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the meter.
  func billed(_ quantity: ExactDecimal, requests: Int64, _ name: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> ExactDecimal
  {
    guard quantity > .zero else { return .zero }
    var billed = quantity
    if count == .perRequest { billed = min(billed, ExactDecimal(max(requests, 1))) }
    if step > .zero, billed.units % step.units != 0 {
      let (raised, overflow) = (billed.units / step.units + 1)
        .multipliedReportingOverflow(by: step.units)
      if overflow { throw ArithmeticOverflow(name()) }
      billed = ExactDecimal(units: raised)
    }
    return max(billed, minimum)
  }
}

/// A quantity that a vendor gives away in each period, before it bills.
///
/// No single request can say whether it was free: charges state the full list cost, and what was
/// given away is an adjustment of the period.
public struct FreeAllowance: Sendable, Hashable {
  public enum Period: UInt8, Word {
    case day, month

    public static let names = spelledCases
  }

  public var quantity: ExactDecimal
  public var period: Period
  /// Models of one group share one allowance; empty when each has its own.
  public var group: String

  public init(quantity: ExactDecimal, period: Period, group: String) {
    self.quantity = quantity
    self.period = period
    self.group = group
  }
}
