import Billing
import Insights
import Reporting

/// Says in one sentence what a budget reading means.
enum BudgetSentence {
  /// - Parameter coverageFloor: the floor that the coverage fails, else `nil`.
  static func text(_ reading: BudgetReading, coverageFloor: ExactDecimal?) -> String {
    let budget = reading.budget
    let isFloor = reading.unknownRequests + reading.otherCurrencyRequests > 0
    var text =
      "budget \(budget.name): \(isFloor ? "at least " : "")\(HumanNumber.money(reading.spent)) of "
      + "\(HumanNumber.money(budget.amount)) \(budget.currency) \(budget.basis.rawValue) "
      + "(\(reading.share.map(HumanNumber.percent) ?? "unknown")) in \(reading.period.title)"
    if let level = reading.reachedLevel { text += ", \(level) % reached" }
    if reading.unknownRequests > 0 {
      text +=
        ", \(HumanNumber.integer(reading.unknownRequests)) of "
        + "\(HumanNumber.integer(reading.requests)) requests have no full \(budget.basis.rawValue) cost"
      if let reported = reading.unknownReported {
        text += " (the logs report \(HumanNumber.money(reported)) \(budget.currency) for them)"
      }
    }
    if reading.otherCurrencyRequests > 0 {
      text +=
        ", \(HumanNumber.integer(reading.otherCurrencyRequests)) requests in other currencies "
        + "are not counted"
    }
    if let coverageFloor, let coverage = reading.coverage {
      text +=
        ", coverage \(HumanNumber.percent(coverage)) is below the floor of "
        + HumanNumber.percent(Ratio(coverageFloor))
    }
    if let forecast = reading.forecast {
      text += ", at this pace \(HumanNumber.money(forecast)) \(budget.currency) by the end"
    }
    return text
  }
}
