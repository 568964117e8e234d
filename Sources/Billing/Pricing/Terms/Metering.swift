/// Whole blocks of a quantity: what a gateway counts that bills by started kilobyte.
public struct Blocks: Sendable, Hashable {
  /// Bytes or tokens in a block, at least 1. A KB is 1000 bytes, a KiB 1024.
  public var size: Int64
  public var rounding: RoundingMode
  public var minimum: Int64

  public init?(size: Int64, rounding: RoundingMode = .up, minimum: Int64 = 0) {
    guard size > 0, minimum >= 0 else { return nil }
    self.size = size
    self.rounding = rounding
    self.minimum = minimum
  }

  /// The number of blocks of a quantity from 0 up.
  public func count(_ quantity: Int64) -> Int64 {
    let whole = quantity / size
    let rest = quantity % size
    guard rest != 0 else { return max(whole, minimum) }
    let gap = size - rest
    let comparison = rest < gap ? -1 : rest == gap ? 0 : 1
    let raise = rounding.raises(
      UInt128(whole.magnitude), comparison: comparison, isNegative: false)
    return max(raise ? whole + 1 : whole, minimum)
  }
}

/// How two directions are counted.
public enum MeteringScope: UInt8, Word {
  /// Request and response are rounded to blocks each.
  case direction
  /// Their sum is rounded to blocks.
  case sum

  public static let names = spelledCases
}

/// A price per block of payload.
public struct PayloadMetering: Sendable, Hashable {
  public var blocks: Blocks
  public var scope: MeteringScope
  public var price: Money

  public init(blocks: Blocks, scope: MeteringScope, price: Money) {
    self.blocks = blocks
    self.scope = scope
    self.price = price
  }

  /// The fee for a request.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func fee(requestBytes: Int64, responseBytes: Int64) throws(ArithmeticOverflow) -> Money {
    try price.multiplied(
      by: try scope.blocks(blocks, requestBytes, responseBytes), "payload fee")
  }
}

/// A price per started block of tokens, or the list price of whole blocks.
public struct TokenBlockMetering: Sendable, Hashable {
  public var blocks: Blocks
  public var scope: MeteringScope
  /// Per block; `nil` when each kind of token is raised to whole blocks at its list rate.
  public var price: Money?

  public init(blocks: Blocks, scope: MeteringScope, price: Money?) {
    self.blocks = blocks
    self.scope = scope
    self.price = price
  }

  /// The fee for a request when there is a price per block.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func fee(input: Int64, output: Int64) throws(ArithmeticOverflow) -> Money {
    guard let price else { return .zero }
    return try price.multiplied(by: try scope.blocks(blocks, input, output), "token block fee")
  }
}

extension MeteringScope {
  fileprivate func blocks(_ blocks: Blocks, _ first: Int64, _ second: Int64)
    throws(ArithmeticOverflow) -> Int64
  {
    switch self {
    case .direction:
      let (sum, overflow) = blocks.count(first).addingReportingOverflow(blocks.count(second))
      if overflow { throw ArithmeticOverflow("metered blocks") }
      return sum
    case .sum:
      let (sum, overflow) = first.addingReportingOverflow(second)
      if overflow { throw ArithmeticOverflow("metered quantity") }
      return blocks.count(sum)
    }
  }
}

/// A fee on the purchase of credit.
public struct PurchaseFee: Sendable, Hashable {
  public var name: String
  /// A fraction of one.
  public var share: ExactDecimal
  public var minimum: Money
  public var rounding: Rounding?

  public init(name: String, share: ExactDecimal, minimum: Money, rounding: Rounding?) {
    self.name = name
    self.share = share
    self.minimum = minimum
    self.rounding = rounding
  }

  /// The fee on a purchase; an amount of zero bears none.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func fee(on amount: Money) throws(ArithmeticOverflow) -> Money {
    guard amount != .zero else { return .zero }
    let fee = max(try amount.multiplied(by: share, "purchase fee"), minimum)
    return try rounding?(fee, "purchase fee") ?? fee
  }
}
