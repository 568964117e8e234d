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

/// Which tokens are counted together in blocks.
public enum TokenBlockScope: UInt8, Word {
  /// Each kind of token by itself: uncached input, cached input, output, reasoning, …
  case kind
  /// All input, and all output. What fills a block up is plain input or output.
  case direction
  /// All tokens; only with a price of the block.
  case sum

  public static let names = spelledCases
}

/// A price per started block of tokens, or the list price of whole blocks.
public struct TokenBlockMetering: Sendable, Hashable {
  public var blocks: Blocks
  public var scope: TokenBlockScope
  /// Per block; `nil` when tokens are raised to whole blocks at their list rates.
  public var price: Money?

  public init(blocks: Blocks, scope: TokenBlockScope, price: Money?) {
    self.blocks = blocks
    self.scope = scope
    self.price = price
  }

  /// The fee for a request; zero without a price per block.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func fee(_ tokens: TokenUsage) throws(ArithmeticOverflow) -> Money {
    guard let price else { return .zero }
    var count: Int64 = 0
    switch scope {
    case .kind:
      // Twelve counts of at most 2⁴⁰ each.
      for bucket in TokenBucket.allCases where tokens[bucket] != 0 {
        count += blocks.count(tokens[bucket])
      }
    case .direction:
      count = try MeteringScope.direction.blocks(blocks, tokens.inputTotal, tokens.outputTotal)
    case .sum:
      count = try MeteringScope.sum.blocks(blocks, tokens.inputTotal, tokens.outputTotal)
    }
    return try price.multiplied(by: count, "token block fee")
  }

  /// The tokens that fill blocks up, below zero where the mode rounds down; `kind` and `direction`.
  ///
  /// - Throws: `ArithmeticOverflow`.
  func filling(_ tokens: TokenUsage) throws(ArithmeticOverflow) -> TokenUsage {
    var extra = TokenUsage()
    switch scope {
    case .kind:
      for bucket in TokenBucket.allCases where tokens[bucket] != 0 {
        extra.set(bucket, try missing(tokens[bucket]))
      }
    case .direction, .sum:
      extra.set(.input, try missing(tokens.inputTotal))
      extra.set(.output, try missing(tokens.outputTotal))
    }
    return extra
  }

  /// What a count lacks to its blocks.
  private func missing(_ count: Int64) throws(ArithmeticOverflow) -> Int64 {
    guard count != 0 || blocks.minimum != 0 else { return 0 }
    let (raised, overflow) = blocks.count(count).multipliedReportingOverflow(by: blocks.size)
    if overflow { throw ArithmeticOverflow("metered tokens") }
    return raised - count
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
