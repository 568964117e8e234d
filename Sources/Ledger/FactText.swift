import Billing

/// The text of a fact in a canonical dump: `name=value` pairs, absent when unknown or zero.
enum FactText {
  static func line(_ fact: Fact, _ cell: Cell, _ labels: LabelTable) -> String {
    var parts = Parts(fact.time, cell, labels)
    for bucket in TokenBucket.allCases where fact.tokens.isKnown(bucket) {
      parts.texts.append("\(bucket.name)=\(fact.tokens[bucket])")
    }
    for entry in fact.units.entries {
      parts.texts.append("\(entry.meter.name)=\(entry.quantity)")
    }
    parts.add("requests", Int64(fact.requests))
    parts.add(fact.costs)
    parts.add("latency", fact.latency)
    parts.add("first_token", fact.firstToken)
    parts.add("request_bytes", fact.requestBytes)
    parts.add("response_bytes", fact.responseBytes)
    return parts.texts.joined(separator: "\t")
  }

  /// What requests whose facts were pruned add up to: the time is the start of their 15 minutes.
  static func line(_ row: RollupRow, _ cell: Cell, _ labels: LabelTable) -> String {
    let width = Timestamp.microsecondsPerBucket
    let measures = row.measures
    var parts = Parts(Timestamp(microseconds: Int64(row.bucket) * width), cell, labels)
    parts.texts.insert("pruned", at: 1)
    for bucket in TokenBucket.allCases { parts.add(bucket.name, measures.tokens[bucket]) }
    for meter in Meter.allCases where measures.units[meter] != .zero {
      parts.texts.append("\(meter.name)=\(measures.units[meter])")
    }
    parts.add("requests", measures.requests)
    parts.add(measures.costs)
    parts.add("latency", measures.latency)
    parts.add("request_bytes", measures.requestBytes)
    parts.add("response_bytes", measures.responseBytes)
    return parts.texts.joined(separator: "\t")
  }

  /// The parts of a line in the making.
  private struct Parts {
    var texts: [String]

    init(_ time: Timestamp, _ cell: Cell, _ labels: LabelTable) {
      texts = [time.description]
      for (name, field) in zip(labelNames, Cell.labelFields) { add(name, labels.text(field(cell))) }
      for (index, name) in wordNames.enumerated() {
        let code = Int(Cell.wordFields[index](cell))
        add(name, code == 0 ? "" : Cell.wordNames[index][code - 1])
      }
      add("flags", Int64(cell.flags.rawValue))
    }

    mutating func add(_ name: String, _ text: String) {
      if !text.isEmpty { texts.append("\(name)=\(escaped(text))") }
    }

    mutating func add(_ name: String, _ number: Int64) {
      if number != 0 { texts.append("\(name)=\(number)") }
    }

    mutating func add(_ costs: Costs) {
      let amounts: [(String, Money)] = [
        ("list", costs.list), ("billed", costs.billed), ("reported", costs.reported),
        ("upstream", costs.reportedUpstream), ("markup", costs.markup), ("fee", costs.fee),
        ("rounding", costs.rounding),
      ]
      for (name, money) in amounts where money != .zero { texts.append("\(name)=\(money)") }
    }
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
