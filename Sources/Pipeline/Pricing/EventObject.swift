import Billing
import Documents

/// A line that must be a JSON object of the keys of a usage event: where their values stand.
///
/// One serves for line after line: nothing is allocated for a line.
struct EventObject {
  private var text: [UInt8] = []
  /// By `EventSlot.number`.
  private var values = Array(repeating: JSONCursor.Value(), count: EventSlot.names.count)

  /// Finds the values of a line.
  ///
  /// - Parameter line: the place of the line in `text`.
  mutating func read(_ text: [UInt8], _ line: Range<Int>) throws(EventLineError) {
    self.text = text
    for index in values.indices { values[index].kind = .absent }
    let isUTF8 = (try? UTF8Span(validating: text.span.extracting(line))) != nil
    var cursor = JSONCursor(text, line)
    guard isUTF8, cursor.skip(UInt8(ascii: "{")) else { throw .notAnObject }
    if !cursor.skip(UInt8(ascii: "}")) {
      repeat {
        guard let name = cursor.string() else { throw .notAnObject }
        let slot = try slot(name)
        guard cursor.skip(UInt8(ascii: ":")), let value = cursor.value() else {
          throw .notAnObject
        }
        guard values[slot.number].kind == .absent else {
          throw EventLineError(problem: "the key `\(slot.name)` stands twice")
        }
        values[slot.number] = value
      } while cursor.skip(UInt8(ascii: ","))
      guard cursor.skip(UInt8(ascii: "}")) else { throw .notAnObject }
    }
    guard cursor.peek() == 0, cursor.isAtEnd else { throw .notAnObject }
  }

  private func slot(_ name: JSONCursor.Value) throws(EventLineError) -> EventSlot {
    let plain = try bytes(of: name)
    guard
      let slot = name.kind == .string
        ? EventSlot(text, name.range) : EventSlot(Array(plain), plain.indices)
    else {
      let spelling = String(decoding: plain, as: UTF8.self)
      throw EventLineError(problem: "the key `\(spelling)` is not one of a usage event")
    }
    return slot
  }

  /// The bytes of a string, escapes resolved.
  private func bytes(of value: JSONCursor.Value) throws(EventLineError) -> ArraySlice<UInt8> {
    let range = value.range
    guard value.kind == .escaped else { return text[range] }
    let quoted = text[(range.lowerBound - 1)..<(range.upperBound + 1)]
    guard let plain = DocumentNode.text(ofJSONString: quoted) else { throw .notAnObject }
    return Array(plain.utf8)[...]
  }

  /// The literal of a number or of `true`, `false`.
  private func literal(_ key: EventKey, _ kind: String) throws(EventLineError)
    -> ArraySlice<UInt8>?
  {
    let value = values[Int(key.rawValue)]
    if value.kind == .absent { return nil }
    guard value.kind == .plain else {
      throw EventLineError(problem: "`\(key.name)` is not \(kind)")
    }
    return text[value.range]
  }

  private func quoted(_ slot: EventSlot, _ kind: String) throws(EventLineError)
    -> ArraySlice<UInt8>?
  {
    let value = values[slot.number]
    switch value.kind {
    case .absent: return nil
    case .string, .escaped: return try bytes(of: value)
    default: throw EventLineError(problem: "`\(slot.name)` is not \(kind)")
    }
  }

  /// A text that is not empty.
  func text(_ key: EventKey) throws(EventLineError) -> ArraySlice<UInt8>? {
    let text = try quoted(EventSlot(key), "a text")
    if text?.isEmpty == true { throw EventLineError(problem: "`\(key.name)` is empty") }
    return text
  }

  func word<W: Word>(_ key: EventKey, of type: W.Type) throws(EventLineError) -> W? {
    guard let text = try text(key) else { return nil }
    guard let index = W.names.firstIndex(where: { $0.utf8.elementsEqual(text) }) else {
      let words = W.names.joined(separator: ", ")
      throw EventLineError(problem: "`\(key.name)` is none of: \(words)")
    }
    return W(rawValue: UInt8(index))
  }

  func bool(_ key: EventKey) throws(EventLineError) -> Bool? {
    guard let literal = try literal(key, "true or false") else { return nil }
    if literal.elementsEqual("true".utf8) { return true }
    if literal.elementsEqual("false".utf8) { return false }
    throw EventLineError(problem: "`\(key.name)` is not true or false")
  }

  func integer(_ key: EventKey, in range: ClosedRange<Int64>) throws(EventLineError) -> Int64? {
    guard let literal = try literal(key, "a whole number") else { return nil }
    guard let value = Self.integer(literal), range.contains(value) else {
      let bounds = "\(range.lowerBound) to \(range.upperBound)"
      throw EventLineError(problem: "`\(key.name)` is not a whole number from \(bounds)")
    }
    return value
  }

  /// The value of digits without a sign, a leading zero, a fraction or an exponent.
  private static func integer(_ literal: ArraySlice<UInt8>) -> Int64? {
    guard let first = literal.first, literal.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    var value: Int64 = 0
    for byte in literal {
      guard (48...57).contains(byte) else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int64(byte & 15))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  func decimal<Value: FixedPoint>(_ key: EventKey, as type: Value.Type) throws(EventLineError)
    -> Value?
  {
    try decimal(EventSlot(key))
  }

  /// A quantity that is not below zero.
  func quantity(_ meter: Meter) throws(EventLineError) -> ExactDecimal? {
    guard let quantity: ExactDecimal = try decimal(EventSlot(meter)) else { return nil }
    guard quantity >= .zero else {
      throw EventLineError(problem: "`\(meter.name)` is below zero")
    }
    return quantity
  }

  private func decimal<Value: FixedPoint>(_ slot: EventSlot) throws(EventLineError) -> Value? {
    guard let literal = try quoted(slot, "a decimal in quotes") else { return nil }
    guard let value = try? Value(literal: literal, exponent: .refused) else {
      throw EventLineError(problem: "`\(slot.name)` is not a plain decimal of at most 24 places")
    }
    return value
  }

  func time(_ key: EventKey) throws(EventLineError) -> Timestamp? {
    guard let literal = try text(key) else { return nil }
    guard let parsed = Timestamp.parse(literal), !parsed.zoneAssumed else {
      throw EventLineError(problem: "`\(key.name)` is not an instant of RFC 3339 with its zone")
    }
    return parsed.time
  }

  /// The texts of a list.
  func texts(_ key: EventKey) throws(EventLineError) -> [ArraySlice<UInt8>] {
    let value = values[Int(key.rawValue)]
    if value.kind == .absent { return [] }
    guard value.kind == .list else {
      throw EventLineError(problem: "`\(key.name)` is not a list")
    }
    var cursor = inside(value)
    var texts: [ArraySlice<UInt8>] = []
    guard !cursor.skip(UInt8(ascii: "]")) else { return [] }
    repeat {
      guard let item = cursor.string(), let text = try part(item) else {
        throw EventLineError(problem: "`\(key.name)` is not a list of texts")
      }
      texts.append(text)
    } while cursor.skip(UInt8(ascii: ","))
    return texts
  }

  /// Texts by key, sorted by key.
  func pairs(_ key: EventKey) throws(EventLineError)
    -> [(key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]
  {
    let value = values[Int(key.rawValue)]
    if value.kind == .absent { return [] }
    guard value.kind == .object else {
      throw EventLineError(problem: "`\(key.name)` is not an object")
    }
    var cursor = inside(value)
    var pairs: [(key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
    guard !cursor.skip(UInt8(ascii: "}")) else { return [] }
    repeat {
      guard let name = cursor.string(), let key = try part(name), !key.contains(UInt8(ascii: "=")),
        cursor.skip(UInt8(ascii: ":")), let item = cursor.string(), let text = try part(item)
      else { throw EventLineError(problem: "`\(key.name)` is not an object of texts") }
      pairs.append((key, text))
    } while cursor.skip(UInt8(ascii: ","))
    guard Set(pairs.map(\.key)).count == pairs.count else {
      throw EventLineError(problem: "a key stands twice in `\(key.name)`")
    }
    return pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  /// Behind the opening bracket of a value that was found to be whole.
  private func inside(_ value: JSONCursor.Value) -> JSONCursor {
    JSONCursor(text, (value.range.lowerBound + 1)..<value.range.upperBound)
  }

  /// A text that may stand in a label that joins several.
  private func part(_ value: JSONCursor.Value) throws(EventLineError) -> ArraySlice<UInt8>? {
    let text = try bytes(of: value)
    return text.contains(LabelList.separator) ? nil : text
  }
}

extension EventLineError {
  fileprivate static var notAnObject: EventLineError {
    EventLineError(problem: "this is not a JSON object")
  }
}
