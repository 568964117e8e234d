/// What is metered beside tokens, each an exact quantity.
public enum Meter: UInt8, CaseIterable, Sendable, Hashable {
  case webSearches, images, audioSeconds, characters, pages, searchUnits
  case videoSeconds, mapSearches, fileSearches, sessions, storageTokenHours

  /// Stored: the array that the compiler would write is made anew for every loop.
  public static let allCases: [Meter] = [
    .webSearches, .images, .audioSeconds, .characters, .pages, .searchUnits, .videoSeconds,
    .mapSearches, .fileSearches, .sessions, .storageTokenHours,
  ]

  /// The quantity is billed beside tokens; the others describe again what tokens may have priced.
  var isBilledBesideTokens: Bool {
    switch self {
    case .webSearches, .searchUnits, .mapSearches, .fileSearches, .sessions, .storageTokenHours:
      true
    case .images, .audioSeconds, .characters, .pages, .videoSeconds: false
    }
  }

  /// The key of the usage event and the meter's name in a charge.
  public var name: String {
    switch self {
    case .webSearches: "web_searches"
    case .images: "images"
    case .audioSeconds: "audio_seconds"
    case .characters: "characters"
    case .pages: "pages"
    case .searchUnits: "search_units"
    case .videoSeconds: "video_seconds"
    case .mapSearches: "map_searches"
    case .fileSearches: "file_searches"
    case .sessions: "sessions"
    case .storageTokenHours: "storage_token_hours"
    }
  }
}

/// Metered quantities of one event; most events have none.
///
/// Held in place, without a reference: millions of events are copied.
public struct MeteredUnits: Sendable, Hashable {
  private var quantities: InlineArray<11, ExactDecimal> = InlineArray(repeating: .zero)
  /// A bit for each meter that the log gives.
  private var known: UInt16 = 0

  public init() {}

  /// The log gives no quantity at all.
  public var isEmpty: Bool { known == 0 }

  /// The quantities that the log gives, in the order of `Meter`.
  public var entries: [(meter: Meter, quantity: ExactDecimal)] {
    guard known != 0 else { return [] }
    return Meter.allCases.compactMap { meter in self[meter].map { (meter, $0) } }
  }

  /// The quantity of a meter, `nil` when the log gives none.
  public subscript(meter: Meter) -> ExactDecimal? {
    get {
      known & (1 << meter.rawValue) == 0 ? nil : quantities[Int(meter.rawValue)]
    }
    set {
      quantities[Int(meter.rawValue)] = newValue ?? .zero
      if newValue == nil {
        known &= ~(1 << meter.rawValue)
      } else {
        known |= 1 << meter.rawValue
      }
    }
  }

  public static func == (lhs: MeteredUnits, rhs: MeteredUnits) -> Bool {
    guard lhs.known == rhs.known else { return false }
    for index in lhs.quantities.indices where lhs.quantities[index] != rhs.quantities[index] {
      return false
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(known)
    for index in quantities.indices { hasher.combine(quantities[index]) }
  }
}
