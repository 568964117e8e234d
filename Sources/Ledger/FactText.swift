import Billing

/// The text of a fact in a canonical dump: `name=value` pairs, absent when unknown or zero.
enum FactText {
  static func line(_ fact: Fact, _ cell: Cell, _ labels: LabelTable) -> String {
    var parts = [fact.time.description]
    func add(_ name: String, _ text: String) {
      if !text.isEmpty { parts.append("\(name)=\(escaped(text))") }
    }
    func add(_ name: String, _ number: Int64) {
      if number != 0 { parts.append("\(name)=\(number)") }
    }
    func add(_ name: String, _ money: Money) {
      if money != .zero { parts.append("\(name)=\(money)") }
    }
    for (name, field) in zip(labelNames, Cell.labelFields) { add(name, labels.text(field(cell))) }
    for (index, name) in wordNames.enumerated() {
      let code = Int(Cell.wordFields[index](cell))
      add(name, code == 0 ? "" : Cell.wordNames[index][code - 1])
    }
    add("flags", Int64(cell.flags.rawValue))
    for bucket in TokenBucket.allCases where fact.tokens.isKnown(bucket) {
      parts.append("\(bucket.name)=\(fact.tokens[bucket])")
    }
    for entry in fact.units.entries { parts.append("\(entry.meter.name)=\(entry.quantity)") }
    add("requests", Int64(fact.requests))
    add("list", fact.costs.list)
    add("billed", fact.costs.billed)
    add("reported", fact.costs.reported)
    add("upstream", fact.costs.reportedUpstream)
    add("markup", fact.costs.markup)
    add("fee", fact.costs.fee)
    add("rounding", fact.costs.rounding)
    add("latency", fact.latency)
    add("first_token", fact.firstToken)
    add("request_bytes", fact.requestBytes)
    add("response_bytes", fact.responseBytes)
    return parts.joined(separator: "\t")
  }

  /// Texts stand as they are but for what would end a part or a line, or act on a terminal.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\\") }) else {
      return text
    }
    return text.unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7f || scalar == "\\"
        ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
  }

  private static let labelNames = [
    "gateway", "dialect", "provider", "region", "request_model", "response_model", "service_tier",
    "route_from", "key", "team", "project", "environment", "entry", "price_tier", "charge_reason",
    "currency",
  ]

  private static let wordNames = [
    "operation", "status", "error_class", "route", "route_evidence", "route_reason", "charge",
    "match",
  ]
}
