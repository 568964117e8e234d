public import Billing

/// What one dialect reads of records, field by field: `check` looks closer than a run does.
///
/// Only what the dialect itself reads is counted, not what follows from it: a status that an HTTP
/// status gives is none that `status` has read.
final class FieldTally {
  /// The name of the dialect.
  let dialect: String
  /// Events of the dialect.
  private(set) var events: Int64 = 0
  private(set) var filled: [EventField: Int64] = [:]
  private(set) var refusals: [RefusedField: Int64] = [:]
  private(set) var tables: [WordTable.Place: WordTable] = [:]
  /// Fields of the event in progress.
  private var pending: [EventField] = []
  /// Counts of tokens are read.
  var isAtUsage = false

  init(dialect: String) { self.dialect = dialect }

  func fill(_ field: EventField) { pending.append(field) }

  func refuse(_ reason: RejectionReason, _ field: String) {
    refusals[RefusedField(field: field, reason: reason), default: 0] += 1
  }

  /// A word was met where the dialect says what words mean.
  ///
  /// - Parameter unmatched: it gave no value.
  func meet(_ place: WordTable.Place, isKnown: Bool, unmatched: String?) {
    tables[place, default: WordTable(place: place)].meet(isKnown: isKnown, unmatched: unmatched)
  }

  /// The event in progress counts.
  ///
  /// - Parameter count: how many events have its fields.
  func commit(_ count: Int) {
    events += Int64(count)
    for field in pending { filled[field, default: 0] += Int64(count) }
    discard()
  }

  func discard() {
    pending.removeAll(keepingCapacity: true)
    isAtUsage = false
  }
}

/// A field for which a record was refused.
public struct RefusedField: Sendable, Hashable {
  /// As the dialect names it, or the count of a shape.
  public var field: String
  public var reason: RejectionReason
}

/// The words that a log has in one place, as far as a dialect says what they mean.
public struct WordTable: Sendable {
  public struct Place: Sendable, Hashable {
    /// As the dialect names it; `errors`.
    public var field: String
    public var path: String
  }

  public let place: Place
  /// Values that stand there.
  public private(set) var met: Int64 = 0
  /// Those that are among the words of the dialect.
  public private(set) var known: Int64 = 0
  /// Those of which nothing came.
  public private(set) var unmatched: Int64 = 0
  /// Them, if they can only be words of a small set: what else a log says is nobody's business.
  public var unmatchedWords: [String: Int64]? { isShown ? words : nil }

  private var words: [String: Int64] = [:]
  private var isShown: Bool

  private static let wordLimit = 8
  private static let lengthLimit = 24
  /// Fields whose words are a vendor's, never a person's.
  private static let closedFields: Set<String> = [
    "errors", EventField.status.rawValue, EventField.operation.rawValue,
    EventField.gatewayCacheHit.rawValue, EventField.byok.rawValue, EventField.stream.rawValue,
    EventField.serviceTier.rawValue, EventField.finishReason.rawValue, EventField.speed.rawValue,
  ]

  init(place: Place) {
    self.place = place
    isShown = Self.closedFields.contains(place.field)
  }

  mutating func meet(isKnown: Bool, unmatched word: String?) {
    met += 1
    if isKnown { known += 1 }
    guard let word else { return }
    unmatched += 1
    guard isShown else { return }
    words[word, default: 0] += 1
    isShown = Self.isWord(word) && words.count <= Self.wordLimit
    if !isShown { words = [:] }
  }

  /// A short word or number: no sentence, no id, no key.
  private static func isWord(_ text: String) -> Bool {
    let bytes = text.utf8
    let digits = bytes.count { $0 &- UInt8(ascii: "0") < 10 }
    return bytes.count <= lengthLimit && digits <= 4
      && bytes.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || byte &- UInt8(ascii: "0") < 10 || "_-.:/".utf8.contains(byte)
      }
  }
}
