import Billing
import Documents

/// What an importer could not take over, for the person who runs it: nothing is dropped in silence.
public struct ImportReport: Sendable {
  /// A field that prices nothing here, with where it stood first.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var count: Int
    /// `model: value`.
    public var example: String
  }

  /// Something about one model.
  public struct Remark: Sendable, Hashable {
    public var model: String
    public var problem: String
  }

  /// Price fields that price nothing; their amounts stand under `other_rates`. By name.
  public var unpriced: [Field] { fields.values.sorted { Self.precedes($0.name, $1.name) } }
  /// Models that were left out.
  public private(set) var refused: [Remark] = []
  /// Models that were taken over with a change of form that loses something.
  public private(set) var remarks: [Remark] = []

  private var fields: [String: Field] = [:]

  public init() {}

  mutating func unpriced(_ field: String, model: String, value: String) {
    fields[field, default: Field(name: field, count: 0, example: "\(model): \(value)")].count += 1
  }

  mutating func refuse(_ model: String, _ problem: String) {
    refused.append(Remark(model: model, problem: problem))
  }

  mutating func refuse(_ model: String, _ error: DocumentError) {
    let place = error.path.isEmpty ? "" : "\(error.path): "
    refuse(model, "line \(error.line): \(place)\(error.problem)")
  }

  mutating func remark(_ model: String, _ problem: String) {
    remarks.append(Remark(model: model, problem: problem))
  }

  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// Lines for standard error; long lists are cut, and the cut is named.
  public var text: String {
    let fieldLines = unpriced.map { field in
      "not priced: \(field.name) (\(field.count)), \(field.example)"
    }
    let refusals = refused.map { "left out: \($0.model): \($0.problem)" }
    let others = remarks.map { "\($0.model): \($0.problem)" }
    return [fieldLines, refusals, others].flatMap(Self.cut).map { $0 + "\n" }.joined()
  }

  private static func cut(_ lines: [String]) -> [String] {
    let limit = 200
    guard lines.count > limit else { return lines }
    return lines.prefix(limit) + ["and \(lines.count - limit) more of this kind"]
  }
}

/// An amount of a foreign table: a JSON number or a text that holds one.
enum TableAmount {
  /// Reads it exactly, exponents accepted.
  ///
  /// - Throws: `DocumentError` when it is no number, below zero, finer than 10⁻²⁴, or so large that
  ///   a million of it does not fit.
  /// What stands there, for a reader.
  static func example(_ node: DocumentNode) -> String {
    leaves(node, path: "").prefix(3).map { leaf in
      leaf.path.isEmpty ? leaf.text : "\(leaf.path) \(leaf.text)"
    }.joined(separator: ", ")
  }

  static func read(_ node: DocumentNode) throws(DocumentError) -> Money {
    guard let scalar = node.scalar else {
      throw node.error("a number is expected, this is none", "Check the table.")
    }
    let amount: Money
    do throws(DecimalLiteralError) {
      amount = try Money(literal: scalar.text)
    } catch {
      let what =
        switch error {
        case .malformed, .exponent: "is not a number"
        case .tooFine: "is finer than 10⁻²⁴"
        case .tooLarge: "is too large"
        }
      throw node.error("`\(scalar.text)` \(what)", "Check the table.")
    }
    guard amount >= .zero else {
      throw node.error("`\(scalar.text)` is below zero", "Check the table.")
    }
    guard (try? amount.multiplied(by: 1_000_000, "")) != nil else {
      throw node.error("`\(scalar.text)` is too large", "Check the table.")
    }
    return amount
  }

  /// All that a value holds as texts by path, for what is kept and not priced.
  static func leaves(_ node: DocumentNode, path: String) -> [(path: String, text: String)] {
    if let scalar = node.scalar { return node.isNull ? [] : [(path, scalar.text)] }
    if let items = try? node.list() {
      return items.enumerated().flatMap { leaves($1, path: "\(path)[\($0)]") }
    }
    let entries = (try? node.mapping(allowing: nil).all) ?? []
    return entries.flatMap { leaves($0.value, path: "\(path).\($0.key)") }
  }
}
