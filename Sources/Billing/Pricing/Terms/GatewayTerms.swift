/// What a gateway makes of a provider's list cost.
public struct GatewayTerms: Sendable, Hashable {
  /// The steps from list cost to billed cost; they are applied in the order of `order`.
  public enum Step: UInt8, Word {
    /// Token counts are raised to whole blocks before they are priced.
    case usageAdjust
    /// The list cost enters. Without this step only fees are billed.
    case listPrice
    case discount, markup, fixedFee, metering, minimum, round

    public static let names = spelledCases
  }

  /// Outcomes that the gateway does not bill, whatever was used. A cache hit has no list cost either,
  /// because no provider was called, nor has what `failed` names; `byok` keeps the list cost, which
  /// the provider bills to the user's own account.
  public enum NotBilled: UInt8, Word {
    case gatewayCacheHit, failed, byok
    /// A request that ended in failure and for which no output was counted, also when input was.
    case failedBeforeFirstToken
    /// A model all of whose published rates are zero, and the variant `free` of a slug.
    case freeModel

    public static let names = spelledCases
  }

  /// What of a charge is rounded.
  public enum RoundingScope: UInt8, Word {
    case component, request

    public static let names = spelledCases
  }

  /// What becomes of the difference between the rounded invoice and its lines.
  public enum Carry: UInt8, Word {
    /// It is an amount of the invoice.
    case none
    /// The lines bear it, so that they add up to the invoice.
    case largestRemainder

    public static let names = spelledCases
  }

  /// What tells the lines of an invoice apart.
  public enum LineField: UInt8, Word {
    /// The price book's entry, or the model where there is none.
    case model
    case provider, serviceTier, operation, team, key, project, environment

    public static let names = spelledCases
  }

  /// Where percentages come from.
  public enum Margins: UInt8, Word {
    case rules
    /// From the log's own breakdown of a request; from the rules where it gives none.
    case reported

    public static let names = spelledCases
  }

  /// The gateway as events name it.
  public var gateway: String
  /// The name of the built-in terms that these are; empty for all others.
  public var preset = ""
  /// Where the facts come from, and what of them nobody could confirm: texts for readers.
  public var sources: [String] = []
  public var unverified: [String] = []
  /// ISO 4217; `nil` when the terms hold for any.
  public var currency: String?
  public var order = Self.defaultOrder
  public var rules: [TermsRule] = []
  public var payload: PayloadMetering?
  public var tokenBlock: TokenBlockMetering?
  /// Of each request or of its components.
  public var rounding: Rounding?
  public var roundingScope = RoundingScope.request
  public var invoiceRounding: InvoiceRounding?
  public var invoiceLines: [LineField] = [.model]
  /// The zone of the months that are invoiced: a name or an offset; `nil` is UTC.
  public var timeZone: String?
  public var margins = Margins.rules
  /// What vendors give away (free searches of a month) lowers the gateway's invoice.
  public var passesOnAllowances = false
  public var minimum: Money?
  /// A request without any usage is exempt from the minimum.
  public var zeroUsageIsFree = true
  public var notBilled: Set<NotBilled> = [.gatewayCacheHit]
  public var byokFee: BYOKFee?
  public var reportedCost: ReportedCostRule?
  /// Ways to pay: a purchase of credit bears one of these fees, the first unless it names another.
  public var purchaseFees: [PurchaseFee] = []
  /// The purchases of credit; `nil` when nobody stated them.
  public var purchases: [Purchase]?

  public init(gateway: String) { self.gateway = gateway }

  public static let defaultOrder: [Step] = [
    .usageAdjust, .listPrice, .discount, .markup, .fixedFee, .metering, .minimum, .round,
  ]

  /// The one rule that decides: the most specific that matches; rules are never added up.
  public func rule(for subject: PricingSubject, provider: String, model: String, modelClass: String)
    -> TermsRule?
  {
    rules.filter {
      $0.matches(subject, provider: provider, model: model, modelClass: modelClass)
    }.max { $0.rank < $1.rank }
  }
}

/// How the lines of an invoice, or the invoice, are rounded.
public struct InvoiceRounding: Sendable, Hashable {
  public var rounding: Rounding
  /// The lines are rounded, each by itself; otherwise the invoice.
  public var roundsLines: Bool
  public var carry: GatewayTerms.Carry

  public init(_ rounding: Rounding, roundsLines: Bool, carry: GatewayTerms.Carry = .none) {
    self.rounding = rounding
    self.roundsLines = roundsLines
    self.carry = carry
  }
}

/// Percentages and fees for the requests that match.
public struct TermsRule: Sendable, Hashable {
  /// The team of the event.
  public var tenant: String?
  /// A model's name, or its beginning before a final `*`.
  public var model: String?
  public var modelClass: String?
  /// The book's spelling of the provider.
  public var provider: String?
  public var serviceTier: String?
  /// Fractions of one: 0.1 is ten percent. A markup may be negative.
  public var markup = ExactDecimal.zero
  public var discount = ExactDecimal.zero
  /// Per request.
  public var fixedFee = Money.zero

  public init() {}

  /// Tenant before model before class before provider before service tier; of two models the
  /// longer.
  var rank: Int {
    var rank = 0
    if tenant != nil { rank += 16 << 16 }
    if model != nil { rank += 8 << 16 }
    if modelClass != nil { rank += 4 << 16 }
    if provider != nil { rank += 2 << 16 }
    if serviceTier != nil { rank += 1 << 16 }
    if let model { rank += min(model.utf8.count * 2 + (model.utf8.last == 42 ? 0 : 1), 65_535) }
    return rank
  }

  func matches(
    _ subject: PricingSubject, provider servedBy: String, model name: String, modelClass: String
  ) -> Bool {
    if let tenant, tenant != subject.team { return false }
    if let own = self.modelClass, own != modelClass { return false }
    if let provider, provider != servedBy { return false }
    if let serviceTier, serviceTier != ServiceTier.canonical(subject.serviceTier) { return false }
    guard let model else { return true }
    let pattern = model.asciiLowercased
    let forms = ModelName(subject.model).forms.map(\.text) + [name.asciiLowercased]
    if pattern.utf8.last == UInt8(ascii: "*") {
      return forms.contains { $0.utf8.starts(with: pattern.utf8.dropLast()) }
    }
    return forms.contains { $0.utf8.elementsEqual(pattern.utf8) }
  }
}

/// The names of service tiers.
public enum ServiceTier {
  /// The tier in lower case; empty for every name of the standard tier.
  public static func canonical(_ text: String) -> String {
    let name = text.asciiLowercased
    return standard.contains(name) ? "" : name
  }

  private static let standard: Set<String> = [
    "", "auto", "default", "on_demand", "on-demand", "standard", "standard_only",
  ]
}
