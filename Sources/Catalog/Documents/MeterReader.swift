import Billing
import Documents

/// Reads prices of metered units, and how they are counted.
enum MeterReader {
  static let names = Meter.allCases.map(\.name) + [PricedQuantity.requests.name]
  private static let rateKeys = ["amount", "per"]

  /// The price of one unit.
  static func rate(_ node: DocumentNode) throws(DocumentError) -> Money {
    let unit = try node.mapping(allowing: rateKeys + ["count", "minimum", "step", "free"])
    let per = try unit.optional("per")?.int(in: 1...1_000_000_000) ?? 1
    return try RatesReader.amount(try unit.required("amount"), per: per)
  }

  /// The counting rules of a dated price.
  static func rules(_ node: DocumentNode?) throws(DocumentError) -> [Meter: MeterRule] {
    var rules: [Meter: MeterRule] = [:]
    for (name, value) in try node?.mapping(allowing: names).all ?? [] {
      let map = try value.mapping(allowing: nil)
      guard let stated = map.keys.first(where: { !rateKeys.contains($0) }) else { continue }
      guard let meter = Meter.allCases.first(where: { $0.name == name }) else {
        throw value.error("`\(name)` has no `\(stated)`", "Remove it.")
      }
      rules[meter] = try rule(map)
    }
    return rules
  }

  private static func rule(_ map: DocumentMapping) throws(DocumentError) -> MeterRule {
    var rule = MeterRule()
    rule.count = try map.optional("count")?.word(of: MeterRule.Count.self) ?? .each
    rule.minimum = try map.optional("minimum").map(quantity) ?? .zero
    rule.step = try map.optional("step").map(quantity) ?? .zero
    guard let free = try map.optional("free")?.mapping(allowing: ["quantity", "period", "group"])
    else { return rule }
    rule.free = FreeAllowance(
      quantity: try quantity(try free.required("quantity")),
      period: try free.required("period").word(of: FreeAllowance.Period.self),
      group: try free.optional("group")?.text() ?? "")
    return rule
  }

  private static func quantity(_ node: DocumentNode) throws(DocumentError) -> ExactDecimal {
    let quantity = try node.decimal()
    guard quantity > .zero else {
      throw node.error("a quantity above zero is expected", "Write it, or remove the key.")
    }
    return quantity
  }
}
