public import Billing
import Catalog
import Documents

/// Where exchange rates come from, as `fx:` of the configuration says. Nothing is read before a
/// report asks for another currency.
public struct ExchangeSource: Sendable {
  /// As the program opens it.
  public var table: String
  /// The base of a table of the form `date,currency,rate`.
  public var base = "EUR"
  public var maximumAge = 7
  public var decimals = 10

  init(reading node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: [
      "table", "policy", "base", "max_age_days", "decimals",
    ])
    table = try Configuration.path(try map.required("table"))
    _ = try map.optional("policy")?.word(of: ["rate_of_charge_day"])
    if let node = map.optional("base") { base = try node.currency() }
    if let node = map.optional("max_age_days") { maximumAge = Int(try node.int(in: 0...31)) }
    if let node = map.optional("decimals") { decimals = Int(try node.int(in: 4...18)) }
  }

  /// Reads the table.
  ///
  /// - Throws: `Failure` when the file cannot be read, `DocumentError` when something in it is wrong.
  public func rates() throws -> ExchangeRates {
    try TextFile.refuseIfWorldWritable(table)
    guard let rounding = Rounding(mode: .halfEven, scale: decimals) else {
      throw Failure(table, "the rates have too many decimals", "Write 4 to 18.", .badData)
    }
    return try ExchangeRates(
      reading: try TextFile.bytes(at: table), file: table, base: base, maximumAge: maximumAge,
      rounding: rounding)
  }
}
