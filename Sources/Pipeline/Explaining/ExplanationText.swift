import Billing
import Reporting

/// An explanation for people: who, which price, what it cost, what was billed, what others say.
struct ExplanationText {
  private let request: ExplainedRequest
  private var lines: [String] = []

  /// The text, ending with a line feed.
  var text: String { lines.map { $0 + "\n" }.joined() }

  init(_ request: ExplainedRequest) {
    self.request = request
    writeRequest()
    writePrice()
    writeListCost()
    writeBill()
    writeComparison()
  }

  private mutating func row(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    let padding = String(repeating: " ", count: max(14 - name.count, 1))
    lines.append(name + padding + VisibleText.escaped(value, limit: 1000))
  }

  private mutating func detail(_ text: String) { row("", text) }

  private mutating func heading(_ text: String) { lines += ["", text] }

  private mutating func writeRequest() {
    let subject = request.subject
    row("request", request.id.isEmpty ? "(without an id)" : request.id)
    row("time", request.time.map { "\($0)" } ?? "unknown")
    row("gateway", subject.gateway)
    row(
      "provider", [subject.provider, subject.region].filter { !$0.isEmpty }.joined(separator: ", "))
    let models = [("asked for ", request.requestModel), ("served by ", request.responseModel)]
    row("model", models.filter { !$0.1.isEmpty }.map { $0.0 + $0.1 }.joined(separator: ", "))
    row("tier", subject.serviceTier)
    row("modifiers", LabelList.parts(of: subject.modifiers).joined(separator: ", "))
    row("status", subject.status == .ok ? "" : subject.status.name)
    row("usage", usage)
  }

  private var usage: String {
    let tokens = request.usage.tokens
    var parts = TokenBucket.allCases.filter { tokens[$0] != 0 }
      .map { "\($0.name) \(tokens[$0])" }
    parts += request.usage.units.entries.map { "\($0.meter.name) \($0.quantity)" }
    if request.usage.requests > 1 { parts.append("requests \(request.usage.requests)") }
    if parts.isEmpty { return tokens.isUnknown ? "unknown" : "none" }
    return parts.joined(separator: ", ")
  }

  private mutating func writePrice() {
    heading("Which price")
    let explanation = request.explanation
    row("book", request.priceBook)
    for attempt in explanation.attempts {
      row("sought", "\(attempt.name) at \(attempt.provider): \(attempt.isFound ? "found" : "no")")
    }
    if let entry = explanation.entry {
      let match = explanation.line.match.map { ", by \($0.name) match" } ?? ""
      row("entry", entry.id + match)
      let checked = entry.checked.map { ", checked on \($0)" } ?? ""
      row("source", entry.source + checked)
    }
    for dated in explanation.dated {
      let from = dated.from.map { "from \($0)" } ?? "since ever"
      let until = dated.until.map { "until \($0)" } ?? "until further notice"
      row("dated", "\(from), \(until), \(dated.currency)\(dated.applies ? ": holds" : "")")
    }
    if let comparison = explanation.comparison {
      let starts = comparison.starts.map { "\($0)" }.joined(separator: ", ")
      row("thresholds", "\(comparison.selector.name) is \(comparison.count); tiers from \(starts)")
    }
    row("price tier", explanation.line.tier)
    if explanation.line.contested { row("contested", "price tables disagree on this price") }
    if explanation.line.status != .priced {
      let reason = explanation.line.reason
      row("outcome", explanation.line.status.name + (reason.isEmpty ? "" : ": \(reason)"))
    }
  }

  private mutating func writeListCost() {
    guard request.hasAmounts else { return }
    let explanation = request.explanation
    heading("List cost")
    for part in explanation.components {
      row(part.meter, "\(part.quantity) × \(part.unitPrice) = \(part.cost)")
      if let used = used(part.meter), used != part.quantity {
        detail("  \(used) used, counted as \(part.quantity) by the price's rules")
      }
      for note in explanation.rates where note.quantity.name == part.meter {
        if note.final == part.unitPrice {
          write(note)
        } else {
          detail("  the rate above a threshold, for what lies above it")
        }
      }
    }
    row("list cost", "\(explanation.charge.list) \(explanation.line.currency)")
  }

  /// The quantity of a metered unit as it was used.
  private func used(_ meter: String) -> ExactDecimal? {
    request.usage.units.entries.first { $0.meter.name == meter }?.quantity
  }

  private mutating func write(_ note: RateNote) {
    var source = "rate \(note.stated), as the price states under \(note.origin)"
    if let standIn = note.standIn {
      source =
        standIn == "free"
        ? "no rate of its own: the price declares it free"
        : "no rate of its own: \(note.stated), the rate of \(standIn) under \(note.origin)"
    }
    detail("  " + source)
    for factor in note.factors {
      let condition = "\(factor.condition.key)=\(factor.condition.value)"
      detail("  \(condition): × \(factor.factor), \(factor.before) → \(factor.after)")
    }
  }

  private mutating func writeBill() {
    guard request.hasAmounts else { return }
    let explanation = request.explanation
    heading("Billed cost")
    for step in explanation.steps {
      row(step.name, "\(step.before) → \(step.after)  \(step.rule)")
    }
    row("billed cost", "\(explanation.charge.billed) \(explanation.line.currency)")
  }

  private mutating func writeComparison() {
    guard request.reported != nil || request.stored != nil else { return }
    heading("Compared")
    if let reported = request.reported {
      let difference = request.difference.map { "; billed less reported: \($0)" } ?? ""
      row("reported", "\(reported.amount) \(reported.currency)\(difference)")
    }
    guard let stored = request.stored else { return }
    let amounts =
      stored.status == .unpriced
      ? stored.status.name
      : "list \(stored.costs.list), billed \(stored.costs.billed) \(stored.currency)"
    row("stored", amounts + (request.departure.map { "; differs: \($0)" } ?? ": the same"))
  }
}
