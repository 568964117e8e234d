/// Prices requests by a book of list prices and the terms of gateways.
public struct BookPricer: Pricer {
  private let book: any PriceBook
  /// By the gateway's name.
  private let terms: [String: GatewayTerms]

  /// - Parameter terms: at most one for each gateway; of two the later holds. `*` stands for every
  ///   gateway that has none of its own.
  public init(book: any PriceBook, terms: [GatewayTerms] = []) {
    self.book = book
    self.terms = Dictionary(terms.map { ($0.gateway, $0) }) { _, later in later }
  }

  public var priceBook: String { book.id }

  /// The terms by which requests of a gateway are billed.
  public func terms(of gateway: String) -> GatewayTerms? { terms[gateway] ?? terms["*"] }

  public var dependsOnTeam: Bool {
    terms.values.contains { $0.rules.contains { $0.tenant != nil } }
  }

  /// Resolves all that requests of one subject share.
  ///
  /// What costs nothing, in this order: an answer from the gateway's cache (`gateway_cache_hit`),
  /// because no provider was called; and a request that failed or was blocked and for which the log
  /// gives no usage above zero (`failed`, `blocked`), because providers do not bill those. A
  /// cancelled stream without usage is `unpriced` (`no_usage`): what it generated is billed and not
  /// known.
  public func plan(for subject: PricingSubject) -> any PricePlan { plan(for: subject, nil).plan }

  /// - Parameter log: takes notes of the search, for an explanation.
  func plan(for subject: PricingSubject, _ log: LookupLog?) -> (plan: BookPlan, entry: PriceEntry?)
  {
    let terms = terms(of: subject.gateway)
    if subject.gatewayCacheHit {
      return (BookPlan.constant(.notBilled, reason: "gateway_cache_hit", terms), nil)
    }
    if let terms, terms.notBilled.contains(.failed), subject.status == .error {
      return (BookPlan.constant(.notBilled, reason: "failed", terms), nil)
    }
    if let terms, terms.notBilled.contains(.freeModel),
      ModelName(subject.model).variant == "free"
    {
      return (BookPlan.constant(.notBilled, reason: "free_model", terms), nil)
    }
    let found = PriceLookup(book: book, log: log).find(subject)
    let builder = PlanBuilder(subject: subject, terms: terms, keepsNotes: log != nil)
    if case .found(let entry, _, _) = found { return (builder.plan(found), entry) }
    return (builder.plan(found), nil)
  }
}
