public import Billing
public import Documents

extension GatewayTerms {
  /// Reads the terms of one gateway: a document, or an item of `terms:` in the configuration.
  ///
  /// - Throws: `DocumentError` with file, line, what is wrong and how to write it.
  public init(reading node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: Self.keys)
    if let version = map.optional("version"), try version.int() != 1 {
      throw version.error("this version of the form is not known", "Write `version: 1`.")
    }
    self.init(gateway: try map.required("gateway").text())
    currency = try map.optional("currency").map(TermsReader.currency)
    for item in try map.optional("rules")?.list() ?? [] {
      rules.append(try TermsReader.rule(item, among: rules))
    }
    if let metering = try map.optional("metering")?.mapping(allowing: ["payload", "token_block"]) {
      payload = try metering.optional("payload").map(TermsReader.payload)
      tokenBlock = try metering.optional("token_block").map(TermsReader.tokenBlock)
    }
    if let node = map.optional("rounding") { try readRounding(node) }
    if let minimum = try map.optional("minimum_charge")?
      .mapping(allowing: ["amount", "per", "zero_usage_is_free"])
    {
      _ = try minimum.optional("per")?.word(of: ["request"])
      self.minimum = try TermsReader.amount(try minimum.required("amount"))
      zeroUsageIsFree = try minimum.optional("zero_usage_is_free")?.bool() ?? true
    }
    for item in try map.optional("not_billed")?.list() ?? [] {
      notBilled.insert(try item.word(of: NotBilled.self))
    }
    for item in try map.optional("purchase_fees")?.list() ?? [] {
      purchaseFees.append(try TermsReader.purchaseFee(item, currency: currency))
    }
    if let node = map.optional("order") { order = try readOrder(node) }
  }

  /// Reads the terms of one gateway, or a list of them, each for another gateway.
  ///
  /// - Throws: `DocumentError`.
  public static func readAll(_ node: DocumentNode) throws(DocumentError) -> [GatewayTerms] {
    guard case .sequence = node.content else { return [try GatewayTerms(reading: node)] }
    var all: [GatewayTerms] = []
    for item in try node.list() {
      let terms = try GatewayTerms(reading: item)
      guard !all.contains(where: { $0.gateway == terms.gateway }) else {
        throw item.error("the gateway `\(terms.gateway)` stands twice", "Keep one of the two.")
      }
      all.append(terms)
    }
    return all
  }

  private static let keys = [
    "version", "gateway", "currency", "order", "rules", "metering", "rounding", "minimum_charge",
    "not_billed", "purchase_fees",
  ]

  private mutating func readRounding(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: ["mode", "scale", "scope"])
    rounding = try TermsReader.rounding(map, currency: currency)
    roundingScope = try map.optional("scope")?.word(of: RoundingScope.self) ?? .request
  }

  /// Every step at most once; a part of the terms that no step applies is refused.
  private func readOrder(_ node: DocumentNode) throws(DocumentError) -> [Step] {
    var steps: [Step] = []
    for item in try node.list() {
      let step = try item.word(of: Step.self)
      guard !steps.contains(step) else {
        throw item.error("the step `\(step.name)` stands twice", "Keep one of the two.")
      }
      steps.append(step)
    }
    let needed: [(Step, Bool)] = [
      (.discount, rules.contains { $0.discount != .zero }),
      (.markup, rules.contains { $0.markup != .zero }),
      (.fixedFee, rules.contains { $0.fixedFee != .zero }),
      (.metering, payload != nil || tokenBlock?.price != nil),
      (.usageAdjust, tokenBlock != nil && tokenBlock?.price == nil),
      (.minimum, minimum != nil),
      (.round, rounding != nil && (roundingScope == .request || roundingScope == .component)),
    ]
    for (step, isNeeded) in needed where isNeeded && !steps.contains(step) {
      throw node.error("the step `\(step.name)` is missing", "Add it, or remove what it applies.")
    }
    if roundingScope == .component, let list = steps.firstIndex(of: .listPrice),
      steps[..<list].contains(where: { $0 != .usageAdjust })
    {
      throw node.error(
        "components cannot be rounded after other steps", "Put `list_price` first.")
    }
    if roundingScope == .component, let fee = steps.firstIndex(of: .fixedFee),
      steps[fee...].contains(where: { $0 == .markup || $0 == .discount })
    {
      throw node.error(
        "a percentage after a fee cannot be split over components",
        "Put `discount` and `markup` before `fixed_fee`, or round the request.")
    }
    return steps
  }
}

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
      throw node.error("an amount below zero", "Write a negative `markup_percent` instead.")
    }
    return amount
  }

  /// A percentage as a fraction of one.
  private static func share(_ node: DocumentNode) throws(DocumentError) -> ExactDecimal {
    guard let share = try node.decimal().dividedExactly(by: 100) else {
      throw node.error("the percentage has more than 22 decimals", "Use fewer digits.")
    }
    return share
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
      $0.tenant == rule.tenant && $0.model == rule.model && $0.modelClass == rule.modelClass
        && $0.provider == rule.provider && $0.serviceTier == rule.serviceTier
    }
    if isDuplicate { throw node.error("two rules match the same", "Keep one of the two.") }
    if let value = map.optional("markup_percent") { rule.markup = try share(value) }
    if let value = map.optional("discount_percent") { rule.discount = try share(value) }
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
    return text
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
    return TokenBlockMetering(
      blocks: try blocks(map, size: size), scope: try scope(map),
      price: try map.optional("price_per_block").map(amount))
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
      name: try map.required("name").text(), share: try share(try map.required("percent")),
      minimum: try map.optional("minimum").map(amount) ?? .zero, rounding: rounding)
  }
}
