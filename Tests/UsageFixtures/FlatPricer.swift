public import Billing

/// A pricer for tests: one flat price per input and output token for each model name.
public struct FlatPricer: Pricer {
  public struct Price: Sendable {
    public var input: Int64
    public var output: Int64

    /// In millionths of a dollar for each token.
    public init(input: Int64, output: Int64) {
      self.input = input
      self.output = output
    }
  }

  public var priceBook: String { "test-book" }
  public var dependsOnTeam: Bool { false }
  public var prices: [String: Price]

  public init(_ prices: [String: Price]) { self.prices = prices }

  public func plan(for subject: PricingSubject) -> any PricePlan {
    FlatPlan(price: prices[subject.model], model: subject.model)
  }
}

final class FlatPlan: PricePlan {
  private let price: FlatPricer.Price?
  private let model: String

  init(price: FlatPricer.Price?, model: String) {
    self.price = price
    self.model = model
  }

  var lines: [ChargeLine] {
    var line = ChargeLine(status: price == nil ? .unpriced : .priced)
    if price == nil { line.reason = "no_price" } else { line.entry = "test/\(model)" }
    return [line]
  }

  func charge(_ usage: BillableUsage) throws(ArithmeticOverflow) -> Charge {
    var charge = Charge(line: 0)
    guard let price else { return charge }
    let millionth = Money(units: Money.unitsPerOne / 1_000_000)
    let input = try millionth.multiplied(by: price.input * usage.tokens.inputTotal, "list cost")
    let output = try millionth.multiplied(by: price.output * usage.tokens.outputTotal, "list cost")
    charge.list = try input.adding(output, "list cost")
    charge.billed = charge.list
    return charge
  }

  func components(_ usage: BillableUsage) -> [ChargeComponent] { [] }
}
