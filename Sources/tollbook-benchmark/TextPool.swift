import LogDamage

/// Made-up text of prompts and answers, as it stands inside the quotes of a JSON string.
struct TextPool {
  private var sentences: [[UInt8]] = []

  private static let plain = [
    "the", "ticket", "asks", "why", "a", "shipment", "was", "held", "at", "customs", "please",
    "summarise", "every", "clause", "that", "names", "penalty", "for", "late", "delivery",
  ]
  /// Escapes as Python's `json` writes them, and other scripts as they are.
  private static let mixed = [
    #"\n"#, #"\n\n"#, #"\""#, #"\\"#, #"\t"#, #"\u00e9t\u00e9"#, #"\ud83d\ude80"#, #"{\"a\": [1]}"#,
    "größer", "価格", "税关", "цена", "الشحن", "🚢", "naïve", "₹",
  ]

  /// - Parameter isMixed: one word in five is an escape or not in ASCII.
  init(isMixed: Bool) {
    var random = RandomNumbers(seed: 7)
    sentences = (0..<256).map { _ in
      var text = ""
      for _ in 0..<(12 + random.below(30)) {
        let words = isMixed && random.isOne(in: 5) ? Self.mixed : Self.plain
        text += random.element(of: words) + " "
      }
      return Array(text.utf8)
    }
  }

  /// Appends whole sentences until there are about so many bytes, a quarter more or less.
  func append(_ byteCount: Int, to bytes: inout [UInt8], _ random: inout RandomNumbers) {
    guard byteCount > 0 else { return }
    let end = bytes.count + byteCount * 3 / 4 + random.below(byteCount / 2)
    while bytes.count < end { bytes.append(contentsOf: random.element(of: sentences)) }
  }
}
