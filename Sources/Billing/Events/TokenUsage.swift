/// The kinds of token that are priced apart. No token is in two of them.
public enum TokenBucket: UInt8, CaseIterable, Sendable, Hashable {
  case input, cacheRead, cacheWrite5m, cacheWrite1h, cacheWrite
  case inputAudio, inputImage, inputVideo
  case output, reasoning, outputAudio, outputImage

  /// Stored: the array that the compiler would write is made anew for every loop.
  public static let allCases: [TokenBucket] = [
    .input, .cacheRead, .cacheWrite5m, .cacheWrite1h, .cacheWrite, .inputAudio, .inputImage,
    .inputVideo, .output, .reasoning, .outputAudio, .outputImage,
  ]

  /// The bucket is a part of the input total.
  public var isInput: Bool { rawValue <= TokenBucket.inputVideo.rawValue }

  /// The meter's name in a charge: `input` is the uncached text, `cache_write` has no known
  /// lifetime, `output` is what is neither reasoning nor audio nor image.
  public var name: String {
    switch self {
    case .input: "input"
    case .cacheRead: "cache_read"
    case .cacheWrite5m: "cache_write_5m"
    case .cacheWrite1h: "cache_write_1h"
    case .cacheWrite: "cache_write"
    case .inputAudio: "input_audio"
    case .inputImage: "input_image"
    case .inputVideo: "input_video"
    case .output: "output"
    case .reasoning: "reasoning"
    case .outputAudio: "output_audio"
    case .outputImage: "output_image"
    }
  }
}

/// Token counts in disjoint buckets, with what the log said of each.
///
/// Invariants: every count is 0 … 2⁴⁰; a bucket that is not `known` counts 0; `input` is known when
/// the log gives an input total, `output` when it gives an output total.
public struct TokenUsage: Sendable, Hashable {
  private var counts: InlineArray<12, Int64> = InlineArray(repeating: 0)
  /// A bit for each bucket that the log gives, also when it gives 0.
  public private(set) var known: UInt16 = 0

  public init() {}

  /// The largest count that is accepted: 2⁴⁰.
  public static let countLimit: Int64 = 1 << 40

  /// The count of a bucket, 0 when unknown.
  public subscript(bucket: TokenBucket) -> Int64 { counts[Int(bucket.rawValue)] }

  /// The count of the bucket with this raw value: for loops over all buckets in hot code.
  public subscript(rawValue index: Int) -> Int64 { counts[index] }

  /// Whether the log gives this bucket.
  public func isKnown(_ bucket: TokenBucket) -> Bool { known & (1 << bucket.rawValue) != 0 }

  /// Sets a bucket that the log gives.
  public mutating func set(_ bucket: TokenBucket, _ count: Int64) {
    counts[Int(bucket.rawValue)] = count
    known |= 1 << bucket.rawValue
  }

  /// The log gives no token count at all.
  public var isUnknown: Bool { known == 0 }

  /// Input of all kinds, cached and written tokens included.
  public var inputTotal: Int64 {
    counts[0] + counts[1] + counts[2] + counts[3] + counts[4] + counts[5] + counts[6] + counts[7]
  }

  /// Input that was neither read from nor written to a cache.
  public var uncachedInput: Int64 { counts[0] + counts[5] + counts[6] + counts[7] }

  /// Output of all kinds, reasoning included.
  public var outputTotal: Int64 { counts[8] + counts[9] + counts[10] + counts[11] }

  public static func == (lhs: TokenUsage, rhs: TokenUsage) -> Bool {
    guard lhs.known == rhs.known else { return false }
    for index in lhs.counts.indices where lhs.counts[index] != rhs.counts[index] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(known)
    for index in counts.indices { hasher.combine(counts[index]) }
  }
}
