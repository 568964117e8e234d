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
/// A list, and not a place for every meter: millions of events are copied, and hardly one has any.
public struct MeteredUnits: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var meter: Meter
    public var quantity: ExactDecimal
  }

  /// The quantities that the log gives, in the order of `Meter`.
  public private(set) var entries: [Entry] = []

  public init() {}

  /// The log gives no quantity at all.
  public var isEmpty: Bool { entries.isEmpty }

  /// The quantity of a meter, `nil` when the log gives none.
  ///
  /// - Complexity: O(*n*) in the quantities that there are, at most one for each meter.
  public subscript(meter: Meter) -> ExactDecimal? {
    get {
      for entry in entries where entry.meter == meter { return entry.quantity }
      return nil
    }
    set {
      let place = entries.firstIndex { $0.meter.rawValue >= meter.rawValue } ?? entries.count
      let isThere = place < entries.count && entries[place].meter == meter
      if let newValue {
        let entry = Entry(meter: meter, quantity: newValue)
        if isThere { entries[place] = entry } else { entries.insert(entry, at: place) }
      } else if isThere {
        entries.remove(at: place)
      }
    }
  }
}
