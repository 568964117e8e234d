public import Billing
public import Documents

extension ExchangeRates {
  /// Reads a table of rates: comma-separated, with a head line that tells its form.
  ///
  /// - `date,base,quote,rate`: one of `base` is `rate` of `quote`.
  /// - `date,currency,rate`: one of the base is `rate` of `currency`.
  /// - `Date,USD,JPY,…`: the European Central Bank's history and its daily file; the base is the
  ///   euro, and `N/A` is no rate.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - file: the name for messages, and the source of the rates.
  ///   - base: of the second form, a code of ISO 4217.
  /// - Throws: `DocumentError` with the line, what is wrong and how to write it.
  public init(
    reading bytes: [UInt8], file: String, base: String, maximumAge: Int, rounding: Rounding
  ) throws(DocumentError) {
    self.init(source: file, maximumAge: maximumAge, rounding: rounding)
    var table = ExchangeTable(bytes, file: file)
    guard let head = table.next() else {
      throw table.error(0, "the table is empty", ExchangeTable.forms)
    }
    let form = try ExchangeTable.Form(head, in: table)
    while let row = table.next() { try add(row, form, base: base, table) }
    guard dayCount > 0 else { throw table.error(0, "the table has no rate", ExchangeTable.forms) }
  }

  private mutating func add(
    _ row: [ExchangeTable.Field], _ form: ExchangeTable.Form, base: String, _ table: ExchangeTable
  ) throws(DocumentError) {
    guard row.count == form.width else {
      throw table.error(
        0, "\(row.count) fields stand here, the head has \(form.width)",
        "Give each line as many fields as the head.")
    }
    let day = try table.day(row[0])
    switch form {
    case .pairs:
      let pair = Pair(base: try table.currency(row[1]), quote: try table.currency(row[2]))
      try add(row[3], pair, day, table)
    case .quotes:
      try add(row[2], Pair(base: base, quote: try table.currency(row[1])), day, table)
    case .wide(let quotes):
      for (field, quote) in zip(row.dropFirst(), quotes) where !field.isAbsent {
        try add(field, Pair(base: "EUR", quote: quote), day, table)
      }
    }
  }

  private mutating func add(
    _ field: ExchangeTable.Field, _ pair: Pair, _ day: Day, _ table: ExchangeTable
  ) throws(DocumentError) {
    guard pair.base != pair.quote else {
      throw table.error(field.column, "a rate of `\(pair.base)` to itself", "Remove the line.")
    }
    guard add(try table.rate(field), for: pair, on: day) else {
      throw table.error(
        field.column, "the rate of \(pair.base) to \(pair.quote) on \(day) stands twice",
        "Keep one of the two.")
    }
  }
}

/// The lines of a table of rates. Fields hold no commas: quotes around one are taken off.
struct ExchangeTable {
  struct Field {
    var text: String
    /// From 1, in bytes.
    var column: Int

    /// No rate of this currency on this day.
    var isAbsent: Bool { text.isEmpty || text == "N/A" }
  }

  enum Form {
    case pairs
    case quotes
    case wide([String])

    var width: Int {
      switch self {
      case .pairs: 4
      case .quotes: 3
      case .wide(let quotes): quotes.count + 1
      }
    }

    init(_ head: [Field], in table: ExchangeTable) throws(DocumentError) {
      let names = head.map(\.text)
      switch names {
      case ["date", "base", "quote", "rate"]: self = .pairs
      case ["date", "currency", "rate"]: self = .quotes
      default:
        let codes = names.dropFirst()
        guard names.first == "Date", !codes.isEmpty else {
          throw table.error(0, "the head of the table is not known", ExchangeTable.forms)
        }
        // The bank's history names currencies that are gone, so a code only has to look like one.
        for field in head.dropFirst()
        where field.text.utf8.count != 3 || !field.text.utf8.allSatisfy({ (65...90).contains($0) })
        {
          throw table.error(
            field.column, "`\(field.text)` is not a currency", "Write a code such as `USD`.")
        }
        self = .wide(Array(codes))
      }
    }
  }

  static let forms =
    "Begin it with `date,base,quote,rate`, `date,currency,rate`, or as the ECB does with "
    + "`Date,USD,JPY,…`."

  private let file: String
  private let lines: [ArraySlice<UInt8>]
  private var index = 0

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  /// The fields of the next line that is not blank.
  mutating func next() -> [Field]? {
    while index < lines.count {
      index += 1
      let line = lines[index - 1]
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      var fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { Self.field($0, in: line) }
      // The bank ends its lines with a comma.
      if fields.count > 1, fields.last?.text.isEmpty == true { fields.removeLast() }
      return fields
    }
    return nil
  }

  private static func field(_ bytes: ArraySlice<UInt8>, in line: ArraySlice<UInt8>) -> Field {
    var text = bytes.drop { $0 <= 0x20 }
    while let last = text.last, last <= 0x20 { text.removeLast() }
    if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
      text = text.dropFirst().dropLast()
    }
    return Field(
      text: String(decoding: text, as: UTF8.self), column: bytes.startIndex - line.startIndex + 1)
  }

  func error(_ column: Int, _ problem: String, _ remedy: String) -> DocumentError {
    DocumentError(
      file: file, line: max(index, 1), column: max(column, 1), problem: problem, remedy: remedy)
  }

  func currency(_ field: Field) throws(DocumentError) -> String {
    guard Currency.isKnown(field.text) else {
      throw error(
        field.column, "`\(field.text)` is not a code of ISO 4217", "Write a code such as `USD`.")
    }
    return field.text
  }

  func rate(_ field: Field) throws(DocumentError) -> ExactDecimal {
    guard let rate = try? ExactDecimal(literal: field.text, exponent: .refused), rate > .zero
    else {
      throw error(
        field.column, "`\(field.text)` is not a rate",
        "Write a plain decimal above zero, such as `1.0843`, or `N/A` in a table of the ECB.")
    }
    return rate
  }

  /// `2026-11-20`, or `20 November 2026` as the bank's daily file has it.
  func day(_ field: Field) throws(DocumentError) -> Day {
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    let words = field.text.split(separator: " ")
    let iso = field.text.split(separator: "-", omittingEmptySubsequences: false)
    var day: Day?
    if words.count == 3, let month = months.firstIndex(of: String(words[1])) {
      day = Self.day(words[2], month + 1, words[0])
    } else if iso.map(\.utf8.count) == [4, 2, 2], let month = Int(iso[1]) {
      day = Self.day(iso[0], month, iso[2])
    }
    guard let day else {
      throw error(
        field.column, "`\(field.text)` is not a day", "Write a real date, such as `2026-01-31`.")
    }
    return day
  }

  private static func day(_ year: Substring, _ month: Int, _ day: Substring) -> Day? {
    guard let year = Int(year), let day = Int(day) else { return nil }
    return Day(year: year, month: month, day: day)
  }
}
