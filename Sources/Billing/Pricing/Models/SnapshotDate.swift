/// The date in a model's name: which snapshot of the model it is.
public struct SnapshotDate: Sendable, Hashable {
  /// The ways in which vendors write it, directly after the base name.
  public enum Format: UInt8, Word {
    /// Anthropic: `-20250929`.
    case compact
    /// OpenAI: `-2025-08-07`.
    case dashed
    /// Vertex AI: `@20250929`.
    case at

    /// The forms as a price book writes them.
    public static let names = ["-YYYYMMDD", "-YYYY-MM-DD", "@YYYYMMDD"]
  }

  public var day: Day
  public var format: Format

  /// Years that a snapshot can bear: the first models with dated names are of 2020.
  static let years = 2020...2049

  /// Splits a dated name.
  ///
  /// - Returns: the base name's length and the date; `nil` when the name does not end with a date
  ///   that exists, or nothing stands before it.
  static func split(_ bytes: ArraySlice<UInt8>) -> (base: Int, date: SnapshotDate)? {
    if let day = day(bytes.suffix(10), separator: UInt8(ascii: "-")),
      bytes.count > 11, bytes[bytes.endIndex - 11] == UInt8(ascii: "-")
    {
      return (bytes.count - 11, SnapshotDate(day: day, format: .dashed))
    }
    guard bytes.count > 9, let day = day(bytes.suffix(8), separator: nil) else { return nil }
    switch bytes[bytes.endIndex - 9] {
    case UInt8(ascii: "-"): return (bytes.count - 9, SnapshotDate(day: day, format: .compact))
    case UInt8(ascii: "@"): return (bytes.count - 9, SnapshotDate(day: day, format: .at))
    default: return nil
    }
  }

  private static func day(_ text: ArraySlice<UInt8>, separator: UInt8?) -> Day? {
    var numbers = [0, 0, 0]
    var position = text.startIndex
    for (part, width) in [4, 2, 2].enumerated() {
      if part > 0, let separator {
        guard position < text.endIndex, text[position] == separator else { return nil }
        position += 1
      }
      for _ in 0..<width {
        guard position < text.endIndex, (48...57).contains(text[position]) else { return nil }
        numbers[part] = numbers[part] * 10 + Int(text[position] & 15)
        position += 1
      }
    }
    guard position == text.endIndex, years.contains(numbers[0]) else { return nil }
    return Day(year: numbers[0], month: numbers[1], day: numbers[2])
  }
}
