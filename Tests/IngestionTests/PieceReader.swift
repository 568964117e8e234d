@testable import Ingestion

/// A text that is read in pieces of at most so many bytes, as a pipe gives it.
final class PieceReader: ByteReader {
  private let text: [UInt8]
  private let size: Int
  private var position = 0
  private let failure: InputError?
  let isInteractive = false

  init(_ text: [UInt8], size: Int = .max, failure: InputError? = nil) {
    self.text = text
    self.size = size
    self.failure = failure
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    let count = min(buffer.count, size, text.count - position)
    if count == 0, let failure { throw failure }
    unsafe buffer.copyBytes(from: text[position..<(position + count)])
    position += count
    return count
  }
}

/// What the framing layer makes of a text.
struct Framed {
  var framing: Framing
  var bytes: [UInt8] = []
  var error: InputError?

  /// - Parameters:
  ///   - size: of the pieces in which the text comes.
  ///   - room: for which is asked at a time.
  init(
    _ text: some Sequence<UInt8>, size: Int = .max, room: Int = 1 << 16,
    limits: InputLimits = InputLimits(), failure: InputError? = nil
  ) {
    let head = HeadReader(PieceReader(Array(text), size: size, failure: failure), limits: limits)
    framing = head.framing
    let reader: any ByteReader =
      framing.framer(limits: limits).map { FramedReader(head, framer: $0) } ?? head
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
    defer { unsafe buffer.deallocate() }
    do throws(InputError) {
      while true {
        let count = try unsafe reader.read(into: buffer)
        if count == 0 { break }
        unsafe bytes += buffer[0..<count]
      }
    } catch {
      self.error = error
    }
  }

  init(_ text: String, size: Int = .max, limits: InputLimits = InputLimits()) {
    self.init(text.utf8, size: size, limits: limits)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The lines without space around them; blank ones are left out.
  var lines: [String] {
    text.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
  }
}

extension StringProtocol {
  var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
