/// Why a decimal literal was refused.
public enum DecimalLiteralError: Error, Hashable, Sendable {
  /// The text is not a decimal number.
  case malformed
  /// The number has digits below 10⁻²⁴.
  case tooFine
  /// The number is beyond ±1.7 × 10¹⁴.
  case tooLarge
  /// An exponent stands where only plain decimals are accepted.
  case exponent
}

/// Whether a literal may carry an exponent.
public enum ExponentPolicy: Sendable {
  /// `8.8e-06` is read: logs hold what a program printed.
  case accepted
  /// `8.8e-06` is refused: a price that people write is a plain decimal.
  case refused
}

extension FixedPoint {
  /// Reads decimal text exactly, in the grammar of a JSON number, without any floating point.
  ///
  /// - Parameters:
  ///   - literal: the text, without white space.
  ///   - exponent: whether an exponent is accepted.
  /// - Throws: `DecimalLiteralError`.
  /// - Complexity: O(*n*) in the length of the text; no allocation.
  public init(literal: some Collection<UInt8>, exponent policy: ExponentPolicy = .accepted)
    throws(DecimalLiteralError)
  {
    var scanner = DecimalScanner(policy: policy)
    for byte in literal { try scanner.take(byte) }
    self.init(units: try scanner.units(scale: Self.scale))
  }

  /// Reads decimal text exactly.
  ///
  /// - Throws: `DecimalLiteralError`.
  public init(literal: String, exponent policy: ExponentPolicy = .accepted)
    throws(DecimalLiteralError)
  {
    try self.init(literal: literal.utf8, exponent: policy)
  }
}

/// The states of a JSON number, fed a byte at a time.
private struct DecimalScanner {
  private enum State { case start, sign, zero, integer, point, fraction, e, eSign, exponent }

  let policy: ExponentPolicy
  private var state = State.start
  private var negative = false
  private var exponentNegative = false
  /// Significant digits; trailing zeros of the fraction wait in `pendingZeros`.
  private var digits: UInt128 = 0
  private var pendingZeros = 0
  private var fractionDigits = 0
  private var exponent = 0

  init(policy: ExponentPolicy) { self.policy = policy }

  mutating func take(_ byte: UInt8) throws(DecimalLiteralError) {
    switch (state, byte) {
    case (.start, UInt8(ascii: "-")):
      negative = true
      state = .sign
    case (.start, UInt8(ascii: "0")), (.sign, UInt8(ascii: "0")):
      state = .zero
    case (.start, UInt8(ascii: "1")...UInt8(ascii: "9")),
      (.sign, UInt8(ascii: "1")...UInt8(ascii: "9")),
      (.integer, UInt8(ascii: "0")...UInt8(ascii: "9")):
      state = .integer
      try append(byte, inFraction: false)
    case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")):
      state = .point
    case (.point, UInt8(ascii: "0")...UInt8(ascii: "9")),
      (.fraction, UInt8(ascii: "0")...UInt8(ascii: "9")):
      state = .fraction
      try append(byte, inFraction: true)
    case (.zero, UInt8(ascii: "e")), (.zero, UInt8(ascii: "E")),
      (.integer, UInt8(ascii: "e")), (.integer, UInt8(ascii: "E")),
      (.fraction, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "E")):
      guard policy == .accepted else { throw .exponent }
      state = .e
    case (.e, UInt8(ascii: "-")), (.e, UInt8(ascii: "+")):
      exponentNegative = byte == UInt8(ascii: "-")
      state = .eSign
    case (.e, UInt8(ascii: "0")...UInt8(ascii: "9")),
      (.eSign, UInt8(ascii: "0")...UInt8(ascii: "9")),
      (.exponent, UInt8(ascii: "0")...UInt8(ascii: "9")):
      state = .exponent
      exponent = min(exponent * 10 + Int(byte & 15), 1_000_000)
    default:
      throw .malformed
    }
  }

  /// Adds a significant digit. Zeros wait until a digit follows, so that `1.000…0` of any length
  /// is read.
  private mutating func append(_ byte: UInt8, inFraction: Bool) throws(DecimalLiteralError) {
    if byte == UInt8(ascii: "0") {
      if digits != 0 { pendingZeros = min(pendingZeros + 1, 1_000_000) }
    } else {
      if pendingZeros > 38 { throw inFraction ? .tooFine : .tooLarge }
      for _ in 0..<pendingZeros { try shift(0, inFraction) }
      pendingZeros = 0
      try shift(UInt128(byte & 15), inFraction)
    }
    if inFraction { fractionDigits = min(fractionDigits + 1, 1_000_000) }
  }

  private mutating func shift(_ digit: UInt128, _ inFraction: Bool) throws(DecimalLiteralError) {
    let (tenfold, overflow) = digits.multipliedReportingOverflow(by: 10)
    if overflow { throw inFraction ? .tooFine : .tooLarge }
    let (sum, carry) = tenfold.addingReportingOverflow(digit)
    if carry { throw inFraction ? .tooFine : .tooLarge }
    digits = sum
  }

  func units(scale: Int) throws(DecimalLiteralError) -> Int128 {
    switch state {
    case .zero, .integer, .fraction, .exponent: break
    default: throw .malformed
    }
    guard digits != 0 else { return 0 }
    let power = scale - fractionDigits + pendingZeros + (exponentNegative ? -exponent : exponent)
    var magnitude = digits
    if power >= 0 {
      guard power <= 60 else { throw .tooLarge }
      for _ in 0..<power {
        let (tenfold, overflow) = magnitude.multipliedReportingOverflow(by: 10)
        if overflow { throw .tooLarge }
        magnitude = tenfold
      }
    } else {
      for _ in 0..<min(-power, 60) {
        guard magnitude % 10 == 0 else { throw .tooFine }
        magnitude /= 10
      }
    }
    guard let value = Int128(exactly: magnitude) else { throw .tooLarge }
    return negative ? -value : value
  }
}
