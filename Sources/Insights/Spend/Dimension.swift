import Billing

/// What spend can be grouped by.
public enum Dimension: String, CaseIterable, Sendable, Hashable {
  case provider
  /// The model that was charged: the one that served, else the one that was asked.
  case model
  case requestModel = "request_model"
  case gateway, team, key, project, environment, route
  /// The local day in the report's time zone.
  case day
  case status
  case serviceTier = "service_tier"
  case operation

  /// The dimension as people type it; `requested`, `requested_model` and `tier` are short forms.
  public init?(name: String) {
    switch name {
    case "requested", "requested_model", "request-model", "requested-model": self = .requestModel
    case "tier", "service-tier": self = .serviceTier
    default: self.init(rawValue: name)
    }
  }

  /// The column's heading.
  public var title: String {
    switch self {
    case .requestModel: "Requested model"
    case .serviceTier: "Service tier"
    default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }

  /// The value of a row in this dimension as a number, to group by before texts are looked up.
  func code(of cell: Cell, on day: @autoclosure () -> Day) -> Int64 {
    switch self {
    case .provider: Int64(cell.provider.index)
    case .model: Int64(cell.billedModel.index)
    case .requestModel: Int64(cell.requestModel.index)
    case .gateway: Int64(cell.gateway.index)
    case .team: Int64(cell.team.index)
    case .key: Int64(cell.key.index)
    case .project: Int64(cell.project.index)
    case .environment: Int64(cell.environment.index)
    case .serviceTier: Int64(cell.serviceTier.index)
    case .route: cell.route.map { Int64($0.rawValue) } ?? -1
    case .status: Int64(cell.status.rawValue)
    case .operation: Int64(cell.operation.rawValue)
    case .day: Int64(day().number)
    }
  }

  /// The text of a code; empty when the log does not say.
  func text(of code: Int64, _ labels: LabelTable) -> String {
    switch self {
    case .route: UInt8(exactly: code).flatMap(Route.init(rawValue:))?.name ?? ""
    case .status: UInt8(exactly: code).flatMap(Status.init(rawValue:))?.name ?? ""
    case .operation: UInt8(exactly: code).flatMap(Operation.init(rawValue:))?.name ?? ""
    case .day: Int32(exactly: code).map { Day(number: $0).description } ?? ""
    default: UInt32(exactly: code).map { labels.text(Label(index: $0)) } ?? ""
    }
  }
}
