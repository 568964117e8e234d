/// A piece of an input as whole lines of text, for a reader of the program's own forms.
public struct TextBlock: Sendable {
  /// The position of the block in its input, from 0.
  public var number = 0
  public var text: [UInt8] = []
  /// The lines in `text`, without their ends.
  public var lines: [Range<Int>] = []
  /// A line beyond the limit stands in place of the block.
  public var isOneTooLong = false
}

/// One thread's share in reading lines as they stand.
public final class TextWorker {
  private let block = Block()
  private var lineCount = 0

  public init() {}

  /// The input's next lines; `nil` when the input is over. The last may have no end.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  public func next(from input: LogInput) throws(InputError) -> TextBlock? {
    guard try input.fill(block) else { return nil }
    var result = TextBlock(number: block.number)
    guard block.oversized == nil else {
      result.isOneTooLong = true
      return result
    }
    let text = unsafe block.text
    result.text = unsafe Array(text)
    result.lines.reserveCapacity(lineCount)
    var start = block.offset == 0 ? unsafe LineScanner.markLength(text) : 0
    while start < text.count {
      let end = unsafe LineScanner.end(of: text, from: start)
      result.lines.append(start..<end)
      start = end + 1
    }
    lineCount = result.lines.count + 64
    return result
  }
}
