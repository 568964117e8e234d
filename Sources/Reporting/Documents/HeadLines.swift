import Billing
import Insights

extension ReportDocument.Head {
  /// The head as named sentences, for the formats that people read.
  var lines: [(name: String, text: String)] {
    var lines: [(String, String)] = [
      ("Period", "\(period.title), time zone \(timeZone)"),
      ("Data through", dataThrough.map { "\($0)" } ?? "unknown: nothing is recorded"),
    ]
    lines += notesLines
    lines += [
      ("Lines", accountingText),
      ("Requests", coverageText),
      ("Price book", priceBook.isEmpty ? "unknown" : priceBook),
    ]
    for total in totals { lines += Self.lines(total) }
    if totals.isEmpty { lines.append(("Total", "unknown: no request in this period")) }
    return lines
  }

  /// The first UTC day whose single facts are known, where the period begins before it.
  var prunedBefore: Day? {
    notes.prunedBefore.flatMap { period.range.lowerBound < Timestamp(day: $0) ? $0 : nil }
  }

  /// Events that the last run added late to UTC days of the period, by day.
  var lateEvents: [(day: Day, count: Int64)] {
    notes.late.days.filter { day, _ in
      period.range.overlaps(Timestamp(day: day)..<Timestamp(day: Day(number: day.number + 1)))
    }
    .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var notesLines: [(String, String)] {
    var lines: [(String, String)] = []
    if let first = prunedBefore {
      lines.append(
        (
          "Pruned",
          "single requests before \(first) (UTC): counts and amounts are whole; fallbacks, routes "
            + "that only a trace tells and what else needs them begin there"
        ))
    }
    let late = lateEvents
    if let first = late.first?.day, let last = late.last?.day {
      let count = late.reduce(0) { $0 + $1.count }
      lines.append(
        (
          "Added late",
          "\(HumanNumber.integer(count)) events by the last run, for "
            + "\(first)\(first == last ? "" : " .. \(last)")"
        ))
    }
    return lines
  }

  private var accountingText: String {
    let count = HumanNumber.integer
    return "\(count(accounting.lines)) = \(count(accounting.eventLines)) with events + "
      + "\(count(accounting.duplicates)) duplicate + \(count(accounting.rejected)) rejected + "
      + "\(count(accounting.skipped)) skipped (all recorded input)"
  }

  private var coverageText: String {
    let count = HumanNumber.integer
    let share = { (ratio: Ratio?) in ratio.map(HumanNumber.percent) ?? "unknown" }
    return "\(count(coverage.all.requests)) = \(count(coverage.priced.requests)) priced + "
      + "\(count(coverage.partial.requests)) partly priced + "
      + "\(count(coverage.unpriced.requests)) unpriced + "
      + "\(count(coverage.notBilled.requests)) not billed; "
      + "\(count(coverage.withoutUsage.requests)) without usage; coverage "
      + "\(share(coverage.ofRequests)) of requests, \(share(coverage.ofTokens)) of tokens"
  }

  private static func lines(_ total: SpendBreakdown.CurrencyTotal) -> [(String, String)] {
    let totals = total.totals
    let coverage = totals.coverage
    let count = HumanNumber.integer
    let money = { (amount: Money?) in
      amount.map { "\(HumanNumber.money($0)) \(total.currency)" } ?? "unknown"
    }
    // A total is a floor while requests without a price stand beside it.
    let withoutPrice = coverage.unpriced.requests + coverage.partial.requests
    let floor = { (amount: Money?, missing: Int64, what: String) in
      amount == nil || missing == 0
        ? money(amount)
        : "at least \(money(amount)); without a full \(what): \(count(missing)) requests"
    }
    let difference = { (comparison: Comparison) in
      "\(money(comparison.difference)) over the \(count(comparison.requests)) requests with both"
    }
    return [
      ("List cost", floor(totals.list, withoutPrice, "price")),
      ("Billed cost", floor(totals.billed, withoutPrice, "price")),
      (
        "Reported cost",
        floor(totals.reported, coverage.all.requests - coverage.reported.requests, "reported cost")
      ),
      ("Billed − list", difference(totals.billedOverList)),
      ("Reported − billed", difference(totals.reportedOverBilled)),
    ]
  }
}

extension ReportDocument {
  /// Said once, below the head, in the formats that round.
  static let roundingNote =
    "Amounts are rounded for reading, half to even; a total is rounded from the exact total, so "
    + "rounded rows may not add up to it. The CSV and JSON forms hold exact amounts. "
    + "A dash (–) means unknown or not applicable, never zero."
}

extension Finding {
  /// The finding as named sentences, for the formats that people read.
  var lines: [(name: String, text: String)] {
    var lines: [(String, String)] = []
    let amount =
      money.map { "\(HumanNumber.money($0.money)) \($0.currency)" } ?? "unknown"
    lines.append(("Money", "\(amount) (\(moneyMeaning))"))
    lines.append(("Requests", HumanNumber.integer(requests)))
    lines.append(("Window", "\(window.lowerBound) until \(window.upperBound)"))
    lines.append(("Baseline", baseline))
    if !thresholds.isEmpty {
      lines.append(
        ("Thresholds", thresholds.map { "\($0.name) \($0.value)" }.joined(separator: ", ")))
    }
    if !evidence.isEmpty {
      lines.append(("Evidence", evidence.map(\.description).joined(separator: "; ")))
    }
    lines.append(("Next", next))
    return lines
  }
}
