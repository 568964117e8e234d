import Documents
public import Ingestion

/// What hostile or broken input may cost; the section `limits` of a configuration.
public struct Limits: Sendable {
  public var input = InputLimits()
  /// Names of a kind (keys, teams, models, …) that a ledger keeps for a day.
  public var labelValues = 20_000
  /// Files that the process may have open; `nil` leaves it to the system.
  public var openFiles: Int?
  /// Seconds after which `ingest` stores what it has and ends.
  public var timeSeconds: Int64?

  public init() {}

  /// - Throws: `DocumentError` for what is no number or out of range.
  mutating func read(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(
      allowing: [
        "line_bytes", "depth", "digits", "expansion", "label_values", "open_files", "time",
      ])
    func number(_ key: String, in range: ClosedRange<Int64>) throws(DocumentError) -> Int? {
      try map.optional(key).map { node throws(DocumentError) in Int(try node.int(in: range)) }
    }
    input.lineBytes = try number("line_bytes", in: 1024...(1 << 30)) ?? input.lineBytes
    input.depth = try number("depth", in: 8...1024) ?? input.depth
    input.digits = try number("digits", in: 20...1_000_000) ?? input.digits
    input.expansion = try number("expansion", in: 1...1_000_000) ?? input.expansion
    labelValues = try number("label_values", in: 10...10_000_000) ?? labelValues
    openFiles = try number("open_files", in: 16...1_000_000)
    if let node = map.optional("time") { timeSeconds = try node.duration() }
  }
}
