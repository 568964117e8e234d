public import Documents
public import Ingestion

/// What reading a set of inputs is told from the outside.
public struct ReadingOptions: Sendable {
  /// Dialect files of the user.
  public var dialects: [DocumentNode] = []
  /// The one dialect to read with, without detection.
  public var onlyDialect: String?
  public var limits = InputLimits()
  /// Threads; at least 1.
  public var threads = 1

  public init() {}

  /// The names of the files of `dialects`, for messages.
  public var dialectFiles: [String] { dialects.map(\.file) }
}
