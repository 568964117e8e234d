import Billing

/// The counts of one usage object as the log writes them; absent where it does not.
struct WrittenCounts {
  private var counts: InlineArray<17, Int64> = InlineArray(repeating: -1)

  subscript(count: TokenCount) -> Int64? {
    let value = counts[Self.position(count)]
    return value < 0 ? nil : value
  }

  /// No count above zero is written.
  var areAllZero: Bool {
    for index in counts.indices where counts[index] > 0 { return false }
    return true
  }

  mutating func set(position: Int, _ value: Int64) { counts[position] = value }

  /// Takes over what is not written here.
  mutating func complete(with other: WrittenCounts) {
    for index in counts.indices where counts[index] < 0 { counts[index] = other.counts[index] }
  }

  mutating func remove(_ kinds: [TokenCount]) {
    for kind in kinds { counts[Self.position(kind)] = -1 }
  }

  /// What was added since former totals. Where any of them has fallen, a new count has begun and all
  /// of it was added.
  func since(_ former: WrittenCounts?) -> WrittenCounts {
    guard let former else { return self }
    var difference = WrittenCounts()
    for index in counts.indices where counts[index] >= 0 {
      let before = max(former.counts[index], 0)
      if before > counts[index] { return self }
      difference.counts[index] = counts[index] - before
    }
    return difference
  }

  /// Adds what is written to a hash. A kind of count that is new does not change the hash of others:
  /// ids in ledgers are made of it.
  func update(_ hasher: inout KeyedHasher) {
    for index in counts.indices where counts[index] >= 0 {
      hasher.update(UInt64(index))
      hasher.update(UInt64(bitPattern: counts[index]))
    }
    hasher.update(.max)
  }

  /// The same counts are written.
  func isEqual(_ other: WrittenCounts) -> Bool {
    for index in counts.indices where counts[index] != other.counts[index] { return false }
    return true
  }

  private static func position(_ count: TokenCount) -> Int {
    switch count {
    case .input: 0
    case .output: 1
    case .total: 2
    case .inputExtra: 3
    case .cacheRead: 4
    case .cacheWrite: 5
    case .cacheWrite5m: 6
    case .cacheWrite1h: 7
    case .inputAudio: 8
    case .inputImage: 9
    case .inputVideo: 10
    case .reasoning: 11
    case .outputAudio: 12
    case .outputImage: 13
    case .cachedAudio: 14
    case .cachedImage: 15
    case .cachedVideo: 16
    }
  }
}

/// Turns the counts that a log writes into disjoint buckets.
///
/// The log's `total` decides where its convention is not the one that the dialect expects. What
/// contradicts itself beyond that is refused, never clamped.
struct TokenNormalizer {
  var written: WrittenCounts
  let usage: CompiledUsage
  var warnings: EventWarnings = []

  /// - Throws: `RejectionReason.contradiction`.
  mutating func buckets() throws(RejectionReason) -> TokenUsage {
    var tokens = TokenUsage()
    let writes = try cacheWrites()
    let cached = (written[.cacheRead] ?? 0) + writes.total
    let convention = arbitrate(cached: cached, writes: writes.total)
    let audio = try fresh(.inputAudio, .cachedAudio)
    let image = try fresh(.inputImage, .cachedImage)
    let video = try fresh(.inputVideo, .cachedVideo)
    if let input = written[.input] {
      let media = [audio, image, video].reduce(0) { $0 + ($1 ?? 0) }
      let inside = convention.cachedInside + (usage.includesMedia ? media : 0)
      guard input >= inside else { throw .contradiction }
      tokens.set(.input, input - inside + (written[.inputExtra] ?? 0))
    } else if cached > 0 || [audio, image, video].contains(where: { ($0 ?? 0) > 0 }) {
      throw .contradiction
    }
    set(.cacheRead, written[.cacheRead], &tokens)
    set(.cacheWrite5m, writes.fiveMinutes, &tokens)
    set(.cacheWrite1h, writes.oneHour, &tokens)
    set(.cacheWrite, writes.unknown, &tokens)
    set(.inputAudio, audio, &tokens)
    set(.inputImage, image, &tokens)
    set(.inputVideo, video, &tokens)
    try setOutput(&tokens, convention)
    return tokens
  }

  /// The part of a kind of input that was not read from the cache, where it stands.
  private func fresh(
    _ all: TokenCount, _ cached: TokenCount
  ) throws(RejectionReason) -> Int64? {
    guard let count = written[all] else { return nil }
    let rest = count - (written[cached] ?? 0)
    guard rest >= 0 else { throw .contradiction }
    return rest
  }

  private func set(_ bucket: TokenBucket, _ count: Int64?, _ tokens: inout TokenUsage) {
    if let count { tokens.set(bucket, count) }
  }

  private func setOutput(
    _ tokens: inout TokenUsage, _ convention: Convention
  ) throws(RejectionReason) {
    var reasoning = written[.reasoning]
    if convention.hidden > 0 { reasoning = (reasoning ?? 0) + convention.hidden }
    // Where reasoning stands beside it, an output that is missing is none.
    let media = (written[.outputAudio] ?? 0) + (written[.outputImage] ?? 0)
    if let output = written[.output]
      ?? (convention.reasoningInside ? nil : reasoning.map { _ in 0 })
    {
      let inside =
        (convention.reasoningInside ? (written[.reasoning] ?? 0) : 0)
        + (usage.includesMedia ? media : 0)
      guard output >= inside else { throw .contradiction }
      tokens.set(.output, output - inside)
    } else if (reasoning ?? 0) > 0 || media > 0 {
      throw .contradiction
    }
    set(.reasoning, reasoning, &tokens)
    set(.outputAudio, written[.outputAudio], &tokens)
    set(.outputImage, written[.outputImage], &tokens)
  }

  private struct Writes {
    var fiveMinutes: Int64?
    var oneHour: Int64?
    var unknown: Int64?
    var total: Int64 { (fiveMinutes ?? 0) + (oneHour ?? 0) + (unknown ?? 0) }
  }

  /// Cache writes by lifetime. The total of writes, where there is one, includes both.
  private func cacheWrites() throws(RejectionReason) -> Writes {
    var writes = Writes(
      fiveMinutes: written[.cacheWrite5m], oneHour: written[.cacheWrite1h], unknown: nil)
    guard let all = written[.cacheWrite] else { return writes }
    let rest = all - writes.total
    guard rest >= 0 else { throw .contradiction }
    let isSplit = writes.fiveMinutes != nil || writes.oneHour != nil
    if usage.writesDefaultTo5m {
      writes.fiveMinutes = (writes.fiveMinutes ?? 0) + rest
    } else if rest > 0 || !isSplit {
      writes.unknown = rest
    }
    return writes
  }

  private struct Convention {
    /// Cached tokens that the input count includes.
    var cachedInside: Int64
    var reasoningInside: Bool
    /// Output tokens that only the total shows.
    var hidden: Int64 = 0
  }

  /// Audio, images and video that the input and output counts leave out.
  private var mediaBeside: Int64 {
    guard !usage.includesMedia else { return 0 }
    let counts: [TokenCount] = [.inputAudio, .inputImage, .inputVideo, .outputAudio, .outputImage]
    return counts.reduce(0) { $0 + (written[$1] ?? 0) }
  }

  /// Which counts include which. Where the dialect tells reads of the cache from writes, the total has
  /// no say in that: it would have to tell four cases apart.
  private mutating func arbitrate(cached: Int64, writes: Int64) -> Convention {
    var convention = Convention(
      cachedInside: usage.cache == .beside ? 0 : cached,
      reasoningInside: usage.outputIncludesReasoning)
    let parts = usage.cacheParts
    if let parts {
      convention.cachedInside =
        (parts.readIsInside ? cached - writes : 0) + (parts.writeIsInside ? writes : 0)
    }
    guard let input = written[.input] else { return convention }
    if usage.cache == .auto, parts == nil, cached > input {
      convention.cachedInside = 0
      warnings.insert(.cacheExclusive)
    }
    guard usage.hasArbiter else { return convention }
    let output = written[.output] ?? 0
    let reasoning = written[.reasoning] ?? 0
    let total = written[.total]
    if parts == nil { arbitrateCache(&convention, cached: cached, input: input, output: output) }
    if !convention.reasoningInside, reasoning > 0, reasoning <= output, total == input + output {
      convention.reasoningInside = true
    }
    let expectedInput = input + cached - convention.cachedInside + (written[.inputExtra] ?? 0)
    let expected =
      expectedInput + output + (convention.reasoningInside ? 0 : reasoning) + mediaBeside
    guard let total, total != expected, total != input + output else { return convention }
    if convention.reasoningInside, reasoning > 0, total == expected + reasoning {
      convention.reasoningInside = false
      warnings.insert(.reasoningExclusive)
    } else if parts == nil, convention.cachedInside > 0, total == input + output + cached {
      convention.cachedInside = 0
      warnings.insert(.cacheExclusive)
    } else if total > expected, written[.output] != nil {
      convention.hidden = total - expected
      warnings.insert(.hiddenTokens)
    } else {
      warnings.insert(.totalMismatch)
    }
    return convention
  }

  private mutating func arbitrateCache(
    _ convention: inout Convention, cached: Int64, input: Int64, output: Int64
  ) {
    let total = written[.total]
    if convention.cachedInside > 0, cached > input, total == input + output + cached {
      convention.cachedInside = 0
      warnings.insert(.cacheExclusive)
    }
    if usage.cache == .beside, cached > 0, cached <= input, total == input + output {
      convention.cachedInside = cached
    }
  }
}
