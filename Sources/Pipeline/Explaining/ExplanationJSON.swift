import Billing
import Reporting

/// An explanation as `schemas/explanation.schema.json` defines it.
extension ExplainedRequest {
  var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", .string("tollbook.explanation")), .init("schema_version", .integer(1)),
      .init("request", requestValue), .init("price_book", .string(priceBook)),
      .init("lookup", .array(explanation.attempts.map(\.jsonValue))),
    ]
    let line = explanation.line
    func text(_ key: String, _ value: String) {
      if !value.isEmpty { members.append(.init(key, .string(value))) }
    }
    text("entry", line.entry)
    text("matched", line.match?.name ?? "")
    members.append(.init("prices", .array(explanation.dated.map(\.jsonValue))))
    members += JSONValue.member("thresholds", explanation.comparison?.jsonValue)
    text("tier", line.tier)
    text("status", line.status.name)
    text("reason", line.reason)
    if hasAmounts {
      members.append(.init("rates", .array(explanation.rates.map(\.jsonValue))))
      members.append(.init("components", .array(explanation.components.map(\.jsonValue))))
      text("currency", line.currency)
      text("list_cost", "\(explanation.charge.list)")
      members.append(.init("steps", .array(explanation.steps.map(\.jsonValue))))
      text("billed_cost", "\(explanation.charge.billed)")
    }
    members += JSONValue.member("reported", reported.map { Self.amount($0.amount, $0.currency) })
    members += JSONValue.member("difference", difference.map { .string("\($0)") })
    members += JSONValue.member("stored", storedValue)
    return .object(members)
  }

  private static func amount(_ amount: Money, _ currency: String) -> JSONValue {
    .object([.init("amount", .string("\(amount)")), .init("currency", .string(currency))])
  }

  private var requestValue: JSONValue {
    let texts = [
      ("id", id), ("time", time.map { "\($0)" } ?? ""), ("gateway", subject.gateway),
      ("provider", subject.provider), ("region", subject.region), ("request_model", requestModel),
      ("response_model", responseModel), ("service_tier", subject.serviceTier),
      ("modifiers", LabelList.parts(of: subject.modifiers).joined(separator: ",")),
      ("status", subject.status.name),
    ]
    let tokens = TokenBucket.allCases.filter { usage.tokens[$0] != 0 }
      .map { JSONValue.Member($0.name, .string("\(usage.tokens[$0])")) }
    let units = usage.units.entries.map {
      JSONValue.Member($0.meter.name, .string("\($0.quantity)"))
    }
    return .object(
      texts.filter { !$0.1.isEmpty }.map { .init($0.0, .string($0.1)) } + [
        .init("requests", .integer(usage.requests)), .init("usage", .object(tokens + units)),
      ])
  }

  private var storedValue: JSONValue? {
    guard let stored else { return nil }
    var members: [JSONValue.Member] = [.init("status", .string(stored.status.name))]
    if stored.status != .unpriced {
      members.append(.init("list_cost", .string("\(stored.costs.list)")))
      members.append(.init("billed_cost", .string("\(stored.costs.billed)")))
      members.append(.init("currency", .string(stored.currency)))
    }
    members.append(.init("is_equal", .boolean(departure == nil)))
    members += JSONValue.member("departure", departure.map { .string($0) })
    return .object(members)
  }
}

extension Explanation.Attempt {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("provider", .string(provider)), .init("name", .string(name)),
      .init("is_found", .boolean(isFound)),
    ])
  }
}

extension Explanation.Dated {
  fileprivate var jsonValue: JSONValue {
    .object(
      JSONValue.member("from", from.map { .string("\($0)") })
        + JSONValue.member("until", until.map { .string("\($0)") })
        + [.init("currency", .string(currency)), .init("applies", .boolean(applies))])
  }
}

extension Explanation.Comparison {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("selector", .string(selector.name)), .init("count", .integer(count)),
      .init("starts", .array(starts.map { .integer($0) })),
    ])
  }
}

extension RateNote {
  fileprivate var jsonValue: JSONValue {
    .object(
      [.init("meter", .string(quantity.name)), .init("origin", .string(origin))]
        + JSONValue.member("priced_like", standIn.map { .string($0) })
        + [
          .init("stated", .string("\(stated)")), .init("factors", .array(factors.map(\.jsonValue))),
        ])
  }
}

extension RateNote.Factor {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("condition", .string("\(condition.key)=\(condition.value)")),
      .init("factor", .string("\(factor)")), .init("before", .string("\(before)")),
      .init("after", .string("\(after)")),
    ])
  }
}

extension ChargeComponent {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("meter", .string(meter)), .init("quantity", .string("\(quantity)")),
      .init("unit_price", .string("\(unitPrice)")), .init("cost", .string("\(cost)")),
    ])
  }
}

extension BillStep {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("name", .string(name)), .init("rule", .string(rule)),
      .init("before", .string("\(before)")), .init("after", .string("\(after)")),
    ])
  }
}
