/// Terms in words, for those who explain a bill.
enum TermsText {
  /// A fraction of one as `12.5 %`.
  static func percent(_ share: ExactDecimal) -> String {
    let (units, overflow) = share.units.multipliedReportingOverflow(by: 100)
    return overflow ? "\(share) times" : "\(ExactDecimal(units: units)) %"
  }

  static func rounding(_ rule: Rounding) -> String { "\(rule.mode.name) to \(rule.scale) decimals" }

  static func blocks(_ blocks: Blocks, of unit: String) -> String {
    var text = "blocks of \(blocks.size) \(unit), rounded \(blocks.rounding.name)"
    if blocks.minimum > 0 { text += ", at least \(blocks.minimum)" }
    return text
  }
}

extension TermsRule {
  /// What the rule matches: `tenant big-co, model gpt-*`, or `every request`.
  public var matchText: String {
    let parts = [
      ("tenant", tenant), ("model", model), ("class", modelClass), ("provider", provider),
      ("service tier", serviceTier.map { $0.isEmpty ? "standard" : $0 }),
    ]
    let texts = parts.compactMap { name, value in value.map { "\(name) \($0)" } }
    return texts.isEmpty ? "every request" : texts.joined(separator: ", ")
  }
}

extension PlanTerms {
  /// What a step does by these terms; `nil` when it does nothing.
  func text(of step: GatewayTerms.Step, _ usage: BillableUsage) -> String? {
    let margins = takesReportedMargins && usage.reported.hasMargins
    let match = rule?.matchText ?? ""
    switch step {
    case .listPrice: return "the list cost enters"
    case .usageAdjust:
      guard let tokenBlock, tokenBlock.price == nil else { return nil }
      return "\(TermsText.blocks(tokenBlock.blocks, of: "tokens")), each \(tokenBlock.scope.name)"
    case .discount:
      if margins { return usage.reported.discount.map { "\($0) by the log" } }
      guard discount != .zero, !roundsComponents else { return nil }
      return "\(TermsText.percent(rule?.discount ?? .zero)) (\(match))"
    case .markup:
      if margins { return usage.reported.markup.map { "\($0) by the log" } }
      guard markup != .zero, !roundsComponents else { return nil }
      return "\(TermsText.percent(rule?.markup ?? .zero)) (\(match))"
    case .fixedFee:
      if margins { return usage.reported.fee.map { "\($0) by the log" } }
      return fixedFee == .zero ? nil : "\(fixedFee) a request (\(match))"
    case .metering: return meteringText
    case .minimum: return minimum.map { "at least \($0)" }
    case .round: return roundsComponents ? nil : rounding.map(TermsText.rounding)
    }
  }

  /// What happens to each component that is rounded by itself.
  func textOfComponents(_ rounding: Rounding) -> String {
    let shares = order.compactMap { step -> String? in
      switch step {
      case .discount where discount != .zero:
        "discount \(TermsText.percent(rule?.discount ?? .zero))"
      case .markup where markup != .zero: "markup \(TermsText.percent(rule?.markup ?? .zero))"
      default: nil
      }
    }
    return (shares + [TermsText.rounding(rounding)]).joined(separator: ", then ")
  }

  private var meteringText: String? {
    var texts: [String] = []
    if let payload {
      texts.append(
        "\(payload.price) for each of \(TermsText.blocks(payload.blocks, of: "bytes")), "
          + "by \(payload.scope.name)")
    }
    if let tokenBlock, let price = tokenBlock.price {
      texts.append(
        "\(price) for each of \(TermsText.blocks(tokenBlock.blocks, of: "tokens")), "
          + "by \(tokenBlock.scope.name)")
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}

extension GatewayTerms {
  /// What the terms do, in words: to be held against the page that they were written from.
  public var sentences: [String] {
    var lines: [String] = []
    if let currency { lines.append("Amounts are in \(currency); other prices stay unpriced.") }
    lines.append("Steps: " + order.map(\.name).joined(separator: ", ") + ".")
    lines += rules.sorted { $0.rank > $1.rank }.map(\.sentence)
    if passesOnAllowances { lines.append("Free allowances of vendors are passed on.") }
    if margins == .reported { lines.append("Percentages and fees are read from the log.") }
    if let payload {
      let blocks = TermsText.blocks(payload.blocks, of: "bytes")
      lines.append("\(payload.price) for each of \(blocks), by \(payload.scope.name).")
    }
    if let tokenBlock {
      let price = tokenBlock.price.map { "\($0)" } ?? "The list price"
      let blocks = TermsText.blocks(tokenBlock.blocks, of: "tokens")
      lines.append("\(price) for each of \(blocks), by \(tokenBlock.scope.name).")
    }
    if let minimum {
      let zero = zeroUsageIsFree ? "nothing without usage" : "also without usage"
      lines.append("At least \(minimum) a request, \(zero).")
    }
    if let rounding {
      lines.append("Each \(roundingScope.name) is rounded \(TermsText.rounding(rounding)).")
    }
    if let rule = invoiceRounding {
      let what = rule.roundsLines ? "line of an invoice" : "invoice"
      let carry = rule.carry == .none ? "" : ", and its lines add up to it"
      lines.append("Each \(what) is rounded \(TermsText.rounding(rule.rounding))\(carry).")
    }
    let names = NotBilled.allCases.filter(notBilled.contains).map(\.name)
    lines.append("Not billed: " + names.joined(separator: ", ") + ".")
    return lines + monthlySentences
  }

  private var monthlySentences: [String] {
    var lines: [String] = []
    if let byokFee {
      let free = byokFee.freePerMonth.map { " above \($0) a month" } ?? " of each request"
      lines.append("BYOK: \(TermsText.percent(byokFee.share)) of the list cost\(free).")
    }
    if let reportedCost {
      lines.append(
        "The reported cost: \(reportedCost.policy.name), tolerance \(reportedCost.tolerance).")
    }
    for fee in purchaseFees {
      let rounding = fee.rounding.map { ", rounded " + TermsText.rounding($0) } ?? ""
      lines.append(
        "Purchases by \(fee.name) bear \(TermsText.percent(fee.share)), at least \(fee.minimum)"
          + rounding + ".")
    }
    if let purchases {
      lines.append("Purchases that are stated: \(purchases.count).")
    } else if let fee = purchaseFees.first {
      lines.append("One purchase a month, by \(fee.name), of what the month costs.")
    }
    lines.append(
      "Invoices by month, zone \(timeZone ?? "UTC"), a line for each "
        + invoiceLines.map(\.name).joined(separator: ", ") + ".")
    lines += sources.map { "Source: \($0)." }
    return lines + unverified.map { "Unverified: \($0)" }
  }
}

extension TermsRule {
  fileprivate var sentence: String {
    var parts: [String] = []
    if discount != .zero { parts.append("discount \(TermsText.percent(discount))") }
    if markup != .zero { parts.append("markup \(TermsText.percent(markup))") }
    if fixedFee != .zero { parts.append("\(fixedFee) a request") }
    let text = parts.isEmpty ? "nothing added" : parts.joined(separator: ", ")
    return "For \(matchText): \(text)."
  }
}
