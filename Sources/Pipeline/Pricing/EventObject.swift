import Billing
import Documents

/// A JSON object that must be a usage event, read key by key.
struct EventObject {
  /// The keys of an event; `charge` is what an earlier `tollbook price` added.
  static let keys: Set<[UInt8]> = Set(
    [
      "id", "trace_id", "session_id", "time", "gateway", "dialect", "provider", "region",
      "request_model", "response_model", "variant", "operation", "status", "error_class",
      "http_status", "route", "route_evidence", "route_from", "route_reason", "routed", "attempt",
      "requests", "gateway_cache_hit", "byok", "service_tier", "modifiers", "stream",
      "finish_reason", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens",
      "cache_write_1h_tokens", "cache_write_tokens", "input_audio_tokens", "input_image_tokens",
      "input_video_tokens", "output_tokens", "reasoning_tokens", "output_audio_tokens",
      "output_image_tokens", "web_searches", "images", "audio_seconds", "characters", "pages",
      "search_units", "video_seconds", "map_searches", "file_searches", "sessions",
      "storage_token_hours", "request_bytes", "response_bytes", "latency_ms", "first_token_ms",
      "gateway_overhead_ms", "reported_cost", "reported_upstream_cost", "reported_markup",
      "reported_fee", "reported_discount", "reported_currency", "key", "team", "user", "project",
      "environment", "tags", "warnings", "charge",
    ].map { Array($0.utf8) })

  private let values: [[UInt8]: DocumentNode.Content]

  init(_ line: [UInt8]) throws(EventLineError) {
    guard let node = DocumentNode.json(line, file: ""), case .mapping(let entries) = node.content
    else { throw EventLineError(problem: "this is not a JSON object") }
    var values: [[UInt8]: DocumentNode.Content] = [:]
    for entry in entries {
      let key = Array(entry.key.utf8)
      guard Self.keys.contains(key) else {
        throw EventLineError(problem: "the key `\(entry.key)` is not one of a usage event")
      }
      guard values.updateValue(entry.value.content, forKey: key) == nil else {
        throw EventLineError(problem: "the key `\(entry.key)` stands twice")
      }
    }
    self.values = values
  }

  private func content(_ key: String) -> DocumentNode.Content? { values[Array(key.utf8)] }

  private func scalar(_ key: String, isQuoted: Bool, _ kind: String) throws(EventLineError)
    -> String?
  {
    guard let content = content(key) else { return nil }
    guard case .scalar(let scalar) = content, scalar.isQuoted == isQuoted else {
      throw EventLineError(problem: "`\(key)` is not \(kind)")
    }
    return scalar.text
  }

  /// A text that is not empty.
  func text(_ key: String) throws(EventLineError) -> String? {
    let text = try scalar(key, isQuoted: true, "a text")
    if text?.isEmpty == true { throw EventLineError(problem: "`\(key)` is empty") }
    return text
  }

  func word<W: Word>(_ key: String, of type: W.Type) throws(EventLineError) -> W? {
    guard let text = try text(key) else { return nil }
    guard let word = W(name: text) else {
      let words = W.allCases.map(\.name).joined(separator: ", ")
      throw EventLineError(problem: "`\(key)` is none of: \(words)")
    }
    return word
  }

  func bool(_ key: String) throws(EventLineError) -> Bool? {
    switch try scalar(key, isQuoted: false, "true or false") {
    case nil: nil
    case "true": true
    case "false": false
    default: throw EventLineError(problem: "`\(key)` is not true or false")
    }
  }

  func integer(_ key: String, in range: ClosedRange<Int64>) throws(EventLineError) -> Int64? {
    guard let literal = try scalar(key, isQuoted: false, "a whole number") else { return nil }
    guard let value = Int64(literal), "\(value)" == literal, range.contains(value) else {
      throw EventLineError(
        problem: "`\(key)` is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A decimal in quotes.
  func decimal<Value: FixedPoint>(_ key: String, as type: Value.Type) throws(EventLineError)
    -> Value?
  {
    guard let literal = try scalar(key, isQuoted: true, "a decimal in quotes") else { return nil }
    guard let value = try? Value(literal: literal, exponent: .refused) else {
      throw EventLineError(problem: "`\(key)` is not a plain decimal of at most 24 places")
    }
    return value
  }

  func time(_ key: String) throws(EventLineError) -> Timestamp? {
    guard let literal = try text(key) else { return nil }
    guard let parsed = Timestamp.parse(Array(literal.utf8)), !parsed.zoneAssumed else {
      throw EventLineError(problem: "`\(key)` is not an instant of RFC 3339 with its zone")
    }
    return parsed.time
  }

  func texts(_ key: String) throws(EventLineError) -> [String] {
    guard let content = content(key) else { return [] }
    guard case .sequence(let items) = content else {
      throw EventLineError(problem: "`\(key)` is not a list")
    }
    return try items.map { item throws(EventLineError) in
      guard case .scalar(let scalar) = item.content, scalar.isQuoted,
        !scalar.text.utf8.contains(LabelList.separator)
      else { throw EventLineError(problem: "`\(key)` is not a list of texts") }
      return scalar.text
    }
  }

  /// Texts by key, sorted by key.
  func pairs(_ key: String) throws(EventLineError) -> [(key: String, value: String)] {
    guard let content = content(key) else { return [] }
    guard case .mapping(let entries) = content else {
      throw EventLineError(problem: "`\(key)` is not an object")
    }
    let pairs = try entries.map { entry throws(EventLineError) in
      guard case .scalar(let scalar) = entry.value.content, scalar.isQuoted,
        !(entry.key + scalar.text).utf8.contains(LabelList.separator),
        !entry.key.utf8.contains(UInt8(ascii: "="))
      else { throw EventLineError(problem: "`\(key)` is not an object of texts") }
      return (key: entry.key, value: scalar.text)
    }
    guard Set(pairs.map { Array($0.key.utf8) }).count == pairs.count else {
      throw EventLineError(problem: "a key stands twice in `\(key)`")
    }
    return pairs.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}
