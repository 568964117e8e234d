/// What had to be assumed or was odd in a record that was read all the same.
public struct EventWarnings: OptionSet, Sendable, Hashable {
  public var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Cache tokens stood beside the input total, not inside it.
  public static let cacheExclusive = EventWarnings(rawValue: 1 << 0)
  /// Reasoning tokens stood beside the output total, not inside it.
  public static let reasoningExclusive = EventWarnings(rawValue: 1 << 1)
  /// The total exceeds input and output; the gap was taken as reasoning.
  public static let hiddenTokens = EventWarnings(rawValue: 1 << 2)
  /// The total is below input and output; the parts were kept.
  public static let totalMismatch = EventWarnings(rawValue: 1 << 3)
  /// A duration below zero was dropped.
  public static let negativeDuration = EventWarnings(rawValue: 1 << 4)
  /// A time without a zone was taken as UTC.
  public static let zoneAssumed = EventWarnings(rawValue: 1 << 5)
  /// The cache part of the input is not known.
  public static let cacheSplitUnknown = EventWarnings(rawValue: 1 << 6)
  /// The reported cost could not be held exactly and was dropped.
  public static let costUnreadable = EventWarnings(rawValue: 1 << 7)
  /// The time stands for the end of the request or its wrapper, not its start.
  public static let timeApproximate = EventWarnings(rawValue: 1 << 8)
  /// A label was longer than the limit and was cut.
  public static let labelTruncated = EventWarnings(rawValue: 1 << 9)
  /// A duration whose name tells no unit was taken as milliseconds.
  public static let unitAssumed = EventWarnings(rawValue: 1 << 10)

  /// The codes, in the order in which an event lists them.
  public static let codes: [(warning: EventWarnings, code: String)] = [
    (.cacheExclusive, "cache_exclusive"),
    (.cacheSplitUnknown, "cache_split_unknown"),
    (.costUnreadable, "cost_unreadable"),
    (.hiddenTokens, "hidden_tokens"),
    (.labelTruncated, "label_truncated"),
    (.negativeDuration, "negative_duration"),
    (.reasoningExclusive, "reasoning_exclusive"),
    (.timeApproximate, "time_approximate"),
    (.totalMismatch, "total_mismatch"),
    (.unitAssumed, "unit_assumed"),
    (.zoneAssumed, "zone_assumed"),
  ]
}
