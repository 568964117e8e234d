public import Billing
public import Documents

extension GatewayTerms {
  /// Reads the terms of one gateway.
  ///
  /// - Throws: `DocumentError` with file, line, what is wrong and how to write it.
  public init(reading node: DocumentNode) throws(DocumentError) {
    let all = try Self.readAll(node)
    guard let only = all.first, all.count == 1 else {
      throw node.error("the terms of one gateway are expected", "Name one `gateway`.")
    }
    self = only
  }

  /// Reads the terms of one gateway or of several that share them (`gateway: [a, b]`), or a list of
  /// such documents, each gateway once.
  ///
  /// - Parameter isZone: whether a text names a time zone.
  /// - Throws: `DocumentError` with file, line, what is wrong and how to write it.
  public static func readAll(
    _ node: DocumentNode, isZone: (String) -> Bool = { $0 == "UTC" }
  ) throws(DocumentError) -> [GatewayTerms] {
    guard case .sequence = node.content else { return try readDocument(node, isZone: isZone) }
    var all: [GatewayTerms] = []
    for item in try node.list() {
      for terms in try readDocument(item, isZone: isZone) {
        guard !all.contains(where: { $0.gateway == terms.gateway }) else {
          throw item.error("the gateway `\(terms.gateway)` stands twice", "Keep one of the two.")
        }
        all.append(terms)
      }
    }
    return all
  }

  private static let keys = [
    "version", "gateway", "source", "unverified", "currency", "timezone", "order", "rules",
    "margins", "free_allowances", "metering", "rounding", "minimum_charge", "not_billed", "byok",
    "provider_reported_cost", "purchase_fees", "purchases", "invoice_lines",
  ]

  private static func readDocument(
    _ node: DocumentNode, isZone: (String) -> Bool
  ) throws(DocumentError) -> [GatewayTerms] {
    let map = try node.mapping(allowing: Self.keys)
    if let version = map.optional("version"), try version.int() != 1 {
      throw version.error("this version of the form is not known", "Write `version: 1`.")
    }
    let names = try map.required("gateway")
    var gateways: [String] = []
    for item in names.scalar == nil ? try names.list() : [names] {
      let gateway = try item.text()
      guard !gateways.contains(gateway) else {
        throw item.error("the gateway `\(gateway)` stands twice", "Keep one of the two.")
      }
      gateways.append(gateway)
    }
    guard let first = gateways.first else {
      throw names.error("no gateway is named", "Write its name, as events have it.")
    }
    var terms = GatewayTerms(gateway: first)
    if let zone = map.optional("timezone") {
      terms.timeZone = try TermsReader.zone(zone, isZone: isZone)
    }
    try terms.read(map)
    return gateways.map { gateway in
      var copy = terms
      copy.gateway = gateway
      return copy
    }
  }

  private mutating func read(_ map: DocumentMapping) throws(DocumentError) {
    sources = try map.optional("source").map(TermsReader.texts) ?? []
    unverified = try map.optional("unverified").map(TermsReader.texts) ?? []
    currency = try map.optional("currency").map(TermsReader.currency)
    for item in try map.optional("rules")?.list() ?? [] {
      rules.append(try TermsReader.rule(item, among: rules))
    }
    if let node = map.optional("free_allowances") {
      passesOnAllowances = try node.word(of: ["keep", "pass_on"]) == "pass_on"
    }
    if let node = map.optional("margins") { margins = try node.word(of: Margins.self) }
    if let metering = try map.optional("metering")?.mapping(allowing: ["payload", "token_block"]) {
      payload = try metering.optional("payload").map(TermsReader.payload)
      tokenBlock = try metering.optional("token_block").map(TermsReader.tokenBlock)
    }
    if let node = map.optional("rounding") {
      let isOne = if case .mapping = node.content { true } else { false }
      for item in isOne ? [node] : try node.list() { try readRounding(item) }
    }
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
    try readMonth(map)
    if let node = map.optional("order") { order = try readOrder(node) }
  }

  /// What holds for months and their invoices.
  private mutating func readMonth(_ map: DocumentMapping) throws(DocumentError) {
    byokFee = try map.optional("byok").map(TermsReader.byokFee)
    reportedCost = try map.optional("provider_reported_cost").map(TermsReader.reportedCost)
    for item in try map.optional("purchase_fees")?.list() ?? [] {
      let fee = try TermsReader.purchaseFee(item, currency: currency)
      guard !purchaseFees.contains(where: { $0.name == fee.name }) else {
        throw item.error("the fee `\(fee.name)` stands twice", "Give each fee its own name.")
      }
      purchaseFees.append(fee)
    }
    if let node = map.optional("purchases") {
      var read: [Purchase] = []
      for item in try node.list() { read.append(try TermsReader.purchase(item, purchaseFees)) }
      purchases = read
    }
    guard let node = map.optional("invoice_lines") else { return }
    invoiceLines = []
    for item in try node.list() {
      let field = try item.word(of: LineField.self)
      guard !invoiceLines.contains(field) else {
        throw item.error("`\(field.name)` stands twice", "Keep one of the two.")
      }
      invoiceLines.append(field)
    }
  }

  private mutating func readRounding(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: ["mode", "scale", "scope", "carry"])
    let rule = try TermsReader.rounding(map, currency: currency)
    let carry = try map.optional("carry")?.word(of: Carry.self) ?? .none
    let word = try map.optional("scope")?.word(of: Self.scopes) ?? RoundingScope.request.name
    guard let scope = RoundingScope(name: word) else {
      guard invoiceRounding == nil else {
        throw node.error("the invoice is rounded twice", "Keep one of the two.")
      }
      invoiceRounding = InvoiceRounding(rule, roundsLines: word == "line", carry: carry)
      return
    }
    guard carry == .none else {
      throw node.error(
        "only an invoice has lines to carry to", "Write `scope: invoice` or `scope: line`.")
    }
    guard rounding == nil else {
      throw node.error("a request is rounded twice", "Keep one of the two.")
    }
    (rounding, roundingScope) = (rule, scope)
  }

  private static let scopes = RoundingScope.names + ["line", "invoice"]

  /// Every step at most once; a part of the terms that no step applies is refused, and so is a step
  /// that has nothing to work on.
  private func readOrder(_ node: DocumentNode) throws(DocumentError) -> [Step] {
    var steps: [Step] = []
    for item in try node.list() {
      let step = try item.word(of: Step.self)
      guard !steps.contains(step) else {
        throw item.error("the step `\(step.name)` stands twice", "Keep one of the two.")
      }
      if !step.addsAnAmount, !steps.contains(where: \.addsAnAmount) {
        throw item.error(
          "`\(step.name)` stands where there is no amount yet",
          "Put `list_price` or a fee before it.")
      }
      steps.append(step)
    }
    let isReported = margins == .reported
    let needed: [(Step, Bool)] = [
      (.discount, isReported || rules.contains { $0.discount != .zero }),
      (.markup, isReported || rules.contains { $0.markup != .zero }),
      (.fixedFee, isReported || rules.contains { $0.fixedFee != .zero }),
      (.metering, payload != nil || tokenBlock?.price != nil),
      (.usageAdjust, tokenBlock != nil && tokenBlock?.price == nil),
      (.minimum, minimum != nil),
      (.round, rounding != nil),
    ]
    for (step, isNeeded) in needed where isNeeded && !steps.contains(step) {
      throw node.error("the step `\(step.name)` is missing", "Add it, or remove what it applies.")
    }
    if roundingScope == .component { try checkComponents(steps, node) }
    return steps
  }

  private func checkComponents(_ steps: [Step], _ node: DocumentNode) throws(DocumentError) {
    if let list = steps.firstIndex(of: .listPrice),
      steps[..<list].contains(where: { $0 != .usageAdjust })
    {
      throw node.error(
        "components cannot be rounded after other steps", "Put `list_price` first.")
    }
    if let fee = steps.firstIndex(where: { $0 == .fixedFee || $0 == .metering || $0 == .minimum }),
      steps[fee...].contains(where: { $0 == .markup || $0 == .discount })
    {
      throw node.error(
        "a percentage after a fee cannot be split over components",
        "Put `discount` and `markup` before fees, or round the request.")
    }
  }
}

extension GatewayTerms.Step {
  /// The step brings an amount of its own; the others change one that is there.
  fileprivate var addsAnAmount: Bool {
    switch self {
    case .usageAdjust, .listPrice, .fixedFee, .metering: true
    case .discount, .markup, .minimum, .round: false
    }
  }
}
