import Billing
import Insights

extension ReportDocument {
  static func invoiceSection(_ invoices: InvoiceAnalysis) -> Section {
    var section = Section("invoices", "Invoices by month, gateway and currency")
    section.lines = [
      "Billed cost is the sum of the requests' billed costs. Invoiced cost is billed + rounding + "
        + "adjustments: it is what the gateway's terms ask for. Effective cost spreads fees on "
        + "purchases of credit over the lines they pay for. Lines add up to their invoice exactly.",
      "Requests are recorded with the terms of their time; rounding of lines and invoices, fees and "
        + "purchases are worked out by the terms of now.",
    ]
    let unpriced = invoices.statements.reduce(0) { $0 + $1.invoice.usage.unpriced }
    if unpriced > 0 {
      section.lines.append(
        "Requests without a full price: \(HumanNumber.integer(unpriced)). No amount counts them in "
          + "full, so the invoices are at least this.")
    }
    if invoices.statements.isEmpty { section.lines.append("No request in these months.") }
    for statement in invoices.statements where statement.lacksFacts {
      section.lines.append(
        "\(statement.gateway), \(statement.month): facts were pruned, so that neither free "
          + "allowances nor the comparison with the reported cost are worked out.")
    }
    for statement in invoices.statements where !statement.unverified.isEmpty {
      section.lines.append(
        "\(statement.gateway), unverified: " + statement.unverified.joined(separator: " "))
    }
    section.lines = section.lines.reduce(into: []) { lines, line in
      if !lines.contains(line) { lines.append(line) }
    }
    section.tables = [totals(invoices), lines(invoices), comparison(invoices)]
      .filter { $0.id == "invoice_lines" || !$0.rows.isEmpty }
    return section
  }

  private static let frame: [Table.Column] = [
    .init("month", "Month", .text), .init("gateway", "Gateway", .text),
    .init("currency", "Currency", .text),
  ]

  private static func frame(_ statement: InvoiceAnalysis.Statement) -> [TableCell] {
    [.text("\(statement.month)"), .label(statement.gateway), .text(statement.currency)]
  }

  private static let amounts: [Table.Column] = [
    .init("list_cost", "List cost", .money, unit: "currency"),
    .init("markup", "Markup", .money, unit: "currency", for: .machines),
    .init("fee", "Fee", .money, unit: "currency", for: .machines),
    .init("request_rounding", "Request rounding", .money, unit: "currency", for: .machines),
    .init("reported_adjustment", "Reported adj.", .money, unit: "currency", for: .machines),
    .init("billed_cost", "Billed cost", .money, unit: "currency"),
    .init("rounding", "Rounding", .money, unit: "currency"),
    .init("adjustment", "Adjustments", .money, unit: "currency"),
    .init("invoiced_cost", "Invoiced cost", .money, unit: "currency"),
    .init("effective_cost", "Effective cost", .money, unit: "currency"),
  ]

  private static let counts: [Table.Column] = [
    .init("requests", "Requests", .integer, unit: "requests"),
    .init("unpriced_requests", "Unpriced", .integer, unit: "requests"),
  ]

  private static func usage(_ usage: InvoiceDraft.Usage) -> [TableCell] {
    let costs = usage.costs
    // With no priced request there is no amount, and no zero that looks like one.
    let isKnown = usage.unpriced < usage.requests || costs.list != .zero
    let money = { (amount: Money?) in isKnown ? TableCell.money(amount) : .empty }
    return [
      .integer(usage.requests), .integer(usage.unpriced), money(costs.list), money(costs.markup),
      money(costs.fee), money(costs.rounding), money(try? costs.adjustment()), money(costs.billed),
    ]
  }

  private static func totals(_ invoices: InvoiceAnalysis) -> Table {
    var table = Table(
      "invoices", "Totals",
      columns: frame + [.init("time_zone", "Time zone", .text, for: .machines)] + counts + amounts
        + [.init("effective_markup", "Effective markup", .percent)])
    table.rows = invoices.statements.map { statement in
      let invoice = statement.invoice
      let sums = InvoiceSums(invoice)
      let over = try? invoice.effective.subtracting(invoice.usage.costs.list, "effective cost")
      return frame(statement) + [.text(statement.timeZone)] + usage(invoice.usage) + [
        .money(sums.rounding), .money(sums.adjustment), .money(invoice.total),
        .money(invoice.effective),
        .percent(over.flatMap { Ratio($0, over: invoice.usage.costs.list) }),
      ]
    }
    return table
  }

  private static func lines(_ invoices: InvoiceAnalysis) -> Table {
    var table = Table(
      "invoice_lines", "Lines",
      columns: frame + [
        .init("charge", "Charge", .text), .init("line", "Line", .text),
      ] + counts + amounts + [.init("note", "Note", .text)])
    for statement in invoices.statements {
      for line in statement.invoice.lines {
        let isKnown = line.usage.unpriced < line.usage.requests || line.invoiced != .zero
        let money = { (amount: Money) in isKnown ? TableCell.money(amount) : .empty }
        let texts = line.key.texts
        let name =
          texts.count == 1
          ? texts[0] : texts.map { $0.isEmpty ? "–" : $0 }.joined(separator: " · ")
        table.rows.append(
          frame(statement) + [.text("usage"), .label(name)]
            + usage(line.usage) + [
              money(line.rounding), .empty, money(line.invoiced), money(line.effective), .empty,
            ])
      }
      for adjustment in statement.invoice.adjustments {
        let isRounding = adjustment.kind == .rounding
        let unused = Array(repeating: TableCell.empty, count: counts.count + 6)
        table.rows.append(
          frame(statement) + [.text(adjustment.kind.name), .label(adjustment.name)] + unused + [
            isRounding ? .money(adjustment.amount) : .empty,
            isRounding ? .empty : .money(adjustment.amount), .money(adjustment.amount),
            .money(adjustment.effective), .label(adjustment.note),
          ])
      }
    }
    return table
  }

  private static func comparison(_ invoices: InvoiceAnalysis) -> Table {
    var table = Table(
      "reported_costs", "Reported costs against the terms",
      columns: frame + [
        .init("requests", "Requests", .integer, unit: "requests"),
        .init("deviating_requests", "Deviating", .integer, unit: "requests"),
        .init("tolerance", "Tolerance", .money, unit: "currency"),
        .init("cost_by_terms", "Cost by terms", .money, unit: "currency"),
        .init("reported_cost", "Reported cost", .money, unit: "currency"),
        .init("difference", "Difference", .money, unit: "currency"),
      ])
    for statement in invoices.statements {
      guard let reported = statement.reported else { continue }
      table.rows.append(
        frame(statement) + [
          .integer(reported.requests), .integer(reported.deviating), .money(reported.tolerance),
          .money(reported.expected), .money(reported.reported), .money(reported.difference),
        ])
    }
    return table
  }
}

/// What an invoice adds to the billed costs of its requests.
private struct InvoiceSums {
  var rounding: Money?
  var adjustment: Money?

  init(_ invoice: Invoice) {
    let other = invoice.adjustments.filter { $0.kind != .rounding }.map(\.amount)
    adjustment = try? other.reduce(Money.zero) { try $0.adding($1, "adjustments") }
    guard let adjustment else { return }
    let usage = try? invoice.total.subtracting(adjustment, "rounding")
    rounding = try? usage?.subtracting(invoice.usage.costs.billed, "rounding")
  }
}

extension InvoiceAdjustment {
  /// What the amount is worked out of, for a reader.
  fileprivate var note: String {
    switch kind {
    case .rounding: basis.map { "the sum of the lines is \($0)" } ?? ""
    case .byokFee: basis.map { "list cost of BYOK requests: \($0)" } ?? ""
    case .freeAllowance: quantity.map { "free: \($0)" } ?? ""
    case .purchaseFee: basis.map { "on purchases of \($0)" } ?? ""
    }
  }
}
