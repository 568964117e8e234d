/// Tells by its name whether a number of a record may be usage: tokens, money, units, a duration.
enum UsageName {
  /// A member is named after what is counted or paid.
  private static let counted: Set<String> = [
    "token", "tokens", "tok", "toks", "cost", "costs", "price", "usage", "credit", "credits",
    "spend", "spent", "quota", "cache", "cached", "unit", "units", "image", "images", "search",
    "searches", "character", "characters", "char", "chars", "page", "pages", "fee", "fees",
    "charge", "charged", "charges", "billed", "amount", "markup", "discount", "reasoning",
    "thinking", "cent", "cents", "usd", "eur", "dollars", "neurons", "ticks",
  ]

  /// A member is named after a duration, or after a unit of one.
  private static let timed: Set<String> = [
    "latency", "duration", "elapsed", "ttft", "second", "seconds", "sec", "secs", "ms", "millis",
  ]

  /// An object whose numbers are usage, whatever their names.
  private static let holders: Set<String> = [
    "usage", "token", "tokens", "cost", "costs", "price", "billing", "billed", "spend", "credits",
  ]

  /// Limits, rates and names are no usage.
  private static let others: Set<String> = [
    "max", "min", "limit", "limits", "budget", "remaining", "ratelimit", "reset", "per", "rate",
    "threshold", "window", "index", "version", "id", "port", "code", "status", "created", "updated",
  ]

  enum Verdict: Hashable {
    case usage
    /// Unless the number is so large that it is an instant.
    case duration
    case other
  }

  /// - Parameter names: of the objects from the record down to the member, which is last.
  static func verdict(_ names: [String]) -> Verdict {
    guard let last = names.last else { return .other }
    let own = words(of: last)
    if !own.isDisjoint(with: others) { return .other }
    if !own.isDisjoint(with: counted) { return .usage }
    let isHeld = names.dropLast().contains { !words(of: $0).isDisjoint(with: holders) }
    if isHeld { return .usage }
    return own.isDisjoint(with: timed) ? .other : .duration
  }

  /// The words of a name, in small letters: `promptTokens`, `prompt_tokens` and `Prompt-Tokens` have
  /// the same.
  static func words(of name: String) -> Set<String> {
    var words: Set<String> = []
    var word = ""
    var wasSmall = false
    for scalar in name.unicodeScalars {
      let isLetter = scalar.properties.isAlphabetic
      if !isLetter || wasSmall && scalar.properties.isUppercase {
        words.insert(word.lowercased())
        word = ""
      }
      if isLetter { word.unicodeScalars.append(scalar) }
      wasSmall = scalar.properties.isLowercase
    }
    words.insert(word.lowercased())
    words.remove("")
    return words
  }
}
