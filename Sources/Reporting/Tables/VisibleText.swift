/// Makes the invisible visible in texts that come from logs.
///
/// A model's or key's name may hold anything. Control characters can move a terminal's cursor or set
/// its title, bidirectional controls can turn a line around, zero-width characters can hide a
/// difference. They are shown as escapes: `\x1b`, `\u{202e}`.
public enum VisibleText {
  /// Names longer than this are cut, in characters of the result.
  public static let lengthLimit = 200

  /// The text with every character that a reader would not see as itself escaped, and cut.
  ///
  /// - Parameter limit: characters of the result.
  public static func escaped(_ text: String, limit: Int = lengthLimit) -> String {
    var result = String.UnicodeScalarView()
    var length = 0
    for scalar in text.unicodeScalars {
      let shown = escape(scalar)?.unicodeScalars ?? String(scalar).unicodeScalars
      length += shown.count
      guard length <= limit else { return String(result) + "…" }
      result.append(contentsOf: shown)
    }
    return String(result)
  }

  /// A reader would not see the character as itself, or a terminal would act on it.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool { escape(scalar) != nil }

  /// The visible form of a hidden character; `nil` for all others.
  static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x00...0x1F, 0x7F...0x9F: "\\x" + hexadecimal(scalar.value, atLeast: 2)
    case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F:
      "\\u{" + hexadecimal(scalar.value, atLeast: 4) + "}"
    default: nil
    }
  }

  private static func hexadecimal(_ value: UInt32, atLeast count: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
  }
}
