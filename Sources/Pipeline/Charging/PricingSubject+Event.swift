import Billing

extension PricingSubject {
  /// All that the price of an event depends on, apart from what it used.
  init(_ event: UsageEvent, _ labels: LabelTable) {
    self.init()
    gateway = labels.text(event.gateway)
    provider = labels.text(event.provider)
    region = labels.text(event.region)
    model = labels.text(event.billedModel)
    serviceTier = labels.text(event.serviceTier)
    modifiers = labels.text(event.modifiers)
    operation = event.operation
    status = event.status
    gatewayCacheHit = event.gatewayCacheHit
    byok = event.byok
    team = labels.text(event.team)
    reportedCurrency = labels.text(event.reportedCurrency)
  }

  /// The same from what a ledger keeps.
  ///
  /// A ledger keeps no modifiers: those that the price depended on are named in its tier.
  init(_ cell: Cell, _ labels: LabelTable) {
    self.init()
    gateway = labels.text(cell.gateway)
    provider = labels.text(cell.provider)
    region = labels.text(cell.region)
    model = labels.text(cell.billedModel)
    serviceTier = labels.text(cell.serviceTier)
    modifiers = Self.modifiers(in: labels.text(cell.priceTier))
    operation = cell.operation
    status = cell.status
    gatewayCacheHit = cell.flags.contains(.gatewayCacheHit)
    byok = cell.flags.contains(.byok)
    team = labels.text(cell.team)
  }

  /// `speed=fast` of `speed=fast,>200000`, also where the price says nothing of it
  /// (`speed=turbo=standard`). What stands in for something else (`batch=standard`,
  /// `cache_write=input`) is none.
  private static func modifiers(in tier: String) -> String {
    let pairs = tier.split(separator: ",").compactMap { part -> String? in
      let sides = part.split(separator: "=")
      guard sides.count >= 2, !part.hasPrefix(">"), PricedQuantity(name: String(sides[0])) == nil
      else { return nil }
      if sides.count == 3, sides[2] == "standard" { return "\(sides[0])=\(sides[1])" }
      return sides.count == 2 && sides[1] != "standard" ? String(part) : nil
    }
    return pairs.sorted().joined(separator: String(UnicodeScalar(LabelList.separator)))
  }
}

extension BillableUsage {
  /// What a ledger keeps of a request: sizes of 0 are unknown.
  init(_ fact: Fact) {
    let hasSizes = fact.requestBytes != 0 || fact.responseBytes != 0
    self.init(
      time: fact.time, tokens: fact.tokens, units: fact.units,
      requestBytes: hasSizes ? fact.requestBytes : nil,
      responseBytes: hasSizes ? fact.responseBytes : nil, requests: Int64(fact.requests))
  }
}
