import Billing
import Ingestion
import Insights
import Reporting

extension DialectCheck {
  /// What was read and what was left, for people. Of what a log says only words that the dialect has a
  /// table for.
  public var text: String {
    let title = "\(name)\(file.map { "  \(VisibleText.escaped($0))" } ?? "")\n"
    return
      ([title]
      + [
        AccountText(reports).text, refusedText, recognitionText, fieldText, tokenText, warningText,
        unreadText, remarkText,
      ].filter { !$0.isEmpty }).joined(separator: "\n")
  }

  private static func count(_ number: Int64) -> String { HumanNumber.integer(number) }

  private var refusedText: String {
    guard !refused.isEmpty else { return "" }
    let rows = refused.map { refused in
      [refused.field.field, refused.field.reason.name, Self.count(refused.records)]
    }
    return "refused for a field, in how many records\n"
      + TextColumns.aligned(rows, numbers: [2], indent: "  ")
  }

  private var remarkText: String {
    guard !remarks.isEmpty else { return "" }
    return "remarks\n" + remarks.map { "  \(VisibleText.escaped($0.text, limit: 1000))\n" }.joined()
  }

  private static func ordered(_ counts: [String: Int64]) -> [(name: String, lines: Int64)] {
    counts.map { (name: $0.key, lines: $0.value) }
      .sorted { $0.lines == $1.lines ? TextOrder.precedes($0.name, $1.name) : $0.lines > $1.lines }
  }

  private var recognitionText: String {
    let all = recognition
    guard all.records > 0 else { return "" }
    func rows(_ counts: [String: Int64], _ note: String) -> [[String]] {
      Self.ordered(counts).map { ["  \(note)\($0.name)", Self.count($0.lines)] }
    }
    var table = [
      ["`detect` recognises, of \(Self.count(all.records)) records", Self.count(all.own)]
    ]
    table += rows(all.taken, "without this dialect they are ")
    table += rows(all.claimed, "it also fits these, which come first as ")
    table += rows(all.others, "others are ")
    if all.unknown > 0 { table.append(["  others are of no dialect", Self.count(all.unknown)]) }
    return TextColumns.aligned(table, numbers: [1])
  }

  private var fieldText: String {
    guard !fields.isEmpty else { return "" }
    let rows = fields.map { field, events in
      [field.rawValue, Self.count(events), events == 0 ? "never filled" : ""]
    }
    return "fields, in how many of \(Self.count(events)) events\n"
      + TextColumns.aligned(rows, numbers: [1], indent: "  ")
  }

  private var tokenText: String {
    if lacksTokens { return "token counts: `usage` found none\n" }
    guard !tokens.isEmpty else { return "" }
    let rows = TokenBucket.allCases.compactMap { bucket in
      tokens[bucket].map { ["\(bucket.name)_tokens", Self.count($0)] }
    }
    return "token counts\n" + TextColumns.aligned(rows, numbers: [1], indent: "  ")
  }

  private var warningText: String {
    guard !warnings.isEmpty else { return "" }
    let rows = warnings.sorted { TextOrder.precedes($0.key, $1.key) }.map { code, warning in
      let places = warning.places.map { "\(VisibleText.escaped($0.input)):\($0.line)" }
      return [code, Self.count(warning.events), places.joined(separator: ", ")]
    }
    return "warnings, in how many events, and where the first ones stand\n"
      + TextColumns.aligned(rows, numbers: [1], indent: "  ")
  }

  private var unreadText: String {
    guard !unread.isEmpty else { return "" }
    let limit = 60
    let rows = unread.prefix(limit).map { member in
      [
        VisibleText.escaped(member.path), Self.count(member.lines),
        member.text.map { "in the text `\(VisibleText.escaped($0))`: name it under `embedded`" }
          ?? "",
      ]
    }
    let rest = unread.count - rows.count
    return "left unread though it looks like usage, in how many lines\n"
      + TextColumns.aligned(Array(rows), numbers: [1], indent: "  ")
      + (rest > 0 ? "  and \(rest) more\n" : "")
  }
}

extension DialectCheck {
  /// The same for machines.
  public var json: String { jsonValue.text }

  /// Several: a list of them.
  public static func json(_ checks: [DialectCheck]) -> String {
    JSONValue.array(checks.map(\.jsonValue)).text
  }

  private var jsonValue: JSONValue {
    let account = AccountText(reports).total
    return JSONValue.object(
      [.init("dialect", .string(name))] + JSONValue.member("file", file.map { .string($0) })
        + [
          .init("accounting", account.jsonValue), .init("rejected", rejectedJSON),
          .init("recognition", recognitionJSON), .init("events", .integer(events)),
          .init("fields", Self.object(fields.map { ($0.field.rawValue, $0.events) })),
          .init("never_filled", .array(neverFilled.map { .string($0.rawValue) })),
          .init("tokens", tokenJSON), .init("warnings", warningJSON), .init("unread", unreadJSON),
          .init("refused", refusedJSON), .init("remarks", remarkJSON),
        ]
    )
  }

  private static func object(_ counts: [(String, Int64)]) -> JSONValue {
    .object(counts.map { JSONValue.Member($0.0, .integer($0.1)) })
  }

  private static func object(_ counts: [String: Int64]) -> JSONValue {
    object(ordered(counts).map { ($0.name, $0.lines) })
  }

  private var recognitionJSON: JSONValue {
    .object([
      .init("records", .integer(recognition.records)),
      .init("recognised", .integer(recognition.own)),
      .init("without_it", Self.object(recognition.taken)),
      .init("claimed_first", Self.object(recognition.claimed)),
      .init("others", Self.object(recognition.others)),
      .init("unknown", .integer(recognition.unknown)),
    ])
  }

  private var tokenJSON: JSONValue {
    Self.object(
      TokenBucket.allCases.compactMap { bucket in
        tokens[bucket].map { ("\(bucket.name)_tokens", $0) }
      })
  }

  private static func place(_ input: String, _ line: Int64) -> JSONValue {
    .object([.init("input", .string(input)), .init("line", .integer(line))])
  }

  private var rejectedJSON: JSONValue {
    .array(
      reports.flatMap { report in
        report.samples.map { sample in
          .object([
            .init("reason", .string(sample.reason.name)), .init("input", .string(report.name)),
            .init("line", .integer(sample.line)), .init("offset", .integer(sample.offset)),
          ])
        }
      })
  }

  private var warningJSON: JSONValue {
    .object(
      warnings.sorted { TextOrder.precedes($0.key, $1.key) }.map { code, warning in
        .init(
          code,
          .object([
            .init("events", .integer(warning.events)),
            .init("places", .array(warning.places.map { Self.place($0.input, $0.line) })),
          ]))
      })
  }

  private var refusedJSON: JSONValue {
    .array(
      refused.map { refused in
        .object([
          .init("field", .string(refused.field.field)),
          .init("reason", .string(refused.field.reason.name)),
          .init("records", .integer(refused.records)),
        ])
      })
  }

  private var remarkJSON: JSONValue {
    .array(
      remarks.map { remark in
        .object([
          .init("code", .string(remark.code)), .init("problem", .boolean(remark.isProblem)),
          .init("text", .string(remark.text)),
        ])
      })
  }

  private var unreadJSON: JSONValue {
    .array(
      unread.map { member in
        .object(
          [.init("path", .string(member.path))]
            + JSONValue.member("text", member.text.map { .string($0) })
            + [.init("lines", .integer(member.lines))])
      })
  }
}
