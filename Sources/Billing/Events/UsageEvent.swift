/// A part of `EventBatch.text`: an identifier with too many values to be a label.
public struct TextRange: Sendable, Hashable {
  public var offset: UInt32
  public var count: UInt32

  public init(offset: UInt32, count: UInt32) {
    self.offset = offset
    self.count = count
  }

  public static let none = TextRange(offset: 0, count: 0)

  public var isNone: Bool { count == 0 }
}

/// One billable model call: one upstream attempt that produced usage, or failed to.
///
/// The public form is one JSON object a line (`schemas/usage-event.schema.json`); this is the same
/// in memory, without a reference to the record it came from. Texts of few values are labels of the
/// run's `LabelTable`; identifiers stand in the batch. What the log does not say is `none` or absent
/// from `known`, never 0.
public struct UsageEvent: Sendable {
  /// The numbers that a log may or may not give.
  public struct Known: OptionSet, Sendable, Hashable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let time = Known(rawValue: 1 << 0)
    public static let httpStatus = Known(rawValue: 1 << 1)
    public static let attempt = Known(rawValue: 1 << 2)
    public static let gatewayCacheHit = Known(rawValue: 1 << 3)
    public static let byok = Known(rawValue: 1 << 4)
    public static let stream = Known(rawValue: 1 << 5)
    public static let requestBytes = Known(rawValue: 1 << 6)
    public static let responseBytes = Known(rawValue: 1 << 7)
    public static let latency = Known(rawValue: 1 << 8)
    public static let firstToken = Known(rawValue: 1 << 9)
    public static let gatewayOverhead = Known(rawValue: 1 << 10)
    public static let reportedCost = Known(rawValue: 1 << 11)
    public static let reportedUpstreamCost = Known(rawValue: 1 << 12)
    public static let reportedMarkup = Known(rawValue: 1 << 13)
    public static let reportedFee = Known(rawValue: 1 << 14)
    public static let reportedDiscount = Known(rawValue: 1 << 15)
    public static let operation = Known(rawValue: 1 << 16)
    public static let status = Known(rawValue: 1 << 17)
    public static let routed = Known(rawValue: 1 << 18)
  }

  public var known: Known = []
  public var warnings: EventWarnings = []

  // Identity.
  public var id = TextRange.none
  public var traceID = TextRange.none
  public var sessionID = TextRange.none
  public var time = Timestamp(microseconds: 0)

  // Who served what.
  public var gateway = Label.none
  public var dialect = Label.none
  public var provider = Label.none
  public var region = Label.none
  public var requestModel = Label.none
  public var responseModel = Label.none
  public var variant = Label.none
  public var operation = Operation.other

  // How it ended.
  public var status = Status.ok
  public var errorClass: ErrorClass?
  public var httpStatus: Int32 = 0
  public var finishReason = Label.none

  // The attempts of a logical request.
  public var route: Route?
  public var routeEvidence: RouteEvidence?
  public var routeFrom = Label.none
  public var routeReason: ErrorClass?
  public var routed = false
  public var attempt: Int32 = 0
  /// Above 1 only for a row that aggregates several requests.
  public var requests: Int32 = 1

  // What a price may depend on.
  public var gatewayCacheHit = false
  public var byok = false
  public var stream = false
  public var serviceTier = Label.none
  /// Further conditions, as one label: `key=value` pairs in key order, joined by U+001F.
  public var modifiers = Label.none

  // What was used.
  public var tokens = TokenUsage()
  public var units = MeteredUnits()
  public var requestBytes: Int64 = 0
  public var responseBytes: Int64 = 0

  // Milliseconds.
  public var latency = ExactDecimal.zero
  public var firstToken = ExactDecimal.zero
  public var gatewayOverhead = ExactDecimal.zero

  // What the gateway says, in `reportedCurrency` (US dollars when none).
  public var reportedCost = Money.zero
  public var reportedUpstreamCost = Money.zero
  public var reportedMarkup = Money.zero
  public var reportedFee = Money.zero
  public var reportedDiscount = Money.zero
  public var reportedCurrency = Label.none

  // To whom it belongs.
  public var key = Label.none
  public var team = Label.none
  public var user = Label.none
  public var project = Label.none
  public var environment = Label.none
  /// Tags joined by U+001F, as one label.
  public var tags = Label.none

  public init() {}

  /// The model that a price is looked up for: the one that served, else the one that was asked.
  public var billedModel: Label { responseModel.isNone ? requestModel : responseModel }
}

/// Joins and splits the parts of a label that stands for a list.
public enum LabelList {
  /// U+001F, the unit separator: no gateway writes it in a tag.
  public static let separator: UInt8 = 0x1F

  /// The parts of a joined label; none for the empty text.
  public static func parts(of text: String) -> [String] {
    text.isEmpty
      ? [] : text.utf8.split(separator: separator).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Events of one piece of input, in its order, with the bytes of their identifiers.
public struct EventBatch: Sendable {
  public var events: [UsageEvent] = []
  public var text: [UInt8] = []

  public init() {}

  /// The bytes of an identifier.
  public func bytes(_ range: TextRange) -> ArraySlice<UInt8> {
    text[Int(range.offset)..<Int(range.offset) + Int(range.count)]
  }
}
