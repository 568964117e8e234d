public import Billing
import Catalog
import Documents
import Insights
import Ledger
import Reporting

/// A price book that a command line names: a file, or `built-in`.
struct NamedBook {
  static let builtInName = "built-in"

  let document: PriceBookDocument
  let book: any PriceBook

  /// - Throws: `Failure`, `DocumentError`.
  init(_ name: String) throws {
    guard name != Self.builtInName else {
      let builtIn = try BuiltInPriceBook()
      book = builtIn
      document = PriceBookDocument(builtIn)
      return
    }
    document = try PriceBookDocument(
      reading: try TextFile.document(at: name), files: TextFile.named)
    book = PriceTable(id: document.id, entries: document.entries)
  }
}

/// Lines for people and for `cut`: columns separated by tabs, the first line names them.
private struct TabbedText {
  private(set) var text: String

  init(_ columns: [String]) { text = columns.joined(separator: "\t") + "\n" }

  mutating func add(_ fields: [String]) {
    text += fields.map { VisibleText.escaped($0, limit: 1000) }.joined(separator: "\t") + "\n"
  }
}

/// Objects of texts and numbers in a JSON list, one a line.
private struct JSONList {
  private var lines: [String] = []

  var text: String { "[" + lines.joined(separator: ",\n") + "]\n" }

  mutating func add(_ fields: [(String, String)], numbers: [(String, Int64)] = []) {
    var json = JSONText()
    json.beginObject()
    for (name, value) in fields where !value.isEmpty {
      json.key(name)
      json.string(value)
    }
    for (name, value) in numbers {
      json.key(name)
      json.integer(value)
    }
    json.endObject()
    lines.append(String(decoding: json.bytes, as: UTF8.self))
  }
}

/// `tollbook prices lint`.
public struct LintText: Sendable {
  public let text: String
  /// How often each kind stands: a line for standard error.
  public let summary: String
  public let isEmpty: Bool

  /// - Parameters:
  ///   - name: a file or `built-in`.
  ///   - day: the day against which deprecation is held.
  /// - Throws: `Failure`, `DocumentError`.
  public init(_ name: String, on day: Day, json: Bool) throws {
    let remarks = try NamedBook(name).book.remarks(on: day)
    var table = TabbedText(["kind", "entry", "detail"])
    var list = JSONList()
    for remark in remarks {
      let fields = [remark.kind.name, remark.entry, remark.detail]
      table.add(fields)
      list.add(Array(zip(["kind", "entry", "detail"], fields)))
    }
    let counts = PriceBookRemark.Kind.allCases.compactMap { kind in
      let count = remarks.count { $0.kind == kind }
      return count == 0 ? nil : "\(kind.name) \(count)"
    }
    text = json ? list.text : table.text
    summary = counts.isEmpty ? "" : counts.joined(separator: ", ") + "\n"
    isEmpty = remarks.isEmpty
  }
}

/// `tollbook prices diff`.
public struct DiffText: Sendable {
  public let text: String
  public let isEmpty: Bool

  /// - Throws: `Failure`, `DocumentError`.
  public init(from before: String, to after: String, json: Bool) throws {
    let diff = PriceBookDiff(from: try NamedBook(before).book, to: try NamedBook(after).book)
    let columns = ["change", "entry", "what", "before", "after"]
    var table = TabbedText(columns)
    var list = JSONList()
    for change in diff.changes {
      let fields = [
        change.kind.name, change.entry, change.subject, change.before, change.after,
      ]
      table.add(fields)
      list.add(Array(zip(columns, fields)))
    }
    text = json ? list.text : table.text
    isEmpty = diff.changes.isEmpty
  }
}

/// `tollbook prices merge`.
public struct MergedBook: Sendable {
  public let book: [UInt8]
  /// Names that several books price differently.
  public let contested: Int

  /// - Parameters:
  ///   - names: files or `built-in`, the first has precedence.
  ///   - preferred: those of them that come before all others, in their order.
  /// - Throws: `Failure`, `DocumentError`.
  public init(_ names: [String], preferred: [String]) throws {
    for name in preferred where !names.contains(name) {
      throw Failure("", "`\(name)` is not among the books.", "Name it as a book too.", .usage)
    }
    let ordered = preferred + names.filter { !preferred.contains($0) }
    let merge = PriceBookMerge(try ordered.map { try NamedBook($0).document })
    book = merge.book
    contested = merge.contested
  }
}

/// `tollbook prices missing`.
public struct MissingText: Sendable {
  public let text: String
  /// What to do next, for standard error.
  public let advice: String
  public let isEmpty: Bool

  init(_ missing: MissingPrices, json: Bool) {
    let columns = ["model", "provider", "status", "reason", "requests", "tokens"]
    var table = TabbedText(columns)
    var list = JSONList()
    for entry in missing.entries {
      let texts = [entry.model, entry.provider, entry.status.name, entry.reason]
      table.add(texts + ["\(entry.tally.requests)", "\(entry.tally.tokens)"])
      list.add(
        Array(zip(columns, texts)),
        numbers: [("requests", entry.tally.requests), ("tokens", entry.tally.tokens)])
    }
    text = json ? list.text : table.text
    isEmpty = missing.entries.isEmpty
    let first = missing.entries.first { !$0.model.isEmpty && $0.reason != "no_usage" }
    advice = first.map(Self.advice) ?? ""
  }

  /// The command that helps with the most used model.
  private static func advice(_ entry: MissingPrices.Entry) -> String {
    let model = VisibleText.escaped(entry.model, limit: 200)
    if entry.reason.hasPrefix("no_rate") {
      return
        "next: tollbook prices show '\(model)' > my-prices.json, add the rate that is missing, "
        + "and price with --price-book my-prices.json\n"
    }
    return "next: tollbook prices show a model like '\(model)' > my-prices.json, put this name and "
      + "its prices in, and price with --price-book my-prices.json\n"
  }
}

extension Settings {
  /// What the ledger holds without a full price.
  ///
  /// - Throws: `LedgerError`.
  public func missingPrices(json: Bool) throws -> MissingText {
    try missingPrices(inLedgerAt: ledger, json: json)
  }

  func missingPrices(inLedgerAt path: String, json: Bool) throws -> MissingText {
    let history = try Ledger.open(path: path)
      .history(labels: LabelTable(), cells: CellTable(), scope: .allRows)
    return MissingText(try MissingPrices(of: history), json: json)
  }
}
