public import Billing

extension DocumentNode {
  /// The items of a list.
  ///
  /// - Throws: `DocumentError` when the node is not a list.
  public func list() throws(DocumentError) -> [DocumentNode] {
    guard case .sequence(let items) = element.content else {
      throw error("a list is expected, this is \(kindName)", "Write `[a, b]` or `- ` lines here.")
    }
    return items.enumerated().map { child(at: $0.offset, $0.element) }
  }

  /// The text of a scalar.
  ///
  /// - Throws: `DocumentError` when the node is a list, a mapping or null.
  public func text() throws(DocumentError) -> String {
    guard let scalar, !scalar.isNull else {
      throw error("a text is expected, this is \(kindName)", "Write a text here.")
    }
    return scalar.text
  }

  /// The texts of a list.
  ///
  /// - Throws: `DocumentError`.
  public func texts() throws(DocumentError) -> [String] {
    var texts: [String] = []
    for item in try list() { texts.append(try item.text()) }
    return texts
  }

  /// `true` or `false`, unquoted.
  ///
  /// - Throws: `DocumentError`.
  public func bool() throws(DocumentError) -> Bool {
    switch scalar {
    case Scalar(text: "true", isQuoted: false): return true
    case Scalar(text: "false", isQuoted: false): return false
    default: throw error("true or false is expected", "Write `true` or `false` without quotes.")
    }
  }

  /// A whole number in decimal digits.
  ///
  /// - Throws: `DocumentError`, also when it is outside `range`.
  public func int(in range: ClosedRange<Int64> = Int64.min...Int64.max) throws(DocumentError)
    -> Int64
  {
    let literal = try text()
    let digits = literal.utf8.drop { $0 == UInt8(ascii: "-") }
    guard let value = Int64(literal), digits.allSatisfy({ (48...57).contains($0) }) else {
      throw error("`\(literal)` is not a whole number", "Write digits only.")
    }
    guard range.contains(value) else {
      throw error(
        "\(value) is out of range",
        "Write a number from \(range.lowerBound) to \(range.upperBound)."
      )
    }
    return value
  }

  /// An exact decimal: digits with an optional point, no exponent, at most 24 decimals.
  ///
  /// - Throws: `DocumentError`.
  public func decimal() throws(DocumentError) -> ExactDecimal { try fixedPoint() }

  /// An amount of money, in the same form as `decimal()`.
  ///
  /// - Throws: `DocumentError`.
  public func money() throws(DocumentError) -> Money { try fixedPoint() }

  private func fixedPoint<Value: FixedPoint>() throws(DocumentError) -> Value {
    let literal = try text()
    do {
      return try Value(literal: literal, exponent: .refused)
    } catch {
      throw switch error {
      case .malformed:
        self.error("`\(literal)` is not a decimal number", "Write digits, such as `\"0.25\"`.")
      case .exponent:
        self.error(
          "`\(literal)` has an exponent", "Write it as a plain decimal: \(plain(literal)).")
      case .tooFine:
        self.error("`\(literal)` is finer than 10⁻²⁴", "Use at most 24 decimals.")
      case .tooLarge:
        self.error("`\(literal)` is too large", "Use an amount below 10¹⁴.")
      }
    }
  }

  /// The same number without an exponent, as far as it can be written.
  private func plain(_ literal: String) -> String {
    (try? ExactDecimal(literal: literal)).map { "`\"\($0)\"`" } ?? "`\"0.000001\"`"
  }

  /// An instant in RFC 3339 with its zone.
  ///
  /// - Throws: `DocumentError`.
  public func time() throws(DocumentError) -> Timestamp {
    let literal = try text()
    guard let parsed = Timestamp.parse(Array(literal.utf8)), !parsed.zoneAssumed else {
      throw error(
        "`\(literal)` is not an instant with a zone",
        "Write RFC 3339, such as `\"2026-01-31T00:00:00Z\"`.")
    }
    return parsed.time
  }

  /// A day of the calendar, `YYYY-MM-DD`.
  ///
  /// - Throws: `DocumentError`.
  public func day() throws(DocumentError) -> Day {
    let literal = try text()
    guard literal.utf8.count == 10, let parsed = Timestamp.parse(Array(literal.utf8)) else {
      throw error("`\(literal)` is not a day", "Write a real date, such as `\"2026-01-31\"`.")
    }
    return parsed.time.day
  }

  /// One word of a closed set.
  ///
  /// - Throws: `DocumentError` that names the words that are allowed.
  public func word(of words: [String]) throws(DocumentError) -> String {
    let literal = try text()
    guard words.contains(where: { $0.utf8.elementsEqual(literal.utf8) }) else {
      throw error(
        "`\(literal)` is not one of the words that may stand here",
        Self.advice(literal, among: words))
    }
    return literal
  }

  /// One word of a closed set.
  ///
  /// - Throws: `DocumentError` that names the words that are allowed.
  public func word<W: Word>(of type: W.Type) throws(DocumentError) -> W {
    let name = try word(of: W.allCases.map(\.name))
    guard let value = W(name: name) else { throw error("`\(name)` is not known", "") }
    return value
  }
}
