/// Texts that let somebody in. Where a log has one in place of a name, a short hash stands in for it
/// (`CredentialName`): neither ledger nor report nor message shows it.
enum Credential {
  /// What keys of vendors begin with.
  private static let prefixes: [[UInt8]] = [
    "sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "AIza", "ghp_", "gho_", "ghs_", "github_pat_",
    "glpat-", "xoxb-", "xoxp-", "xapp-", "hf_", "gsk_", "r8_", "AKIA", "ASIA", "ya29.", "eyJ",
    "xai-", "pplx-", "nvapi-", "tvly-", "dop_v1_", "shpat_",
  ].map { Array($0.utf8) }
  /// What stands before a secret, in small letters.
  private static let introductions: [[UInt8]] = [
    "bearer ", "basic ", "key=", "token=", "secret=", "password=", "signature=", "sig=",
  ].map { Array($0.utf8) }
  private static let keyLength = 16
  private static let secretLength = 6

  /// The text is a credential, or holds one.
  ///
  /// A key has at least sixteen characters behind its prefix, among them a digit or a capital letter:
  /// `sk-learn-service` is a name.
  static func stands(in text: [UInt8]) -> Bool {
    guard text.count > secretLength else { return false }
    var isWordStart = true
    for index in text.indices {
      if isWordStart, isKey(text[index...]) || isIntroduced(text[index...]) { return true }
      isWordStart = !isAlphanumeric(text[index])
    }
    return false
  }

  /// The same, where nearly all texts are none: a look at the first letters tells.
  @inline(__always)
  static func mayBegin(_ text: Span<UInt8>) -> Bool {
    guard text.count > secretLength else { return false }
    let mark = text[2]
    switch text[0] {
    case UInt8(ascii: "s"), UInt8(ascii: "p"), UInt8(ascii: "r"):
      return mark == UInt8(ascii: "-") || mark == UInt8(ascii: "_") || mark == UInt8(ascii: "l")
    case UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: "b"), UInt8(ascii: "e"),
      UInt8(ascii: "g"), UInt8(ascii: "h"), UInt8(ascii: "x"), UInt8(ascii: "y"),
      UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "d"):
      return true
    default: return false
    }
  }

  /// A key of a record as people may be shown it: one that names somebody or lets somebody in is
  /// told by its length.
  static func shownKey(_ key: String) -> String {
    let bytes = Array(key.utf8)
    guard bytes.count > 64 || bytes.contains(UInt8(ascii: "@")) || stands(in: bytes) else {
      return key
    }
    return "(a key of \(bytes.count) bytes)"
  }

  private static func isKey(_ text: ArraySlice<UInt8>) -> Bool {
    guard let prefix = prefixes.first(where: { text.starts(with: $0) }) else { return false }
    let rest = text.dropFirst(prefix.count).prefix { isAlphanumeric($0) || isJoint($0) }
    return rest.count >= keyLength && rest.contains { isDigit($0) || isCapital($0) }
  }

  private static func isIntroduced(_ text: ArraySlice<UInt8>) -> Bool {
    for words in introductions where text.count >= words.count + secretLength {
      if zip(text, words).allSatisfy({ isCapital($0) ? $0 + 32 == $1 : $0 == $1 }) { return true }
    }
    return false
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || isCapital(byte) || (97...122).contains(byte)
  }
}
