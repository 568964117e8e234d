/// Prices requests by a price book and the gateways' terms.
///
/// Two steps, so that the book's size never matters in a hot loop: `plan(for:)` once for each
/// distinct subject, `PricePlan.charge(_:)` for each request.
public protocol Pricer: Sendable {
  /// The identity of the price book: its id and the hash of its content.
  var priceBook: String { get }

  /// The terms tell teams apart. When they do not, all teams share the plans of a model.
  var dependsOnTeam: Bool { get }

  /// Resolves all that requests of one subject share.
  func plan(for subject: PricingSubject) -> any PricePlan
}

/// The prices and terms that apply to the requests of one subject.
public protocol PricePlan: AnyObject, Sendable {
  /// All that a charge of this plan can be; `Charge.line` is an index into it.
  var lines: [ChargeLine] { get }

  /// Prices one request.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  /// - Complexity: O(dated prices + tiers); no allocation.
  func charge(_ usage: BillableUsage) throws(ArithmeticOverflow) -> Charge

  /// The products that make up the list cost of the same request.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func components(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [ChargeComponent]

  /// The steps that lead from the list cost of the same request to its billed cost; the last ends in
  /// `Charge.billed`. None when there is no amount.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func steps(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [BillStep]

  /// What the same request used of meters of which the vendor gives some away.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func allowances(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [AllowanceUse]
}

extension PricePlan {
  public func allowances(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [AllowanceUse] { [] }

  public func steps(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [BillStep] { [] }
}

/// A model as a catalogue lists it, for findings about models that are or could be used.
public struct CatalogModel: Sendable, Hashable {
  /// The id of the price book's entry.
  public var entry: String
  public var provider: String
  public var model: String
  /// The vendor's family: `gpt`, `claude`, `gemini`; what stands before the first version number.
  public var family: String
  /// Current base prices per token.
  public var inputPrice: Money?
  public var outputPrice: Money?
  /// Tokens.
  public var contextWindow: Int64?
  public var maxOutput: Int64?
  public var capabilities: Set<String>
  public var deprecated: Day?
  public var replacement: String?

  public init(
    entry: String, provider: String, model: String, family: String, inputPrice: Money?,
    outputPrice: Money?, contextWindow: Int64?, maxOutput: Int64?, capabilities: Set<String>,
    deprecated: Day?, replacement: String?
  ) {
    self.entry = entry
    self.provider = provider
    self.model = model
    self.family = family
    self.inputPrice = inputPrice
    self.outputPrice = outputPrice
    self.contextWindow = contextWindow
    self.maxOutput = maxOutput
    self.capabilities = capabilities
    self.deprecated = deprecated
    self.replacement = replacement
  }
}
