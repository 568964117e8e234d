import Billing

/// One request with all that led to its charge.
struct ExplainedRequest {
  /// What the ledger holds of it.
  struct Stored {
    var status: ChargeStatus
    var reason: String
    var entry: String
    var tier: String
    var currency: String
    var costs: Costs
  }

  /// As the log names it; empty when it does not.
  var id: String
  var requestModel: String
  var responseModel: String
  /// `nil` when neither the log nor anybody else says when it was.
  var time: Timestamp?
  var subject: PricingSubject
  var usage: BillableUsage
  var explanation: Explanation
  /// What the gateway says that it charged, in its currency.
  var reported: (amount: Money, currency: String)?
  var priceBook: String
  var stored: Stored?

  /// Whether there is an amount at all.
  var hasAmounts: Bool { explanation.line.status != .unpriced }

  /// What was billed less what the gateway reports, in one currency.
  var difference: Money? {
    guard hasAmounts, let reported, reported.currency == explanation.line.currency else {
      return nil
    }
    return try? explanation.charge.billed.subtracting(reported.amount, "difference")
  }

  /// Why the stored amounts are not those of the explanation; `nil` when they are, to the last digit.
  var departure: String? {
    guard let stored else { return nil }
    let line = explanation.line
    if stored.status != line.status || stored.reason != line.reason {
      return "the ledger says \(Self.outcome(stored.status, stored.reason)), "
        + "by these prices it is \(Self.outcome(line.status, line.reason))"
    }
    guard hasAmounts else { return nil }
    if stored.entry != line.entry {
      return "the ledger priced it by the entry \(stored.entry)"
    }
    if stored.tier != line.tier { return "the ledger priced it in the tier \(stored.tier)" }
    if stored.currency != line.currency { return "the ledger priced it in \(stored.currency)" }
    if stored.costs.list != explanation.charge.list {
      return "its prices were others when it was counted"
    }
    if stored.costs.billed != explanation.charge.billed {
      return "its terms were others when it was counted, or ask for amounts that only the log has"
    }
    return nil
  }

  private static func outcome(_ status: ChargeStatus, _ reason: String) -> String {
    reason.isEmpty ? status.name : "\(status.name) (\(reason))"
  }
}
