public import Billing

/// An amount of money with its currency.
public struct Amount: Sendable, Hashable {
  public var money: Money
  /// ISO 4217.
  public var currency: String

  public init(_ money: Money, _ currency: String) {
    self.money = money
    self.currency = currency
  }

  /// The currency of a cell: US dollars when the log and the price book name none.
  static func currency(named text: String) -> String { text.isEmpty ? "USD" : text }
}

extension Money {
  /// An amount from decimal text of the program's own; zero when the text is not a number.
  init(_ literal: StaticString) {
    self = (try? Money(literal: "\(literal)")) ?? .zero
  }
}

extension ExactDecimal {
  /// A number from decimal text of the program's own; zero when the text is not a number.
  init(_ literal: StaticString) {
    self = (try? ExactDecimal(literal: "\(literal)")) ?? .zero
  }
}
