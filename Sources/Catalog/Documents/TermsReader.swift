import Billing
import Documents

/// Parts of a gateway's terms.
enum TermsReader {
  static func currency(_ node: DocumentNode) throws(DocumentError) -> String {
    let code = try node.text()
    guard Currency.isKnown(code) else {
      throw node.error("`\(code)` is not a code of ISO 4217", "Write a code such as `USD`.")
    }
    return code
  }

  static func amount(_ node: DocumentNode) throws(DocumentError) -> Money {
    let amount = try node.money()
    guard amount >= .zero else {
      throw node.error(
        "an amount below zero",
        "Write zero or more; what is taken off list prices is a negative `markup_percent`.")
    }
    return amount
  }

  /// A percentage as a fraction of one.
  ///
  /// - Parameters:
  ///   - range: in fractions of one.
  ///   - remedy: what to write instead of one outside of it.
  private static func share(
    _ node: DocumentNode, in range: ClosedRange<Int64>, _ remedy: String
  ) throws(DocumentError) -> ExactDecimal {
    guard let share = try node.decimal().dividedExactly(by: 100) else {
      throw node.error("the percentage has more than 22 decimals", "Use fewer digits.")
    }
    guard (ExactDecimal(range.lowerBound)...ExactDecimal(range.upperBound)).contains(share) else {
      throw node.error(
        "the percentage is not from \(range.lowerBound * 100) to \(range.upperBound * 100)",
        remedy)
    }
    return share
  }

  /// A percentage of zero or more.
  private static func feeShare(_ node: DocumentNode) throws(DocumentError) -> ExactDecimal {
    try share(node, in: 0...1000, "A fee is not below zero: write 5 for 5 %.")
  }

  /// One text or a list of texts.
  static func texts(_ node: DocumentNode) throws(DocumentError) -> [String] {
    node.scalar == nil ? try node.texts() : [try node.text()]
  }

  static func zone(
    _ node: DocumentNode, isZone: (String) -> Bool
  ) throws(DocumentError) -> String {
    let name = try node.text()
    guard isZone(name) else {
      throw node.error(
        "`\(name)` is not a time zone",
        "Write a name such as `Europe/Berlin`, or an offset such as `+05:30`.")
    }
    return name
  }

  static func byokFee(_ node: DocumentNode) throws(DocumentError) -> BYOKFee {
    let map = try node.mapping(allowing: ["percent_of_list", "free_per_month"])
    return BYOKFee(
      share: try feeShare(try map.required("percent_of_list")),
      freePerMonth: try map.optional("free_per_month").map(amount))
  }

  static func reportedCost(_ node: DocumentNode) throws(DocumentError) -> ReportedCostRule {
    let map = try node.mapping(allowing: ["policy", "tolerance"])
    return ReportedCostRule(
      policy: try map.required("policy").word(of: ReportedCostRule.Policy.self),
      tolerance: try map.optional("tolerance").map(amount) ?? .zero)
  }

  static func purchase(_ node: DocumentNode, _ fees: [PurchaseFee]) throws(DocumentError)
    -> Purchase
  {
    let map = try node.mapping(allowing: ["date", "amount", "fee"])
    let amount = try map.required("amount")
    guard let first = fees.first else {
      throw node.error("there is no fee on purchases", "Add `purchase_fees`, or remove these.")
    }
    let money = try amount.money()
    guard money > .zero else {
      throw amount.error("the amount is not above zero", "Write what was bought, without the fee.")
    }
    return Purchase(
      day: try map.required("date").day(), amount: money,
      fee: try map.optional("fee")?.word(of: fees.map(\.name)) ?? first.name)
  }

  /// Names are compared as they are: a pattern would match nothing, in silence.
  private static func refusePattern(_ node: DocumentNode) throws(DocumentError) {
    let name = try node.text()
    guard name.hasPrefix("^") || name.hasSuffix("$") || name.contains(".*") || name.contains(")?")
    else { return }
    throw node.error(
      "`\(name)` looks like a pattern; names are compared as they are", "Write the name itself.")
  }

  static func rule(_ node: DocumentNode, among rules: [TermsRule]) throws(DocumentError)
    -> TermsRule
  {
    let map = try node.mapping(
      allowing: ["match", "markup_percent", "discount_percent", "fixed_fee"])
    var rule = TermsRule()
    if let match = map.optional("match") {
      let match = try match.mapping(
        allowing: ["tenant", "model", "class", "provider", "service_tier"])
      for key in ["tenant", "class", "provider", "service_tier"] {
        try match.optional(key).map(Self.refusePattern)
      }
      rule.tenant = try match.optional("tenant")?.text()
      rule.model = try match.optional("model").map(model)
      rule.modelClass = try match.optional("class")?.text()
      rule.provider = try match.optional("provider").map { node throws(DocumentError) in
        ProviderIdentity.canonical(try node.text())
      }
      rule.serviceTier = try match.optional("service_tier").map { node throws(DocumentError) in
        ServiceTier.canonical(try node.text())
      }
    }
    let isDuplicate = rules.contains {
      $0.tenant == rule.tenant && $0.modelClass == rule.modelClass
        && $0.model?.asciiLowercased == rule.model?.asciiLowercased
        && $0.provider == rule.provider && $0.serviceTier == rule.serviceTier
    }
    if isDuplicate { throw node.error("two rules match the same", "Keep one of the two.") }
    if let value = map.optional("markup_percent") {
      rule.markup = try share(value, in: -1...1_000_000, "-100 leaves nothing of the price.")
    }
    if let value = map.optional("discount_percent") {
      rule.discount = try share(value, in: 0...1, "Write what is added as `markup_percent`.")
    }
    if let fee = map.optional("fixed_fee") {
      if fee.scalar == nil {
        let map = try fee.mapping(allowing: ["amount", "per"])
        _ = try map.optional("per")?.word(of: ["request"])
        rule.fixedFee = try amount(try map.required("amount"))
      } else {
        rule.fixedFee = try amount(fee)
      }
    }
    return rule
  }

  /// A name, or a beginning with a final `*`.
  private static func model(_ node: DocumentNode) throws(DocumentError) -> String {
    let text = try node.text()
    guard !text.utf8.dropLast().contains(UInt8(ascii: "*")) else {
      throw node.error("`*` stands inside the name", "Put one `*` at the end, or none.")
    }
    guard !isExpression(text) else {
      throw node.error(
        "`\(text)` looks like a regular expression",
        "Write a model's name, or its beginning with one `*` at the end: `gpt-5*`.")
    }
    return text
  }

  /// No name of a model has these characters; `.*` only ends one after a digit, as in `gpt-5.*`.
  private static func isExpression(_ text: String) -> Bool {
    if text.utf8.contains(where: { "^$()|?\\{}+".utf8.contains($0) }) { return true }
    guard text.hasSuffix(".*") else { return false }
    return text.utf8.dropLast(2).last.map { !(48...57).contains($0) } ?? true
  }

  static func payload(_ node: DocumentNode) throws(DocumentError) -> PayloadMetering {
    let map = try node.mapping(
      allowing: ["block", "unit", "round", "scope", "minimum_blocks", "price_per_block"])
    let size = try map.required("block")
    let bytes = try size.int(in: 1...(1 << 40))
    let unit = try map.required("unit").word(of: ["B", "KB", "KiB"])
    let factor: Int64 = unit == "KB" ? 1000 : unit == "KiB" ? 1024 : 1
    guard bytes % factor == 0 else {
      throw size.error(
        "a block of \(bytes) bytes is not whole \(unit)",
        "Give `block` in bytes: 1000 for a KB, 1024 for a KiB.")
    }
    return PayloadMetering(
      blocks: try blocks(map, size: bytes), scope: try scope(map),
      price: try amount(try map.required("price_per_block")))
  }

  static func tokenBlock(_ node: DocumentNode) throws(DocumentError) -> TokenBlockMetering {
    let map = try node.mapping(
      allowing: ["size", "round", "scope", "minimum_blocks", "price_per_block"])
    let size = try map.required("size").int(in: 1...TokenUsage.countLimit)
    let price = try map.optional("price_per_block").map(amount)
    let scope = map.optional("scope")
    let word = try scope?.word(of: TokenBlockScope.self) ?? .direction
    if let scope, word == .sum, price == nil {
      throw scope.error(
        "a block of input and output together has no list rate",
        "Add `price_per_block`, or write `scope: direction`.")
    }
    return TokenBlockMetering(blocks: try blocks(map, size: size), scope: word, price: price)
  }

  private static func scope(_ map: DocumentMapping) throws(DocumentError) -> MeteringScope {
    try map.optional("scope")?.word(of: MeteringScope.self) ?? .direction
  }

  private static func blocks(_ map: DocumentMapping, size: Int64) throws(DocumentError) -> Blocks {
    let mode = try map.optional("round")?.word(of: RoundingMode.self) ?? .up
    let minimum = try map.optional("minimum_blocks")?.int(in: 0...1_000_000) ?? 0
    guard let blocks = Blocks(size: size, rounding: mode, minimum: minimum) else {
      throw map.node.error("this is no block", "Write a size of at least 1.")
    }
    return blocks
  }

  static func rounding(_ map: DocumentMapping, currency: String?) throws(DocumentError) -> Rounding
  {
    let mode = try map.required("mode").word(of: RoundingMode.self)
    let node = try map.required("scale")
    let scale: Int
    if try node.text() == "currency" {
      guard let currency else {
        throw node.error("the terms name no currency", "Add `currency`, or write a number.")
      }
      scale = Currency.minorUnit(currency)
    } else {
      scale = Int(try node.int(in: 0...Int64(Money.scale)))
    }
    guard let rounding = Rounding(mode: mode, scale: scale) else {
      throw node.error("the scale is beyond 24", "Write a number from 0 to 24.")
    }
    return rounding
  }

  static func purchaseFee(_ node: DocumentNode, currency: String?) throws(DocumentError)
    -> PurchaseFee
  {
    let map = try node.mapping(allowing: ["name", "percent", "minimum", "round"])
    var rounding: Rounding?
    if let round = try map.optional("round")?.mapping(allowing: ["mode", "scale"]) {
      rounding = try self.rounding(round, currency: currency)
    }
    return PurchaseFee(
      name: try map.required("name").text(), share: try feeShare(try map.required("percent")),
      minimum: try map.optional("minimum").map(amount) ?? .zero, rounding: rounding)
  }
}
