import Billing

/// The keys of a usage event in its public form apart from its meters; `charge` is what an earlier
/// `tollbook price` added.
enum EventKey: UInt8, Word {
  case id, traceID, sessionID, time, gateway, dialect, provider, region
  case requestModel, responseModel, variant, operation, status, errorClass, httpStatus
  case route, routeEvidence, routeFrom, routeReason, routed, attempt, requests
  case gatewayCacheHit, byok, serviceTier, modifiers, stream, finishReason
  case inputTokens, cacheRead, cacheWrite5m, cacheWrite1h, cacheWrite
  case inputAudio, inputImage, inputVideo
  case outputTokens, reasoning, outputAudio, outputImage
  case requestBytes, responseBytes, latency, firstToken, gatewayOverhead
  case reportedCost, reportedUpstreamCost, reportedMarkup, reportedFee, reportedDiscount
  case reportedCurrency, key, team, user, project, environment, tags, warnings, charge

  static let names = [
    "id", "trace_id", "session_id", "time", "gateway", "dialect", "provider", "region",
    "request_model", "response_model", "variant", "operation", "status", "error_class",
    "http_status", "route", "route_evidence", "route_from", "route_reason", "routed", "attempt",
    "requests", "gateway_cache_hit", "byok", "service_tier", "modifiers", "stream",
    "finish_reason", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens",
    "cache_write_1h_tokens", "cache_write_tokens", "input_audio_tokens", "input_image_tokens",
    "input_video_tokens", "output_tokens", "reasoning_tokens", "output_audio_tokens",
    "output_image_tokens", "request_bytes", "response_bytes", "latency_ms", "first_token_ms",
    "gateway_overhead_ms", "reported_cost", "reported_upstream_cost", "reported_markup",
    "reported_fee", "reported_discount", "reported_currency", "key", "team", "user", "project",
    "environment", "tags", "warnings", "charge",
  ]
}

/// A number for each key that may stand in an event, and the way from its bytes to it.
struct EventSlot: Hashable {
  let number: Int

  /// By number: the keys, then the meters.
  static let names = EventKey.names + Meter.allCases.map(\.name)

  init(_ key: EventKey) { number = Int(key.rawValue) }

  init(_ meter: Meter) { number = EventKey.names.count + Int(meter.rawValue) }

  /// The key that stands in a range of a text.
  init?(_ text: [UInt8], _ range: Range<Int>) {
    var place = Self.hash(text.span.extracting(range))
    while Self.table[place] != 0 {
      let number = Int(Self.table[place]) - 1
      if Self.spellings[number].elementsEqual(text[range]) {
        self.number = number
        return
      }
      place = (place + 1) & 255
    }
    return nil
  }

  var name: String { Self.names[number] }

  /// The place in `table`: the length and three bytes tell most keys apart.
  private static func hash(_ name: Span<UInt8>) -> Int {
    guard let last = name.indices.last else { return 0 }
    let middle = Int(name[last / 2])
    return (name.count &* 31 &+ Int(name[0]) &* 7 &+ Int(name[last]) &* 13 &+ middle &* 3) & 255
  }

  /// Open addressing: numbers plus one, 0 where there is none.
  private static let table: [UInt8] = {
    var table: [UInt8] = Array(repeating: 0, count: 256)
    for (number, name) in spellings.enumerated() {
      var place = hash(name.span)
      while table[place] != 0 { place = (place + 1) & 255 }
      table[place] = UInt8(number + 1)
    }
    return table
  }()

  private static let spellings = names.map { Array($0.utf8) }
}
