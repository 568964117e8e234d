import CCatalog

/// The files that the build put into the binary: the only unsafe code of this module.
enum EmbeddedCatalog {
  /// The length of the book in bytes.
  static var bookLength: Int { tb_price_book_length() }

  /// A part of the book.
  ///
  /// - Parameter range: within `0..<bookLength`; what lies outside is left out.
  static func book(_ range: Range<Int>) -> [UInt8] {
    let range = range.clamped(to: 0..<bookLength)
    return unsafe Array(
      UnsafeBufferPointer(start: tb_price_book() + range.lowerBound, count: range.count))
  }

  /// The index of the book.
  static var index: [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: tb_price_index(), count: tb_price_index_length()))
  }

  /// The hand-kept entries.
  static var overlay: [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: tb_price_overlay(), count: tb_price_overlay_length()))
  }

  /// The terms at a position from 0; `nil` behind the last.
  static func terms(at index: Int) -> (name: String, bytes: [UInt8])? {
    guard let file = unsafe tb_terms_file(index) else { return nil }
    let bytes = unsafe UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.length)
    return unsafe (String(cString: file.pointee.name), Array(bytes))
  }
}
