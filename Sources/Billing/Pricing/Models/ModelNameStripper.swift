/// The steps from a name as written to its canonical form, each of which removes one known part.
struct ModelNameStripper {
  private var bytes: ArraySlice<UInt8>
  private var removed: ModelName.Removed = []
  private var snapshot: SnapshotDate?
  private var variant: String?
  private var shortDate = ""
  private var found: [ModelName.Form] = []

  init(_ text: String) {
    bytes = Array(text.asciiLowercased.utf8)[...]
  }

  mutating func forms() -> [ModelName.Form] {
    note()
    removePath()
    removeProviders()
    removeContextFlag()
    removeRegion()
    if let vendor = prefix(of: ModelNameData.bedrockVendors) { drop(vendor, .vendor) }
    removeRevision()
    removeVariant()
    removeDate()
    return found
  }

  /// Adds the current form and its other spelling.
  private mutating func note() {
    append(Array(bytes), removed)
    if let spelt = ModelSpelling.canonical(bytes) { append(spelt, removed.union(.spelling)) }
  }

  private mutating func append(_ bytes: [UInt8], _ removed: ModelName.Removed) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard !found.contains(where: { $0.text.utf8.elementsEqual(text.utf8) }) else {
      // The canonical form must come last even when a spelling has met it before.
      if let index = found.firstIndex(where: { $0.text.utf8.elementsEqual(text.utf8) }),
        index != found.count - 1
      {
        found.append(found.remove(at: index))
      }
      return
    }
    found.append(
      ModelName.Form(
        text: text, removed: removed, snapshot: snapshot, variant: variant, shortDate: shortDate))
  }

  private mutating func drop(_ count: Int, _ part: ModelName.Removed) {
    guard bytes.count > count else { return }
    bytes = bytes.dropFirst(count)
    removed.insert(part)
    note()
  }

  private mutating func keep(_ count: Int, _ part: ModelName.Removed) {
    guard count > 0 else { return }
    bytes = bytes.prefix(count)
    removed.insert(part)
    note()
  }

  /// The length of the longest of the given prefixes that the name has.
  private func prefix(of prefixes: [StaticString]) -> Int? {
    var longest: Int?
    for prefix in prefixes where prefix.utf8CodeUnitCount > longest ?? 0 {
      if bytes.starts(with: "\(prefix)".utf8) { longest = prefix.utf8CodeUnitCount }
    }
    return longest
  }

  private mutating func removePath() {
    if bytes.starts(with: "arn:".utf8) {
      let names = ["inference-profile", "foundation-model"]
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
        let colon = bytes[..<slash].lastIndex(of: UInt8(ascii: ":")),
        names.contains(where: { bytes[(colon + 1)..<slash].elementsEqual($0.utf8) })
      else { return }
      return drop(slash + 1 - bytes.startIndex, .path)
    }
    for root in ["projects/", "publishers/"] where bytes.starts(with: root.utf8) {
      if let end = end(of: "/models/") { return drop(end - bytes.startIndex, .path) }
    }
    if bytes.starts(with: "models/".utf8) { drop(7, .path) }
  }

  /// The index after the first occurrence.
  private func end(of part: String) -> Int? {
    let part = Array(part.utf8)
    guard bytes.count >= part.count else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - part.count)
    where bytes[start..<(start + part.count)].elementsEqual(part) {
      return start + part.count
    }
    return nil
  }

  /// At most three, as in `openrouter/openai/…`; a loop without a bound would be the input's choice.
  private mutating func removeProviders() {
    for _ in 0..<3 {
      if bytes.first == UInt8(ascii: "@"), !bytes.starts(with: "@cf/".utf8),
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
      {
        drop(slash + 1 - bytes.startIndex, .provider)
      } else if let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
        ModelNameData.isProvider(bytes[..<slash])
      {
        drop(slash + 1 - bytes.startIndex, .provider)
      }
    }
    if bytes.starts(with: "accounts/fireworks/models/".utf8) { drop(26, .path) }
  }

  private mutating func removeContextFlag() {
    if bytes.suffix(4).elementsEqual("[1m]".utf8) { keep(bytes.count - 4, .context) }
  }

  /// `us-east-1/` of LiteLLM, and `eu.` before a Bedrock vendor.
  private mutating func removeRegion() {
    if let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
      CloudRegion.isName(bytes[..<slash])
    {
      drop(slash + 1 - bytes.startIndex, .region)
    }
    guard let geo = prefix(of: ModelNameData.bedrockRegions) else { return }
    let rest = bytes.dropFirst(geo)
    if ModelNameData.bedrockVendors.contains(where: { rest.starts(with: "\($0)".utf8) }) {
      drop(geo, .region)
    }
  }

  /// `-v1:0`, `:48k`; `@001`, `@default`, `@latest`.
  private mutating func removeRevision() {
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")), at != bytes.startIndex {
      let tail = bytes[(at + 1)...]
      let isNumber = tail.count <= 3 && !tail.isEmpty && tail.allSatisfy { (48...57).contains($0) }
      if isNumber || tail.elementsEqual("default".utf8) || tail.elementsEqual("latest".utf8) {
        keep(at - bytes.startIndex, .revision)
      }
    }
    if bytes.last == UInt8(ascii: "k"), let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
      colon + 2 < bytes.endIndex, bytes[(colon + 1)...].dropLast().allSatisfy(\.isASCIIDigit)
    {
      keep(colon - bytes.startIndex, .revision)
    }
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.endIndex,
      bytes[(colon + 1)...].allSatisfy(\.isASCIIDigit),
      let dash = bytes[..<colon].lastIndex(of: UInt8(ascii: "-")), dash + 2 < colon,
      bytes[dash + 1] == UInt8(ascii: "v"), bytes[(dash + 2)..<colon].allSatisfy(\.isASCIIDigit)
    else { return }
    keep(dash - bytes.startIndex, .revision)
  }

  /// Fine-tuned models (`ft:base:org::id`) and tags of local models are no variants.
  private mutating func removeVariant() {
    guard !bytes.starts(with: "ft:".utf8), let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
    else { return }
    let tail = bytes[(colon + 1)...]
    guard ModelNameData.variants.contains(where: { tail.elementsEqual($0.utf8) }) else { return }
    variant = String(decoding: tail, as: UTF8.self)
    keep(colon - bytes.startIndex, .variant)
  }

  private mutating func removeDate() {
    if let (base, date) = SnapshotDate.split(bytes) {
      snapshot = date
      return keep(base, .snapshot)
    }
    guard bytes.count > 5, bytes[bytes.endIndex - 5] == UInt8(ascii: "-") else { return }
    let digits = bytes.suffix(4)
    guard digits.allSatisfy(\.isASCIIDigit) else { return }
    let number = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
    let isMonthDay = Day(year: 2024, month: number / 100, day: number % 100) != nil
    let isYearMonth = (20...39).contains(number / 100) && (1...12).contains(number % 100)
    guard isMonthDay || isYearMonth else { return }
    shortDate = String(decoding: digits, as: UTF8.self)
    keep(bytes.count - 5, .shortDate)
  }
}

extension UInt8 {
  var isASCIIDigit: Bool { (48...57).contains(self) }
}

/// Names of cloud regions.
enum CloudRegion {
  /// `us-east-1`, `eu-central-2`, `us-gov-west-1`, `ap-northeast-1`.
  static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard (3...4).contains(parts.count), parts[0].count == 2, parts[parts.count - 1].count == 1,
      parts[parts.count - 1].allSatisfy(\.isASCIIDigit)
    else { return false }
    return parts.dropLast().allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (97...122).contains($0) }
    }
  }
}
