public import Alerting
public import Billing
public import Ingestion
public import Insights

/// What `tollbook.yaml` says. Every key is optional; `schemas/configuration.schema.json` describes
/// them, and `ConfigurationExample` shows them.
public struct Configuration: Sendable {
  /// The name of the file that is read when it stands in the working directory.
  public static let fileName = "tollbook.yaml"

  /// Paths are as the program opens them: those of the file are relative to it.
  public var ledger: String?
  /// The name of where logs come from, the namespace of their ids; empty without one.
  public var source = ""
  public var priceBooks: [String] = []
  public var dialects: [String] = []
  public var terms: [GatewayTerms] = []
  public var exchange: ExchangeSource?
  public var calendar = ReportingCalendar.utc
  public var budgets: [Budget] = []
  public var check = CheckSettings()
  public var models: [ConfiguredModel] = []
  public var fallback = FallbackSettings()
  public var idle = IdleSettings()
  public var markup = MarkupSettings()
  public var limits = InputLimits()

  public init() {}

  /// Reads a configuration file.
  ///
  /// - Throws: `Failure` when the file cannot be read, `DocumentError` when something in it is wrong.
  public init(path: String) throws {
    try TextFile.refuseIfWorldWritable(path)
    try self.init(reading: try TextFile.document(at: path))
  }
}
