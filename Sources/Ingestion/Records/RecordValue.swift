import Billing
import CSimdjson

/// A value of the record that is being read. It is gone when the next record is read.
@safe
struct RecordValue {
  private var value: tb_value

  fileprivate init(_ value: tb_value) { unsafe self.value = value }

  var kind: tb_kind { unsafe value.kind }

  /// The record has this key, with a value other than null.
  var isPresent: Bool { unsafe value.kind.rawValue > TB_NULL.rawValue }

  /// The record has this key.
  var exists: Bool { unsafe value.kind != TB_MISSING }

  var isText: Bool { kind == TB_STRING || kind == TB_ESCAPED }

  /// The bytes as they are written, without quotes.
  var raw: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: value.bytes, count: Int(value.length))
  }

  /// The bytes are empty, or one of the spellings of nothing that programs print.
  var isBlank: Bool {
    guard isText else { return !isPresent }
    switch unsafe value.length {
    case 0: return true
    case 1: return unsafe value.bytes[0] == UInt8(ascii: "-")
    case 4: return equals("None") || equals("null")
    default: return false
    }
  }

  /// A string with exactly these bytes.
  func equals(_ text: StaticString) -> Bool {
    guard isText, unsafe Int(value.length) == text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount
    where unsafe value.bytes[index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  /// The number of bytes as they are written.
  var length: Int { unsafe Int(value.length) }

  /// The first eight bytes as they are written, zeros after the end.
  ///
  /// The padding of a block makes eight bytes readable at any value.
  var head: UInt64 {
    guard unsafe value.length > 0 else { return 0 }
    let word = unsafe UnsafeRawPointer(value.bytes).loadUnaligned(as: UInt64.self)
    return unsafe value.length >= 8 ? word : word & ((1 << UInt64(value.length * 8)) - 1)
  }

  /// A string, number or word that is written with exactly these bytes.
  func isWritten(_ bytes: some RandomAccessCollection<UInt8>) -> Bool {
    guard isPresent, length == bytes.count else { return false }
    return unsafe raw.elementsEqual(bytes)
  }

  /// Both are written with the same bytes.
  func isWrittenLike(_ other: RecordValue) -> Bool {
    unsafe raw.elementsEqual(other.raw)
  }

  /// Calls `body` with a text that stands in no record as a value.
  static func with<Result>(
    text: [UInt8], _ body: (RecordValue) throws(RejectionReason) -> Result
  ) throws(RejectionReason) -> Result {
    // Words of eight bytes are read at any place of a value.
    let padded = text + Array(repeating: 0, count: 8)
    return try unsafe padded.withUnsafeBufferPointer { buffer throws(RejectionReason) in
      var value = unsafe tb_value()
      unsafe value.bytes = buffer.baseAddress
      unsafe value.length = UInt32(text.count)
      unsafe value.kind = TB_STRING
      return try body(unsafe RecordValue(value))
    }
  }

  /// The part of a text between two marks; `nil` when a mark that must stand before it is missing.
  func slice(_ slice: Alternative.Slice) -> RecordValue? {
    guard isText else { return nil }
    let bytes = unsafe raw
    var start = 0
    var end = bytes.count
    if let after = slice.after {
      let mark = Array(after.utf8)
      guard let found = unsafe Self.position(of: mark, in: bytes, isLast: slice.isLast) else {
        return nil
      }
      start = found + mark.count
    }
    if let before = slice.before {
      let mark = Array(before.utf8)
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      if let found = unsafe Self.position(of: mark, in: rest) { end = start + found }
    }
    var part = unsafe value
    unsafe part.bytes += start
    unsafe part.length = UInt32(end - start)
    return unsafe RecordValue(part)
  }

  private static func position(
    of mark: [UInt8], in bytes: UnsafeRawBufferPointer, isLast: Bool = false
  ) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    let starts = 0...(bytes.count - mark.count)
    func isMark(_ start: Int) -> Bool {
      for index in mark.indices where unsafe bytes[start + index] != mark[index] { return false }
      return true
    }
    return isLast ? starts.last(where: isMark) : starts.first(where: isMark)
  }

  /// The C value, for a walk into it.
  fileprivate var cValue: tb_value { unsafe value }
}

/// Reads records: the memory of one worker.
///
/// Use: `index` a piece of text, then `walk` its lines in order; the values of a line are valid
/// until the next walk.
@safe
final class RecordWalker {
  private let handle: OpaquePointer
  private let slots: UnsafeMutablePointer<tb_value>
  /// Where the slots of the present level of envelopes start.
  private var base = 0
  private var scratch: UnsafeMutableRawBufferPointer
  /// Some text of the piece is not UTF-8: texts that are used have to be checked.
  private(set) var textIsSuspect = false

  /// Records that stand in envelopes are read to this depth.
  static let levelLimit = 3

  init(limits: InputLimits) {
    unsafe handle = tb_walker_create(UInt32(limits.depth), UInt32(limits.digits))
    let capacity = SlotRegion.levelSize * (Self.levelLimit + 1)
    unsafe slots = .allocate(capacity: capacity)
    unsafe slots.initialize(repeating: tb_value(), count: capacity)
    unsafe scratch = .allocate(byteCount: 4096, alignment: 16)
  }

  deinit {
    unsafe tb_walker_destroy(handle)
    unsafe slots.deallocate()
    unsafe scratch.deallocate()
  }

  /// How many envelopes are open: each level has slots of its own.
  var level = 0 {
    didSet { base = level * SlotRegion.levelSize }
  }

  /// Finds the structure of whole lines.
  ///
  /// - Parameter text: followed by at least 64 readable bytes; at most 1 GB.
  /// - Returns: whether the piece can be walked; if not, it has to be indexed line by line.
  func index(_ text: UnsafeRawBufferPointer) -> Bool {
    let bytes = unsafe text.bindMemory(to: UInt8.self)
    let status = unsafe tb_walker_index(handle, bytes.baseAddress, bytes.count)
    textIsSuspect = status == TB_INDEX_INVALID_UTF8
    return status == TB_INDEX_OK || status == TB_INDEX_INVALID_UTF8
  }

  /// Takes the values that a selector names from the line between two offsets.
  func walk(_ selector: Selector, from start: Int, to end: Int) -> tb_status {
    unsafe tb_walker_line(
      handle, selector.tree, start, end, slots + (base + selector.region.start),
      selector.slotCount)
  }

  /// A hash of the first keys of the line between two offsets.
  func shape(from start: Int, to end: Int) -> UInt64 {
    unsafe tb_walker_shape(handle, start, end)
  }

  /// Takes the values that another selector names from the same line.
  func walkAgain(_ selector: Selector) -> tb_status {
    unsafe tb_walker_again(
      handle, selector.tree, slots + (base + selector.region.start), selector.slotCount)
  }

  /// Takes values from an object that a walk of this line found.
  func walk(_ selector: Selector, into value: RecordValue) -> tb_status {
    unsafe withUnsafePointer(to: value.cValue) { pointer in
      unsafe tb_walker_value(
        handle, selector.tree, pointer, slots + (base + selector.region.start),
        selector.slotCount)
    }
  }

  /// Empties the slots of a selector: what they hold is of another record.
  func clear(_ selector: Selector) {
    let start = base + selector.region.start
    for index in 0..<selector.slotCount { unsafe slots[start + index] = tb_value() }
  }

  /// Copies the answers to the questions of the last walk.
  func copyAnswers(to words: inout [UInt64]) {
    let answers = unsafe tb_walker_tests(handle)
    for index in words.indices { words[index] = unsafe answers?[index] ?? 0 }
  }

  /// The answers to the questions of the last walk are these.
  func answersAre(_ words: [UInt64]) -> Bool {
    let answers = unsafe tb_walker_tests(handle)
    for index in words.indices where unsafe answers?[index] != words[index] { return false }
    return true
  }

  /// The members of an object that a walk of this line found.
  func members(of value: RecordValue) -> [(key: RecordValue, value: RecordValue)] {
    guard value.kind == TB_OBJECT else { return [] }
    return unsafe withUnsafePointer(to: value.cValue) { pointer in
      let count = unsafe tb_walker_members(handle, pointer, nil, nil, 0)
      var keys = unsafe [tb_value](repeating: tb_value(), count: count)
      var values = unsafe [tb_value](repeating: tb_value(), count: count)
      _ = unsafe tb_walker_members(handle, pointer, &keys, &values, count)
      return unsafe zip(keys, values).map { unsafe (RecordValue($0), RecordValue($1)) }
    }
  }

  /// The first elements of an array that the last walk found.
  func elements(of value: RecordValue, limit: Int = .max) -> [RecordValue] {
    guard value.kind == TB_ARRAY else { return [] }
    let all = unsafe withUnsafePointer(to: value.cValue) { pointer in
      unsafe tb_walker_elements(handle, pointer, nil, 0)
    }
    let limit = min(limit, all)
    let found = unsafe [tb_value](unsafeUninitializedCapacity: limit) { buffer, count in
      _ = unsafe withUnsafePointer(to: value.cValue) { pointer in
        unsafe tb_walker_elements(handle, pointer, buffer.baseAddress, limit)
      }
      count = limit
    }
    return unsafe found.map { unsafe RecordValue($0) }
  }

  /// The number of elements of an array that a walk of this line found; `nil` when it is none.
  func count(of value: RecordValue) -> Int64? {
    guard value.kind == TB_ARRAY else { return nil }
    return Int64(
      unsafe withUnsafePointer(to: value.cValue) { pointer in
        unsafe tb_walker_elements(handle, pointer, nil, 0)
      })
  }

  /// The value in a slot of the last walk.
  subscript(slot: Int) -> RecordValue { unsafe RecordValue(slots[base + slot]) }

  /// Calls `body` with the text of a string, escapes replaced; numbers and words as written.
  ///
  /// - Throws: `RejectionReason.invalidText` when the string is not UTF-8 or an escape is broken.
  func withText<Result>(
    of value: RecordValue, _ body: (Span<UInt8>) -> Result
  ) throws(RejectionReason) -> Result {
    let raw = unsafe value.raw
    if textIsSuspect {
      let bytes = unsafe raw.bindMemory(to: UInt8.self)
      if unsafe tb_is_utf8(bytes.baseAddress, bytes.count) == 0 { throw .invalidText }
    }
    guard value.kind == TB_ESCAPED else {
      return unsafe body(raw.bindMemory(to: UInt8.self).span)
    }
    if unsafe scratch.count < raw.count + Int(TB_PADDING) {
      unsafe scratch.deallocate()
      unsafe scratch = .allocate(
        byteCount: raw.count * 2 + Int(TB_PADDING), alignment: 16)
    }
    let out = unsafe scratch.bindMemory(to: UInt8.self)
    let length = unsafe withUnsafePointer(to: value.cValue) { pointer in
      unsafe tb_unescape(pointer, out.baseAddress)
    }
    guard length >= 0 else { throw .invalidText }
    return unsafe body(UnsafeBufferPointer(rebasing: out[0..<length]).span)
  }
}
