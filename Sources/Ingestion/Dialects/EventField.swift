import Billing

/// The fields of a usage event that a dialect fills, by their keys in the event.
public enum EventField: String, CaseIterable, Sendable {
  case id
  case traceID = "trace_id"
  case sessionID = "session_id"
  case time
  case provider
  case region
  case requestModel = "request_model"
  case responseModel = "response_model"
  case variant
  case operation
  case status
  case httpStatus = "http_status"
  case attempt
  case requests
  case gatewayCacheHit = "gateway_cache_hit"
  case byok
  case serviceTier = "service_tier"
  case speed
  case inferenceGeo = "inference_geo"
  case stream
  case finishReason = "finish_reason"
  case webSearches = "web_searches"
  case images
  case audioSeconds = "audio_seconds"
  case characters
  case pages
  case searchUnits = "search_units"
  case videoSeconds = "video_seconds"
  case mapSearches = "map_searches"
  case fileSearches = "file_searches"
  case sessions
  case storageTokenHours = "storage_token_hours"
  case requestBytes = "request_bytes"
  case responseBytes = "response_bytes"
  case latency = "latency_ms"
  case firstToken = "first_token_ms"
  case gatewayOverhead = "gateway_overhead_ms"
  case reportedCost = "reported_cost"
  case reportedUpstreamCost = "reported_upstream_cost"
  case reportedMarkup = "reported_markup"
  case reportedFee = "reported_fee"
  case reportedDiscount = "reported_discount"
  case reportedCurrency = "reported_currency"
  case key
  case team
  case user
  case project
  case environment
  case tags

  /// The words that the field may hold; `nil` for any.
  var words: [String]? {
    switch self {
    case .operation: Operation.allCases.map(\.name)
    case .status: Status.allCases.map(\.name)
    case .gatewayCacheHit, .byok, .stream: ["true", "false"]
    default: nil
    }
  }
}

extension EventField {
  /// What a ledger keeps of an event: the rest is not even looked for in a record.
  public static let ledger: Set<EventField> = Set(allCases).subtracting([
    .sessionID, .variant, .attempt, .stream, .finishReason, .gatewayOverhead, .reportedMarkup,
    .reportedFee, .reportedDiscount, .user, .tags,
  ])

  /// All of an event.
  public static let all = Set(allCases)
}
