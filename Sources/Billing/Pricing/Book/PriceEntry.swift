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
  /// The book's spelling of the provider.
  public var provider: String
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
  /// The day on which the vendor ends it.
  public var deprecated: Day?
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

  /// The price that holds at an instant.
  public func price(at time: Timestamp) -> DatedPrice? { prices.last { $0.contains(time) } }

  /// The price that holds until further notice, else the last.
  public var currentPrice: DatedPrice? { prices.last { $0.until == nil } ?? prices.last }
}
