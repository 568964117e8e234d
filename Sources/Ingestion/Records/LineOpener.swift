import CSimdjson

/// Opens single lines of a block as values, whatever dialect they are: for looking at a log, not for
/// reading it.
@safe
final class LineOpener {
  let walker: RecordWalker
  private let list = ListSelectors()

  init(limits: InputLimits) { walker = RecordWalker(limits: limits) }

  /// The record, or the list of records, of the line that begins at an offset of its input; `nil`
  /// when the line is no JSON. It is gone when the next line is opened.
  func open(lineAt offset: Int64, of block: Block) -> RecordValue? {
    let start = Int(offset - block.offset)
    guard start >= 0, start < block.count else { return nil }
    let text = unsafe block.text
    let end = unsafe LineScanner.end(of: text, from: start)
    let line = unsafe LineScanner.trimmed(text, start..<end, skippingMark: offset == 0)
    guard !line.isEmpty, case .json(let json, _) = unsafe LinePrefix.content(of: text, line) else {
      return nil
    }
    walker.level = 0
    let piece = unsafe UnsafeRawBufferPointer(rebasing: text[json])
    guard unsafe walker.index(piece), walker.walk(list.root, from: 0, to: json.count) == TB_OK
    else {
      return nil
    }
    return walker[list.slot]
  }

  /// Where the lines of a block begin, as offsets of its input.
  func lineStarts(of block: Block) -> [Int64] {
    let text = unsafe block.text
    var starts: [Int64] = []
    var start = 0
    while start < text.count {
      starts.append(block.offset + Int64(start))
      start = unsafe LineScanner.end(of: text, from: start) + 1
    }
    return starts
  }

  /// The records of a line: itself, or the elements of a list.
  func records(of line: RecordValue) -> [RecordValue] {
    line.kind == TB_ARRAY ? walker.elements(of: line, limit: 1000) : [line]
  }

  /// What a text holds that looks like JSON; `nil` when it is none.
  func json(in text: RecordValue) -> RecordValue? {
    guard text.isText, text.length <= 1 << 20, text.beginsLikeJSON,
      walker.walk(list.text, into: text) == TB_OK
    else { return nil }
    let value = walker[list.slot]
    return value.kind == TB_OBJECT || value.kind == TB_ARRAY ? value : nil
  }

  /// A short text, escapes replaced; empty when it cannot be read.
  func text(of value: RecordValue) -> String {
    let bytes = try? walker.withText(of: value) { text in
      text.indices.prefix(400).map { text[$0] }
    }
    return String(decoding: bytes ?? [], as: UTF8.self)
  }
}

extension RecordValue {
  /// A text that may hold an object or a list.
  var beginsLikeJSON: Bool {
    guard length >= 2 else { return false }
    let first = unsafe raw[0]
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }
}
