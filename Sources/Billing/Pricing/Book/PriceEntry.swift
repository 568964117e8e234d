/// What a price book says about one model at one provider.
public struct PriceEntry: Sendable, Hashable {
  /// Two sources give different current prices; which was taken, and what each says.
  public struct Contest: Sendable, Hashable {
    /// The quantity in dispute, with its tier: `input`, `batch output`.
    public var subject: String
    /// The source whose price is in the book.
    public var chosen: String
    /// Source and rate as text, by source.
    public var claims: [Claim]

    public struct Claim: Sendable, Hashable {
      public var source: String
      public var amount: String

      public init(source: String, amount: String) {
        self.source = source
        self.amount = amount
      }
    }

    public init(subject: String, chosen: String, claims: [Claim]) {
      self.subject = subject
      self.chosen = chosen
      self.claims = claims
    }

    /// Whether the dispute is about the card with these conditions, the base for none.
    public func concerns(_ conditions: [PriceCondition]) -> Bool {
      let words = subject.split(separator: " ")
      return words.dropLast().elementsEqual(conditions.map(\.name)) { $0 == $1[...] }
    }
  }

  /// `openai/gpt-4o`; unique in a book.
  public var id: String
  /// Who serves the model, in the book's spelling: what events name as their provider.
  public var provider: String
  /// Whose price it is when that is not who serves it; empty when it is.
  public var vendor = ""
  /// The provider's regions that the prices hold for; empty for all that have no entry of their own.
  public var regions: [String] = []
  /// Names that are this model.
  public var names: [String]
  /// Names that stand for it.
  public var aliases: [String] = []
  /// How the vendor dates snapshots that are priced like the name itself; empty when it does not.
  public var snapshots: [SnapshotDate.Format] = []
  /// `economy`, `standard`, `premium`, …; empty when nobody has said.
  public var modelClass = ""
  /// Tokens.
  public var contextWindow: Int64?
  public var maxOutput: Int64?
  public var capabilities: [String] = []
  /// The day from which the vendor advises against it.
  public var deprecated: Day?
  /// The day on which the vendor ends it.
  public var retired: Day?
  public var replacement: String?
  /// In the order of time.
  public var prices: [DatedPrice]
  public var contests: [Contest] = []
  /// Where the prices were read.
  public var source = ""
  /// The day on which somebody looked.
  public var checked: Day?

  public init(id: String, provider: String, names: [String], prices: [DatedPrice]) {
    self.id = id
    self.provider = provider
    self.names = names
    self.prices = prices
  }

  /// The price that holds until further notice, else the last.
  public var currentPrice: DatedPrice? {
    let prices = prices(preferring: nil)
    return prices.last { $0.until == nil } ?? prices.last
  }

  /// All prices; of two that hold at one time, in two currencies, the later one in the list decides.
  ///
  /// - Parameter currency: ISO 4217; `nil` for US dollars.
  public func prices(preferring currency: String?) -> [DatedPrice] {
    let dollars = "USD"
    let wanted = currency ?? dollars
    return prices.filter { $0.currency != wanted && $0.currency != dollars }
      + prices.filter { $0.currency == dollars && wanted != dollars }
      + prices.filter { $0.currency == wanted }
  }

  /// Stands for all regions in the keys of an entry that holds for some.
  public static let anyRegion = "~/"

  /// Under these the book finds the entry; with regions, each name stands behind a region.
  public func keys(of names: [String]) -> [String] {
    regions.isEmpty
      ? names
      : (regions.map { $0 + "/" } + [Self.anyRegion]).flatMap { region in
        names.map { region + $0 }
      }
  }
}
