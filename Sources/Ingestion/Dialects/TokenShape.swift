public import Documents

/// A way to write token counts: where each stands below the usage object, and which include which.
public struct TokenShape: Sendable {
  /// What the input count says of cached and written tokens.
  enum CacheConvention: String, CaseIterable, Sendable {
    case inside, beside
    /// Inside, unless they are more than the input.
    case auto
  }

  /// Where reads and writes differ: which of them the input count includes.
  struct CacheParts: Sendable, Hashable {
    var readIsInside: Bool
    var writeIsInside: Bool
  }

  var cache: CacheConvention
  var cacheParts: CacheParts?
  /// The output count includes reasoning.
  var outputIncludesReasoning: Bool
  /// Audio, images and video are in the input and output counts.
  var includesMedia: Bool
  /// Writes of unknown lifetime live five minutes, the vendor's default.
  var writesDefaultTo5m: Bool
  /// `total` decides between conventions where the log has another than expected.
  var hasArbiter: Bool
  var counts: [TokenCount: [Path]]

  /// Reads the file of shapes: a mapping from names.
  public static func all(_ node: DocumentNode) throws(DocumentError) -> [String: TokenShape] {
    var shapes: [String: TokenShape] = [:]
    for (name, value) in try node.mapping(allowing: nil).all {
      shapes[name] = try TokenShape(value)
    }
    return shapes
  }

  /// The name of a shape that there is, or a shape.
  init(_ node: DocumentNode, among known: [String: TokenShape]) throws(DocumentError) {
    if node.scalar != nil {
      let name = try node.word(of: known.keys.sorted())
      if let shape = known[name] {
        self = shape
        return
      }
    }
    try self.init(node)
  }

  private init(_ node: DocumentNode) throws(DocumentError) {
    let mapping = try node.mapping(
      allowing: ["cache", "reasoning", "media", "cache_write_lifetime", "arbiter"]
        + TokenCount.allCases.map(\.rawValue))
    cacheParts = try mapping.optional("cache").flatMap(CacheParts.init)
    let cacheWord =
      cacheParts == nil
      ? try Self.convention(
        "cache", of: CacheConvention.allCases.map(\.rawValue), in: mapping,
        needed: Self.cacheCounts,
        remedy: "Write `cache: inside` where `input` includes them, else `cache: beside`.") : nil
    cache = cacheWord.flatMap(CacheConvention.init) ?? .inside
    includesMedia = try mapping.optional("media")?.word(of: ["inside", "beside"]) != "beside"
    let reasoningWord = try Self.convention(
      "reasoning", of: ["inside", "beside"], in: mapping, needed: [.reasoning],
      remedy: "Write `reasoning: inside` where `output` includes it, else `reasoning: beside`.")
    outputIncludesReasoning = reasoningWord != "beside"
    writesDefaultTo5m =
      try mapping.optional("cache_write_lifetime")?.word(of: ["5m", "unknown"]) == "5m"
    hasArbiter = try mapping.optional("arbiter")?.bool() ?? true
    counts = [:]
    for count in TokenCount.allCases {
      guard let value = mapping.optional(count.rawValue) else { continue }
      counts[count] = try Path.fanOuts(value)
    }
  }

  private static let cacheCounts: [TokenCount] = [
    .cacheRead, .cacheWrite, .cacheWrite5m, .cacheWrite1h,
  ]

  /// How counts are included in others: nobody can guess it, so it is to be said where it matters.
  private static func convention(
    _ key: String, of words: [String], in mapping: DocumentMapping, needed: [TokenCount],
    remedy: String
  ) throws(DocumentError) -> String? {
    if let node = mapping.optional(key) { return try node.word(of: words) }
    guard let count = needed.first(where: { mapping.optional($0.rawValue) != nil }) else {
      return nil
    }
    throw mapping.node.error("`\(count.rawValue)` needs `\(key)`", remedy)
  }
}

extension TokenShape.CacheParts {
  /// `{read: beside, write: inside}`; `nil` for one word for both.
  fileprivate init?(_ node: DocumentNode) throws(DocumentError) {
    guard case .mapping = node.content else { return nil }
    let mapping = try node.mapping(allowing: ["read", "write"])
    readIsInside = try mapping.required("read").word(of: ["inside", "beside"]) == "inside"
    writeIsInside = try mapping.required("write").word(of: ["inside", "beside"]) == "inside"
  }
}

/// The counts that logs write.
enum TokenCount: String, CaseIterable, Sendable {
  case input, output, total
  /// On top of `input`.
  case inputExtra = "input_extra"
  case cacheRead = "cache_read"
  case cacheWrite = "cache_write"
  case cacheWrite5m = "cache_write_5m"
  case cacheWrite1h = "cache_write_1h"
  case inputAudio = "input_audio"
  case inputImage = "input_image"
  case inputVideo = "input_video"
  case reasoning = "reasoning_part"
  case outputAudio = "output_audio"
  case outputImage = "output_image"
  /// Parts of `cache_read`.
  case cachedAudio = "cached_audio"
  case cachedImage = "cached_image"
  case cachedVideo = "cached_video"
}
