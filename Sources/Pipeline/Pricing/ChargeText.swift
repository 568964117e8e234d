import Billing

/// A charge in its public form, as `tollbook price` puts it behind an event.
struct ChargeText {
  let line: ChargeLine
  let charge: Charge
  let components: [ChargeComponent]
  let priceBook: String

  /// Keys in the order of the schema; amounts are absent when there is no price.
  func write(to json: inout JSONText) {
    json.key("charge")
    json.beginObject()
    json.key("status")
    json.string(line.status.name)
    json.text("reason", line.reason)
    let hasAmounts = line.status != .unpriced
    if hasAmounts {
      json.amount("list_cost", charge.list)
      json.amount("billed_cost", charge.billed)
      json.text("currency", line.currency)
    }
    json.text("price_book", priceBook)
    json.text("entry", line.entry)
    json.text("matched", line.match?.name ?? "")
    json.text("price_from", line.priceFrom.map { "\($0)" } ?? "")
    json.text("tier", line.tier)
    if hasAmounts {
      writeComponents(to: &json)
      json.amount("markup", charge.markup)
      json.amount("fee", charge.fee)
      json.amount("rounding", charge.rounding)
      if charge.adjustment != .zero { json.amount("adjustment", charge.adjustment) }
    }
    json.endObject()
  }

  private func writeComponents(to json: inout JSONText) {
    guard !components.isEmpty else { return }
    json.key("components")
    json.beginArray()
    for component in components {
      json.beginObject()
      json.text("meter", component.meter)
      json.key("quantity")
      json.decimal(component.quantity)
      json.amount("unit_price", component.unitPrice)
      json.amount("cost", component.cost)
      json.endObject()
    }
    json.endArray()
  }
}

extension JSONText {
  /// A text; absent when it is empty.
  fileprivate mutating func text(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    key(name)
    string(value)
  }

  fileprivate mutating func amount(_ name: String, _ value: Money) {
    key(name)
    decimal(value)
  }
}
